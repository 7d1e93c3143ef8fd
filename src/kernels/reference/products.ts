import {
  type Kernels,
  packedColumns,
  packedOutputs,
  PANEL,
  roundUp,
  TILE_SAMPLES,
} from "../kernels.ts";
import type { Views } from "./views.ts";

/** The matrix products: float64 sums in ascending order, stored as float32. */
export function referenceProducts(
  views: Views,
): Pick<
  Kernels,
  "forwardProduct" | "deltaProduct" | "gradientProduct" | "biasGradient"
> {
  return {
    forwardProduct(packed, outputs, inputs, a, lda, z, ldz, from, to) {
      const f = views.floats;
      const columns = packedColumns(inputs);
      for (let s = from; s < roundUp(to, TILE_SAMPLES); s++) {
        for (let o = 0; o < roundUp(outputs, PANEL); o++) {
          const weight = (column: number) => f[at(packed, columns, o, column)];
          let sum = weight(0);
          for (let i = 0; i < roundUp(inputs, 4); i++) {
            sum += weight(1 + i) * f[a / 4 + s * lda + i];
          }
          f[z / 4 + s * ldz + o] = sum;
        }
      }
    },

    deltaProduct(packed, outputs, inputs, delta, ldd, result, ldr, from, to) {
      const f = views.floats;
      const columns = packedOutputs(outputs);
      for (let s = from; s < roundUp(to, TILE_SAMPLES); s++) {
        for (let i = 0; i < roundUp(inputs, PANEL); i++) {
          let sum = 0;
          for (let o = 0; o < columns; o++) {
            sum += f[at(packed, columns, i, o)] * f[delta / 4 + s * ldd + o];
          }
          f[result / 4 + s * ldr + i] = sum;
        }
      }
    },

    gradientProduct(
      delta,
      ldd,
      outputs,
      a,
      lda,
      grad,
      ldg,
      from,
      to,
      batch,
      _scratch,
    ) {
      const f = views.floats;
      for (let i = from; i < to; i++) {
        for (let o = 0; o < roundUp(outputs, PANEL); o++) {
          let sum = 0;
          for (let s = 0; s < batch; s++) {
            sum += f[delta / 4 + s * ldd + o] * f[a / 4 + s * lda + i];
          }
          f[grad / 4 + (i + 1) * ldg + o] = sum;
        }
      }
    },

    biasGradient(delta, ldd, outputs, batch, grad) {
      const f = views.floats;
      for (let o = 0; o < roundUp(outputs, PANEL); o++) {
        let sum = 0;
        for (let s = 0; s < batch; s++) sum += f[delta / 4 + s * ldd + o];
        f[grad / 4 + o] = sum;
      }
    },
  };
}

/** Index of the float in row `row` and column `column` of panels of `columns` columns. */
function at(
  packed: number,
  columns: number,
  row: number,
  column: number,
): number {
  const panel = Math.floor(row / PANEL);
  return packed / 4 + PANEL * (panel * columns + column) + row % PANEL;
}
