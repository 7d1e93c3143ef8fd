/**
 * How close predicted numbers are to the true ones, both `samples × width` values, one sample after another. Every column
 * counts the same, as with scikit-learn's `multioutput="uniform_average"`.
 */
import { ColumnErrors, meanOfColumns } from "./column_errors.ts";
import { requireLength, requireNumbers, requireSamples } from "./checks.ts";

/** Checks both arrays and returns the errors of each column. */
function errorsOf(
  action: string,
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  width: number,
): ColumnErrors[] {
  requireSamples(action, "actual", actual, width);
  requireLength(
    action,
    "predicted",
    predicted,
    actual.length,
    "as of 'actual'",
  );
  requireNumbers(action, "actual", actual);
  requireNumbers(action, "predicted", predicted);
  return Array.from({ length: width }, (_, column) => {
    const errors = new ColumnErrors();
    for (let at = column; at < actual.length; at += width) {
      errors.add(actual[at], predicted[at]);
    }
    return errors;
  });
}

/**
 * Computes the mean of the squared differences, 0 or more.
 *
 * @param actual The true values, `samples × width`, as the `y` of samples.
 * @param predicted As many values, as from `Mlp.predict`.
 * @param width Values of a sample, 1 or more.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import { meanSquaredError } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(meanSquaredError([3, -0.5, 2, 7], [2.5, 0, 2, 8]), 0.375);
 * ```
 */
export function meanSquaredError(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a mean squared error";
  const columns = errorsOf(action, actual, predicted, width);
  return meanOfColumns(columns, ({ meanSquared }) => meanSquared);
}

/**
 * Computes the root of the mean of the squared differences, in the units of the values; for several columns the mean of
 * their roots, like scikit-learn's `root_mean_squared_error`. 0 or more.
 *
 * @param actual The true values, `samples × width`, as the `y` of samples.
 * @param predicted As many values, as from `Mlp.predict`.
 * @param width Values of a sample, 1 or more.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import { rootMeanSquaredError } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(rootMeanSquaredError([3, 5], [1, 7]), 2);
 * ```
 */
export function rootMeanSquaredError(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a root mean squared error";
  const columns = errorsOf(action, actual, predicted, width);
  return meanOfColumns(columns, ({ meanSquared }) => Math.sqrt(meanSquared));
}

/**
 * Computes the mean of the absolute differences, 0 or more.
 *
 * @param actual The true values, `samples × width`, as the `y` of samples.
 * @param predicted As many values, as from `Mlp.predict`.
 * @param width Values of a sample, 1 or more.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import { meanAbsoluteError } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(meanAbsoluteError([3, -0.5, 2, 7], [2.5, 0, 2, 8]), 0.5);
 * ```
 */
export function meanAbsoluteError(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a mean absolute error";
  const columns = errorsOf(action, actual, predicted, width);
  return meanOfColumns(columns, ({ meanAbsolute }) => meanAbsolute);
}

/**
 * Computes the coefficient of determination R²: `1 - Σ(y - a)² / Σ(y - mean)²` of each column, and the mean over the
 * columns. 1 is perfect, 0 is as good as always predicting the mean of the true values, and it can be negative. A column
 * whose true values are all equal (as for a single sample) has 1 if they are predicted exactly, otherwise 0, like scikit-
 * learn's `r2_score`.
 *
 * @param actual The true values y, `samples × width`, as the `y` of samples.
 * @param predicted As many values a, as from `Mlp.predict`.
 * @param width Values of a sample, 1 or more.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import { r2 } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(r2([1, 2, 3], [1, 2, 4]), 0.5);
 * ```
 */
export function r2(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  width = 1,
): number {
  const action = "compute a coefficient of determination";
  const columns = errorsOf(action, actual, predicted, width);
  return meanOfColumns(columns, ({ r2 }) => r2);
}
