/** Samples of a caller, checked and scaled for a network. */
import { WrongValueError } from "../checks/errors.ts";
import { isCsr } from "../data/csr.ts";
import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import { requireMaker } from "../data/sample_makers.ts";
import {
  applyScaling,
  applyTargetScaling,
  type InputScaling,
} from "../data/scaling.ts";
import type { OutputName } from "../units/outputs.ts";
import type { Task } from "../units/tasks.ts";
import { checkShape, checkValues } from "./check_samples.ts";

/** The properties of a network that its samples have to fit. */
export interface SampleSpec {
  readonly layers: readonly number[];
  readonly task: Task;
  readonly output: OutputName;
  readonly preprocessing: Preprocessing | undefined;
  readonly targets: TargetScaling | undefined;
  /** Of classes or labels, and of the columns that are learned, if they have names. */
  readonly classNames?: readonly string[];
  readonly targetNames?: readonly string[];
}

/**
 * Samples as a network computes with them, and what was found out about them. They are valid for one call only: before the
 * next one, the caller may fill the same arrays anew.
 */
export interface PreparedSamples {
  /** The caller's own inputs, or a copy if they are scaled. */
  readonly x: Float32Array | CsrMatrix;
  /** The caller's own targets, or a copy if they are scaled. */
  readonly y: Float32Array;
  /** If targets are scaled: the factor from scaled to raw units, of each target. */
  readonly targetUnits?: readonly number[];
  /** How many samples there are. */
  readonly count: number;
  /** Inputs of a sample. */
  readonly inputs: number;
  /** Targets of a sample. */
  readonly outputs: number;
  /** The factor of each sample's loss, if there are such factors. */
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
  network: SampleSpec,
  samples: Samples | SparseSamples,
): Promise<PreparedSamples> {
  const { layers, preprocessing, targets } = network;
  requireMaker(action, network, samples);
  checkShape(action, samples, layers);
  const { x, y, count, inputs, outputs } = samples;
  const scaling = scalingOf(preprocessing);
  if (scaling !== undefined && isCsr(x)) refuseSparse(action);
  await checkValues(action, samples, network);
  return {
    x: scaling === undefined || isCsr(x) ? x : await applyScaling(x, scaling),
    y: targets === undefined ? y : await applyTargetScaling(y, targets),
    ...(targets === undefined ? {} : { targetUnits: targets.unit }),
    ...{ count, inputs, outputs },
  };
}

/** How inputs are scaled, if they are. */
export function scalingOf(
  preprocessing: Preprocessing | undefined,
): InputScaling | undefined {
  const { offset, scale } = preprocessing ?? {};
  return offset === undefined || scale === undefined
    ? undefined
    : { offset, scale };
}

/** @throws {RangeError} Always: inputs of zero would not stay zero if they were scaled. */
export function refuseSparse(action: string): never {
  throw new WrongValueError(
    `Cannot ${action} as compressed sparse rows can't be scaled: scale their values before, and make the network without 'preprocessing'`,
  );
}
