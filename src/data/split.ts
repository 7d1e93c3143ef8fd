import { WrongTypeError, WrongValueError } from "../errors.ts";
import { Xoshiro128 } from "../random.ts";
import { requireNonNegative, wrong } from "../validate.ts";
import type { Samples } from "./dataset.ts";

/** Stream of the seed's generator from which splits are drawn; the network has the ones before. */
const SPLIT_STREAM = 2;

/**
 * Splits samples by chance: `Math.round(samples · part)` of them, at least one and not all, are to test.
 *
 * The order is that of 0, 1, … shuffled from stream 2 of the seed; the first ones are to train.
 *
 * @param part From 0 to 1, both excluded.
 * @param seed From 0 to 2³² - 1.
 *
 * @throws {TypeError} If the samples are something else, such as arrays.
 * @throws {RangeError} If one of the two would be empty.
 *
 * @example
 * ```ts
 * import { samplesFrom, trainTestSplit } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3], [4]], labels: [0, 1, 0, 1] });
 * const { train, test } = trainTestSplit(samples, 0.25, 1);
 * console.log(train.samples, test.samples); // 3, 1
 * ```
 */
export function trainTestSplit(
  samples: Samples,
  part: number,
  seed: number,
): { readonly train: Samples; readonly test: Samples } {
  const action = "split samples";
  if (!Number.isSafeInteger(samples?.samples)) {
    const wanted =
      "samples, as samplesFrom({ x, labels }) makes them of arrays";
    throw new WrongTypeError(wrong(action, "samples", wanted, samples));
  }
  requireNonNegative(action, "part", part);
  const count = samples.samples;
  const tests = Math.round(count * part);
  if (tests < 1 || tests >= count) {
    throw new WrongValueError(
      wrong(action, "part", `such that of ${count} both get some`, part),
    );
  }
  const order = Int32Array.from({ length: count }, (_, at) => at);
  new Xoshiro128(seed, SPLIT_STREAM).shuffle(order);
  return {
    train: pick(samples, order.subarray(0, count - tests)),
    test: pick(samples, order.subarray(count - tests)),
  };
}

function pick(
  { x, y, inputs, outputs }: Samples,
  order: Int32Array,
): Samples {
  const result = {
    x: new Float32Array(order.length * inputs),
    y: new Float32Array(order.length * outputs),
    samples: order.length,
    inputs,
    outputs,
  };
  for (const [at, sample] of order.entries()) {
    result.x.set(
      x.subarray(sample * inputs, (sample + 1) * inputs),
      at * inputs,
    );
    result.y.set(
      y.subarray(sample * outputs, (sample + 1) * outputs),
      at * outputs,
    );
  }
  return result;
}
