/** Which inputs need not be computed with, as they are zero or what they usually are. */
import { breathe } from "../breathe.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";

/** Values that are looked at between two turns of the event loop; about 2 ms. */
const SLICE_VALUES = 1_000_000;

/** Samples that show what an input usually is. */
const SHOWN_SAMPLES = 1_000;

/** Inputs of samples that have to be kept. */
export interface SparsePattern {
  /** How many there are. */
  readonly entries: number;
  /** The value of each input that others differ from; left out where that is zero. */
  readonly base?: Float32Array;
}

/** The patterns of samples that were looked at before. */
const patterns = new WeakMap<Samples | SparseSamples, SparsePattern>();

/**
 * Finds what has to be kept of samples: the inputs that aren't zero, or if those are more than `limit` of all, the ones
 * that differ from the usual value of their column, provided that they are fewer than that. Standardised pixels are such:
 * what was zero is the same number throughout a column.
 */
export async function findPattern(
  samples: Samples | SparseSamples,
  limit: number,
): Promise<SparsePattern> {
  const known = patterns.get(samples);
  if (known !== undefined) return known;
  const found = await lookForPattern(samples, limit);
  patterns.set(samples, found);
  return found;
}

async function lookForPattern(
  samples: Samples | SparseSamples,
  limit: number,
): Promise<SparsePattern> {
  if (!isDense(samples)) {
    const zeros = samples.x.data.reduce((n, x) => n + (x === 0 ? 1 : 0), 0);
    return { entries: samples.x.data.length - zeros };
  }
  const base = new Float32Array(samples.inputs);
  const entries = await countDifferent(samples, base);
  const most = limit * samples.x.length;
  if (entries <= most) return { entries };
  findUsual(samples, base);
  const others = await countDifferent(samples, base);
  return others <= most ? { entries: others, base } : { entries };
}

/** Whether all inputs are given. */
export function isDense(samples: Samples | SparseSamples): samples is Samples {
  return samples.x instanceof Float32Array;
}

/** Counts the inputs that differ from a value for each column. */
async function countDifferent(
  { x, samples, inputs }: Samples,
  base: Float32Array,
): Promise<number> {
  const slice = Math.ceil(SLICE_VALUES / inputs);
  let count = 0;
  for (let sample = 0; sample < samples; sample++) {
    const row = sample * inputs;
    for (let input = 0; input < inputs; input++) {
      if (x[row + input] !== base[input]) count++;
    }
    if (sample % slice === 0) await breathe();
  }
  return count;
}

/**
 * Writes the value that most of some samples have in each column, if more than half of them have the same: the vote of
 * [Boyer and Moore](https://doi.org/10.1007/978-94-011-3488-0_5).
 */
function findUsual(
  { x, samples, inputs }: Samples,
  base: Float32Array,
): void {
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
