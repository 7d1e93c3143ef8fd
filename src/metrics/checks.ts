/** Checks of the arrays that metrics are computed from: values of samples, one sample after another. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";

/** @throws {TypeError} If `values` is not an array or a typed array of numbers. */
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
 * Returns how many samples there are in `values`, with `width` values each.
 *
 * @throws {TypeError} If `width` is not a number, or `values` is not an array.
 * @throws {RangeError} If `width` is not a whole number from 1, there is no value, or `width` doesn't divide their number.
 */
export function requireSamples(
  action: string,
  name: string,
  values: ArrayLike<number>,
  width: number,
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
 * @param reason Behind the number that is wanted, for errors.
 *
 * @throws {TypeError} If `values` is not an array.
 * @throws {RangeError} If there are not `length` values.
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
 * Returns how many outputs a sample has, `least` or more, if `samples` samples have as many.
 *
 * @throws {TypeError} If `outputs` are no array.
 * @throws {RangeError} If there are fewer, or not equally many for each label.
 */
export function requireWidth(
  action: string,
  name: string,
  outputs: ArrayLike<number>,
  samples: number,
  least: number,
): number {
  requireArray(action, name, outputs);
  const width = outputs.length / samples;
  if (Number.isInteger(width) && width >= least) return width;
  const each = least === 1 ? "one or more" : `${least} or more`;
  const wanted =
    `${each} for each of ${samples} 'labels', which come before '${name}'`;
  throw new WrongValueError(
    wrong(action, `${name}.length`, wanted, outputs.length),
  );
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
    const at = `${name}[${sample}]`;
    if (typeof label === "number" && !Number.isInteger(label)) {
      const wanted = "the number of a class, as from classOf() or labels";
      throw new WrongValueError(wrong(action, at, wanted, label));
    }
    requireInteger(action, at, label, 0, classes - 1);
  }
}

/**
 * Checks the true and the predicted class of each sample, and returns how many samples there are.
 *
 * @throws {TypeError} If a class is not a number.
 * @throws {RangeError} If a class is not a whole number from 0 to `classes - 1`, there is no sample, or lengths differ.
 */
export function requireClassPairs(
  action: string,
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number {
  const samples = requireSamples(action, "actual", actual, 1);
  const reason = "as of 'actual', one class for each sample";
  requireLength(action, "predicted", predicted, samples, reason);
  requireLabels(action, "actual", actual, classes);
  requireLabels(action, "predicted", predicted, classes);
  return samples;
}

/** @throws {TypeError} If a value is not a number. */
export function requireNumbers(
  action: string,
  name: string,
  values: ArrayLike<number>,
): void {
  // Typed arrays hold numbers only.
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
 * Checks probabilities, and returns whether they look like one-hot targets: each is 0 or 1, and both occur.
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
