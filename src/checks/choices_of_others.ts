/**
 * What scikit-learn, Keras, TensorFlow.js and PyTorch call choices, written in small letters and digits alone, and the
 * choices that are meant; of several, the first that there is.
 */
export const CHOICES_OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  logistic: ["sigmoid"],
  linear: ["identity"],
  identity: ["linear"],
  none: ["linear", "identity"],
  silu: ["swish"],
  mse: ["halfSquaredError"],
  l2loss: ["halfSquaredError"],
  squarederror: ["halfSquaredError"],
  bce: ["binaryCrossEntropy"],
  logloss: ["binaryCrossEntropy"],
  categoricalcrossentropy: ["crossEntropy"],
  sparsecategoricalcrossentropy: ["crossEntropy"],
  softmaxcrossentropy: ["crossEntropy"],
  glorotuniform: ["glorot"],
  glorotnormal: ["glorot"],
  xavier: ["glorot"],
  xavieruniform: ["glorot"],
  henormal: ["he"],
  heuniform: ["he"],
  kaiming: ["he"],
  kaiminguniform: ["he"],
  lecunnormal: ["lecun"],
  standard: ["standardize"],
  zscore: ["standardize"],
  classification: ["classify"],
  regression: ["regress"],
  valloss: ["validationLoss"],
  valaccuracy: ["validationAccuracy"],
};
