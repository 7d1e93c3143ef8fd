/** Takes some samples, or rows of a table, by their numbers. */
import { inSlices } from "../slices/in_slices.ts";
import { isCsr } from "./csr.ts";
import type { CsrMatrix, Samples, SparseSamples } from "./dataset.ts";
import { madeBy, makerOf } from "./sample_makers.ts";
import type { Table } from "./table.ts";

/** Values that are copied between two looks at the clock. */
const SLICE_VALUES = 100_000;

/** Some rows of a table, in the order of their numbers. */
export function pickFromTable(table: Table, order: Int32Array): Table {
  return {
    ...table,
    rows: Array.from(order, (at) => table.rows[at]),
    lines: Array.from(order, (at) => table.lines[at]),
  };
}

/** Some samples, in the order of their numbers. */
export function pick(
  samples: Samples | SparseSamples,
  order: Int32Array,
): Samples | SparseSamples {
  const [picked, copy] = picking(samples, order);
  copy(0, order.length);
  return madeBy(picked, makerOf(samples));
}

/** Some samples, in the order of their numbers, picked while the event loop has its turns. */
export async function pickInSlices(
  samples: Samples | SparseSamples,
  order: Int32Array,
): Promise<Samples | SparseSamples> {
  const [picked, copy] = picking(samples, order);
  const width = samples.outputs +
    (isCsr(samples.x)
      ? Math.ceil(samples.x.data.length / samples.count)
      : samples.inputs);
  await inSlices(order.length, Math.ceil(SLICE_VALUES / width), copy);
  return madeBy(picked, makerOf(samples));
}

/** Samples to fill, and what fills some of them. */
function picking(
  { x, y, inputs, outputs }: Samples | SparseSamples,
  order: Int32Array,
): [Samples | SparseSamples, (from: number, to: number) => void] {
  const count = order.length;
  const rest = {
    ...{ y: new Float32Array(count * outputs), count, inputs, outputs },
  };
  if (isCsr(x)) {
    const sparse = emptyRows(x, order);
    return [{ ...rest, x: sparse }, (from, to) => {
      copyRows(y, rest.y, outputs, order, from, to);
      copySparseRows(x, sparse, order, from, to);
    }];
  }
  const dense = new Float32Array(count * inputs);
  return [{ ...rest, x: dense }, (from, to) => {
    copyRows(y, rest.y, outputs, order, from, to);
    copyRows(x, dense, inputs, order, from, to);
  }];
}

function copyRows(
  source: Float32Array,
  target: Float32Array,
  width: number,
  order: Int32Array,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at++) {
    const row = order[at];
    target.set(source.subarray(row * width, (row + 1) * width), at * width);
  }
}

/** Room for some rows. */
function emptyRows(
  { data, indices, indptr }: CsrMatrix,
  order: Int32Array,
): CsrMatrix {
  const starts = new Int32Array(order.length + 1);
  for (const [at, row] of order.entries()) {
    starts[at + 1] = starts[at] + indptr[row + 1] - indptr[row];
  }
  const length = starts[order.length];
  // Slices, as they are of the same type.
  return {
    data: data.slice(0, length),
    indices: indices.slice(0, length),
    indptr: starts,
  };
}

function copySparseRows(
  { data, indices, indptr }: CsrMatrix,
  target: CsrMatrix,
  order: Int32Array,
  first: number,
  end: number,
): void {
  for (let at = first; at < end; at++) {
    const [from, to] = [indptr[order[at]], indptr[order[at] + 1]];
    target.data.set(data.subarray(from, to), target.indptr[at]);
    target.indices.set(indices.subarray(from, to), target.indptr[at]);
  }
}
