/** Checks of what metrics are computed of: values of samples, one sample after another. */
import { WrongValueError } from "../errors.ts";
import { requireInteger, wrong } from "../validate.ts";

/**
 * Returns how many samples of `width` values there are, 1 or more.
 *
 * @throws {TypeError} If `width` is not a number.
 * @throws {RangeError} If `width` is not a whole number from 1, or `values` has not that many values for each of 1 or
 * more samples.
 */
export function requireSamples(
  action: string,
  name: string,
  values: ArrayLike<number>,
  width = 1,
): number {
  requireInteger(action, "width", width, 1, Infinity);
  const { length } = values;
  if (length === 0) {
    throw new WrongValueError(
      wrong(action, `${name}.length`, "1 or more", length),
    );
  }
  if (length % width !== 0) {
    throw new WrongValueError(
      wrong(action, `${name}.length`, `a multiple of ${width}`, length),
    );
  }
  return length / width;
}

/**
 * Checks how many values there are.
 *
 * @throws {RangeError} If there are not `length` values, as `reason` says.
 */
export function requireLength(
  action: string,
  name: string,
  values: ArrayLike<number>,
  length: number,
  reason: string,
): void {
  if (values.length !== length) {
    throw new WrongValueError(
      wrong(action, `${name}.length`, `${length} ${reason}`, values.length),
    );
  }
}

/**
 * Checks the class of each sample.
 *
 * @throws {TypeError} If a label is not a number.
 * @throws {RangeError} If a label is not a whole number from 0 to `classes - 1`.
 */
export function requireLabels(
  action: string,
  name: string,
  labels: ArrayLike<number>,
  classes: number,
): void {
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample];
    if (Number.isSafeInteger(label) && label >= 0 && label < classes) continue;
    requireInteger(action, `${name}[${sample}]`, label, 0, classes - 1);
  }
}
