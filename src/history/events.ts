import type { Evaluation } from "../inference/evaluate.ts";
import type { Timing } from "../plan/timings.ts";

/**
 * What a training is about to work with, told before its first batch.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, type StartEvent } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const onStart = ({ batchSize, batches }: StartEvent) => console.log(batchSize, batches);
 * await mlp.fit(samples, { epochs: 1, onStart }); // 2, 1
 * ```
 */
export interface StartEvent {
  /** Samples to learn from, without those that are held back. */
  readonly samples: number;
  /** Samples to validate with after every epoch; 0 if there are none. */
  readonly validationSamples: number;
  /** Samples of a mini-batch; the last one of an epoch may have fewer. */
  readonly batchSize: number;
  /** Mini-batches of an epoch. */
  readonly batches: number;
}

/**
 * What is known after a batch; loss and accuracy are from before its update.
 *
 * @example
 * ```ts
 * import { type BatchEvent, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const onBatch = ({ batch, loss }: BatchEvent) => console.log(batch, loss);
 * await mlp.fit(samples, { epochs: 1, batchSize: 1, onBatch }); // 1 and 2, with their losses
 * ```
 */
export interface BatchEvent {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of the batch in the epoch, from 1. */
  readonly batch: number;
  /** How many batches the epoch has. */
  readonly batches: number;
  /** How many samples the batch has. */
  readonly samples: number;
  /** Mean loss of a sample, without regularization. */
  readonly loss: number;
  /**
   * Fraction of the samples whose class is correct, from 0 to 1. If the targets of some sample don't add up to 1, outputs are
   * labels of which any number may apply: then the fraction of all labels that are on the correct side of 0.5. Absent where
   * the output is linear.
   */
  readonly accuracy?: number;
}

/**
 * What is known of the last batch of an epoch, before its update.
 *
 * @example
 * ```ts
 * import { type LastBatch, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const { epochs } = await mlp.fit(samples, { epochs: 1, l2: 0.1 });
 * const { cost, regularizationFraction }: LastBatch = epochs[0].lastBatch;
 * console.log(cost, 100 * regularizationFraction, "% of it from the weights");
 * ```
 */
export interface LastBatch {
  /** The loss, summed or averaged over the batch as `reduction` says, plus the regularization. */
  readonly cost: number;
  /** Fraction of the cost that is regularization, from 0 to 1. */
  readonly regularizationFraction: number;
  /** Mean of |a - y| over the outputs and samples. Absent where targets are scaled, as then it isn't in raw units. */
  readonly meanAbsoluteError?: number;
  /** Fraction of the samples whose class is correct, from 0 to 1. Absent where the output is linear. */
  readonly accuracy?: number;
}

/**
 * What is known after an epoch: means over its samples, each from before its batch's update, but for `lastBatch`.
 *
 * @example
 * ```ts
 * import { type EpochEvent, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const show = ({ epoch, loss, accuracy }: EpochEvent) => console.log(epoch, loss, accuracy);
 * for await (const event of mlp.fit(samples, { epochs: 3 })) show(event);
 * ```
 */
export interface EpochEvent {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Seconds that the training of this epoch took, without validation and callbacks. */
  readonly seconds: number;
  /** The learning rate that was used. */
  readonly learningRate: number;
  /** Mean loss of a sample over the epoch, each from before its batch's update, without regularization. */
  readonly loss: number;
  /**
   * Fraction of the samples of the epoch whose class was correct before their batch's update, from 0 to 1. Absent where the
   * output is linear.
   */
  readonly accuracy?: number;
  /** What is known of the last batch alone, before its update. */
  readonly lastBatch: LastBatch;
  /** How well the network does on the samples held back, if there are any. */
  readonly validation?: Evaluation;
  /** Time of each op, with the option `timings`. */
  readonly timings?: readonly Timing[];
  /** Which kernels ran and why, in words, with the option `timings`. */
  readonly kernels?: string;
}

/** What early stopping and the schedule `"plateau"` look at after an epoch. */
export type MonitorName =
  | "loss"
  | "accuracy"
  | "validationLoss"
  | "validationAccuracy";

/**
 * Why a training ended: all epochs are done (`"finished"`), the monitored value got no better for `patience` epochs
 * (`"early"`), or the loop over it was left or {@linkcode TrainingRun.stop} called (`"left"`). A training that was aborted or
 * failed has no history.
 */
export type StopReason = "finished" | "early" | "left";

/**
 * What became of a training.
 *
 * @example
 * ```ts
 * import { type History, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const history: History = await mlp.fit(samples, { epochs: 3 });
 * console.log(history.epochs.map(({ loss }) => loss), history.stopReason); // three losses, "finished"
 * ```
 */
export interface History {
  /** What was known after each epoch of this call that was done to its end. */
  readonly epochs: readonly EpochEvent[];
  /** Number of the epoch with the best value, if `patience` was given. */
  readonly bestEpoch?: number;
  /** The value that it is the best of. */
  readonly monitor?: MonitorName;
  /** Whether the network has the weights of that epoch, because they were put back or are the last ones. */
  readonly hasBestWeights?: boolean;
  /** Why it ended. */
  readonly stopReason: StopReason;
  /** With `timings` and several ranks, how long moments were on their way outside of epochs; not of samples in pieces. */
  readonly timings?: readonly Timing[];
}
