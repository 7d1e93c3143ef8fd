import { sha256 } from "../runtime/hex.ts";
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";

/**
 * Checks weights that a caller gave: one array for each layer but the last, `outputs × (inputs + 1)` values; of each member of
 * an ensemble, one member after another.
 *
 * @throws {TypeError} If they are not an array of Float32Arrays.
 * @throws {RangeError} If a length doesn't fit, or a value isn't finite.
 */
export function requireWeights(
  action: string,
  weights: unknown,
  layers: readonly number[],
  members = 1,
): asserts weights is readonly Float32Array[] {
  if (!Array.isArray(weights)) {
    throw new WrongTypeError(
      wrong(action, "weights", "an array of Float32Arrays", weights),
    );
  }
  const each = layers.length - 1;
  if (weights.length !== members * each) {
    const wanted = `${members * each}`;
    throw new WrongValueError(
      wrong(action, "weights.length", wanted, weights.length),
    );
  }
  for (const [n, values] of weights.entries()) {
    if (!(values instanceof Float32Array)) {
      throw new WrongTypeError(
        wrong(action, `weights[${n}]`, "a Float32Array", values),
      );
    }
    const layer = n % each;
    const length = layers[layer + 1] * (layers[layer] + 1);
    if (values.length !== length) {
      throw new WrongValueError(
        wrong(action, `weights[${n}].length`, String(length), values.length),
      );
    }
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      throw new WrongValueError(
        wrong(action, `weights[${n}][${at}]`, "a finite number", values[at]),
      );
    }
  }
}

/** The SHA-256 of all weights, in hexadecimal: array by array, as little-endian float32. */
export async function sha256Of(
  weights: readonly Float32Array[],
): Promise<string> {
  const length = weights.reduce((sum, values) => sum + values.length, 0);
  const bytes = new DataView(new ArrayBuffer(4 * length));
  let at = 0;
  for (const values of weights) {
    for (const value of values) {
      bytes.setFloat32(at, value, true);
      at += 4;
    }
  }
  return await sha256(bytes);
}
