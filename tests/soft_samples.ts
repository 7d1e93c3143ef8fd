import type { Samples } from "../src/data/dataset.ts";
import type { OutputName } from "../src/units/outputs.ts";
import { Xoshiro128 } from "../src/units/random.ts";

/** What a network learns of the targets of {@linkcode softSamples}. */
export const SOFT_TASKS = {
  sigmoid: "labels",
  softmax: "classes",
  linear: "numbers",
} as const;

/**
 * Samples drawn from a seed: inputs within ±1, and targets of all kinds that an output can have: from 0 to 1, with a sum of
 * 1 for a softmax, within ±3 for linear outputs. Those of every third sample are 0 and 1 alone.
 */
export function softSamples(
  output: OutputName,
  count: number,
  inputs: number,
  outputs: number,
  seed: number,
): Samples {
  const random = new Xoshiro128(seed, 9);
  const x = new Float32Array(count * inputs);
  for (let at = 0; at < x.length; at++) x[at] = 2 * random.nextFloat() - 1;
  const y = new Float32Array(count * outputs);
  for (let s = 0; s < count; s++) {
    const values = Array.from({ length: outputs }, () => random.nextFloat());
    const sum = values.reduce((total, value) => total + value, 0);
    const picked = random.below(outputs);
    for (const [o, value] of values.entries()) {
      y[s * outputs + o] = s % 3 === 0
        ? Number(outputs === 1 ? value >= 0.5 : o === picked)
        : output === "softmax"
        ? value / sum
        : output === "sigmoid"
        ? value
        : 6 * value - 3;
    }
  }
  return { x, y, count: count, inputs, outputs };
}
