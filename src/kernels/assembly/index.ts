// Everything that kernels.wasm exports: the functions of the Kernels interface by name, and what tests and benches need.
export {
  PANEL,
  SAMPLE_BLOCK,
  STRIP_TILES,
  TILE_INPUTS,
  TILE_SAMPLES,
} from "./layout";
export {
  relu,
  reluDerivative,
  sigmoid,
  sigmoidDerivative,
  tanh,
  tanhDerivative,
} from "./activations";
export { addOuter, weightedSum } from "./column_modes";
export { dropout } from "./dropout";
export { gelu, geluDerivative, swish, swishDerivative } from "./gelu_swish";
export { biasGradient, gradientProduct } from "./gradient";
export { clampedDifference, difference } from "./deltas";
export {
  absoluteError,
  binaryCrossEntropy,
  correct,
  correctLabels,
  halfSquaredError,
  huber,
} from "./losses";
export {
  adamUpdate,
  articleUpdate,
  nadamUpdate,
  rmspropUpdate,
  sgdUpdate,
} from "./optimizers";
export {
  clearPadding,
  fillColumns,
  gather,
  packTransposed,
  packWeights,
} from "./packing";
export { peak } from "./peak";
export { deltaProduct, forwardProduct } from "./products";
export {
  elu,
  eluDerivative,
  leakyRelu,
  leakyReluDerivative,
  softplus,
  softplusDerivative,
} from "./rectifiers";
export {
  add,
  columnSquares,
  scale,
  scaleColumns,
  weighResults,
} from "./scaling";
export { crossEntropy, softmax } from "./softmax";
export { SPARSE_INPUTS, STRIP_BLOCKS } from "./sparse";
export { forwardSparse } from "./sparse_forward";
export { gradientSparse } from "./sparse_gradient";
export { penalties, regularize } from "./update";
