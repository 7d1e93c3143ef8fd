import type { Samples } from "../src/data/dataset.ts";
import { Xoshiro128 } from "../src/units/random.ts";

/** Samples drawn from a seed: inputs within ±1, and one target of 1 among zeros. */
export function randomSamples(
  count: number,
  inputs: number,
  outputs: number,
  seed: number,
): Samples {
  const random = new Xoshiro128(seed, 9);
  const x = new Float32Array(count * inputs);
  const y = new Float32Array(count * outputs);
  for (let at = 0; at < x.length; at++) x[at] = 2 * random.nextFloat() - 1;
  for (let s = 0; s < count; s++) y[s * outputs + random.below(outputs)] = 1;
  return { x, y, count: count, inputs, outputs };
}

/** The samples as arrays of arrays. */
export function rows(values: Float32Array, width: number): number[][] {
  return Array.from(
    { length: values.length / width },
    (_, s) => [...values.subarray(s * width, (s + 1) * width)],
  );
}
