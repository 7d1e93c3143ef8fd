import type { Dataset, Samples } from "./dataset.ts";
import { inSlices } from "../slices/in_slices.ts";

/** Values that are looked at between two looks at the clock. */
const SLICE_VALUES = 50_000;

/** How inputs are brought to mean 0 and deviation 1: `(x - mean) · scale`, one of each for every input. */
export interface Standardization {
  readonly mean: Float64Array;
  /** 1 / deviation; 0 for an input that is always the same, which becomes 0. */
  readonly scale: Float64Array;
}

/** Samples of a slice. */
function slice(inputs: number): number {
  return Math.max(1, Math.floor(SLICE_VALUES / inputs));
}

/** Finds mean and deviation (of the whole population) of every input, in float64 and two passes. */
export async function fitStandardization(
  { x, count: samples, inputs }: Samples,
): Promise<Standardization> {
  const mean = new Float64Array(inputs);
  await inSlices(samples, slice(inputs), (from, to) => {
    for (let sample = from; sample < to; sample++) {
      for (let at = 0; at < inputs; at++) mean[at] += x[sample * inputs + at];
    }
  });
  for (let at = 0; at < inputs; at++) mean[at] /= samples;
  const scale = new Float64Array(inputs);
  const constant = new Uint8Array(inputs).fill(1);
  await inSlices(samples, slice(inputs), (from, to) => {
    for (let sample = from; sample < to; sample++) {
      for (let at = 0; at < inputs; at++) {
        const value = x[sample * inputs + at];
        scale[at] += (value - mean[at]) ** 2;
        if (value !== x[at]) constant[at] = 0;
      }
    }
  });
  for (let at = 0; at < inputs; at++) {
    scale[at] = constant[at] === 1 ? 0 : 1 / Math.sqrt(scale[at] / samples);
  }
  return { mean, scale };
}

/** Standardizes the inputs in place. */
async function apply(
  { x, count: samples, inputs }: Samples,
  { mean, scale }: Standardization,
): Promise<void> {
  await inSlices(samples, slice(inputs), (from, to) => {
    for (let sample = from; sample < to; sample++) {
      for (let at = 0; at < inputs; at++) {
        const index = sample * inputs + at;
        x[index] = (x[index] - mean[at]) * scale[at];
      }
    }
  });
}

/** Standardizes a dataset in place, by what its training part alone shows. */
export async function standardize(dataset: Dataset): Promise<void> {
  const fitted = await fitStandardization(dataset.train);
  await apply(dataset.train, fitted);
  await apply(dataset.test, fitted);
}
