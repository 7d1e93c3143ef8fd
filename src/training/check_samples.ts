import { WrongTypeError, WrongValueError } from "../errors.ts";
import { checkCsr, isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { OutputName } from "../network/outputs.ts";
import { wrong } from "../validate.ts";
import { breathe } from "../breathe.ts";
import { haveLabels, SUM_TOLERANCE, sumOfTargets } from "./labels.ts";

/** Values that are looked at between two turns of the event loop; about 2 ms. */
const SLICE_VALUES = 2_000_000;

/** For which outputs samples have been looked at, so that it is done once. They are not to be changed afterwards. */
const known = new WeakMap<Samples | SparseSamples, Set<OutputName>>();

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
    throw new WrongValueError(
      wrong(action, "samples", "a whole number of 1 or more", samples.samples),
    );
  }
  for (const [values, count, nodes] of lengths) {
    const found = samples[values];
    if (samples[count] !== nodes) {
      throw new WrongValueError(
        wrong(action, count, `${nodes} as in the network`, samples[count]),
      );
    }
    if (values === "x" && isCsr(found)) {
      const rows = checkCsr(action, found, nodes);
      if (rows === samples.samples) continue;
      throw new WrongValueError(
        wrong(action, "x.indptr.length", `${samples.samples + 1}`, rows + 1),
      );
    }
    if (!(found instanceof Float32Array)) {
      throw new WrongTypeError(wrong(action, values, "a Float32Array", found));
    }
    const length = samples.samples * nodes;
    if (found.length !== length) {
      throw new WrongValueError(
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
 * @param output Of the network. Targets of a linear one may be any numbers; else they have to be from 0 to 1, as
 * probabilities are, and for a softmax those of a sample have to add up to 1.
 *
 * @throws {RangeError} If one is not, or a target is out of its range.
 */
export async function checkValues(
  action: string,
  samples: Samples | SparseSamples,
  output: OutputName,
): Promise<void> {
  const before = known.get(samples) ?? new Set();
  if (before.has(output)) return;
  const { x } = samples;
  if (isCsr(x)) await checkNumbers(action, "x.data", x.data);
  else await checkNumbers(action, "x", x, samples.inputs);
  const anyTarget = output === "linear";
  await checkNumbers(action, "y", samples.y, samples.outputs, anyTarget);
  if (output === "softmax") await checkSums(action, samples);
  known.set(samples, before.add(output));
}

/** Checks that the targets of each sample are a distribution, without which the gradient is not that of the loss. */
async function checkSums(
  action: string,
  samples: Samples | SparseSamples,
): Promise<void> {
  const { y, outputs } = samples;
  if (!await haveLabels(samples) && outputs > 1) return;
  for (let sample = 0; sample < samples.samples; sample++) {
    const sum = sumOfTargets(y, sample, outputs);
    if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    const wanted = "probabilities with a sum of 1 for a softmax";
    throw new WrongValueError(
      wrong(action, `y of sample ${sample}`, wanted, sum),
    );
  }
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
      throw new WrongValueError(wrong(action, place, wanted, slice[at]));
    }
    if (from + SLICE_VALUES < values.length) await breathe();
  }
}
