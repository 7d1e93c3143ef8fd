import type { CsrMatrix } from "../data/dataset.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { Matrix } from "../memory/matrix.ts";
import { refuseChanged } from "./check_samples.ts";

/** Samples that are copied in one slice. */
const SLICE_SAMPLES = 64;

/** Copies the samples `[from, to)` to columns of a matrix, the first of them to `column`. */
type CopyColumns = (from: number, to: number, column: number) => void;

/**
 * Copies samples `[from, to)` of `values` to the first columns of a matrix, whose rows are the values of a sample, with
 * pauses in which the main thread can answer. With an order, column s is sample `order[s]`.
 *
 * @throws {StateError} If the caller has changed the arrays so that they don't fit any more.
 */
export async function loadColumns(
  values: Float32Array | CsrMatrix,
  from: number,
  to: number,
  matrix: Matrix,
  order?: Int32Array,
): Promise<void> {
  const copy = values instanceof Float32Array
    ? denseCopy(values, matrix, order)
    : sparseCopy(values, matrix, order);
  const numbers = values instanceof Float32Array ? values : values.data;
  const { length } = numbers;
  await inSlices(to - from, SLICE_SAMPLES, (first, end) => {
    // An array whose buffer was transferred to another thread has no values any more.
    if (numbers.length !== length) refuseChanged();
    copy(from + first, from + end, first);
  });
}

function denseCopy(
  values: Float32Array,
  matrix: Matrix,
  order?: Int32Array,
): CopyColumns {
  const { rows } = matrix;
  if (order === undefined) {
    return (from, to, column) => {
      matrix.fromPacked(values, column, rows * from, to - from);
    };
  }
  return (from, to, column) => {
    for (let at = from; at < to; at++) {
      matrix.fromPacked(values, column + at - from, rows * order[at], 1);
    }
  };
}

function sparseCopy(
  { data, indices, indptr }: CsrMatrix,
  { values: target, rows, ld }: Matrix,
  order?: Int32Array,
): CopyColumns {
  return (from, to, column) => {
    for (let at = from; at < to; at++) {
      const sample = order === undefined ? at : order[at];
      const place = ld * (column + at - from);
      target.fill(0, place, place + rows);
      for (let n = indptr[sample]; n < indptr[sample + 1]; n++) {
        const input = indices[n];
        if (!(input >= 0 && input < rows)) refuseChanged();
        target[place + input] = data[n];
      }
    }
  };
}
