import { breathe } from "../breathe.ts";
import type { Matrix } from "../memory/matrix.ts";

/** Longest time in milliseconds that a copy keeps the main thread to itself: well under a frame of 16 ms. */
const SLICE_MILLISECONDS = 4;

/** Below, a loop costs less than a subarray and a set. */
const SHORT_ROWS = 32;

/** Samples that are copied between two looks at the clock. */
const SLICE_SAMPLES = 64;

/**
 * Copies samples `[from, to)` of `values` to the first columns of a matrix, whose rows are the values of a sample, with
 * pauses in which the main thread can answer. With an order, column s is sample `order[s]`.
 */
export async function loadColumns(
  values: Float32Array,
  from: number,
  to: number,
  { values: target, rows, ld }: Matrix,
  order?: Int32Array,
): Promise<void> {
  let before = performance.now();
  for (let sample = from; sample < to; sample++) {
    const source = rows * (order === undefined ? sample : order[sample]);
    const column = ld * (sample - from);
    if (rows < SHORT_ROWS) {
      for (let row = 0; row < rows; row++) {
        target[column + row] = values[source + row];
      }
    } else target.set(values.subarray(source, source + rows), column);
    if (sample % SLICE_SAMPLES !== 0) continue;
    if (performance.now() - before > SLICE_MILLISECONDS) {
      await breathe();
      before = performance.now();
    }
  }
}
