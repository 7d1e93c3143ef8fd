import { breathe } from "../breathe.ts";
import type { Samples } from "../data/dataset.ts";
import { SPARSE_INPUTS } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import type { SparseLayout } from "../plan/layout.ts";
import type { KernelSetName } from "../pool/messages.ts";

/**
 * Part of the inputs that aren't zero, up to which the products of layer 0 skip the zeros. By `deno task bench:density`
 * both ways take the same time at 0.25 with 512 nodes in layer 1, at 0.38 with 70.
 */
export const SPARSE_DENSITY = 0.25;

/** Values that are looked at between two turns of the event loop; about 2 ms. */
const SLICE_VALUES = 1_000_000;

/** How many inputs aren't zero, over all samples. Known datasets are not counted again. */
const counts = new WeakMap<Samples, number>();

/** Counts the inputs that aren't zero. */
export async function countEntries(samples: Samples): Promise<number> {
  const known = counts.get(samples);
  if (known !== undefined) return known;
  let count = 0;
  for (let from = 0; from < samples.x.length; from += SLICE_VALUES) {
    const slice = samples.x.subarray(from, from + SLICE_VALUES);
    for (let at = 0; at < slice.length; at++) count += slice[at] === 0 ? 0 : 1;
    await breathe();
  }
  counts.set(samples, count);
  return count;
}

/** Whether the zeros are skipped: as told, or where it is faster. */
export function isSparse(
  kernels: KernelSetName,
  samples: Samples,
  entries: number,
): boolean {
  if (kernels === "wasm-sparse") return true;
  return kernels === "auto" && entries < SPARSE_DENSITY * samples.x.length;
}

/** Which kernels run and why, for people. */
export function describeKernels(
  kernels: KernelSetName,
  sparse: boolean,
  entries: number,
  { x }: Samples,
): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const set = kernels === "typescript" ? "TypeScript" : "WebAssembly";
  const inputs = sparse ? "zeros of the inputs skipped" : "all inputs computed";
  const found = `${percent(entries / x.length)} of them are not zero`;
  const reason = kernels === "auto"
    ? `${found}, the limit is ${percent(SPARSE_DENSITY)}`
    : `${found}, as told by '${kernels}'`;
  return `${set}, ${inputs}: ${reason}`;
}

/** Writes the entries of all samples to shared memory; with an order, sample s is `order[s]`. */
export async function loadSparse(
  { x, samples, inputs }: Samples,
  arena: Arena,
  layout: SparseLayout,
  order?: Int32Array,
): Promise<void> {
  const starts = arena.integers(layout.starts, samples * layout.blocks + 1);
  const integers = arena.integers(layout.entries, 2 * layout.count);
  const floats = arena.floats(layout.entries, 2 * layout.count);
  const slice = Math.ceil(SLICE_VALUES / inputs);
  let [entry, block] = [0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const source = inputs * (order === undefined ? sample : order[sample]);
    for (let input = 0; input < inputs; input++) {
      if (input % SPARSE_INPUTS === 0) starts[block++] = entry;
      const value = x[source + input];
      if (value === 0) continue;
      integers[2 * entry] = input;
      floats[2 * entry + 1] = value;
      entry++;
    }
    if (sample % slice === 0) await breathe();
  }
  starts[block] = entry;
}
