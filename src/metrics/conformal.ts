import { WrongValueError } from "../checks/errors.ts";
import { requireNumber, wrong } from "../checks/validate.ts";
import { requireLength, requireNoNaN, requireSamples } from "./checks.ts";

/**
 * Computes the half-widths of prediction intervals by split conformal prediction, https://arxiv.org/abs/1604.04173. At
 * least the fraction `coverage` of new samples from the same distribution lies within such an interval around its
 * prediction. The half-width is the `⌈(n + 1)·coverage⌉`th smallest of the n errors `|found - wanted|`, one for each
 * output.
 *
 * @param targets `samples × width` true numbers, of samples that the network has not learned from.
 * @param found `samples × width` predicted numbers.
 * @param width Numbers of a sample, 1 or more.
 * @param coverage More than 0, less than 1.
 *
 * @throws {TypeError} If a value is not a number.
 * @throws {RangeError} If lengths don't fit, a value is NaN or out of its range, or there are too few samples for the
 * coverage: 9 or more are needed for 0.9, 99 for 0.99.
 *
 * @example
 * ```ts
 * import { conformalHalfWidths } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(conformalHalfWidths([1, 2, 3, 4], [1.5, 2, 2, 4.25], 1, 0.6), [0.5]);
 * ```
 */
export function conformalHalfWidths(
  targets: ArrayLike<number>,
  found: ArrayLike<number>,
  width: number,
  coverage: number,
): number[] {
  const action = "find an interval";
  const samples = requireSamples(action, "targets", targets, width);
  requireLength(action, "found", found, targets.length, "as of 'targets'");
  requireNoNaN(action, "targets", targets);
  requireNoNaN(action, "found", found);
  requireNumber(action, "coverage", coverage, {
    wanted: "a number between 0 and 1",
    holds: (value) => value > 0 && value < 1,
  });
  // 0.9·10 may be a little more than 9.
  const rank = Math.ceil((samples + 1) * coverage - 1e-9);
  if (rank > samples) {
    const least = Math.ceil(1 / (1 - coverage) - 1e-9) - 1;
    const wanted = `from ${least} on for a coverage of ${coverage}`;
    throw new WrongValueError(wrong(action, "samples", wanted, samples));
  }
  return Array.from({ length: width }, (_, output) =>
    Float64Array.from(
      { length: samples },
      (_, s) =>
        Math.abs(found[s * width + output] - targets[s * width + output]),
    ).sort()[rank - 1]);
}
