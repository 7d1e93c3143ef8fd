import {
  requireChoice,
  requireInteger,
  requireNonNegative,
} from "../validate.ts";

/** How a network is trained. What is left out is as in the article that the trainer comes from. */
export interface TrainOptions {
  /** Passes over all samples, from 1. Default: 35 */
  readonly epochs?: number;
  /** Samples of a mini-batch, from 1 to the number of samples. Default: 500, or all samples where there are fewer */
  readonly batchSize?: number;
  /** Factor of the gradient, which is summed (not averaged) over the batch; 0 or more. Default: 0.001 */
  readonly learningRate?: number;
  /** Before epoch i (0, 1, …) the rate is divided by `1 + learningRateDecay · i`; 0 or more. Default: 0.000001 */
  readonly learningRateDecay?: number;
  /** Factor of the step before, which is added to a step once; 0 or more. Default: 0.00005 */
  readonly momentum?: number;
  /** Factor λ1 of `Σ|W|` in the cost, biases left out; 0 or more. Default: 0 */
  readonly l1?: number;
  /** Factor λ2 of `½·ΣW²` in the cost, biases left out; 0 or more. Default: 0.001 */
  readonly l2?: number;
  /** Whether the samples get a new order for the call alone, or for every epoch. Default: `"once"` */
  readonly shuffle?: "once" | "epoch";
  /** Whether every op is timed, for {@linkcode EpochEvent.timings}. Default: `false` */
  readonly timings?: boolean;
}

/** The options that a call of `train` works with, all of them known and right. */
export type TrainSettings = Required<TrainOptions>;

const ACTION = "train";

/**
 * Fills in the defaults and checks everything.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range.
 */
export function trainSettings(
  options: TrainOptions,
  { samples: count }: { readonly samples: number },
): TrainSettings {
  const {
    epochs = 35,
    batchSize = Math.min(500, count),
    learningRate = 0.001,
    learningRateDecay = 1e-6,
    momentum = 0.00005,
    l1 = 0,
    l2 = 0.001,
    shuffle = "once",
    timings = false,
  } = options;
  requireInteger(ACTION, "epochs", epochs, 1, Infinity);
  requireInteger(ACTION, "batchSize", batchSize, 1, count);
  requireNonNegative(ACTION, "learningRate", learningRate);
  requireNonNegative(ACTION, "learningRateDecay", learningRateDecay);
  requireNonNegative(ACTION, "momentum", momentum);
  requireNonNegative(ACTION, "l1", l1);
  requireNonNegative(ACTION, "l2", l2);
  requireChoice(ACTION, "shuffle", shuffle, ["once", "epoch"]);
  if (typeof timings !== "boolean") {
    throw new TypeError(
      `Cannot train as 'timings' must be true or false: current value is ${timings}`,
    );
  }
  return {
    epochs,
    batchSize,
    learningRate,
    learningRateDecay,
    momentum,
    l1,
    l2,
    shuffle,
    timings,
  };
}
