import type { Span } from "../plan/spans.ts";

/**
 * What a snapshot has besides losses, see {@linkcode TrainingRun.snapshot}.
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
  /** Whether what the workers did last is read. Default: true */
  readonly spans?: boolean;
  /** Whether the numbers of each layer are copied. Default: false */
  readonly values?: boolean;
  /**
   * Whether the workers note what they do from here on, where the option `spans` has made room for it: a note takes a tenth of
   * a microsecond. To begin anew forgets those of before. Default: as it was, from the start true
   */
  readonly note?: boolean;
}

/**
 * The numbers of one layer of weights after a batch.
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
  /** As {@linkcode Mlp.weights} has them. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** Those of the last batch, shaped as the weights; not of a layer that doesn't learn, and not before the first batch. */
  readonly gradients?: Float32Array<ArrayBuffer>;
  /** What the nodes that it leads to gave in the last batch, of at most its first 256 samples: sample after sample. */
  readonly activations?: Float32Array<ArrayBuffer>;
}

/**
 * What a training is like between two batches, see {@linkcode TrainingRun.snapshot}.
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
  /** Number of the epoch under way, from 1; of the next one, if none is. */
  readonly epoch: number;
  /** Batches that are done of it. */
  readonly batch: number;
  /** Batches of an epoch; of a first one in pieces, those of the pieces so far. */
  readonly batches: number;
  /** Mean loss of a sample, for each batch done of the epoch; between two epochs, of the last one. */
  readonly losses: Float64Array;
  /** What the workers did last, worker after worker, with the option `spans`; else empty. */
  readonly spans: readonly Span[];
  /** The numbers of each layer, if they were asked for. */
  readonly values?: readonly LayerValues[];
}
