import {
  type DeltaName,
  DELTAS,
  LOSS_NAMES,
  LOSSES,
} from "../../units/losses.ts";
import type {
  DeltaKernel,
  ElementwiseKernels,
  LossKernels,
  SampleLoss,
} from "../elementwise.ts";
import type { Views } from "./views.ts";

/** One number a sample: the losses as they say themselves, and what else is told of it. */
export function referenceLosses(
  views: Views,
):
  & LossKernels
  & Pick<ElementwiseKernels, "absoluteError" | "correct" | "correctLabels"> {
  const each =
    (loss: (a: Float32Array, y: Float32Array) => number): SampleLoss =>
    (a, y, ld, outputs, result, from, to) => {
      const f = views.floats;
      for (let s = from; s < to; s++) {
        const column = (matrix: number) =>
          f.subarray(matrix / 4 + s * ld, matrix / 4 + s * ld + outputs);
        f[result / 4 + s] = loss(column(a), column(y));
      }
    };
  const losses = Object.fromEntries(
    LOSS_NAMES.map((name) => [name, each(LOSSES[name].sample)]),
  ) as LossKernels;
  return {
    ...losses,
    absoluteError: each((a, y) =>
      a.reduce((total, value, o) => total + Math.abs(value - y[o]), 0)
    ),
    correct: each((a, y) =>
      !a.some(Number.isNaN) && largest(a) === largest(y) ? 1 : 0
    ),
    correctLabels: each((a, y) =>
      a.filter((value, o) => y[o] >= 0.5 ? value >= 0.5 : value < 0.5).length /
      a.length
    ),
  };
}

/** What begins the backward pass. */
export function referenceDeltas(views: Views): Record<DeltaName, DeltaKernel> {
  const kernel =
    (delta: typeof DELTAS[DeltaName]): DeltaKernel => (a, y, result, count) => {
      const f = views.floats;
      for (let n = 0; n < count; n++) {
        f[result / 4 + n] = delta(f[a / 4 + n], f[y / 4 + n]);
      }
    };
  const kernels = Object.entries(DELTAS).map((
    [name, delta],
  ) => [name, kernel(delta)]);
  return Object.fromEntries(kernels) as Record<DeltaName, DeltaKernel>;
}

/** The row of the largest value, the first of equals. */
function largest(values: Float32Array): number {
  return values.reduce((row, value, o) => value > values[row] ? o : row, 0);
}
