/**
 * How close outputs are to targets, both `samples × width` values, one sample after another. Every column counts the
 * same, as with scikit-learn's `multioutput="uniform_average"`.
 */
import { ColumnErrors, meanOfColumns } from "./column_errors.ts";
import { requireLength, requireNumbers, requireSamples } from "./checks.ts";

/** Checks both arrays and returns the errors of each column. */
function errorsOf(
  action: string,
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width: number,
): ColumnErrors[] {
  requireSamples(action, "targets", targets, width);
  requireLength(action, "outputs", outputs, targets.length, "as of 'targets'");
  requireNumbers(action, "targets", targets);
  requireNumbers(action, "outputs", outputs);
  return Array.from({ length: width }, (_, column) => {
    const errors = new ColumnErrors();
    for (let at = column; at < targets.length; at += width) {
      errors.add(targets[at], outputs[at]);
    }
    return errors;
  });
}

/**
 * The mean of the squared differences, 0 or more.
 *
 * @param targets `samples × width` values.
 * @param outputs As many.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {TypeError} If an argument is of the wrong type.
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
  const columns = errorsOf(action, targets, outputs, width);
  return meanOfColumns(columns, ({ meanSquared }) => meanSquared);
}

/**
 * The mean of the absolute differences, 0 or more.
 *
 * @param targets `samples × width` values.
 * @param outputs As many.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 */
export function meanAbsoluteError(
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a mean absolute error";
  const columns = errorsOf(action, targets, outputs, width);
  return meanOfColumns(columns, ({ meanAbsolute }) => meanAbsolute);
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
 * @throws {TypeError} If an argument is of the wrong type.
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
  const columns = errorsOf(action, targets, outputs, width);
  return meanOfColumns(columns, ({ r2 }) => r2);
}
