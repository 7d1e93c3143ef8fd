/** The sparse products behind the kernels' interface. */
import {
  type Kernels,
  PANEL,
  roundUp,
  SPARSE_INPUTS,
  STRIP_BLOCKS,
} from "../kernels.ts";
import type { Level } from "./cpu.ts";
import { FILL_ARGUMENTS, fillZero } from "./columns.ts";
import type { Library } from "./library.ts";
import { FORWARD_ARGUMENTS, sparseForward } from "./sparse_forward.ts";
import { SCATTER_ARGUMENTS, sparseScatter } from "./sparse_gradient.ts";
import { VECTOR_BYTES } from "./vectors.ts";

/** Vectors of sums at most, for which a strip of W stays in the first-level cache. */
const MOST_SUMS = 12;

/**
 * Bytes of a vector of the gradient where longer ones would lie across two lines, if that makes no more parts: with 70 outputs
 * it takes 0.94 of the time of vectors of 64 bytes.
 */
const NARROW_BYTES = 32;

/** Inputs of a strip. */
const STRIP_INPUTS = SPARSE_INPUTS * STRIP_BLOCKS;

/** `forwardSparse` and `gradientSparse` in machine code. */
export function sparseKernels(
  library: Library,
  level: Level,
): Pick<Kernels, "forwardSparse" | "gradientSparse"> {
  const { words } = library;
  const bytes = VECTOR_BYTES[level];
  const forward = library.byRows(
    "sparse forward",
    bytes,
    MOST_SUMS,
    sparseForward,
  );
  const scatter = library.byRows(
    "sparse scatter",
    bytes,
    MOST_SUMS,
    sparseScatter,
  );
  const scatterNarrow = library.byRows(
    "sparse scatter",
    NARROW_BYTES,
    MOST_SUMS,
    sparseScatter,
  );
  const zero = library.get("fill", fillZero);
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
      known = 0,
    ) {
      if (from >= to) return;
      const at = FORWARD_ARGUMENTS;
      words[at.ahead] = to - from;
      words[at.known] = shift === 0 ? known : 0;
      words[at.outStride] = 4 * ldz;
      words[at.starts] = starts;
      words[at.entries] = entries;
      words[at.indices] = indices;
      words[at.from] = from;
      words[at.to] = to;
      words[at.strips] = strips;
      words[at.shift] = shift;
      words[at.groupMask] = 2 ** shift - 1;
      for (const { offset, kernel } of forward(roundUp(outputs, PANEL))) {
        words[at.columns] = w + 4 * ldw + offset;
        words[at.start] = bias + offset;
        words[at.out] = z + offset;
        library.call(kernel);
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
      if (from >= to) return;
      words[FILL_ARGUMENTS.target] = grad + 4 * ldg * (from + 1);
      words[FILL_ARGUMENTS.vectors] = ldg * (to - from) / 8;
      library.call(zero);
      if (batch === 0) return;
      const at = SCATTER_ARGUMENTS;
      words[at.stride] = 4 * ldd;
      words[at.starts] = starts;
      words[at.entries] = entries;
      words[at.indices] = indices;
      words[at.batch] = batch;
      words[at.strips] = strips;
      words[at.shift] = shift;
      const floats = roundUp(outputs, PANEL);
      const aligned = 4 * ldg % bytes === 0;
      const parts = aligned || 4 * floats > MOST_SUMS * NARROW_BYTES
        ? scatter(floats)
        : scatterNarrow(floats);
      const end = Math.ceil(to / STRIP_INPUTS);
      for (let strip = Math.floor(from / STRIP_INPUTS); strip < end; strip++) {
        const input = strip * STRIP_INPUTS;
        words[at.strip] = strip;
        words[at.first] = Math.max(from - input, 0) / SPARSE_INPUTS;
        words[at.last] = Math.ceil(
          Math.min(to - input, STRIP_INPUTS) / SPARSE_INPUTS,
        );
        for (const { offset, kernel } of parts) {
          words[at.base] = grad + 4 * ldg + offset;
          words[at.delta] = delta + offset;
          library.call(kernel);
        }
      }
    },
  };
}
