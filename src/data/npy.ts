/** NumPy's [.npy format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
import { WrongValueError } from "../errors.ts";
import { wrong } from "../validate.ts";

/** What a file holds: values in C order, the last dimension first. */
export interface NpyArray {
  /** Sizes of the dimensions. */
  readonly shape: readonly number[];
  /** As many as the product of the sizes. */
  readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The header, with all that is before it, is filled up to a multiple of it. */
const ALIGNMENT = 64;

/** How a value of a type is read. */
type Reader = (view: DataView, at: number, little: boolean) => number;

/** Bytes of a value, and how it is read, by NumPy's codes of types. */
const TYPES: Readonly<Record<string, readonly [number, Reader]>> = {
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i1: [1, (view, at) => view.getInt8(at)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
};

const HEADER =
  /^\{\s*'descr':\s*'([<>|=])([a-z]\d)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/**
 * Reads a .npy file of numbers: float32 stays, all else becomes float64. A matrix in Fortran order is transposed.
 *
 * @param name Of the file, for errors.
 *
 * @throws {RangeError} If the file isn't what it should be, holds other than numbers, or an integer beyond ±(2⁵³ - 1).
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "./npy.ts";
 *
 * const bytes = writeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * console.log(readNpy(bytes, "x.npy").shape); // [2, 3]
 * ```
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const refuse = (what: string, wanted: string, found: unknown): never => {
    throw new WrongValueError(wrong(`read '${name}'`, what, wanted, found));
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, at) => bytes[at] !== byte)) {
    refuse("magic number", "that of .npy", [...bytes.subarray(0, 6)]);
  }
  const major = bytes[6];
  if (major < 1 || major > 3) refuse("version", "from 1 to 3", major);
  const lengthBytes = major === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  const length = major === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  if (start + length > bytes.length) {
    refuse("length of the header", `${bytes.length - start} or less`, length);
  }
  const header = new TextDecoder().decode(
    bytes.subarray(start, start + length),
  );
  const found = HEADER.exec(header);
  if (found === null) {
    return refuse("header", "one type of numbers and a shape", header.trim());
  }
  const [, order, code, fortran, sizes] = found;
  const type = TYPES[code];
  if (type === undefined) {
    return refuse("type", "of numbers with 1 to 8 bytes", order + code);
  }
  const shape = sizes.split(",").map((size) => size.trim())
    .filter((size) => size !== "").map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  const [size, read] = type;
  const first = start + length;
  if (bytes.length !== first + count * size) {
    refuse("length", `${first + count * size} bytes`, bytes.length);
  }
  const values = code === "f4"
    ? new Float32Array(count)
    : new Float64Array(count);
  for (let at = 0; at < count; at++) {
    values[at] = read(view, first + at * size, order !== ">");
    if (/^[iu]8$/.test(code) && !Number.isSafeInteger(values[at])) {
      refuse(`value ${at}`, "within ±(2^53 - 1)", values[at]);
    }
  }
  if (fortran === "False" || shape.length < 2) return { shape, values };
  if (shape.length > 2) {
    refuse("shape", "of one or two dimensions in Fortran order", shape);
  }
  return { shape, values: transposed(values, shape[0], shape[1]) };
}

function transposed<T extends NpyArray["values"]>(
  values: T,
  rows: number,
  columns: number,
): T {
  const result = values.slice() as T;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[row * columns + column] = values[column * rows + row];
    }
  }
  return result;
}

/**
 * Writes a .npy file, version 1.0, of float32 in C order.
 *
 * @throws {RangeError} If the shape has another number of values.
 */
export function writeNpy(
  values: Float32Array,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== values.length) {
    throw new WrongValueError(
      wrong(
        "write .npy",
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
