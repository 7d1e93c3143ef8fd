import assert from "node:assert/strict";
import fc from "fast-check";
import { TILE_INPUTS } from "../../src/kernels/kernels.ts";
import {
  batchCount,
  batchRange,
  forEachWeightRange,
  INPUT_PIECES,
  weightUnits,
} from "../../src/step/split.ts";

const SEED = { seed: 20261122, numRuns: 300 };

Deno.test("batchRange() splits as numpy.array_split does", () => {
  // np.array_split(np.arange(1003), 3): 335, 334, 334
  assert.deepEqual([0, 1, 2].map((at) => batchRange(1003, 3, at)), [
    [0, 335],
    [335, 669],
    [669, 1003],
  ]);
  assert.equal(batchCount(1003, 500), 3);
  assert.equal(batchCount(60_000, 500), 120);
});

Deno.test("batchRange() covers everything once, in sizes that differ by one at most", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
      (samples, batchSize) => {
        const batches = batchCount(samples, batchSize);
        let next = 0;
        const sizes = new Set<number>();
        for (let at = 0; at < batches; at++) {
          const [from, to] = batchRange(samples, batches, at);
          assert.equal(from, next);
          assert.ok(to - from <= batchSize);
          sizes.add(to - from);
          next = to;
        }
        assert.equal(next, samples);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      },
    ),
    SEED,
  );
});

Deno.test("forEachWeightRange() gives each input to one piece, in whole tiles", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 900 }), {
        minLength: 2,
        maxLength: 6,
      }),
      fc.integer({ min: 1, max: 40 }),
      (layers, size) => {
        const next = layers.slice(0, -1).map(() => 0);
        const units = weightUnits(layers, INPUT_PIECES);
        for (let unit = 0; unit < units; unit += size) {
          const end = Math.min(unit + size, units);
          const use = (layer: number, from: number, to: number) => {
            assert.equal(from, next[layer]);
            assert.equal(from % TILE_INPUTS, 0);
            assert.ok(to > from);
            next[layer] = to;
          };
          forEachWeightRange(layers, INPUT_PIECES, unit, end, use);
        }
        assert.deepEqual(next, layers.slice(0, -1));
      },
    ),
    SEED,
  );
});
