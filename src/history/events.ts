import type { Evaluation } from "../inference/evaluate.ts";
import type { Timing } from "../plan/timings.ts";

/**
 * What a training is about to work with, reported before its first batch.
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
  /** Samples to learn from, without validation samples. */
  readonly samples: number;
  /** Samples to validate with after every epoch; 0 if there are none. */
  readonly validationSamples: number;
  /** Samples of a mini-batch; the last one of an epoch may have fewer. */
  readonly batchSize: number;
  /** Mini-batches of an epoch. */
  readonly batches: number;
}

/**
 * What is known after a batch. Loss and accuracy are those from before its update.
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
   * Fraction of the samples whose class is correct, from 0 to 1. If the targets of some sample don't add up to 1, the
   * outputs are labels of which any number may apply, and it is the fraction of all labels that are on the correct side of
   * 0.5. Absent for linear outputs.
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
  /** Mean of |a - y| over outputs and samples. Absent for scaled targets, as it would not be in raw units. */
  readonly meanAbsoluteError?: number;
  /** Fraction of the samples whose class is correct, from 0 to 1. Absent for linear outputs. */
  readonly accuracy?: number;
}

/**
 * What is known after an epoch. Except for `lastBatch`, values are means over its samples, each computed before the update
 * of its batch.
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
  /** Mean loss of a sample over the epoch, without regularization. */
  readonly loss: number;
  /**
   * Fraction of the samples of the epoch whose class was correct, from 0 to 1. Absent for linear outputs.
   */
  readonly accuracy?: number;
  /** The values of the last batch alone, before its update. */
  readonly lastBatch: LastBatch;
  /** Evaluation of the network on the validation samples, if there are any. */
  readonly validation?: Evaluation;
  /** Time of each op, with the option `timings`. */
  readonly timings?: readonly Timing[];
  /** Which kernels ran and why, in words, with the option `timings`. */
  readonly kernels?: string;
}

/** The value that early stopping and the schedule `"plateau"` watch. */
export type MonitorName =
  | "loss"
  | "accuracy"
  | "validationLoss"
  | "validationAccuracy";

/**
 * Why a training ended: all epochs are done (`"finished"`), the monitored value did not improve for `patience` epochs
 * (`"early"`), or the loop over its epochs was left or {@linkcode TrainingRun.stop} called (`"left"`). A training that was
 * aborted or failed has no history.
 */
export type StopReason = "finished" | "early" | "left";

/**
 * The result of a training.
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
  /** The event of each epoch that this call completed. */
  readonly epochs: readonly EpochEvent[];
  /** Number of the epoch with the best value, if `patience` was given. */
  readonly bestEpoch?: number;
  /** The value by which it is the best. */
  readonly monitor?: MonitorName;
  /** Whether the network now has the weights of that epoch, restored or because it was the last one. */
  readonly hasBestWeights?: boolean;
  /** Why it ended. */
  readonly stopReason: StopReason;
  /**
   * With `timings` and several ranks: the time to send the optimizer's moments between ranks, outside of epochs. Absent for
   * samples in pieces.
   */
  readonly timings?: readonly Timing[];
}
