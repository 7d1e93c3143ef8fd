/** Sparse inputs that machine code packs: run by native_test.ts in a process that may call it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { StateError } from "../../../src/checks/errors.ts";
import { sparseStrips, STRIP_BLOCKS } from "../../../src/kernels/kernels.ts";
import { openPacker } from "../../../src/kernels/native/packing.ts";
import type { SamplePacker } from "../../../src/kernels/products.ts";
import { Arena } from "../../../src/memory/arena.ts";
import { loadSparse } from "../../../src/samples/load_sparse.ts";
import {
  layOutData,
  type SparseLayout,
} from "../../../src/step/data_layout.ts";
import { levels, noise } from "./same_bits.ts";

const ignore = !levels.includes("avx512");
const arena = new Arena();
const empty = arena.mark();
const pack = openPacker(arena.memory, { level: "avx512" });

/** Samples with some inputs that differ from their columns' modes. */
function samplesOf(
  inputs: number,
  count: number,
  density: number,
  seed: number,
  modes?: Float32Array,
) {
  const present = noise(inputs * count, seed);
  const x = noise(inputs * count, seed + 1).map((value, at) =>
    (present[at] + 1) / 2 < density ? value : modes?.[at % inputs] ?? -0
  );
  const entries = x.filter((value, at) => value !== (modes?.[at % inputs] ?? 0))
    .length;
  return { x, entries };
}

/** Allocates room in the arena, and tells what is behind it. */
function layOut(
  shape: Pick<
    Parameters<typeof layOutData>[1],
    "inputs" | "samples" | "entries" | "inOrder" | "hasModes"
  >,
) {
  arena.release(empty);
  const { x, y } = layOutData(arena, {
    ...{ ...shape, outputs: 1, batches: 1, shards: 1, weighted: false },
  });
  return { sparse: x as SparseLayout, behind: arena.matrix(y).values };
}

async function packed(
  { x, entries }: { readonly x: Float32Array; readonly entries: number },
  inputs: number,
  ordered: boolean,
  modes: Float32Array | undefined,
  pack: SamplePacker | undefined,
) {
  const count = x.length / inputs;
  const { sparse } = layOut({
    ...{ inputs, samples: count, entries, inOrder: ordered },
    hasModes: modes !== undefined,
  });
  const order = Int32Array.from({ length: count }, (_, n) => count - 1 - n);
  await loadSparse(
    { x, count, inputs },
    { entries, ...(modes === undefined ? {} : { columnModes: modes }) },
    ...[arena, sparse, 40, ordered ? order : undefined, pack] as const,
  );
  const size = 2 ** sparse.shift;
  const places = Math.ceil(count / size) * size;
  const blocks = places * sparseStrips(inputs) * STRIP_BLOCKS;
  return {
    starts: [...arena.integers(sparse.starts, blocks + 1)],
    entries: [...arena.integers(sparse.entries, 2 * entries)],
  };
}

Deno.test("packed samples: what TypeScript writes", { ignore }, async () => {
  const shapes = fc.record({
    inputs: fc.constantFrom(1, 14, 16, 29, 30, 31, 47, 120, 121, 300),
    count: fc.constantFrom(1, 2, 255, 257),
    density: fc.constantFrom(0, 0.1, 0.5, 1),
    ordered: fc.boolean(),
    hasModes: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const { inputs, count, density, ordered, hasModes, seed } = shape;
      const modes = hasModes ? noise(inputs, seed + 2) : undefined;
      const samples = samplesOf(inputs, count, density, seed, modes);
      const run = (pack?: SamplePacker) =>
        packed(samples, inputs, ordered, modes, pack);
      assert.deepEqual(await run(pack), await run());
    }),
    { seed: 20261126, numRuns: 60 },
  );
});

Deno.test(
  "samples that have more inputs than were counted are refused, and nothing behind is written",
  { ignore },
  async () => {
    const [inputs, count] = [150, 300];
    const { x, entries } = samplesOf(inputs, count, 0.9, 1);
    for (const less of [1, 40, entries - 1, entries]) {
      const counted = { x, entries: entries - less };
      const { behind } = layOut({
        ...{ inputs, samples: count, entries: counted.entries },
        ...{ inOrder: true, hasModes: false },
      });
      const fillFirst: SamplePacker = (group) => {
        if (group.entry === 0) behind.fill(7);
        return pack!(group);
      };
      await assert.rejects(
        packed(counted, inputs, true, undefined, fillFirst),
        StateError,
      );
      assert.ok(behind.every((value) => value === 7));
    }
  },
);
