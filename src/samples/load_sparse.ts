import { inSlices } from "../slices/in_slices.ts";
import type { CsrMatrix } from "../data/dataset.ts";
import { SPARSE_INPUTS, STRIP_BLOCKS } from "../kernels/kernels.ts";
import type { SamplePacker } from "../kernels/products.ts";
import type { Arena } from "../memory/arena.ts";
import type { SparseLayout } from "../step/data_layout.ts";
import { refuseChanged } from "./check_samples.ts";
import type { PreparedSamples } from "./prepared_samples.ts";
import type { SparsePattern } from "./sparsity.ts";

type SampleInputs = Pick<PreparedSamples, "x" | "count" | "inputs">;

/** Calls `use` with each of the inputs `[from, to)` of a sample that has to be kept, in ascending order, and its value. */
type ReadInputs = (
  sample: number,
  from: number,
  to: number,
  use: (input: number, value: number) => void,
) => void;

/**
 * Writes the entries of all samples to shared memory, in the order that `Kernels.forwardSparse` wants; with an order,
 * sample s is `order[s]`.
 *
 * @param ldw Leading dimension of W[0]. An entry holds the byte offset of its input's column in W[0].
 *
 * @throws {StateError} If the caller has changed the samples since they were counted.
 */
export async function loadSparse(
  { x, count, inputs }: SampleInputs,
  { columnModes }: SparsePattern,
  arena: Arena,
  { strips, shift, ...layout }: SparseLayout,
  ldw: number,
  order?: Int32Array,
  pack?: SamplePacker,
): Promise<void> {
  const size = 2 ** shift;
  const groups = Math.ceil(count / size);
  const starts = arena.integers(
    layout.starts,
    groups * size * strips * STRIP_BLOCKS + 1,
  );
  const places = arena.integers(layout.entries, 2 * layout.count);
  const values = arena.floats(layout.entries, 2 * layout.count);
  if (layout.columnModes !== 0) {
    arena.floats(layout.columnModes, inputs).set(columnModes!);
  }
  const read = x instanceof Float32Array
    ? denseReader(x, inputs, columnModes)
    : csrReader(x, inputs);
  let [block, entry] = [0, 0];
  const add = (input: number, value: number) => {
    // There is memory for as many entries as were counted; no more may be written.
    if (entry === layout.count) refuseChanged();
    places[2 * entry] = 4 * ldw * input;
    values[2 * entry + 1] = value;
    entry++;
  };
  const loadStrip = (n: number, strip: number) => {
    const sample = order === undefined ? n : order[n];
    for (let b = strip * STRIP_BLOCKS; b < (strip + 1) * STRIP_BLOCKS; b++) {
      starts[block++] = entry;
      // The last group may have places for more samples than there are.
      if (n >= count) continue;
      read(sample, b * SPARSE_INPUTS, (b + 1) * SPARSE_INPUTS, add);
    }
  };
  const packGroup = (x: Float32Array, group: number) => {
    const first = group * size;
    const end = Math.min(first + size, count);
    const places = order?.subarray(first, end) ??
      Int32Array.from({ length: end - first }, (_, n) => first + n);
    entry = pack!({
      ...{ x, order: places, count: end - first, size, inputs, strips },
      starts: layout.starts + 4 * block,
      ...{ entries: layout.entries, entry, limit: layout.count },
      ...{ columnBytes: 4 * ldw, modes: layout.columnModes },
    });
    block += size * strips * STRIP_BLOCKS;
    if (entry > layout.count) refuseChanged();
  };
  await inSlices(groups, 1, (group) => {
    // An array whose buffer was transferred to another thread has no values any more.
    if (x instanceof Float32Array && x.length !== count * inputs) {
      refuseChanged();
    }
    if (pack !== undefined && x instanceof Float32Array) {
      return packGroup(x, group);
    }
    for (let strip = 0; strip < strips; strip++) {
      for (let at = 0; at < size; at++) loadStrip(group * size + at, strip);
    }
  });
  if (entry !== layout.count) refuseChanged();
  starts[block] = entry;
}

function denseReader(
  x: Float32Array,
  inputs: number,
  columnModes?: Float32Array,
): ReadInputs {
  return (sample, from, to, use) => {
    const row = sample * inputs;
    for (let input = from; input < Math.min(to, inputs); input++) {
      const mode = columnModes === undefined ? 0 : columnModes[input];
      const value = x[row + input];
      if (value !== mode) use(input, value - mode);
    }
  };
}

function csrReader(
  { data, indices, indptr }: CsrMatrix,
  inputs: number,
): ReadInputs {
  return (sample, from, to, use) => {
    let at = firstFrom(indices, from, indptr[sample], indptr[sample + 1]);
    let least = from;
    for (; at < indptr[sample + 1] && indices[at] < to; at++) {
      const input = indices[at];
      // A worker would read from wherever a wrong one leads.
      if (input < least || input >= inputs) refuseChanged();
      least = input + 1;
      if (data[at] !== 0) use(input, data[at]);
    }
  };
}

/** The first of the ascending `values[from … to)` that is `least` or more, or `to`. */
function firstFrom(
  values: ArrayLike<number>,
  least: number,
  from: number,
  to: number,
): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle] < least) from = middle + 1;
    else to = middle;
  }
  return from;
}
