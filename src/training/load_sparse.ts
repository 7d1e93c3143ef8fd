import { breathe } from "../breathe.ts";
import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import { SPARSE_INPUTS } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import type { SparseLayout } from "../plan/layout.ts";
import { isDense, type SparsePattern } from "./sparsity.ts";

/** Values that are looked at between two turns of the event loop; about 2 ms. */
const SLICE_VALUES = 1_000_000;

/**
 * Writes the entries of all samples to shared memory; with an order, sample s is `order[s]`.
 *
 * @param ldw Leading dimension of W[0]: an entry says where in it the column of its input is.
 */
export async function loadSparse(
  samples: Samples | SparseSamples,
  { base }: SparsePattern,
  arena: Arena,
  layout: SparseLayout,
  ldw: number,
  order?: Int32Array,
): Promise<void> {
  const { inputs } = samples;
  const count = samples.samples;
  const starts = arena.integers(layout.starts, count * layout.blocks + 1);
  const places = arena.integers(layout.entries, 2 * layout.count);
  const values = arena.floats(layout.entries, 2 * layout.count);
  if (layout.base !== 0) arena.floats(layout.base, inputs).set(base!);
  const slice = Math.ceil(SLICE_VALUES / inputs);
  let entry = 0;
  const add = (input: number, value: number) => {
    places[2 * entry] = 4 * ldw * input;
    values[2 * entry + 1] = value;
    entry++;
  };
  for (let n = 0; n < count; n++) {
    const sample = order === undefined ? n : order[n];
    const first = n * layout.blocks;
    if (isDense(samples)) {
      const row = sample * inputs;
      for (let input = 0; input < inputs; input++) {
        if (input % SPARSE_INPUTS === 0) {
          starts[first + input / SPARSE_INPUTS] = entry;
        }
        const usual = base === undefined ? 0 : base[input];
        const value = samples.x[row + input];
        if (value !== usual) add(input, value - usual);
      }
    } else {
      addRow(samples.x, sample, (block) => starts[first + block] = entry, add);
    }
    if (n % slice === 0) await breathe();
  }
  starts[count * layout.blocks] = entry;

  /** Adds a row of compressed ones, and tells of the start of each block. */
  function addRow(
    { data, indices, indptr }: CsrMatrix,
    sample: number,
    begin: (block: number) => void,
    use: (input: number, value: number) => void,
  ): void {
    let block = 0;
    for (let at = indptr[sample]; at < indptr[sample + 1]; at++) {
      const input = indices[at];
      while (block * SPARSE_INPUTS <= input) begin(block++);
      if (data[at] !== 0) use(input, data[at]);
    }
    while (block < layout.blocks) begin(block++);
  }
}
