import type { Xoshiro128, Xoshiro128State } from "../units/random.ts";
import type { EarlyStoppingState } from "./early_stopping.ts";
import { Schedule, type ScheduleState } from "../units/schedules.ts";
import type { TrainSettings } from "./options/train_settings.ts";

/** What is known of the samples of one of several ranks that have samples of their own. */
export interface PartProgress {
  readonly samples: number;
  readonly data: string;
  /** The rank's generator of orders before the first one. */
  readonly start: Xoshiro128State;
}

/**
 * The progress of a training, except weights and moments: a checkpoint saves it, and a resumed training starts from it.
 */
export interface Progress {
  readonly settings: TrainSettings;
  /** Number of training samples, to notice other samples. */
  readonly samples: number;
  /** Checksum of the samples, for the same reason. */
  readonly data: string;
  /** Where each rank has samples of its own: those of all ranks. */
  readonly parts?: readonly PartProgress[];
  /** The generator of orders, after the last one that was drawn. */
  shuffles: Xoshiro128State;
  /**
   * The samples in the order that was drawn last: each is a shuffle of the one before, so that it can't be drawn
   * alone. Empty for a while where a checkpoint with `parts` was read.
   */
  readonly order: Int32Array<ArrayBuffer>;
  /** How many orders were drawn: one for each epoch that has begun, or with `shuffle: "once"` one for all. */
  orders: number;
  /** Epochs that are done. */
  epoch: number;
  /** Batches that are done of the next epoch, the rate of that epoch, and the sums over those batches. */
  batch: number;
  learningRate: number;
  sums: EpochSums;
  schedule: ScheduleState;
  stopping: EarlyStoppingState;
  /** The epoch with the best value, and its weights if they may be put back. */
  best?: { readonly epoch: number; readonly weights?: Float32Array[] };
  /** Whether those were put back at the end: then the last ones are lost, and what the optimizer kept. */
  putBack?: true;
}

/** What the workers find out about a batch: see STATISTICS in ops.ts. */
export interface BatchStatistics {
  readonly loss: number;
  readonly error: number;
  readonly correct: number;
  readonly squares: number;
  readonly magnitudes: number;
}

/** Sums over the batches of an epoch, in their order, and what is known of the last one. */
export interface EpochSums {
  readonly loss: number;
  readonly correct: number;
  readonly seconds: number;
  readonly last: BatchStatistics;
}

/** Before the first batch of an epoch. */
export const NO_SUMS: EpochSums = {
  loss: 0,
  correct: 0,
  seconds: 0,
  last: { loss: 0, error: 0, correct: 0, squares: 0, magnitudes: 0 },
};

/** The progress of a new training. */
export function newProgress(
  settings: TrainSettings,
  samples: number,
  data: string,
  random: Xoshiro128,
  parts?: readonly PartProgress[],
): Progress {
  const order = identity(samples);
  random.shuffle(order);
  return {
    settings,
    samples,
    data,
    ...(parts === undefined ? {} : { parts }),
    shuffles: random.state,
    order,
    orders: 1,
    epoch: 0,
    batch: 0,
    learningRate: 0,
    sums: NO_SUMS,
    schedule: new Schedule(settings).state,
    stopping: { best: null, badEpochs: 0 },
  };
}

/** 0, 1, … `count - 1`. */
export function identity(count: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: count }, (_, at) => at);
}
