/** Brings what a caller gives to what the network computes with: checked, and scaled as the network says. */
import { WrongValueError } from "../errors.ts";
import { checkCsr, isCsr } from "../data/csr.ts";
import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import { type FlatNumbers, flatten, type Rows } from "../data/flatten.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import {
  applyScaling,
  applyTargetScaling,
  type Scaling,
} from "../data/scaling.ts";
import type { OutputName } from "../network/outputs.ts";
import { wrong } from "../validate.ts";
import { checkShape, checkValues } from "./check_samples.ts";

/** What of a network matters for its samples. */
export interface Interface {
  readonly layers: readonly number[];
  readonly output: OutputName;
  readonly preprocessing: Preprocessing | undefined;
  readonly targets: TargetScaling | undefined;
}

/** Samples that were scaled before, by what they were scaled for. */
const known = new WeakMap<object, WeakMap<Samples, Samples>>();

function scalingOf(
  preprocessing: Preprocessing | undefined,
): Scaling | undefined {
  const { offset, scale } = preprocessing ?? {};
  return offset === undefined || scale === undefined
    ? undefined
    : { offset, scale };
}

/** @throws {RangeError} As zeros would not stay zeros. */
function refuseSparse(action: string): never {
  throw new WrongValueError(
    `Cannot ${action} as compressed sparse rows can't be scaled: scale their values before, and make the network without 'preprocessing'`,
  );
}

/**
 * Checks samples and scales them.
 *
 * @throws {TypeError} If a part is of the wrong type.
 * @throws {RangeError} If the samples don't fit the network, or a value is out of its range.
 */
export async function prepareSamples(
  action: string,
  network: Interface,
  samples: Samples | SparseSamples,
): Promise<Samples | SparseSamples> {
  checkShape(action, samples, network.layers);
  await checkValues(action, samples, network.output);
  const scaling = scalingOf(network.preprocessing);
  const { targets } = network;
  if (scaling === undefined && targets === undefined) return samples;
  if (isCsr(samples.x)) {
    if (scaling !== undefined) refuseSparse(action);
    return { ...samples, y: await applyTargetScaling(samples.y, targets!) } as
      | Samples
      | SparseSamples;
  }
  const dense = samples as Samples;
  const key = network.preprocessing ?? targets!;
  const before = known.get(key)?.get(dense);
  if (before !== undefined) return before;
  const prepared = {
    ...dense,
    x: scaling === undefined ? dense.x : await applyScaling(dense.x, scaling),
    y: targets === undefined
      ? dense.y
      : await applyTargetScaling(dense.y, targets),
  };
  if (!known.has(key)) known.set(key, new WeakMap());
  known.get(key)!.set(dense, prepared);
  return prepared;
}

/**
 * Checks inputs and scales them.
 *
 * @throws {TypeError} If they are of the wrong type.
 * @throws {RangeError} If a length doesn't fit the network, or a value isn't finite.
 */
export async function prepareInputs(
  { layers: [inputs], preprocessing }: Interface,
  x: Rows | FlatNumbers | CsrMatrix,
): Promise<{
  readonly values: Float32Array | CsrMatrix;
  readonly samples: number;
  /** Looks for an input that isn't finite, where the workers found that there may be one. */
  readonly check: () => void;
}> {
  const action = "predict";
  const scaling = scalingOf(preprocessing);
  if (isCsr(x)) {
    if (scaling !== undefined) refuseSparse(action);
    const samples = checkCsr(action, x, inputs);
    const at = x.data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return { values: x, samples, check() {} };
    throw new WrongValueError(
      wrong(action, `x.data[${at}]`, "a finite number", x.data[at]),
    );
  }
  // The workers look whether values are finite while they compute, which is faster.
  const later = x instanceof Float32Array;
  const { values } = flatten(action, "x", x, "inputs", inputs, !later);
  return {
    values: scaling === undefined
      ? values
      : await applyScaling(values, scaling),
    samples: values.length / inputs,
    check: () => flatten(action, "x", x, "inputs", inputs),
  };
}
