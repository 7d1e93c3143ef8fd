/** The members of an ensemble: networks of the same layers, whose outputs are averaged. */
import {
  LEAST_ODDS,
  LEAST_PROBABILITY,
  logitsOfOutputs,
} from "../calibration/apply_calibration.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { OutputName } from "../units/outputs.ts";

/** Values that are summed between two looks at the clock. */
const SLICE_VALUES = 20_000;

/** The weights of each member; `undefined` if there is one alone. */
export function partsOf(
  weights: readonly Float32Array[],
  members: number,
): readonly (readonly Float32Array[])[] | undefined {
  if (members === 1) return undefined;
  const each = weights.length / members;
  return Array.from(
    { length: members },
    (_, at) =>
      weights.slice(at * each, (at + 1) * each).map((layer) => layer.slice()),
  );
}

/**
 * The mean of the outputs of all members, added up in their order, so that the bits don't depend on anything else.
 *
 * @param logits Whether the logits are asked for that have these outputs.
 * @param outputsOf Computes the outputs of a member.
 */
export async function meanOf(
  members: readonly (readonly Float32Array[])[],
  { output }: { readonly output: OutputName },
  logits: boolean,
  outputsOf: (weights: readonly Float32Array[]) => Promise<Float32Array>,
): Promise<Float64Array> {
  let sums: Float64Array | undefined;
  for (const weights of members) {
    const outputs = await outputsOf(weights);
    const all = sums ??= new Float64Array(outputs.length);
    await inSlices(outputs.length, SLICE_VALUES, (from, to) => {
      for (let at = from; at < to; at++) all[at] += outputs[at];
    });
  }
  const mean = sums!;
  const least = output === "softmax" ? LEAST_PROBABILITY : LEAST_ODDS;
  await inSlices(mean.length, SLICE_VALUES, (from, to) => {
    for (let at = from; at < to; at++) mean[at] /= members.length;
    if (logits) logitsOfOutputs(output, mean.subarray(from, to), least);
  });
  return mean;
}
