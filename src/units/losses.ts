/**
 * The losses. To add one: an entry here, and its kernel of the same name in `src/kernels/assembly/losses.ts`. Checks, help,
 * plans, the reference kernels and the tests of gradients take the rest from here.
 */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { OutputName } from "./outputs.ts";

/** Names of the loss functions. */
export type LossName =
  | "binaryCrossEntropy"
  | "crossEntropy"
  | "halfSquaredError"
  | "huber";

/** Names of the kernels that begin the backward pass. */
export type DeltaName = "difference" | "clampedDifference";

/** What a delta kernel computes of an output a and its target y, in float64. */
export const DELTAS: Readonly<
  Record<DeltaName, (a: number, y: number) => number>
> = {
  difference: (a, y) => a - y,
  clampedDifference: (a, y) => Math.min(1, Math.max(-1, a - y)),
};

/** The values of a sample: of float32 or float64. */
export interface Values extends Iterable<number> {
  readonly [at: number]: number;
  reduce(
    next: (total: number, value: number, at: number) => number,
    first: number,
  ): number;
}

/** A loss: what the kernel of its name computes, here in float64. */
export interface Loss {
  /** The outputs that may have it. A loss of outputs can't be a softmax's, the slope of which mixes the outputs. */
  readonly outputs: readonly OutputName[];
  /** What it is computed from: the logits Z[E], or the outputs A[E]. */
  readonly of: "logits" | "outputs";
  /** Loss of a sample, of its values and targets. */
  sample(values: Values, y: Values): number;
  /**
   * The kernel that computes dLoss/dA[E] from A[E] and Y. Of a loss of logits it is dLoss/dZ[E], as the slope of the output
   * cancels.
   */
  readonly delta: DeltaName;
}

/** The losses by name; of those that an output may have, the first is its default. */
export const LOSSES: Readonly<Record<LossName, Loss>> = {
  /**
   * `-Σ (y·ln a + (1-y)·ln(1-a))`, computed as `Σ (max(z, 0) - z·y + ln(1 + e^-|z|))`, as a is rounded to 1 where z is 17 or
   * more.
   */
  binaryCrossEntropy: {
    outputs: ["sigmoid"],
    of: "logits",
    sample: sumOf((z, y) => {
      const magnitude = Math.abs(z);
      return magnitude * (z > 0 ? 1 - y : y) + Math.log1p(Math.exp(-magnitude));
    }),
    delta: "difference",
  },

  /** `-Σ y·ln softmax(z)`, computed as `Σy·ln Σe^z - Σ y·z`, which no z overflows. */
  crossEntropy: {
    outputs: ["softmax"],
    of: "logits",
    sample(z, y) {
      const most = Math.max(...z);
      const sum = z.reduce((total, z) => total + Math.exp(z - most), 0);
      const logSum = most + Math.log(sum);
      return z.reduce((total, z, o) => total + y[o] * (logSum - z), 0);
    },
    delta: "difference",
  },

  /** `½·Σ (a-y)²`. */
  halfSquaredError: {
    outputs: ["sigmoid", "linear"],
    of: "outputs",
    sample: sumOf((a, y) => 0.5 * (a - y) ** 2),
    delta: "difference",
  },

  /** [Huber's](https://doi.org/10.1214/aoms/1177703732) with δ = 1: `Σ ½d²` where `|d| ≤ 1`, else `|d| - ½`, with `d = a - y`. */
  huber: {
    outputs: ["sigmoid", "linear"],
    of: "outputs",
    sample: sumOf((a, y) => {
      const error = Math.abs(a - y);
      return error <= 1 ? 0.5 * error ** 2 : error - 0.5;
    }),
    delta: "clampedDifference",
  },
};

/** All names of losses. */
export const LOSS_NAMES: readonly LossName[] = Object.keys(
  LOSSES,
) as LossName[];

/** The losses that an output can have; the first is its default. */
export function lossesOf(output: OutputName): LossName[] {
  return LOSS_NAMES.filter((name) => LOSSES[name].outputs.includes(output));
}

/** @throws {RangeError} If the output can't have the loss. */
export function requireLossOf(
  action: string,
  output: OutputName,
  loss: LossName,
): void {
  if (LOSSES[loss].outputs.includes(output)) return;
  const wanted = lossesOf(output).map((name) => `'${name}'`).join(" or ");
  throw new WrongValueError(
    wrong(action, "loss", `${wanted} for the output '${output}'`, loss),
  );
}

/** A loss that is the sum of those of the outputs. */
function sumOf(term: (value: number, y: number) => number): Loss["sample"] {
  return (values, y) =>
    values.reduce((total, value, o) => total + term(value, y[o]), 0);
}
