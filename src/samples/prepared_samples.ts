/** Brings samples that a caller gives to what the network computes with: checked, and scaled as the network says. */
import { WrongValueError } from "../checks/errors.ts";
import { isCsr } from "../data/csr.ts";
import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import {
  applyScaling,
  applyTargetScaling,
  type Scaling,
} from "../data/scaling.ts";
import type { OutputName } from "../units/outputs.ts";
import { checkShape, checkValues } from "./check_samples.ts";
import { haveLabels } from "./labels.ts";

/** What of a network matters for its samples. */
export interface SampleSpec {
  readonly layers: readonly number[];
  readonly output: OutputName;
  readonly preprocessing: Preprocessing | undefined;
  readonly targets: TargetScaling | undefined;
}

/**
 * Samples as a network computes with them, and what was found out about them. They belong to the call that prepared them,
 * and end with it: the caller may fill the same arrays anew, so that nothing is known of them the next time.
 */
export interface PreparedSamples {
  /** The caller's own inputs, or if they are scaled a copy. */
  readonly x: Float32Array | CsrMatrix;
  /** The caller's own targets, or if they are scaled a copy. */
  readonly y: Float32Array;
  /** If targets are scaled: how much of a raw one makes 1 of a scaled one, for each. */
  readonly targetUnits?: readonly number[];
  /** How many samples there are. */
  readonly count: number;
  /** Values of an input. */
  readonly inputs: number;
  /** Values of a target. */
  readonly outputs: number;
  /** Whether outputs are labels of which any number may apply to a sample. */
  readonly labels: boolean;
  /** The factor of the loss of each sample, if there are any. */
  readonly weights?: Float32Array;
}

/**
 * Checks samples and scales them.
 *
 * @throws {TypeError} If a part is of the wrong type.
 * @throws {RangeError} If the samples don't fit the network, or a value is out of its range.
 */
export async function prepareSamples(
  action: string,
  { layers, output, preprocessing, targets }: SampleSpec,
  samples: Samples | SparseSamples,
): Promise<PreparedSamples> {
  checkShape(action, samples, layers);
  const { x, y, count: count, inputs, outputs } = samples;
  const scaling = scalingOf(preprocessing);
  if (scaling !== undefined && isCsr(x)) refuseSparse(action);
  await checkValues(action, samples, output);
  return {
    x: scaling === undefined || isCsr(x) ? x : await applyScaling(x, scaling),
    y: targets === undefined ? y : await applyTargetScaling(y, targets),
    ...(targets === undefined ? {} : { targetUnits: targets.scale }),
    ...{ count, inputs, outputs },
    labels: output === "sigmoid" && await haveLabels(samples),
  };
}

/** How inputs are scaled, if they are. */
export function scalingOf(
  preprocessing: Preprocessing | undefined,
): Scaling | undefined {
  const { offset, scale } = preprocessing ?? {};
  return offset === undefined || scale === undefined
    ? undefined
    : { offset, scale };
}

/** @throws {RangeError} As zeros would not stay zeros. */
export function refuseSparse(action: string): never {
  throw new WrongValueError(
    `Cannot ${action} as compressed sparse rows can't be scaled: scale their values before, and make the network without 'preprocessing'`,
  );
}
