/**
 * Trains multi-layer perceptrons on every core: Web Workers compute in step on matrices in shared memory, with SIMD
 * kernels in WebAssembly. The same seed gives the same bits, whatever the number of workers.
 *
 * ```ts
 * import { loadDataset, Mlp } from "@lockstep/lockstep";
 *
 * const data = await loadDataset("mnist");
 * await using mlp = new Mlp({ layers: [784, 70, 30, 10], seed: 1 });
 * for await (const { epoch, cost } of mlp.train(data.train, { batchSize: 100, learningRate: 0.005 })) {
 *   console.log(epoch, cost);
 * }
 * console.log((await mlp.evaluate(data.test)).accuracy);
 * ```
 *
 * @module
 */
export type {
  CsrMatrix,
  Dataset,
  Samples,
  SparseSamples,
} from "./src/data/dataset.ts";
export type { FlatNumbers, Rows } from "./src/data/flatten.ts";
export { loadDataset, type LoadOptions } from "./src/data/load_dataset.ts";
export {
  samplesFrom,
  type SampleSource,
  type SparseSampleSource,
  type TargetSource,
} from "./src/data/samples_from.ts";
export { Mlp, type MlpOptions } from "./src/mlp.ts";
export type { ActivationName, LossName } from "./src/network/activations.ts";
export type { TimingPart, TimingSlot } from "./src/plan/ops.ts";
export type { KernelSetName } from "./src/pool/messages.ts";
export type { Evaluation } from "./src/training/infer.ts";
export type { Timing } from "./src/training/timings.ts";
export type { EpochEvent } from "./src/training/train.ts";
export type { TrainOptions } from "./src/training/train_options.ts";
