import { type Kernels, PANEL, roundUp } from "../kernels.ts";
import type { Views } from "./views.ts";

/** Floats or integers of an entry. */
const ENTRY = 2;

/** The products with sparse inputs: float64 sums in ascending order, stored as float32. */
export function referenceSparse(
  views: Views,
): Pick<Kernels, "forwardSparse" | "gradientSparse"> {
  /** Calls `use` with the inputs of a sample that aren't zero, in ascending order. */
  function forEachEntry(
    blocks: number,
    starts: number,
    entries: number,
    indices: number,
    sample: number,
    use: (input: number, value: number) => void,
  ): void {
    const [f, n] = [views.floats, views.integers];
    const index = n[indices / 4 + sample];
    const first = starts / 4 + index * blocks;
    for (let e = n[first]; e < n[first + blocks]; e++) {
      const at = entries / 4 + ENTRY * e;
      use(n[at], f[at + 1]);
    }
  }

  return {
    forwardSparse(
      w,
      ldw,
      outputs,
      blocks,
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
          let sum = f[w / 4 + o];
          forEachEntry(blocks, starts, entries, indices, s, (i, value) => {
            sum += f[w / 4 + (i + 1) * ldw + o] * value;
          });
          f[z / 4 + s * ldz + o] = sum;
        }
      }
    },

    gradientSparse(
      delta,
      ldd,
      outputs,
      blocks,
      starts,
      entries,
      indices,
      grad,
      ldg,
      from,
      to,
      batch,
      _scratch,
    ) {
      const f = views.floats;
      for (let o = 0; o < roundUp(outputs, PANEL); o++) {
        const sums = new Float64Array(to - from);
        for (let s = 0; s < batch; s++) {
          forEachEntry(blocks, starts, entries, indices, s, (i, value) => {
            if (i < from || i >= to) return;
            sums[i - from] += f[delta / 4 + s * ldd + o] * value;
          });
        }
        for (let i = from; i < to; i++) {
          f[grad / 4 + (i + 1) * ldg + o] = sums[i - from];
        }
      }
    },
  };
}
