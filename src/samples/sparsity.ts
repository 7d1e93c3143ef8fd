/** Finds inputs that can be skipped: those that are zero, or equal to the most frequent value of their column. */
import { inSlices } from "../slices/in_slices.ts";
import type { PreparedSamples } from "./prepared_samples.ts";

/** Values that are counted in one slice. */
const SLICE_VALUES = 50_000;

/** Samples among which the most frequent value of a column is looked for. */
const VOTING_SAMPLES = 1_000;

type SampleInputs = Pick<PreparedSamples, "x" | "count" | "inputs">;

/** How many inputs have to be kept, and which value of each column is skipped. */
export interface SparsePattern {
  /** How many have to be kept. */
  readonly entries: number;
  /** The most frequent value of each column, which needn't be kept; left out where that is zero. */
  readonly columnModes?: Float32Array;
}

/**
 * Finds which inputs have to be kept: those that aren't zero, or if that is more than the fraction `limit` of all, those that
 * differ from the most frequent value of their column, if that is less. Standardized pixels are such: what was zero is the
 * same number throughout a column.
 */
export async function findPattern(
  samples: SampleInputs,
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
  const columnModes = new Float32Array(samples.inputs);
  const entries = await countDifferent(x, columnModes);
  const most = limit * x.length;
  if (entries <= most) return { entries };
  findColumnModes(x, samples.count, columnModes);
  const others = await countDifferent(x, columnModes);
  return others <= most ? { entries: others, columnModes } : { entries };
}

/** Counts the inputs that differ from the value for their column. */
async function countDifferent(
  x: Float32Array,
  columnModes: Float32Array,
): Promise<number> {
  const inputs = columnModes.length;
  let count = 0;
  const size = Math.ceil(SLICE_VALUES / inputs);
  await inSlices(x.length / inputs, size, (from, to) => {
    for (let row = from * inputs; row < to * inputs; row += inputs) {
      for (let input = 0; input < inputs; input++) {
        if (x[row + input] !== columnModes[input]) count++;
      }
    }
  });
  return count;
}

/**
 * Writes the most frequent value of each column to `columnModes`, as far as a thousand samples tell, and if more than half of
 * those have it: the vote of [Boyer and Moore](https://doi.org/10.1007/978-94-011-3488-0_5).
 */
function findColumnModes(
  x: Float32Array,
  samples: number,
  columnModes: Float32Array,
): void {
  const inputs = columnModes.length;
  const votes = new Int32Array(inputs);
  const shown = Math.min(samples, VOTING_SAMPLES);
  for (let n = 0; n < shown; n++) {
    const row = Math.floor(n * samples / shown) * inputs;
    for (let input = 0; input < inputs; input++) {
      const value = x[row + input];
      if (votes[input] === 0) columnModes[input] = value;
      votes[input] += value === columnModes[input] ? 1 : -1;
    }
  }
}
