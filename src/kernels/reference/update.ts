import type { ElementwiseKernels } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** What is done to weights and gradients element by element, rounded to float32 after each operation. */
export function referenceUpdate(
  views: Views,
): Pick<
  ElementwiseKernels,
  | "regularize"
  | "penalties"
> {
  const { fround } = Math;
  return {
    regularize(grad, w, count, l1, l2) {
      const f = views.floats;
      for (let n = 0; n < count; n++) {
        const weight = f[w / 4 + n];
        const ridge = fround(fround(l2) * weight);
        const lasso = fround(l1) * Math.sign(weight);
        f[grad / 4 + n] += fround(ridge + lasso);
      }
    },

    penalties(w, ldw, squares, magnitudes, from, to) {
      const f = views.floats;
      for (let column = from; column < to; column++) {
        let square = 0;
        let magnitude = 0;
        for (let row = 0; row < ldw; row++) {
          const weight = f[w / 4 + column * ldw + row];
          square += weight * weight;
          magnitude += Math.abs(weight);
        }
        f[squares / 4 + column] = square;
        f[magnitudes / 4 + column] = magnitude;
      }
    },
  };
}
