import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { firstNotFinite, requireFewValues } from "./floats.ts";

/**
 * Numbers of all samples, an array for each.
 *
 * @example
 * ```ts
 * import { type Rows, samplesFrom } from "@lockstep/lockstep";
 *
 * const x: Rows = [[0, 1], Float32Array.of(1, 0)];
 * console.log(samplesFrom({ x, labels: [0, 1] }).inputs); // 2
 * ```
 */
export type Rows = readonly ArrayLike<number>[];

/**
 * Numbers of all samples in one typed array, sample after sample.
 *
 * @example
 * ```ts
 * import { type FlatNumbers, samplesFrom } from "@lockstep/lockstep";
 *
 * const x: FlatNumbers = Uint8Array.of(0, 1, 1, 0);
 * console.log(samplesFrom({ x, inputs: 2, labels: [0, 1] }).count); // 2
 * ```
 */
export type FlatNumbers = ArrayLike<number> & ArrayBufferView;

/** Values of all samples in one array, `width` of them each. */
export interface Flattened {
  readonly values: Float32Array;
  readonly width: number;
}

function isFlat(numbers: unknown): numbers is FlatNumbers {
  return ArrayBuffer.isView(numbers) && !(numbers instanceof DataView) &&
    !(numbers instanceof BigInt64Array || numbers instanceof BigUint64Array);
}

/** Refuses what is not a number, or not finite as a float32. */
function requireFloat32(
  action: string,
  name: string,
  value: unknown,
): void {
  const wanted = "a finite number";
  if (typeof value !== "number") {
    throw new WrongTypeError(wrong(action, name, wanted, value));
  }
  if (!Number.isFinite(value)) {
    throw new WrongValueError(wrong(action, name, wanted, value));
  }
  if (!Number.isFinite(Math.fround(value))) {
    throw new WrongValueError(wrong(action, name, "within ±3.4e38", value));
  }
}

/**
 * Brings the numbers of all samples into one Float32Array. One that is given is used itself, not copied.
 *
 * @param width Values of a sample; rows tell it by themselves.
 * @param check Whether the values of a typed array are looked at.
 *
 * @throws {TypeError} If `numbers` is neither rows nor a typed array, or a value is not a number.
 * @throws {RangeError} If there is no sample, a length doesn't fit, or a value isn't finite as a float32.
 */
export function flatten(
  action: string,
  name: "x" | "y",
  numbers: Rows | FlatNumbers,
  widthName: "inputs" | "outputs",
  width?: number,
  check = true,
): Flattened {
  if (!isFlat(numbers) && !Array.isArray(numbers)) {
    throw new WrongTypeError(
      wrong(action, name, "an array of arrays or a typed array", numbers),
    );
  }
  if (numbers.length === 0) {
    throw new WrongValueError(wrong(action, `${name}.length`, "1 or more", 0));
  }
  if (isFlat(numbers) || width !== undefined) {
    requireInteger(action, widthName, width, 1, Infinity);
  }
  return isFlat(numbers)
    ? flattenTyped(action, name, numbers, width!, check)
    : flattenRows(action, name, numbers, width);
}

function flattenTyped(
  action: string,
  name: string,
  numbers: FlatNumbers,
  width: number,
  check: boolean,
): Flattened {
  if (numbers.length % width !== 0) {
    throw new WrongValueError(
      wrong(action, `${name}.length`, `a multiple of ${width}`, numbers.length),
    );
  }
  const values = numbers instanceof Float32Array
    ? numbers
    : new Float32Array(numbers);
  if (!check) return { values, width };
  const at = firstNotFinite(values);
  if (at >= 0) requireFloat32(action, `${name}[${at}]`, numbers[at]);
  return { values, width };
}

function flattenRows(
  action: string,
  name: string,
  rows: Rows,
  wanted?: number,
): Flattened {
  const width = wanted ?? requireRow(action, `${name}[0]`, rows[0]).length;
  if (!(width > 0)) {
    throw new WrongValueError(
      wrong(action, `${name}[0].length`, "1 or more", width),
    );
  }
  requireFewValues(action, name, rows.length, width);
  const values = new Float32Array(rows.length * width);
  for (const [sample, row] of rows.entries()) {
    if (requireRow(action, `${name}[${sample}]`, row).length !== width) {
      throw new WrongValueError(
        wrong(action, `${name}[${sample}].length`, String(width), row.length),
      );
    }
    copyNumbers(row, values, sample * width, (at, value) => {
      requireFloat32(action, `${name}[${sample}][${at}]`, value);
    });
  }
  return { values, width };
}

/** @throws {TypeError} If a value is no array. */
function requireRow(
  action: string,
  name: string,
  row: ArrayLike<number>,
): ArrayLike<number> {
  if (typeof row === "object" && row !== null) return row;
  const wanted =
    "an array of the numbers of a sample (for a single one, [[…]])";
  throw new WrongTypeError(wrong(action, name, wanted, row));
}

/**
 * The same of an array of numbers, one for each sample.
 *
 * @throws {TypeError} If a value is not a number.
 * @throws {RangeError} If a value isn't finite as a float32.
 */
export function flattenNumbers(
  action: string,
  name: "y",
  numbers: readonly number[],
): Flattened {
  const values = new Float32Array(numbers.length);
  copyNumbers(numbers, values, 0, (at, value) => {
    requireFloat32(action, `${name}[${at}]`, value);
  });
  return { values, width: 1 };
}

/** Copies numbers to `values`, from a place on; calls `check` with what may be none, or too large. */
function copyNumbers(
  numbers: ArrayLike<number>,
  values: Float32Array,
  from: number,
  check: (at: number, value: unknown) => void,
): void {
  for (let at = 0; at < numbers.length; at++) {
    const value = numbers[at];
    // A BigInt can't be stored.
    if (typeof value !== "number") check(at, value);
    values[from + at] = value;
    if (!Number.isFinite(values[from + at])) check(at, value);
  }
}
