import { sharedBytes } from "../runtime/shared.ts";
import { WrongValueError } from "../checks/errors.ts";

/** Most values of one array: as float32 they take 4 GiB, all that a training can share. */
export const MOST_VALUES = 2 ** 30;

/**
 * Looks how much room an array takes before it is made: else there is either none, or none left for anybody.
 *
 * @param sizes Of its dimensions.
 *
 * @throws {RangeError} If that is more than {@linkcode MOST_VALUES}.
 */
export function requireFewValues(
  action: string,
  name: string,
  ...sizes: readonly number[]
): void {
  if (sizes.reduce((all, size) => all * size, 1) <= MOST_VALUES) return;
  throw new WrongValueError(
    `Cannot ${action} as '${name}' must be of ${MOST_VALUES} values or less: current value is ${
      sizes.join(" × ")
    }`,
  );
}

/** Makes an array of `length` zeros that workers can read without a copy. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(
    sharedBytes(length * Float32Array.BYTES_PER_ELEMENT),
  );
}

/**
 * The place of the first value that isn't finite, or -1. Such values alone don't become zero when multiplied with it, so that
 * a sum tells whether there are any: 8 million take 7 ms, with `findIndex` and a function 100 ms.
 */
export function firstNotFinite(values: Float32Array): number {
  // Four sums, as each addition waits for the one before.
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = values.length - values.length % 4;
  for (let at = 0; at < end; at += 4) {
    a += values[at] * 0;
    b += values[at + 1] * 0;
    c += values[at + 2] * 0;
    d += values[at + 3] * 0;
  }
  for (let at = end; at < values.length; at++) a += values[at] * 0;
  return a + b + c + d === 0
    ? -1
    : values.findIndex((value) => !Number.isFinite(value));
}
