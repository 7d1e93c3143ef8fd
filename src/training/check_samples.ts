import type { Samples } from "../data/dataset.ts";
import { wrong } from "../validate.ts";
import { breathe } from "../breathe.ts";

/** Values that are looked at between two turns of the event loop; about 2 ms. */
const SLICE_VALUES = 2_000_000;

/** Samples whose numbers have been looked at, so that it is done once. They are not to be changed afterwards. */
const known = new WeakSet<Samples>();

/**
 * Checks that the lengths fit each other and the network.
 *
 * @throws {TypeError} If x or y is not a Float32Array.
 * @throws {RangeError} If a length doesn't fit.
 */
export function checkShape(
  action: string,
  samples: Samples,
  layers: readonly number[],
): void {
  const lengths = [
    ["x", "inputs", layers[0]],
    ["y", "outputs", layers.at(-1)!],
  ] as const;
  if (!Number.isSafeInteger(samples.samples) || samples.samples < 1) {
    throw new RangeError(
      wrong(action, "samples", "a whole number of 1 or more", samples.samples),
    );
  }
  for (const [values, count, nodes] of lengths) {
    if (!(samples[values] instanceof Float32Array)) {
      throw new TypeError(
        wrong(action, values, "a Float32Array", samples[values]),
      );
    }
    if (samples[count] !== nodes) {
      throw new RangeError(
        wrong(action, count, `${nodes} as in the network`, samples[count]),
      );
    }
    const length = samples.samples * nodes;
    if (samples[values].length !== length) {
      throw new RangeError(
        wrong(
          action,
          `${values}.length`,
          `${length} (samples · ${count})`,
          samples[values].length,
        ),
      );
    }
  }
}

/**
 * Checks that all numbers are finite, in slices, so that the main thread can answer in between.
 *
 * @throws {RangeError} If one is not, or a target is outside 0 … 1, which is all that a sigmoid output can reach.
 */
export async function checkValues(
  action: string,
  samples: Samples,
): Promise<void> {
  if (known.has(samples)) return;
  await checkNumbers(action, "x", samples.x, samples.inputs);
  await checkNumbers(action, "y", samples.y, samples.outputs);
  known.add(samples);
}

/** Checks the values of samples that have `width` of them each. */
async function checkNumbers(
  action: string,
  name: "x" | "y",
  values: Float32Array,
  width: number,
): Promise<void> {
  const wanted = name === "x" ? "a finite number" : "from 0 to 1";
  for (let from = 0; from < values.length; from += SLICE_VALUES) {
    const slice = values.subarray(from, from + SLICE_VALUES);
    const at = slice.findIndex(
      name === "x"
        ? (value) => !Number.isFinite(value)
        : (value) => !(value >= 0 && value <= 1),
    );
    if (at >= 0) {
      const [sample, index] = [
        Math.floor((from + at) / width),
        (from + at) % width,
      ];
      throw new RangeError(
        wrong(
          action,
          `${name} of sample ${sample} at ${index}`,
          wanted,
          slice[at],
        ),
      );
    }
    if (from + SLICE_VALUES < values.length) await breathe();
  }
}
