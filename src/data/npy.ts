/** NumPy's [.npy format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { requireString } from "../checks/json_checks.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { MOST_VALUES } from "./floats.ts";
import { type NamedBytes, readContents } from "./unpack.ts";

/**
 * What a file holds: values in C order, the last dimension first.
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
  /** As many as the product of the sizes. */
  readonly values: Float32Array | Float64Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** How a ZIP archive begins, as .npz files are. */
const ZIP_MAGIC = [0x50, 0x4b, 3, 4];

/** The header, with all that is before it, is filled up to a multiple of it. */
const ALIGNMENT = 64;

/** Most bytes of a header: six times what NumPy reads. */
const MOST_HEADER_BYTES = 65_535;

/** Most dimensions of an array, as in NumPy. */
const MOST_DIMENSIONS = 64;

/** Most letters of a header in an error. */
const SHOWN_LETTERS = 200;

/** How a value of a type is read. */
type Reader = (view: DataView, at: number, little: boolean) => number;

/** Bytes of a value, and how it is read, by NumPy's codes of types. */
const TYPES: Readonly<Record<string, readonly [number, Reader]>> = {
  f2: [2, (view, at, little) => view.getFloat16(at, little)],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
  b1: [1, (view, at) => Math.min(view.getUint8(at), 1)],
  u1: [1, (view, at) => view.getUint8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i1: [1, (view, at) => view.getInt8(at)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
};

/** Types that a float32 doesn't hold to the last digit. */
const WIDE = /^(f8|[iu][48])$/;

/** What other codes stand for. */
const OTHERS: Readonly<Record<string, string>> = {
  O: "Python objects",
  S: "bytes",
  U: "text",
  V: "records",
  c: "complex numbers",
  M: "dates",
  m: "durations",
  "[": "records",
};

/** An entry of the header, which is a dictionary of Python: a name, and a text, a truth, a tuple or a list. */
const ENTRY =
  /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(([\d\s,L]*)\)|(\[[^]*?\]))\s*(?:,|$)\s*/y;

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
  /** Of the file, for errors. Default: `"array.npy"` */
  readonly name?: string;
}

const NAMES = namesOf<NpyOptions>({ name: true });

/** What a header says. */
interface Header {
  readonly type: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
}

/** The start of a text that may be long. */
function shown(text: string): string {
  return text.trim().slice(0, SHOWN_LETTERS);
}

/** Reads a header with its entries in any order, or nothing if it isn't one. */
function parseHeader(text: string): Header | undefined {
  const body = /^\{([^]*)\}$/.exec(text.trim())?.[1].trim();
  if (body === undefined) return undefined;
  const entries = new Map<string, RegExpExecArray>();
  for (let at = 0; at < body.length; at = ENTRY.lastIndex) {
    ENTRY.lastIndex = at;
    const entry = ENTRY.exec(body);
    if (entry === null || entries.has(entry[2])) return undefined;
    entries.set(entry[2], entry);
  }
  const [type, fortran, shape] = ["descr", "fortran_order", "shape"]
    .map((name) => entries.get(name));
  const [list, truth, sizes] = [type?.[7], fortran?.[5], shape?.[6]];
  const code = type?.[4] ?? list;
  if (
    entries.size !== 3 || code === undefined || truth === undefined ||
    sizes === undefined
  ) return undefined;
  const parts = sizes.split(",").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop();
  // Python 2 wrote 3L for some whole numbers.
  if (!parts.every((part) => /^\d+L?$/.test(part))) return undefined;
  return {
    type: code,
    isFortran: truth === "True",
    shape: parts.map((part) => Number(part.replace("L", ""))),
  };
}

/** What is before the values: how they are stored, and where they begin and end. */
interface Layout extends Omit<Header, "type"> {
  readonly code: string;
  readonly little: boolean;
  readonly count: number;
  readonly first: number;
  readonly end: number;
}

/** Reads what is before the values, of a file that may end anywhere. */
function layoutOf({ name, bytes }: NamedBytes): Layout {
  const refuse = refusal(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (ZIP_MAGIC.every((byte, at) => bytes[at] === byte)) {
    throw new WrongValueError(
      `Cannot read '${name}' as it is an archive such as .npz: write each array by itself with numpy.save()`,
    );
  }
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
  const most = Math.min(bytes.length - start, MOST_HEADER_BYTES);
  if (length > most) refuse("length of the header", `${most} or less`, length);
  const text = new TextDecoder().decode(bytes.slice(start, start + length));
  const header = parseHeader(text) ??
    refuse("header", "of descr, fortran_order and shape", shown(text));
  const { shape, isFortran } = header;
  const [, order, code = ""] = /^([<>|=]?)(\w+)$/.exec(header.type) ?? [];
  if (!Object.hasOwn(TYPES, code)) {
    const kind = OTHERS[code[0] ?? header.type[0]];
    refuse(
      "type",
      "of numbers with 1 to 8 bytes, as of x.astype('float32')",
      shown(kind === undefined ? header.type : `${header.type}, ${kind}`),
    );
  }
  if (shape.length > MOST_DIMENSIONS) {
    refuse("dimensions", `${MOST_DIMENSIONS} or less`, shape.length);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  // Not a number where a size is 0 and another infinite.
  if (!(count <= MOST_VALUES && shape.every(Number.isSafeInteger))) {
    refuse("shape", `of ${MOST_VALUES} values or less`, shape);
  }
  const first = start + length;
  const end = first + count * TYPES[code][0];
  const little = order !== ">";
  return { code, little, shape, isFortran, count, first, end };
}

/** Makes what refuses a file. */
function refusal(name: string) {
  return (what: string, wanted: string, found: unknown): never => {
    throw new WrongValueError(wrong(`read '${name}'`, what, wanted, found));
  };
}

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
 * @throws {TypeError} If the path is none.
 * @throws {RangeError} As {@linkcode decodeNpy} does, or if compressed data are damaged.
 *
 * @example
 * ```ts
 * import { encodeNpy, readNpy } from "@lockstep/lockstep";
 *
 * const path = await Deno.makeTempFile({ suffix: ".npy" });
 * await Deno.writeFile(path, encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
 * console.log((await readNpy(path)).shape); // [2, 3]
 * await Deno.remove(path);
 * ```
 */
export async function readNpy(path: string | URL): Promise<NpyArray> {
  const { name, bytes } = await readContents("read .npy", path, NPY_ANNOUNCED);
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
