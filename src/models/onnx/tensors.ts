import { WrongValueError } from "../../checks/errors.ts";
import { describe, wrong } from "../../checks/validate.ts";
import {
  BOOL,
  EXTERNAL,
  FLOAT,
  INT32,
  INT64,
  STRING,
  type TensorProto,
} from "./messages.ts";

/** A constant of float32, row-major. */
export interface FloatTensor {
  readonly dims: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** Makes a message of values. */
export function toTensorProto(
  name: string,
  dims: readonly number[],
  values: Float32Array<ArrayBuffer>,
): TensorProto {
  const rawData = new Uint8Array(
    values.buffer,
    values.byteOffset,
    values.byteLength,
  );
  return { name, dims, dataType: FLOAT, floatData: [], rawData };
}

/** Makes a message of whole numbers. */
export function toIntegersProto(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims, dataType: INT64, floatData: [], rawData };
}

/**
 * How many values the sizes of a tensor make, before memory is taken for any.
 *
 * @throws {RangeError} If a size isn't a whole number from 1: a network has no constants without values.
 */
export function countOf(
  { dims }: TensorProto,
  name: string,
  action: string,
): number {
  if (dims.some((size) => !Number.isSafeInteger(size) || size < 1)) {
    throw new WrongValueError(
      wrong(action, `${name}.dims`, "whole numbers from 1", dims),
    );
  }
  return dims.reduce((product, size) => product * size, 1);
}

/** @throws {RangeError} If there are more or fewer values than its sizes say. */
function requireCount(
  tensor: TensorProto,
  found: number,
  name: string,
  action: string,
): void {
  const wanted = countOf(tensor, name, action);
  if (found === wanted) return;
  const dims = describe(tensor.dims);
  throw new WrongValueError(
    wrong(action, `${name}.length`, `${wanted} for dims ${dims}`, found),
  );
}

function requireHere(
  { dataLocation }: TensorProto,
  name: string,
  action: string,
): void {
  if (dataLocation !== EXTERNAL) return;
  throw new WrongValueError(
    `Cannot ${action} as the values of ${
      describe(name)
    } must be in the file: they are in another`,
  );
}

/** @throws {RangeError} If its values aren't float32, are in another file, or are not as many as its sizes say. */
export function fromTensorProto(
  tensor: TensorProto,
  name: string,
  action: string,
): FloatTensor {
  const { dims, dataType, floatData, rawData } = tensor;
  if (dataType !== FLOAT) {
    throw new WrongValueError(
      wrong(action, `${name}.data_type`, `${FLOAT} (float32)`, dataType),
    );
  }
  requireHere(tensor, name, action);
  const raw = rawData !== undefined && rawData.length > 0;
  const found = raw ? rawData.length / 4 : floatData.length;
  requireCount(tensor, found, name, action);
  // A copy, as the bytes needn't be aligned.
  const values = raw
    ? new Float32Array(Uint8Array.from(rawData).buffer)
    : Float32Array.from(floatData);
  return { dims, values };
}

/**
 * The whole numbers of a tensor, such as sizes, or of truth values as 0 and 1.
 *
 * @throws {RangeError} If they are none, are in another file, or are not as many as its sizes say.
 */
export function integersOf(
  tensor: TensorProto,
  name: string,
  action: string,
): readonly number[] {
  const { dataType, rawData, int32Data = [], int64Data = [] } = tensor;
  requireHere(tensor, name, action);
  const raw = rawData !== undefined && rawData.length > 0
    ? Uint8Array.from(rawData)
    : undefined;
  const whole = (size: number) => {
    requireCount(tensor, raw!.length / size, name, action);
    return raw!.buffer;
  };
  switch (dataType) {
    case INT64: {
      if (raw) return Array.from(new BigInt64Array(whole(8)), Number);
      requireCount(tensor, int64Data.length, name, action);
      return int64Data;
    }
    case INT32:
    case BOOL: {
      if (raw) {
        return dataType === INT32
          ? [...new Int32Array(whole(4))]
          : [...new Uint8Array(whole(1))];
      }
      requireCount(tensor, int32Data.length, name, action);
      return int32Data;
    }
  }
  const wanted = `${INT64} (int64) or ${INT32} (int32)`;
  throw new WrongValueError(
    wrong(action, `${name}.data_type`, wanted, dataType),
  );
}

/** The texts of a tensor, or its whole numbers as text. */
export function textsOf(
  tensor: TensorProto,
  name: string,
  action: string,
): readonly string[] {
  if (tensor.dataType !== STRING) {
    return integersOf(tensor, name, action).map(String);
  }
  const { stringData = [] } = tensor;
  requireHere(tensor, name, action);
  requireCount(tensor, stringData.length, name, action);
  return stringData.map((bytes) => new TextDecoder().decode(bytes));
}

/**
 * The values of a tensor that is added to, or multiplied with, samples of `width` values: one for each of them.
 *
 * @returns `undefined` if it isn't one value, nor one for each.
 */
export function asRow(
  { dims, values }: FloatTensor,
  width: number,
): Float32Array<ArrayBuffer> | undefined {
  if (dims.length > 2) return undefined;
  if (values.length === 1) return new Float32Array(width).fill(values[0]);
  return values.length === width && (dims.at(-1) === width)
    ? values
    : undefined;
}
