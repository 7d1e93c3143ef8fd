import {
  type Kernels,
  PANEL,
  roundUp,
  SPARSE_INPUTS,
  STRIP_BLOCKS,
} from "../kernels.ts";
import type { Views } from "./views.ts";

/** Floats or integers of an entry. */
const ENTRY = 2;

/** The products with sparse inputs: float64 sums in ascending order, stored as float32. */
export function referenceSparse(
  views: Views,
): Pick<
  Kernels,
  "forwardSparse" | "gradientSparse" | "weightedSum" | "addOuter"
> {
  /** Calls `use` with the entries of the blocks `[from, to)` of a sample: bytes from the column of input 0, and value. */
  function forEachEntry(
    strips: number,
    shift: number,
    starts: number,
    entries: number,
    indices: number,
    s: number,
    from: number,
    to: number,
    use: (bytes: number, value: number) => void,
  ): void {
    const [f, n] = [views.floats, views.integers];
    const sample = n[indices / 4 + s];
    const size = 2 ** shift;
    const group = Math.floor(sample / size);
    for (let block = from; block < to; block++) {
      const strip = Math.floor(block / STRIP_BLOCKS);
      const place = (group * strips + strip) * size + sample % size;
      const start = starts / 4 + place * STRIP_BLOCKS + block % STRIP_BLOCKS;
      for (let e = n[start]; e < n[start + 1]; e++) {
        const at = entries / 4 + ENTRY * e;
        use(n[at], f[at + 1]);
      }
    }
  }

  return {
    forwardSparse(
      w,
      ldw,
      outputs,
      bias,
      strips,
      shift,
      starts,
      entries,
      indices,
      z,
      ldz,
      from,
      to,
    ) {
      const f = views.floats;
      for (let s = from; s < to; s++) {
        for (let o = 0; o < roundUp(outputs, PANEL); o++) {
          let sum = f[bias / 4 + o];
          const use = (bytes: number, value: number) => {
            sum += f[(w + bytes) / 4 + ldw + o] * value;
          };
          forEachEntry(
            ...[strips, shift, starts, entries, indices] as const,
            ...[s, 0, strips * STRIP_BLOCKS, use] as const,
          );
          f[z / 4 + s * ldz + o] = sum;
        }
      }
    },

    gradientSparse(
      delta,
      ldd,
      outputs,
      strips,
      shift,
      starts,
      entries,
      indices,
      grad,
      ldg,
      from,
      to,
      batch,
    ) {
      const f = views.floats;
      const [first, end] = [from, to].map((input) =>
        Math.ceil(input / SPARSE_INPUTS)
      );
      for (let o = 0; o < roundUp(outputs, PANEL); o++) {
        const sums = new Float64Array(to - from);
        for (let s = 0; s < batch; s++) {
          const use = (bytes: number, value: number) => {
            sums[bytes / 4 / ldg - from] += f[delta / 4 + s * ldd + o] * value;
          };
          forEachEntry(
            ...[strips, shift, starts, entries, indices] as const,
            ...[s, first, end, use] as const,
          );
        }
        for (let i = from; i < to; i++) {
          f[grad / 4 + (i + 1) * ldg + o] = sums[i - from];
        }
      }
    },

    weightedSum(w, ldw, outputs, inputs, values, result) {
      const f = views.floats;
      for (let o = 0; o < roundUp(outputs, PANEL); o++) {
        let sum = f[w / 4 + o];
        for (let i = 0; i < inputs; i++) {
          sum += f[w / 4 + (i + 1) * ldw + o] * f[values / 4 + i];
        }
        f[result / 4 + o] = sum;
      }
    },

    addOuter(vector, values, grad, ldg, from, to) {
      const f = views.floats;
      for (let i = from; i < to; i++) {
        for (let o = 0; o < ldg; o++) {
          const product = f[values / 4 + i] * f[vector / 4 + o];
          f[grad / 4 + (i + 1) * ldg + o] += product;
        }
      }
    },
  };
}
