import type { Hints } from "../../checks/options.ts";

/** What other libraries call options of a training, and options of the network. */
export const TRAIN_OPTION_HINTS: Hints = {
  lr: "learningRate",
  eta: "learningRate",
  eta0: "learningRate",
  learningrateinit: "learningRate",
  alpha: "l2",
  lambda: "l2",
  regularization: "l2",
  maxiter: "epochs",
  nepochs: "epochs",
  numepochs: "epochs",
  iterations: "epochs",
  solver: "optimizer",
  decay: "learningRateDecay",
  gamma: "decayFactor",
  nesterovsmomentum: "nesterov",
  usenesterov: "nesterov",
  warmup: "warmUpEpochs",
  validationfraction: "validationSplit",
  earlystopping: "patience",
  niternochange: "patience",
  tol: "minDelta",
  mindelta: "minDelta",
  restorebestweights: "restoreBestWeights",
  gradientclipping: "clipNorm",
  maxnorm: "clipNorm",
  callbacks: "onEpoch",
  ...Object.fromEntries(
    [
      ...["layers", "activation", "activations", "output", "loss"],
      ...["initializer", "weights", "seed", "preprocessing", "targets"],
      ...["classnames", "workers", "kernels"],
    ].map((name) => [name, "new Mlp() takes it"]),
  ),
};
