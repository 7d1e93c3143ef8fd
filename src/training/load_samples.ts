import { breathe } from "../breathe.ts";
import type { Samples } from "../data/dataset.ts";
import type { Matrix } from "../memory/matrix.ts";

/** Longest time in milliseconds that a copy keeps the main thread to itself: well under a frame of 16 ms. */
const SLICE_MILLISECONDS = 4;

/** Samples that are copied between two looks at the clock. */
const SLICE_SAMPLES = 64;

/** Copies samples `[from, to)` to the first columns of `x` and `y`, with pauses in which the main thread can answer. */
export async function loadSamples(
  samples: Samples,
  from: number,
  to: number,
  x: Matrix,
  y: Matrix,
): Promise<void> {
  let before = performance.now();
  for (let start = from; start < to; start += SLICE_SAMPLES) {
    const end = Math.min(start + SLICE_SAMPLES, to);
    copyColumns(samples.x, x, start, end, start - from);
    copyColumns(samples.y, y, start, end, start - from);
    if (performance.now() - before > SLICE_MILLISECONDS) {
      await breathe();
      before = performance.now();
    }
  }
}

/** Copies the samples `[start, end)` of `values` to the columns of `matrix` from `column` on. */
function copyColumns(
  values: Float32Array,
  matrix: Matrix,
  start: number,
  end: number,
  column: number,
): void {
  const { rows, ld } = matrix;
  if (rows === ld) {
    matrix.values.set(values.subarray(start * rows, end * rows), column * ld);
    return;
  }
  for (let sample = start; sample < end; sample++, column++) {
    // A loop for short samples: a subarray and a set a sample cost more than a few numbers.
    for (let row = 0; row < rows; row++) {
      matrix.values[column * ld + row] = values[sample * rows + row];
    }
  }
}
