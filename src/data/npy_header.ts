/** What is before the values of a .npy file: how they are stored, and where they begin and end. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { MOST_VALUES } from "./floats.ts";
import type { NamedBytes } from "./unpack.ts";

/** How a file begins. */
export const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** How a ZIP archive begins, as .npz files are. */
const ZIP_MAGIC = [0x50, 0x4b, 3, 4];

/** Most bytes of a header: six times what NumPy reads. */
export const MOST_HEADER_BYTES = 65_535;

/** Most dimensions of an array, as in NumPy. */
const MOST_DIMENSIONS = 64;

/** Most letters of a header in an error. */
const SHOWN_LETTERS = 200;

/** How a value of a type is read. */
type Reader = (view: DataView, at: number, little: boolean) => number;

/** A float of 16 bits. `DataView.prototype.getFloat16` is too new for some runtimes. */
function halfFloat(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0
    ? fraction * 2 ** -24
    : exponent < 31
    ? (1024 + fraction) * 2 ** (exponent - 25)
    : fraction === 0
    ? Infinity
    : NaN;
  return bits >> 15 ? -size : size;
}

/** Bytes of a value, and how it is read, by NumPy's codes of types. */
export const TYPES: Readonly<Record<string, readonly [number, Reader]>> = {
  f2: [2, (view, at, little) => halfFloat(view.getUint16(at, little))],
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

/** What a header says. */
export interface Header {
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
export interface Layout extends Omit<Header, "type"> {
  readonly code: string;
  readonly little: boolean;
  readonly count: number;
  readonly first: number;
  readonly end: number;
}

/** Reads what is before the values, of a file that may end anywhere. */
export function layoutOf({ name, bytes }: NamedBytes): Layout {
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
export function refusal(name: string) {
  return (what: string, wanted: string, found: unknown): never => {
    throw new WrongValueError(wrong(`read '${name}'`, what, wanted, found));
  };
}
