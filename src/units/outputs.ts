import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";

/** Names of what the output layer does with its sums. */
export type OutputName = "sigmoid" | "softmax" | "linear";

/** Names of the loss functions. */
export type LossName =
  | "binaryCrossEntropy"
  | "crossEntropy"
  | "halfSquaredError"
  | "huber";

/** How a loss is computed, looked up once when a plan is made. */
export interface LossKernels {
  /** Loss of a sample. */
  readonly loss: "logLoss" | "softmaxLoss" | "squaredLoss" | "huberLoss";
  /** Whether the loss is computed from the sums Z[E] instead of the outputs A[E]. */
  readonly fromLogits: boolean;
  /** dLoss/dA[E], or where it cancels with the output's slope, dLoss/dZ[E]. */
  readonly delta: "subtract" | "clampedDifference";
  /** Whether the slope of the output is in `delta` already. */
  readonly cancels: boolean;
}

/**
 * The losses of each output; the first is its default.
 *
 * - `binaryCrossEntropy`: binary cross-entropy of each output, `-Σ (y·ln a + (1-y)·ln(1-a))`, computed as
 *   `Σ (max(z, 0) - z·y + ln(1 + e^-|z|))`, as a is rounded to 1 where z is 17 or more.
 * - `crossEntropy`: `-Σ y·ln softmax(z)`, computed as `Σy·ln Σe^z - Σ y·z`, which no z overflows.
 * - `halfSquaredError`: half the squared error, `½·Σ (a-y)²`.
 * - `huber`: as `halfSquaredError` up to an error of 1, from there on linear: `|a-y| - ½`.
 */
export const LOSSES: Readonly<
  Record<OutputName, Readonly<Partial<Record<LossName, LossKernels>>>>
> = {
  sigmoid: {
    binaryCrossEntropy: {
      loss: "logLoss",
      fromLogits: true,
      delta: "subtract",
      cancels: true,
    },
    halfSquaredError: {
      loss: "squaredLoss",
      fromLogits: false,
      delta: "subtract",
      cancels: false,
    },
    huber: {
      loss: "huberLoss",
      fromLogits: false,
      delta: "clampedDifference",
      cancels: false,
    },
  },
  softmax: {
    crossEntropy: {
      loss: "softmaxLoss",
      fromLogits: true,
      delta: "subtract",
      cancels: true,
    },
  },
  linear: {
    halfSquaredError: {
      loss: "squaredLoss",
      fromLogits: false,
      delta: "subtract",
      cancels: true,
    },
    huber: {
      loss: "huberLoss",
      fromLogits: false,
      delta: "clampedDifference",
      cancels: true,
    },
  },
};

/** All names of outputs. */
export const OUTPUT_NAMES: readonly OutputName[] = [
  "sigmoid",
  "softmax",
  "linear",
];

/** All names of losses. */
export const LOSS_NAMES: readonly LossName[] = [
  "binaryCrossEntropy",
  "crossEntropy",
  "halfSquaredError",
  "huber",
];

/** Whether an output tells classes or labels, rather than numbers. */
export function tellsClasses(output: OutputName): boolean {
  return output !== "linear";
}

/** The losses that an output can have; the first is its default. */
export function lossesOf(output: OutputName): LossName[] {
  return Object.keys(LOSSES[output]) as LossName[];
}

/** @throws {RangeError} If the last layer, or scaled targets, need another output. */
export function requireOutputOf(
  action: string,
  output: OutputName,
  layers: readonly number[],
  scaled: boolean,
): void {
  if (scaled && output !== "linear") {
    const wanted = "'linear' where 'targets' are given";
    throw new WrongValueError(wrong(action, "output", wanted, output));
  }
  if (output === "softmax" && layers.at(-1) === 1) {
    const name = `layers[${layers.length - 1}]`;
    const wanted = "2 or more for the output 'softmax'";
    throw new WrongValueError(wrong(action, name, wanted, 1));
  }
}

/** @throws {RangeError} If the output can't have the loss. */
export function requireLossOf(
  action: string,
  output: OutputName,
  loss: LossName,
): void {
  const losses = lossesOf(output);
  if (losses.includes(loss)) return;
  const wanted = losses.map((name) => `'${name}'`).join(" or ");
  throw new WrongValueError(
    wrong(action, "loss", `${wanted} for the output '${output}'`, loss),
  );
}
