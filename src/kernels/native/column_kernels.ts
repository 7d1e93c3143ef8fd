/** What treats columns one by one behind the kernels' interface: copies, factors, sums. */
import { type Kernels, PANEL, roundUp } from "../kernels.ts";
import { COLUMN_SUM_ARGUMENTS, columnSums } from "./column_sums.ts";
import {
  addOuter,
  COPY_ARGUMENTS,
  copyColumns,
  OUTER_ARGUMENTS,
  SCALE_ARGUMENTS,
  scaleColumns,
  WEIGH_ARGUMENTS,
  weighResults,
  weightedSum,
} from "./copies.ts";
import type { Level } from "./cpu.ts";
import type { Library } from "./library.ts";
import { VECTOR_BYTES } from "./vectors.ts";

/** Vectors of a column at most that are in registers. */
const MOST_VECTORS = 12;

/** Floats of a block of 32 bytes. */
const BLOCK = 8;

export function columnKernels(
  library: Library,
  level: Level,
  { scale }: Pick<Kernels, "scale">,
): Pick<
  Kernels,
  | "gather"
  | "fillColumns"
  | "scaleColumns"
  | "weighResults"
  | "penalties"
  | "columnSquares"
  | "weightedSum"
  | "addOuter"
> {
  const { words, floats } = library;
  const bytes = VECTOR_BYTES[level];
  const sums = library.byRows(
    "weighted sum",
    ...[bytes, MOST_VECTORS, weightedSum] as const,
  );
  const outer = library.byRows(
    "outer product",
    ...[bytes, MOST_VECTORS, addOuter] as const,
  );
  const penalties = library.byShape(
    "penalties",
    (rows) => columnSums(rows, true),
  );
  const squares = library.byShape("squares", (rows) => columnSums(rows, false));
  return {
    gather(source, indices, target, ld, from, to) {
      if (from >= to) return;
      const at = COPY_ARGUMENTS;
      words[at.source] = source;
      words[at.indices] = indices + 4 * from;
      words[at.target] = target + 4 * ld * from;
      words[at.blocks] = ld / BLOCK;
      words[at.count] = to - from;
      library.call(library.get("gather", () => copyColumns(true)));
    },
    fillColumns(column, target, ld, from, to) {
      if (from >= to) return;
      const at = COPY_ARGUMENTS;
      words[at.source] = column;
      words[at.target] = target + 4 * ld * from;
      words[at.blocks] = ld / BLOCK;
      words[at.count] = to - from;
      library.call(library.get("fill columns", () => copyColumns(false)));
    },
    scaleColumns(values, ld, weights, factor, from, to) {
      if (from >= to) return;
      if (weights === 0) {
        return scale(values + 4 * ld * from, ld * (to - from), factor);
      }
      const at = SCALE_ARGUMENTS;
      words[at.columns] = values + 4 * ld * from;
      words[at.weights] = weights + 4 * from;
      words[at.blocks] = ld / BLOCK;
      words[at.count] = to - from;
      floats[at.factor] = factor;
      library.call(library.get("scale columns", scaleColumns));
    },
    weighResults(result, weights, from, to) {
      if (from >= to) return;
      const at = WEIGH_ARGUMENTS;
      words[at.result] = result + 4 * from;
      words[at.weights] = weights + 4 * from;
      words[at.count] = to - from;
      library.call(library.get("weigh results", weighResults));
    },
    penalties(w, ldw, squares, magnitudes, from, to) {
      if (from >= to) return;
      const at = COLUMN_SUM_ARGUMENTS;
      words[at.columns] = w + 4 * ldw * from;
      words[at.stride] = 4 * ldw;
      words[at.count] = to - from;
      words[at.squares] = squares + 4 * from;
      words[at.magnitudes] = magnitudes + 4 * from;
      library.call(penalties(ldw, ldw));
    },
    columnSquares(grad, ld, result, from, to) {
      if (from >= to) return;
      const at = COLUMN_SUM_ARGUMENTS;
      words[at.columns] = grad + 4 * ld * from;
      words[at.stride] = 4 * ld;
      words[at.count] = to - from;
      words[at.squares] = result + 4 * from;
      library.call(squares(ld, ld));
    },
    weightedSum(w, ldw, outputs, inputs, values, result) {
      const at = OUTER_ARGUMENTS;
      words[at.stride] = 4 * ldw;
      words[at.values] = values;
      words[at.count] = inputs;
      for (const { offset, kernel } of sums(roundUp(outputs, PANEL))) {
        words[at.start] = w + offset;
        words[at.columns] = w + 4 * ldw + offset;
        words[at.result] = result + offset;
        library.call(kernel);
      }
    },
    addOuter(vector, values, grad, ldg, from, to) {
      if (from >= to) return;
      const at = OUTER_ARGUMENTS;
      words[at.stride] = 4 * ldg;
      words[at.values] = values + 4 * from;
      words[at.count] = to - from;
      for (const { offset, kernel } of outer(ldg)) {
        words[at.start] = vector + offset;
        words[at.columns] = grad + 4 * ldg * (from + 1) + offset;
        library.call(kernel);
      }
    },
  };
}
