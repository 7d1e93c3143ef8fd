import type { ElementwiseKernels } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** Factors of columns and samples, and the sums of squares that they are found from. */
export function referenceScaling(
  views: Views,
): Pick<
  ElementwiseKernels,
  "scale" | "add" | "scaleColumns" | "weighResults" | "columnSquares"
> {
  const { fround } = Math;
  return {
    scale(values, count, factor) {
      const f = views.floats;
      for (let n = 0; n < count; n++) f[values / 4 + n] *= fround(factor);
    },

    add(values, others, count) {
      const f = views.floats;
      for (let n = 0; n < count; n++) f[values / 4 + n] += f[others / 4 + n];
    },

    scaleColumns(values, ld, weights, factor, from, to) {
      const f = views.floats;
      for (let s = from; s < to; s++) {
        const weight = weights === 0 ? 1 : f[weights / 4 + s];
        const scale = fround(fround(factor) * weight);
        for (let row = 0; row < ld; row++) {
          f[values / 4 + s * ld + row] *= scale;
        }
      }
    },

    weighResults(result, weights, from, to) {
      const f = views.floats;
      for (let s = from; s < to; s++) f[result / 4 + s] *= f[weights / 4 + s];
    },

    columnSquares(grad, ld, result, from, to) {
      const f = views.floats;
      for (let column = from; column < to; column++) {
        let sum = 0;
        for (let row = 0; row < ld; row++) {
          sum += f[grad / 4 + column * ld + row] ** 2;
        }
        f[result / 4 + column] = sum;
      }
    },
  };
}
