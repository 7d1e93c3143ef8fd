import { WrongValueError } from "../../errors.ts";
import { wrong } from "../../validate.ts";
import { EXTERNAL, FLOAT, type TensorProto } from "./messages.ts";

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

/** @throws {RangeError} If its values aren't float32, are in another file, or are not as many as its sizes say. */
export function fromTensorProto(
  tensor: TensorProto,
  name: string,
  action: string,
): FloatTensor {
  const { dims, dataType, floatData, rawData, dataLocation } = tensor;
  if (dataType !== FLOAT) {
    throw new WrongValueError(
      wrong(action, `${name}.data_type`, `${FLOAT} (float32)`, dataType),
    );
  }
  if (dataLocation === EXTERNAL) {
    throw new WrongValueError(
      `Cannot ${action} as the values of '${name}' must be in the file: they are in another`,
    );
  }
  const raw = rawData !== undefined && rawData.length > 0;
  const found = raw ? rawData.length / 4 : floatData.length;
  const wanted = dims.reduce((product, size) => product * size, 1);
  if (found !== wanted) {
    throw new WrongValueError(
      wrong(
        action,
        `${name}.length`,
        `${wanted} for dims [${dims.join(", ")}]`,
        found,
      ),
    );
  }
  // A copy, as the bytes needn't be aligned.
  const values = raw
    ? new Float32Array(Uint8Array.from(rawData).buffer)
    : Float32Array.from(floatData);
  return { dims, values };
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
  return values.length === width && dims.at(-1) === width ? values : undefined;
}
