import { checkCsr, isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { wrong } from "../validate.ts";
import { breathe } from "../breathe.ts";

/** Values that are looked at between two turns of the event loop; about 2 ms. */
const SLICE_VALUES = 2_000_000;

/** Samples whose numbers have been looked at, so that it is done once. They are not to be changed afterwards. */
const known = new WeakMap<Samples | SparseSamples, "any" | "up to 1">();

/**
 * Checks that the lengths fit each other and the network.
 *
 * @throws {TypeError} If x or y is not a Float32Array.
 * @throws {RangeError} If a length doesn't fit.
 */
export function checkShape(
  action: string,
  samples: Samples | SparseSamples,
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
    const found = samples[values];
    if (samples[count] !== nodes) {
      throw new RangeError(
        wrong(action, count, `${nodes} as in the network`, samples[count]),
      );
    }
    if (values === "x" && isCsr(found)) {
      const rows = checkCsr(action, found, nodes);
      if (rows === samples.samples) continue;
      throw new RangeError(
        wrong(action, "x.indptr.length", `${samples.samples + 1}`, rows + 1),
      );
    }
    if (!(found instanceof Float32Array)) {
      throw new TypeError(wrong(action, values, "a Float32Array", found));
    }
    const length = samples.samples * nodes;
    if (found.length !== length) {
      throw new RangeError(
        wrong(
          action,
          `${values}.length`,
          `${length} (samples · ${count})`,
          found.length,
        ),
      );
    }
  }
}

/**
 * Checks that all numbers are finite, in slices, so that the main thread can answer in between.
 *
 * @param anyTarget Whether targets may be any numbers; else they have to be from 0 to 1, as probabilities are.
 *
 * @throws {RangeError} If one is not, or a target is out of its range.
 */
export async function checkValues(
  action: string,
  samples: Samples | SparseSamples,
  anyTarget: boolean,
): Promise<void> {
  const before = known.get(samples);
  if (before === "up to 1" || (before === "any" && anyTarget)) return;
  const { x } = samples;
  if (isCsr(x)) await checkNumbers(action, "x.data", x.data);
  else await checkNumbers(action, "x", x, samples.inputs);
  await checkNumbers(action, "y", samples.y, samples.outputs, anyTarget);
  known.set(samples, anyTarget ? "any" : "up to 1");
}

/** Checks values, of samples that have `width` of them each if that is given. */
async function checkNumbers(
  action: string,
  name: "x" | "x.data" | "y",
  values: Float32Array,
  width?: number,
  anyNumber = name !== "y",
): Promise<void> {
  const wanted = anyNumber ? "a finite number" : "from 0 to 1";
  for (let from = 0; from < values.length; from += SLICE_VALUES) {
    const slice = values.subarray(from, from + SLICE_VALUES);
    const at = slice.findIndex(
      anyNumber
        ? (value) => !Number.isFinite(value)
        : (value) => !(value >= 0 && value <= 1),
    );
    if (at >= 0) {
      const place = width === undefined
        ? `${name}[${from + at}]`
        : `${name} of sample ${Math.floor((from + at) / width)} at ${
          (from + at) % width
        }`;
      throw new RangeError(wrong(action, place, wanted, slice[at]));
    }
    if (from + SLICE_VALUES < values.length) await breathe();
  }
}
