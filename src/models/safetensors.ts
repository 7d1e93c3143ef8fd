/**
 * The format [safetensors](https://github.com/huggingface/safetensors#format): length of the header in 8 bytes, the
 * header in JSON, then the values of all tensors, little-endian and row-major, without holes.
 */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import {
  requireArray,
  requireKnownFields,
  requireObject,
  requireString,
} from "../checks/json_checks.ts";
import { parseJson } from "../io/parse_json.ts";

/** The array that holds values of each type, in memory as in the file: Deno runs on little-endian machines alone. */
const ARRAYS = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I64: BigInt64Array,
};

/** The known types of values: float32 and float64, signed and unsigned integers. */
export type Dtype = keyof typeof ARRAYS;

const DTYPES = Object.keys(ARRAYS) as Dtype[];

/** A tensor, its values in an array of its type. */
export type Tensor = {
  [D in Dtype]: {
    readonly name: string;
    readonly dtype: D;
    /** Sizes of the dimensions; none for a single value. */
    readonly shape: readonly number[];
    /** Row-major. */
    readonly data: InstanceType<typeof ARRAYS[D]>;
  };
}[Dtype];

/** What a file holds. */
export interface Safetensors {
  /** In the order of their values in the file. */
  readonly tensors: readonly Tensor[];
  /** Text for each key. */
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = "__metadata__";

/** Bytes before the header. */
const LENGTH_BYTES = 8;

/** The header is filled up to a multiple of it, so that values of every type are aligned. */
const ALIGNMENT = 8;

/** The longest header, as in the reference implementation. */
const MAXIMUM_HEADER_BYTES = 100_000_000;

/** Most dimensions of a tensor: NumPy has 64, networks of any kind have fewer than this. */
const MAXIMUM_DIMENSIONS = 8;

/** Most tensors of a file: a checkpoint has four for each layer. To place 100,000 takes a second. */
const MAXIMUM_TENSORS = 10_000;

function valuesOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Writes tensors; those of eight bytes a value come first, so that all are aligned.
 *
 * @throws {RangeError} If a name is there twice or reserved, a length doesn't fit its shape, or there are too many
 * tensors for a header.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
 *
 * const data = Float32Array.of(1, 2, 3, 4, 5, 6);
 * const bytes = encodeSafetensors([{ name: "w", dtype: "F32", shape: [2, 3], data }], {});
 * console.log(decodeSafetensors(bytes, "w.safetensors").tensors[0].shape); // [2, 3]
 * ```
 */
export function encodeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const action = "write safetensors";
  const header = new Map<string, unknown>([[METADATA, metadata]]);
  const ordered = tensors.toSorted((a, b) =>
    b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT
  );
  let length = 0;
  for (const { name, dtype, shape, data } of ordered) {
    if (header.has(name)) {
      throw new WrongValueError(
        wrong(action, "name", `none of the others and not ${METADATA}`, name),
      );
    }
    if (data.length !== valuesOf(shape)) {
      const wanted = `${valuesOf(shape)} for shape [${shape.join(", ")}]`;
      throw new WrongValueError(
        wrong(action, `${name}.data.length`, wanted, data.length),
      );
    }
    const data_offsets = [length, length += data.byteLength];
    header.set(name, { dtype, shape, data_offsets });
  }
  const json = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries(header)),
  );
  const start = LENGTH_BYTES + Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const size = start - LENGTH_BYTES;
  if (size > MAXIMUM_HEADER_BYTES) {
    const wanted = `at most ${MAXIMUM_HEADER_BYTES} bytes`;
    throw new WrongValueError(wrong(action, "header", wanted, size));
  }
  const bytes = new Uint8Array(start + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true);
  bytes.set(json, LENGTH_BYTES);
  bytes.fill(" ".charCodeAt(0), LENGTH_BYTES + json.length, start);
  let at = start;
  for (const { data } of ordered) {
    const { buffer, byteOffset, byteLength } = data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/**
 * Reads tensors, each into an array of its own.
 *
 * @param name Of the file, for errors.
 *
 * @throws {TypeError} If a value in the header is of the wrong type.
 * @throws {RangeError} If the file isn't what it should be: header longer than the file or 100 MB, not JSON, a key
 * twice, unknown type of values, or values that overlap, leave holes, don't fit their shape or end elsewhere than the
 * file.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  name: string,
): Safetensors {
  const { header, data } = split(bytes, name);
  const action = `read '${name}'`;
  const { [METADATA]: metadata = {}, ...entries } = requireObject(
    action,
    "header",
    header,
  );
  const texts = requireObject(action, METADATA, metadata);
  for (const [key, text] of Object.entries(texts)) {
    requireString(action, `${METADATA}.${key}`, text);
  }
  const found = Object.entries(entries);
  if (found.length > MAXIMUM_TENSORS) {
    const wanted = `at most ${MAXIMUM_TENSORS}`;
    throw new WrongValueError(
      wrong(action, "tensors.length", wanted, found.length),
    );
  }
  const placed = found
    .map(([tensor, entry]) => placeOf(tensor, entry, action))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name: tensor, begin, end } of placed) {
    if (begin !== at) {
      throw new WrongValueError(
        wrong(action, `${tensor}.data_offsets[0]`, `${at}`, begin),
      );
    }
    at = end;
  }
  if (at !== data.length) {
    const start = bytes.length - data.length;
    throw new WrongValueError(
      `Cannot read '${name}' as its length must be ${
        start + at
      } bytes: current value is ${bytes.length}`,
    );
  }
  const tensors = placed.map(({ begin, end, ...tensor }) => ({
    ...tensor,
    data: new ARRAYS[tensor.dtype](data.slice(begin, end).buffer),
  } as Tensor));
  return { tensors, metadata: texts as Record<string, string> };
}

/** What a header begins with. */
const BRACE = "{".charCodeAt(0);

/** Checks the length of the header, and parses it. */
function split(bytes: Uint8Array, name: string) {
  const refuse = (what: string, wanted: string, found: number | bigint) => {
    throw new WrongValueError(
      `Cannot read '${name}' as its ${what} must be ${wanted}: current value is ${found}`,
    );
  };
  if (bytes.length < LENGTH_BYTES) {
    refuse("length", `${LENGTH_BYTES} bytes or more`, bytes.length);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const most = Math.min(bytes.length - LENGTH_BYTES, MAXIMUM_HEADER_BYTES);
  if (length > most) {
    if (most > 0 && bytes[LENGTH_BYTES] !== BRACE) {
      throw new WrongValueError(
        `Cannot read '${name}' as it must be in safetensors, as models and checkpoints are: its byte ${
          LENGTH_BYTES + 1
        } is no {`,
      );
    }
    refuse("header's length", `at most ${most} bytes`, length);
  }
  const end = LENGTH_BYTES + Number(length);
  let text: string;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    text = decoder.decode(bytes.slice(LENGTH_BYTES, end));
  } catch (cause) {
    throw new WrongValueError(
      `Cannot read '${name}' as its header must be UTF-8`,
      { cause },
    );
  }
  return {
    header: parseJson(text, name, "its header"),
    data: bytes.subarray(end),
  };
}

/** Checks what the header says of a tensor: all but its place among the others. */
function placeOf(name: string, entry: unknown, action: string) {
  const fields = requireObject(action, name, entry);
  requireKnownFields(action, name, fields, ["dtype", "shape", "data_offsets"]);
  const dtype = requireChoice(action, `${name}.dtype`, fields.dtype, DTYPES);
  const wholeNumbers = (field: "shape" | "data_offsets") => {
    const path = `${name}.${field}`;
    const values = requireArray(action, path, fields[field]);
    for (const value of values) {
      if (!Number.isSafeInteger(value) || (value as number) < 0) {
        const Kind = typeof value === "number"
          ? WrongValueError
          : WrongTypeError;
        throw new Kind(wrong(action, path, "whole numbers from 0", values));
      }
    }
    return values as readonly number[];
  };
  const shape = wholeNumbers("shape");
  if (shape.length > MAXIMUM_DIMENSIONS) {
    const wanted = `at most ${MAXIMUM_DIMENSIONS}`;
    throw new WrongValueError(
      wrong(action, `${name}.shape.length`, wanted, shape.length),
    );
  }
  const offsets = wholeNumbers("data_offsets");
  const [begin, end] = offsets;
  const length = valuesOf(shape) * ARRAYS[dtype].BYTES_PER_ELEMENT;
  if (offsets.length !== 2 || end - begin !== length) {
    const wanted = `two numbers, ${length} apart for its shape and type`;
    throw new WrongValueError(
      wrong(action, `${name}.data_offsets`, wanted, offsets),
    );
  }
  return { name, dtype, shape, begin, end };
}
