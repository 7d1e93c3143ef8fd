import { breathe } from "../breathe.ts";
import type { CsrMatrix } from "../data/dataset.ts";
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
  values: Float32Array | CsrMatrix,
  from: number,
  to: number,
  { values: target, rows, ld }: Matrix,
  order?: Int32Array,
): Promise<void> {
  const copy = values instanceof Float32Array
    ? denseCopy(values, target, rows)
    : sparseCopy(values, target, rows);
  let before = performance.now();
  const together = values instanceof Float32Array && order === undefined &&
    rows === ld;
  for (let sample = from; sample < to; sample++) {
    if (together && sample + SLICE_SAMPLES <= to) {
      // Without padding, many samples are one piece of memory.
      const last = sample + SLICE_SAMPLES;
      const slice = values.subarray(rows * sample, rows * last);
      target.set(slice, ld * (sample - from));
      sample = last - 1;
    } else {copy(
        order === undefined ? sample : order[sample],
        ld * (sample - from),
      );}
    if ((sample - from + 1) % SLICE_SAMPLES !== 0) continue;
    if (performance.now() - before > SLICE_MILLISECONDS) {
      await breathe();
      before = performance.now();
    }
  }
}

/** Copies a sample to the place of a column. */
type Copy = (sample: number, column: number) => void;

function denseCopy(
  values: Float32Array,
  target: Float32Array,
  rows: number,
): Copy {
  if (rows >= SHORT_ROWS) {
    return (sample, column) => {
      const source = rows * sample;
      target.set(values.subarray(source, source + rows), column);
    };
  }
  return (sample, column) => {
    const source = rows * sample;
    for (let row = 0; row < rows; row++) {
      target[column + row] = values[source + row];
    }
  };
}

function sparseCopy(
  { data, indices, indptr }: CsrMatrix,
  target: Float32Array,
  rows: number,
): Copy {
  return (sample, column) => {
    target.fill(0, column, column + rows);
    for (let at = indptr[sample]; at < indptr[sample + 1]; at++) {
      target[column + indices[at]] = data[at];
    }
  };
}
