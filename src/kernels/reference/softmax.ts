import type { ElementwiseKernels } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** Softmax of each column, in float64. */
export function referenceSoftmax(
  views: Views,
): Pick<ElementwiseKernels, "softmax"> {
  return {
    softmax(z, a, ld, rows, from, to) {
      const f = views.floats;
      for (let s = from; s < to; s++) {
        const logits = f.subarray(z / 4 + s * ld, z / 4 + s * ld + rows);
        const most = Math.max(...logits);
        const powers = Array.from(logits, (logit) => Math.exp(logit - most));
        const sum = powers.reduce((total, power) => total + power, 0);
        const column = f.subarray(a / 4 + s * ld, a / 4 + (s + 1) * ld);
        column.fill(0);
        column.set(powers.map((power) => power / sum));
      }
    },
  };
}
