import type { Span } from "../plan/spans.ts";

/**
 * What a snapshot contains besides losses, see {@linkcode TrainingRun.snapshot}.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, type SnapshotOptions } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const run = mlp.fit(samples, { epochs: 2 });
 * const options: SnapshotOptions = { values: true };
 * for await (const _ of run) console.log((await run.snapshot(options)).values?.length); // 2
 * ```
 */
export interface SnapshotOptions {
  /** Whether to include the latest ops of the workers. Default: true */
  readonly spans?: boolean;
  /** Whether to include the weights, gradients and activations of each layer. Default: false */
  readonly values?: boolean;
  /**
   * Whether the workers record their ops from now on, if the option `spans` is given; a record takes a tenth of a
   * microsecond. Starting again discards earlier records. Default: as before, at first true
   */
  readonly note?: boolean;
}

/**
 * Weights, gradients and activations of one layer after a batch.
 *
 * @example
 * ```ts
 * import { type LayerValues, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const run = mlp.fit(samples, { epochs: 1 });
 * const show = ({ weights, activations }: LayerValues) => console.log(weights.length, activations?.length);
 * for await (const _ of run) (await run.snapshot({ values: true })).values?.forEach(show); // 9 6, 8 4
 * ```
 */
export interface LayerValues {
  /** In the layout of {@linkcode Mlp.weights}. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** Gradients of the last batch, in the shape of the weights; absent for a frozen layer and before the first batch. */
  readonly gradients?: Float32Array<ArrayBuffer>;
  /** Activations of the layer's outputs in the last batch, for at most its first 256 samples, sample after sample. */
  readonly activations?: Float32Array<ArrayBuffer>;
}

/**
 * The state of a training between two batches, see {@linkcode TrainingRun.snapshot}.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, type TrainingSnapshot } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const run = mlp.fit(samples, { epochs: 2, batchSize: 1 });
 * const show = ({ epoch, losses }: TrainingSnapshot) => console.log(epoch, losses);
 * for await (const _ of run) show(await run.snapshot()); // 2 and 3, with the losses of the batches before
 * ```
 */
export interface TrainingSnapshot {
  /** Number of the epoch in progress, from 1; between two epochs, of the next one. */
  readonly epoch: number;
  /** Completed batches of this epoch. */
  readonly batch: number;
  /** Batches of an epoch; in the first epoch of samples in pieces, those of the pieces so far. */
  readonly batches: number;
  /** Mean loss of a sample for each completed batch of the epoch; between two epochs, of the last one. */
  readonly losses: Float64Array;
  /** The latest ops of the workers, worker after worker; empty without the option `spans`. */
  readonly spans: readonly Span[];
  /** The values of each layer, if they were requested. */
  readonly values?: readonly LayerValues[];
}
