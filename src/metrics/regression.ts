/**
 * How close outputs are to targets, both `samples × width` values, one sample after another. Every column counts the
 * same, as with scikit-learn's `multioutput="uniform_average"`.
 */
import { requireLength, requireSamples } from "./checks.ts";

/** Checks both arrays and returns the mean of `distance` over all values. */
function meanOf(
  action: string,
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width: number,
  distance: (difference: number) => number,
): number {
  requireSamples(action, "targets", targets, width);
  requireLength(action, "outputs", outputs, targets.length, "as of 'targets'");
  let sum = 0;
  for (let at = 0; at < targets.length; at++) {
    sum += distance(outputs[at] - targets[at]);
  }
  return sum / targets.length;
}

/**
 * The mean of the squared differences, 0 or more.
 *
 * @param targets `samples × width` values.
 * @param outputs As many.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { meanSquaredError } from "./regression.ts";
 *
 * assert.equal(meanSquaredError([3, -0.5, 2, 7], [2.5, 0, 2, 8]), 0.375);
 * ```
 */
export function meanSquaredError(
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a mean squared error";
  return meanOf(action, targets, outputs, width, (value) => value * value);
}

/**
 * The mean of the absolute differences, 0 or more.
 *
 * @param targets `samples × width` values.
 * @param outputs As many.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 */
export function meanAbsoluteError(
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a mean absolute error";
  return meanOf(action, targets, outputs, width, Math.abs);
}

/**
 * The coefficient of determination R²: of each column `1 - Σ(y - a)² / Σ(y - mean)²`, and of these the mean. 1 is
 * perfect, 0 is as good as the mean of the targets, and it can be negative. A column whose targets are all the same
 * (as of a single sample) has 1 if its outputs are perfect, else 0, as with scikit-learn's `r2_score`.
 *
 * @param targets `samples × width` values y.
 * @param outputs As many values a.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { r2 } from "./regression.ts";
 *
 * assert.equal(r2([1, 2, 3], [1, 2, 4]), 0.5);
 * ```
 */
export function r2(
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a coefficient of determination";
  requireSamples(action, "targets", targets, width);
  requireLength(action, "outputs", outputs, targets.length, "as of 'targets'");
  let sum = 0;
  for (let column = 0; column < width; column++) {
    sum += columnR2(targets, outputs, width, column);
  }
  return sum / width;
}

function columnR2(
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width: number,
  column: number,
): number {
  let mean = 0;
  for (let at = column; at < targets.length; at += width) mean += targets[at];
  mean /= targets.length / width;
  // Compared itself, as the mean of equal targets may be rounded and leave a tiny variance.
  let constant = true;
  let [residual, total] = [0, 0];
  for (let at = column; at < targets.length; at += width) {
    if (targets[at] !== targets[column]) constant = false;
    residual += (targets[at] - outputs[at]) ** 2;
    total += (targets[at] - mean) ** 2;
  }
  if (constant && Number.isFinite(residual)) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
