/** NumPy's [.npy format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { requireString } from "../checks/json_checks.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import {
  layoutOf,
  MAGIC,
  MOST_HEADER_BYTES,
  refusal,
  TYPES,
} from "./npy_header.ts";
import type { Contents } from "./contents.ts";
import { type NamedBytes, readContents } from "./unpack.ts";

/**
 * The contents of a file: values in C order, in which the last dimension varies fastest.
 *
 * @example
 * ```ts
 * import { decodeNpy, encodeNpy, type NpyArray } from "@lockstep/lockstep";
 *
 * const array: NpyArray = decodeNpy(encodeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]));
 * console.log(array.shape, array.values); // [2, 2], Float32Array [1, 2, 3, 4]
 * ```
 */
export interface NpyArray {
  /** Sizes of the dimensions. */
  readonly shape: readonly number[];
  /** The values, as many as the product of the sizes. */
  readonly values: Float32Array | Float64Array;
}

/** The header, with all that is before it, is filled up to a multiple of it. */
const ALIGNMENT = 64;

/** Types that a float32 doesn't hold to the last digit. */
const WIDE = /^(f8|[iu][48])$/;

/**
 * How the contents of a file are decoded.
 *
 * @example
 * ```ts
 * import { decodeNpy, encodeNpy, type NpyOptions } from "@lockstep/lockstep";
 *
 * const options: NpyOptions = { name: "x.npy" };
 * console.log(decodeNpy(encodeNpy(Float32Array.of(5), [1]), options).values); // Float32Array [5]
 * ```
 */
export interface NpyOptions {
  /** Name of the file, for errors. Default: `"array.npy"` */
  readonly name?: string;
}

const NAMES = namesOf<NpyOptions>({ name: true });

/**
 * Decodes a .npy file of numbers, versions 1 to 3, in C order or Fortran order, and of either order of bytes. What a float32
 * holds exactly becomes one: all types of 1 or 2 bytes, and itself; the others become float64.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the file isn't what it should be, holds other than numbers or more than 2³⁰, or an integer
 * beyond ±(2⁵³ - 1).
 *
 * @example
 * ```ts
 * import { decodeNpy, encodeNpy } from "@lockstep/lockstep";
 *
 * const bytes = encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * console.log(decodeNpy(bytes).shape); // [2, 3]
 * ```
 */
export function decodeNpy(
  bytes: Uint8Array,
  options: NpyOptions = {},
): NpyArray {
  if (!(bytes instanceof Uint8Array)) {
    const wanted = "a Uint8Array (readNpy() takes a path)";
    throw new WrongTypeError(wrong("read .npy", "bytes", wanted, bytes));
  }
  requireOptions("read .npy", options, NAMES);
  const name = requireString(
    "read .npy",
    "name",
    options.name ?? "array.npy",
  );
  const refuse = refusal(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { code, little, shape, isFortran, count, first, end } = layoutOf({
    name,
    bytes,
  });
  if (bytes.length !== end) refuse("length", `${end} bytes`, bytes.length);
  const [size, read] = TYPES[code];
  const values = WIDE.test(code)
    ? new Float64Array(count)
    : new Float32Array(count);
  const isLong = code === "i8" || code === "u8";
  const placeOf = isFortran ? fortranPlaces(shape) : (at: number) => at;
  for (let at = 0; at < count; at++) {
    values[at] = read(view, first + placeOf(at) * size, little);
    if (isLong && !Number.isSafeInteger(values[at])) {
      refuse(`value ${at}`, "within ±(2^53 - 1)", values[at]);
    }
  }
  return { shape, values };
}

/** How much of a file tells its length. */
export const NPY_ANNOUNCED = {
  start: MOST_HEADER_BYTES + 12,
  length: (start: NamedBytes) => layoutOf(start).end,
};

/**
 * Reads a .npy file, plain or compressed by gzip: see {@linkcode decodeNpy}.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {Deno.errors.NotCapable} If the permission to read is missing.
 * @throws {TypeError} If it is nothing that can be read.
 * @throws {StateError} If a stream, or the body of a response, was read before.
 * @throws {RangeError} As {@linkcode decodeNpy} does, or if compressed data are damaged.
 *
 * @example
 * ```ts
 * import { encodeNpy, readNpy } from "@lockstep/lockstep";
 *
 * // Or the path of a file.
 * const file = new File([encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])], "x.npy");
 * console.log((await readNpy(file)).shape); // [2, 3]
 * ```
 */
export async function readNpy(
  source: Contents,
): Promise<NpyArray> {
  const { name, bytes } = await readContents(
    "read .npy",
    source,
    NPY_ANNOUNCED,
  );
  return decodeNpy(bytes, { name });
}

/** Tells where a value is in Fortran order, the first dimension first, by its place in C order. */
function fortranPlaces(shape: readonly number[]): (at: number) => number {
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((all, size) => all * size, 1)
  );
  return (at) => {
    let place = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = at % shape[axis];
      at = (at - index) / shape[axis];
      place += index * strides[axis];
    }
    return place;
  };
}

/**
 * Encodes float32 in C order as a .npy file, version 1.0.
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If the shape has another number of values, or a size that is not a whole number of 0 or more.
 *
 * @example
 * ```ts
 * import { encodeNpy } from "@lockstep/lockstep";
 *
 * console.log(encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]).length); // 152
 * ```
 */
export function encodeNpy(
  values: Float32Array,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const action = "write .npy";
  if (!(values instanceof Float32Array)) {
    throw new WrongTypeError(wrong(action, "values", "a Float32Array", values));
  }
  if (!Array.isArray(shape)) {
    throw new WrongTypeError(wrong(action, "shape", "an array", shape));
  }
  for (const [axis, size] of shape.entries()) {
    requireInteger(action, `shape[${axis}]`, size, 0, Infinity);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== values.length) {
    throw new WrongValueError(
      wrong(
        action,
        "values.length",
        `${count} as of shape`,
        values.length,
      ),
    );
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = 10;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT -
    start;
  const bytes = new Uint8Array(start + length + 4 * count);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, 1, 0]);
  view.setUint16(8, length, true);
  bytes.set(new TextEncoder().encode(text.padEnd(length - 1) + "\n"), start);
  for (let at = 0; at < count; at++) {
    view.setFloat32(start + length + 4 * at, values[at], true);
  }
  return bytes;
}
