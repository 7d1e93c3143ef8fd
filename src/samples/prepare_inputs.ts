import { WrongValueError } from "../checks/errors.ts";
import { checkCsr, isCsr } from "../data/csr.ts";
import type { CsrMatrix } from "../data/dataset.ts";
import { type FlatNumbers, flatten, type Rows } from "../data/flatten.ts";
import { firstNotFinite } from "../data/floats.ts";
import { requireInputs } from "../data/require_samples.ts";
import { applyScaling } from "../data/scaling.ts";
import { wrong } from "../checks/validate.ts";
import {
  refuseSparse,
  type SampleSpec,
  scalingOf,
} from "./prepared_samples.ts";

/**
 * Checks inputs to predict from, and scales them.
 *
 * @throws {TypeError} If they are of the wrong type.
 * @throws {RangeError} If a length doesn't fit the network, or a value isn't finite.
 */
export async function prepareInputs(
  { layers: [inputs], preprocessing }: SampleSpec,
  x: Rows | FlatNumbers | CsrMatrix,
): Promise<{
  readonly values: Float32Array | CsrMatrix;
  readonly samples: number;
  /** Throws if an input isn't finite. Called where the workers found that there may be one. */
  readonly check: () => void;
}> {
  const action = "predict";
  requireInputs(action, x);
  const scaling = scalingOf(preprocessing);
  if (isCsr(x)) {
    if (scaling !== undefined) refuseSparse(action);
    const samples = checkCsr(action, x, inputs);
    const at = firstNotFinite(x.data);
    if (at < 0) return { values: x, samples, check() {} };
    throw new WrongValueError(
      wrong(action, `x.data[${at}]`, "a finite number", x.data[at]),
    );
  }
  // Of float32, the workers find out while they compute, which is faster.
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
