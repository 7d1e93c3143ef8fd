/** Which inputs need not be computed with, as they are zero or what they usually are. */
import { inSlices } from "../slices/in_slices.ts";
import type { PreparedSamples } from "./prepared_samples.ts";

/** Values that are looked at between two looks at the clock. */
const SLICE_VALUES = 50_000;

/** Samples that show what an input usually is. */
const SHOWN_SAMPLES = 1_000;

type Inputs = Pick<PreparedSamples, "x" | "count" | "inputs">;

/** Inputs of samples that have to be kept. */
export interface SparsePattern {
  /** How many there are. */
  readonly entries: number;
  /** The value of each input that others differ from; left out where that is zero. */
  readonly base?: Float32Array;
}

/**
 * Finds what has to be kept of samples: the inputs that aren't zero, or if those are more than `limit` of all, the ones
 * that differ from the usual value of their column, provided that they are fewer than that. Standardized pixels are such:
 * what was zero is the same number throughout a column.
 */
export async function findPattern(
  samples: Inputs,
  limit: number,
): Promise<SparsePattern> {
  const { x } = samples;
  if (!(x instanceof Float32Array)) {
    let entries = 0;
    await inSlices(x.data.length, SLICE_VALUES, (from, to) => {
      for (let at = from; at < to; at++) entries += x.data[at] === 0 ? 0 : 1;
    });
    return { entries };
  }
  const base = new Float32Array(samples.inputs);
  const entries = await countDifferent(x, base);
  const most = limit * x.length;
  if (entries <= most) return { entries };
  findUsual(x, samples.count, base);
  const others = await countDifferent(x, base);
  return others <= most ? { entries: others, base } : { entries };
}

/** Counts the inputs that differ from a value for each column. */
async function countDifferent(
  x: Float32Array,
  base: Float32Array,
): Promise<number> {
  const inputs = base.length;
  let count = 0;
  const size = Math.ceil(SLICE_VALUES / inputs);
  await inSlices(x.length / inputs, size, (from, to) => {
    for (let row = from * inputs; row < to * inputs; row += inputs) {
      for (let input = 0; input < inputs; input++) {
        if (x[row + input] !== base[input]) count++;
      }
    }
  });
  return count;
}

/**
 * Writes the value that most of some samples have in each column, if more than half of them have the same: the vote of
 * [Boyer and Moore](https://doi.org/10.1007/978-94-011-3488-0_5).
 */
function findUsual(
  x: Float32Array,
  samples: number,
  base: Float32Array,
): void {
  const inputs = base.length;
  const votes = new Int32Array(inputs);
  const shown = Math.min(samples, SHOWN_SAMPLES);
  for (let n = 0; n < shown; n++) {
    const row = Math.floor(n * samples / shown) * inputs;
    for (let input = 0; input < inputs; input++) {
      const value = x[row + input];
      if (votes[input] === 0) base[input] = value;
      votes[input] += value === base[input] ? 1 : -1;
    }
  }
}
