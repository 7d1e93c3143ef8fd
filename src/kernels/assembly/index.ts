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
export { biasGradient, gradientProduct } from "./gradient";
export { absoluteError, hits, logLoss, squaredLoss } from "./losses";
export { clearPadding, gather, packTransposed, packWeights } from "./packing";
export { peak } from "./peak";
export { deltaProduct, forwardProduct } from "./products";
export {
  forwardSparse,
  gradientSparse,
  SPARSE_INPUTS,
  SPARSE_SAMPLES,
} from "./sparse";
export { momentumUpdate, penalties, regularise, subtract } from "./update";
