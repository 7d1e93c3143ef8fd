import { STRIP_BLOCKS } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import type { SparseLayout } from "../step/layout.ts";
import { batchRange } from "../step/split.ts";
import { placeOf } from "../step/transposed.ts";

/**
 * Writes what workers need to transpose sparse inputs, where those are to be: where each unit of inputs goes, by how many
 * entries come before it. Samples are those that {@linkcode loadSparse} has written.
 */
export function loadTransposed(
  arena: Arena,
  { strips, shift, transposed, ...layout }: SparseLayout,
  inputs: number,
  samples: number,
  batches: number,
): void {
  if (transposed === undefined) return;
  const { units } = transposed;
  const groups = Math.ceil(samples / 2 ** shift);
  const starts = arena.integers(
    layout.starts,
    (groups * strips << shift) * STRIP_BLOCKS + 1,
  );
  const bases = arena.integers(transposed.bases, units * batches);
  const places = arena.integers(transposed.places, inputs);
  for (let input = 0; input < inputs; input++) places[input] = placeOf(input);
  let entry = 0;
  const counts = new Int32Array(strips * STRIP_BLOCKS);
  for (let batch = 0; batch < batches; batch++) {
    const [from, to] = batchRange(samples, batches, batch);
    counts.fill(0);
    for (let s = from; s < to; s++) {
      const group = s >> shift;
      for (let strip = 0; strip < strips; strip++) {
        const place = (group * (strips - 1) + strip << shift) + s;
        for (let block = 0; block < STRIP_BLOCKS; block++) {
          const at = STRIP_BLOCKS * place + block;
          counts[STRIP_BLOCKS * strip + block] += starts[at + 1] - starts[at];
        }
      }
    }
    for (let unit = 0; unit < units; unit++) {
      bases[units * batch + unit] = entry;
      entry += counts[unit];
    }
  }
}
