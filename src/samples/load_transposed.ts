import { STRIP_BLOCKS } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { SparseLayout } from "../step/data_layout.ts";
import { partRanges, placeOf } from "../step/transposed.ts";

/** Blocks that are counted between two looks at the clock. */
const SLICE_BLOCKS = 50_000;

/**
 * Writes what workers need to transpose sparse inputs, where those are to be: where each unit of inputs goes, by how many
 * entries come before it. Samples are those that {@linkcode loadSparse} has written.
 */
export async function loadTransposed(
  arena: Arena,
  { strips, shift, transposed, ...layout }: SparseLayout,
  inputs: number,
  samples: number,
  batches: number,
): Promise<void> {
  if (transposed === undefined) return;
  const { units, parts } = transposed;
  const blocks = strips * STRIP_BLOCKS;
  const groups = Math.ceil(samples / 2 ** shift);
  const starts = arena.integers(layout.starts, (groups << shift) * blocks + 1);
  const ranges = partRanges(samples, batches, parts);
  const bases = arena.integers(transposed.bases, units * ranges.length);
  const places = arena.integers(transposed.places, inputs);
  for (let input = 0; input < inputs; input++) places[input] = placeOf(input);
  let part = 0;
  await inSlices(samples, Math.ceil(SLICE_BLOCKS / blocks), (from, to) => {
    for (let s = from; s < to; s++) {
      while (s >= (ranges[part]?.[1] ?? Infinity)) part++;
      // Those of other ranks stay as they are.
      if (s < (ranges[part]?.[0] ?? Infinity)) continue;
      const group = s >> shift;
      for (let unit = 0; unit < units; unit++) {
        const strip = Math.floor(unit / STRIP_BLOCKS);
        const place = (group * (strips - 1) + strip << shift) + s;
        const at = STRIP_BLOCKS * place + unit % STRIP_BLOCKS;
        bases[units * part + unit] += starts[at + 1] - starts[at];
      }
    }
  });
  let entry = 0;
  for (const [at, count] of bases.entries()) {
    bases[at] = entry;
    entry += count;
  }
}
