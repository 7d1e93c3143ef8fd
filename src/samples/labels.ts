import type { Samples } from "../data/dataset.ts";
import { inSlices } from "../slices/in_slices.ts";

/** By how much the sum of probabilities may differ from 1, as some are rounded to a few digits. */
export const SUM_TOLERANCE = 0.01;

/** Samples that are checked in one slice. */
const SLICE_SAMPLES = 1_000;

/**
 * Whether outputs are labels, of which any number may apply to a sample, rather than classes, of which exactly one does:
 * there are several outputs, and the targets of some sample don't add up to 1.
 */
export async function haveLabels(
  { y, count: samples, outputs }: Pick<Samples, "y" | "count" | "outputs">,
): Promise<boolean> {
  let found = false;
  await inSlices(samples, SLICE_SAMPLES, (from, to) => {
    for (let s = from; s < to && !found && outputs > 1; s++) {
      found = Math.abs(sumOfTargets(y, s, outputs) - 1) > SUM_TOLERANCE;
    }
  });
  return found;
}

/** The sum of the targets of a sample. */
export function sumOfTargets(
  y: Float32Array,
  sample: number,
  outputs: number,
): number {
  let sum = 0;
  for (let at = sample * outputs; at < (sample + 1) * outputs; at++) {
    sum += y[at];
  }
  return sum;
}
