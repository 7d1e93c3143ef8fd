import type { ElementwiseKernels, SampleLoss } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** One number a sample. */
export function referenceLosses(
  views: Views,
): Pick<
  ElementwiseKernels,
  | "logLoss"
  | "softmaxLoss"
  | "squaredLoss"
  | "huberLoss"
  | "absoluteError"
  | "correct"
  | "correctLabels"
> {
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
  const sum = (term: (a: number, y: number) => number) =>
    each((a, y) => a.reduce((total, value, o) => total + term(value, y[o]), 0));
  return {
    logLoss: sum((z, y) => {
      const magnitude = Math.abs(z);
      return magnitude * (z > 0 ? 1 - y : y) + Math.log1p(Math.exp(-magnitude));
    }),
    softmaxLoss: each((a, y) => {
      const most = Math.max(...a);
      const sum = a.reduce((total, z) => total + Math.exp(z - most), 0);
      const logSum = most + Math.log(sum);
      return a.reduce((total, z, o) => total + y[o] * (logSum - z), 0);
    }),
    squaredLoss: sum((a, y) => 0.5 * (a - y) ** 2),
    huberLoss: sum((a, y) => {
      const error = Math.abs(a - y);
      return error <= 1 ? 0.5 * error ** 2 : error - 0.5;
    }),
    absoluteError: sum((a, y) => Math.abs(a - y)),
    correct: each((a, y) =>
      !a.some(Number.isNaN) && largest(a) === largest(y) ? 1 : 0
    ),
    correctLabels: each((a, y) =>
      a.filter((value, o) => y[o] >= 0.5 ? value >= 0.5 : value < 0.5).length /
      a.length
    ),
  };
}

/** The row of the largest value, the first of equals. */
function largest(values: Float32Array): number {
  return values.reduce((row, value, o) => value > values[row] ? o : row, 0);
}
