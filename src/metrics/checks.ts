/** Checks of what metrics are computed of: values of samples, one sample after another. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";

/** @throws {TypeError} If `values` are no array, typed or not. */
function requireArray(action: string, name: string, values: unknown): void {
  if (
    Array.isArray(values) ||
    ArrayBuffer.isView(values) && !(values instanceof DataView) &&
      !(values instanceof BigInt64Array || values instanceof BigUint64Array)
  ) return;
  const wanted = "an array or a typed array of numbers";
  throw new WrongTypeError(wrong(action, name, wanted, values));
}

/**
 * Returns how many samples of `width` values there are, 1 or more.
 *
 * @throws {TypeError} If `width` is not a number, or `values` are no array.
 * @throws {RangeError} If `width` is not a whole number from 1, or `values` has not that many values for each of 1 or
 * more samples.
 */
export function requireSamples(
  action: string,
  name: string,
  values: ArrayLike<number>,
  width = 1,
): number {
  requireArray(action, name, values);
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
 * @throws {TypeError} If they are no array.
 * @throws {RangeError} If there are not `length` values, as `reason` says.
 */
export function requireLength(
  action: string,
  name: string,
  values: ArrayLike<number>,
  length: number,
  reason: string,
): void {
  requireArray(action, name, values);
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

/** @throws {TypeError} If a value is not a number. */
export function requireNumbers(
  action: string,
  name: string,
  values: ArrayLike<number>,
): void {
  // Typed arrays hold nothing else.
  if (!Array.isArray(values)) return;
  for (let at = 0; at < values.length; at++) {
    if (typeof values[at] === "number") continue;
    throw new WrongTypeError(
      wrong(action, `${name}[${at}]`, "a number", values[at]),
    );
  }
}

/**
 * @throws {TypeError} If a value is not a number.
 * @throws {RangeError} If one is NaN.
 */
export function requireNoNaN(
  action: string,
  name: string,
  values: ArrayLike<number>,
): void {
  requireNumbers(action, name, values);
  for (let at = 0; at < values.length; at++) {
    if (!Number.isNaN(values[at])) continue;
    throw new WrongValueError(
      wrong(action, `${name}[${at}]`, "a number other than NaN", NaN),
    );
  }
}

/**
 * Checks probabilities, and tells whether all of them are certain: 0 or 1, and both occur.
 *
 * @throws {TypeError} If one is not a number.
 * @throws {RangeError} If one is not from 0 to 1.
 */
export function requireProbabilities(
  action: string,
  name: string,
  values: ArrayLike<number>,
): boolean {
  requireNumbers(action, name, values);
  let [zeros, ones] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (!(value >= 0 && value <= 1)) {
      throw new WrongValueError(
        wrong(action, `${name}[${at}]`, "from 0 to 1", value),
      );
    }
    if (value === 0) zeros++;
    if (value === 1) ones++;
  }
  return zeros > 0 && ones > 0 && zeros + ones === values.length;
}
