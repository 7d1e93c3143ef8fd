import { StateError, WrongValueError } from "../checks/errors.ts";
import { checkLengths } from "../data/check_lengths.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { OutputName } from "../units/outputs.ts";
import { requireSamples } from "../data/require_samples.ts";
import { wrong } from "../checks/validate.ts";
import { firstNotFinite } from "../data/floats.ts";
import type { Task } from "../units/tasks.ts";
import { checkNumbers, placeOf } from "./check_numbers.ts";
import { checkTargets } from "./check_targets.ts";

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
  { inputs, outputs, y }: Samples | SparseSamples,
  nodes: { readonly inputs: number; readonly outputs: number },
): string {
  if (inputs === nodes.outputs && outputs === nodes.inputs) {
    return " (x and y seem to be swapped)";
  }
  if (inputs !== nodes.inputs) return "";
  if (outputs === 1) {
    return " (one for each class, as samplesFrom({ x, labels }) makes them)";
  }
  if (!(y instanceof Float32Array && isOneHot(y.subarray(0, outputs)))) {
    return "";
  }
  if (outputs < nodes.outputs) {
    return ` (where the last classes don't occur, samplesFrom({ x, labels, classes: ${nodes.outputs} }))`;
  }
  for (let at = 0; at < y.length; at += outputs) if (y[at] !== 0) return "";
  return " (classes count from 0, and no sample is of class 0)";
}

function isOneHot(y: Float32Array): boolean {
  return y.every((value) => value === 0 || value === 1) &&
    y.reduce((sum, value) => sum + value, 0) === 1;
}

/**
 * Checks that all numbers are finite, and that targets are what the network learns, in slices, so that the main thread can
 * answer in between.
 *
 * @throws {RangeError} If one is not.
 */
export async function checkValues(
  action: string,
  samples: Samples | SparseSamples,
  network: { readonly task: Task; readonly output: OutputName },
): Promise<void> {
  const { x, inputs } = samples;
  const values = isCsr(x) ? x.data : x;
  await checkNumbers(values, firstNotFinite, (at) => {
    const name = isCsr(x) ? `x.data[${at}]` : placeOf("x", at, inputs);
    throw new WrongValueError(
      wrong(action, name, "a finite number", values[at]),
    );
  });
  await checkTargets(action, samples, network);
}

/** @throws {StateError} Always: the caller has changed samples between the check and the copy of them. */
export function refuseChanged(): never {
  throw new StateError(
    "Cannot copy samples as their arrays must not change meanwhile: they did",
  );
}
