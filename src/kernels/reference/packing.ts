import {
  type Kernels,
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
} from "../kernels.ts";
import type { Views } from "./views.ts";

/** Copies between layouts. */
export function referencePacking(
  views: Views,
): Pick<
  Kernels,
  "gather" | "packWeights" | "packTransposed" | "fillColumns" | "clearPadding"
> {
  return {
    gather(source, indices, target, ld, from, to) {
      const f = views.floats;
      for (let s = from; s < to; s++) {
        const index = views.integers[indices / 4 + s];
        for (let row = 0; row < ld; row++) {
          f[target / 4 + s * ld + row] = f[source / 4 + index * ld + row];
        }
      }
    },

    packWeights(w, ldw, outputs, inputs, packed, from, to) {
      const f = views.floats;
      const columns = packedColumns(inputs);
      for (let o = 0; o < roundUp(outputs, PANEL); o++) {
        const panel = packed / 4 + PANEL * columns * Math.floor(o / PANEL);
        for (let column = from; column < to; column++) {
          f[panel + PANEL * column + o % PANEL] = o < outputs
            ? f[w / 4 + column * ldw + o]
            : 0;
        }
      }
    },

    packTransposed(w, ldw, outputs, inputs, packed, from, to) {
      const f = views.floats;
      const columns = packedOutputs(outputs);
      for (let i = from; i < Math.min(to, inputs); i++) {
        const panel = packed / 4 + PANEL * columns * Math.floor(i / PANEL);
        for (let o = 0; o < outputs; o++) {
          f[panel + PANEL * o + i % PANEL] = f[w / 4 + (i + 1) * ldw + o];
        }
      }
    },

    fillColumns(column, target, ld, from, to) {
      const f = views.floats;
      for (let s = from; s < to; s++) {
        f.copyWithin(target / 4 + s * ld, column / 4, column / 4 + ld);
      }
    },

    clearPadding(a, ld, rows, from, to) {
      const f = views.floats;
      for (let column = from; column < to; column++) {
        for (let row = rows; row < ld; row++) f[a / 4 + column * ld + row] = 0;
      }
    },
  };
}
