import type { Span } from "./spans.ts";

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
  /** Batches of an epoch. */
  readonly batches: number;
  /** Mean loss of a sample, for each batch done of the epoch; between two epochs, of the last one. */
  readonly losses: Float64Array;
  /** What the workers did last, worker after worker, with the option `spans`; else empty. */
  readonly spans: readonly Span[];
}
