import type { Evaluation } from "../inference/infer.ts";
import type { Timing } from "./timings.ts";

/** What a training works with, before its first batch. */
export interface StartEvent {
  /** Samples that are learned from: without those that are held back. */
  readonly samples: number;
  /** Samples that the network is judged by after every epoch; 0 if there are none. */
  readonly validationSamples: number;
  /** Most samples of a mini-batch. */
  readonly batchSize: number;
  /** Mini-batches of an epoch. */
  readonly batches: number;
}

/** What is known after a batch; loss and accuracy are from before its update. */
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
   * Part of the samples whose class is right, from 0 to 1. Where the targets of some sample don't add up to 1, outputs are
   * labels of their own: part of all labels that are right, above 0.5 or below it. Absent where the output is linear.
   */
  readonly accuracy?: number;
}

/** What is known of the last batch of an epoch, before its update. */
export interface LastBatch {
  /** The loss, summed or averaged over the batch as `reduction` says, plus the regularization. */
  readonly cost: number;
  /** Fraction of the cost that is regularization, from 0 to 1. */
  readonly regularizationFraction: number;
  /** Mean of |a - y| over the outputs and samples; of scaled targets. */
  readonly meanAbsoluteError: number;
  /** Fraction of the samples whose class is right, from 0 to 1. Absent where the output is linear. */
  readonly accuracy?: number;
}

/** What is known after an epoch: means over its samples, each from before its batch's update, but for `lastBatch`. */
export interface EpochEvent {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Seconds that the training of this epoch took, without validation and callbacks. */
  readonly seconds: number;
  /** The rate that was used. */
  readonly learningRate: number;
  /** Mean loss of a sample over the epoch, each from before its batch's update, without regularization. */
  readonly loss: number;
  /**
   * Part of the samples of the epoch whose class was right before their batch's update, from 0 to 1. Absent where the
   * output is linear.
   */
  readonly accuracy?: number;
  /** What is known of the last batch alone, before its update. */
  readonly lastBatch: LastBatch;
  /** How well the network does on the samples held back, if there are any. */
  readonly validation?: Evaluation;
  /** Time of each op, if it was asked for. */
  readonly timings?: readonly Timing[];
  /** Which kernels ran and why, in words, if timings were asked for. */
  readonly kernels?: string;
}

/** What became of a training. */
export interface History {
  /** What was known after each epoch of this call that was done to its end. */
  readonly epochs: readonly EpochEvent[];
  /** Number of the epoch with the best value, if `patience` was given. */
  readonly bestEpoch?: number;
  /**
   * Why the training ended: all epochs are done (`"finished"`), the monitored value got no better for `patience` epochs
   * (`"early"`), or the loop over it was left or {@linkcode TrainingRun.stop} called (`"left"`).
   */
  readonly stopReason: "finished" | "early" | "left";
}
