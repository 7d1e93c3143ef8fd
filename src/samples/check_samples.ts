import { StateError, WrongValueError } from "../checks/errors.ts";
import { checkLengths } from "../data/check_lengths.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { OutputName } from "../units/outputs.ts";
import { requireSamples } from "../data/require_samples.ts";
import { wrong } from "../checks/validate.ts";
import { inSlices } from "../slices/in_slices.ts";
import { firstNotFinite } from "../data/floats.ts";
import { SUM_TOLERANCE, sumOfTargets } from "./labels.ts";

/** Values and samples that are checked in one slice. */
const [SLICE_VALUES, SLICE_SAMPLES] = [50_000, 1_000];

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
  requireSamples(action, "samples", samples);
  const nodes = { inputs: layers[0], outputs: layers.at(-1)! };
  for (const count of ["inputs", "outputs"] as const) {
    if (samples[count] === nodes[count]) continue;
    const wanted = `${nodes[count]} as in the network${
      mistaken(samples, nodes)
    }`;
    throw new WrongValueError(wrong(action, count, wanted, samples[count]));
  }
  checkLengths(action, samples);
}

/** The likely mistake of a caller whose samples don't fit the network, in words. */
function mistaken(
  { inputs, outputs }: Samples | SparseSamples,
  nodes: { readonly inputs: number; readonly outputs: number },
): string {
  if (inputs === nodes.outputs && outputs === nodes.inputs) {
    return " (x and y seem to be swapped)";
  }
  return inputs === nodes.inputs && outputs === 1
    ? " (one for each class, as samplesFrom({ x, labels }) makes them)"
    : "";
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
  { x, y, count: samples, inputs, outputs }: Samples | SparseSamples,
  output: OutputName,
): Promise<void> {
  if (isCsr(x)) {
    await checkNumbers(x.data, firstNotFinite, (at) => {
      const name = `x.data[${at}]`;
      throw new WrongValueError(
        wrong(action, name, "a finite number", x.data[at]),
      );
    });
  } else {
    await checkNumbers(x, firstNotFinite, (at) => {
      const name = placeOf("x", at, inputs);
      throw new WrongValueError(wrong(action, name, "a finite number", x[at]));
    });
  }
  const anyTarget = output === "linear";
  const find = anyTarget ? firstNotFinite : firstNotProbability;
  await checkNumbers(y, find, (at) => {
    const name = placeOf("y", at, outputs);
    const wanted = anyTarget ? "a finite number" : "from 0 to 1";
    throw new WrongValueError(wrong(action, name, wanted, y[at]));
  });
  if (output === "softmax") await checkSums(action, y, samples, outputs);
}

/** The place of a value by its sample, for errors. */
function placeOf(name: string, at: number, width: number): string {
  return `${name} of sample ${Math.floor(at / width)} at ${at % width}`;
}

/** Calls `refuse` with the place of the first value that `find` finds. `find` returns -1 if there is none. */
async function checkNumbers(
  values: Float32Array,
  find: (slice: Float32Array) => number,
  refuse: (at: number) => never,
): Promise<void> {
  await inSlices(values.length, SLICE_VALUES, (from, to) => {
    const at = find(values.subarray(from, to));
    if (at >= 0) refuse(from + at);
  });
}

/** The place of the first value that isn't from 0 to 1, or -1. */
function firstNotProbability(values: Float32Array): number {
  for (let at = 0; at < values.length; at++) {
    if (!(values[at] >= 0 && values[at] <= 1)) return at;
  }
  return -1;
}

/** Checks that the targets of each sample add up to 1: else the gradient, outputs − targets, is not that of the loss. */
async function checkSums(
  action: string,
  y: Float32Array,
  samples: number,
  outputs: number,
): Promise<void> {
  await inSlices(samples, SLICE_SAMPLES, (from, to) => {
    for (let sample = from; sample < to; sample++) {
      const sum = sumOfTargets(y, sample, outputs);
      if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
      const wanted = "probabilities with a sum of 1 for a softmax";
      throw new WrongValueError(
        wrong(action, `y of sample ${sample}`, wanted, sum),
      );
    }
  });
}

/** @throws {StateError} Always: the caller has changed samples between the check and the copy of them. */
export function refuseChanged(): never {
  throw new StateError(
    "Cannot copy samples as their arrays must not change meanwhile: they did",
  );
}
