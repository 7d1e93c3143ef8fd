import assert from "node:assert/strict";
import fc from "fast-check";
import { TILE_INPUTS, TILE_SAMPLES } from "../../src/kernels/kernels.ts";
import {
  batchCount,
  batchRange,
  sampleShare,
  weightShares,
} from "../../src/plan/split.ts";

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

Deno.test("sampleShare() gives each sample to one worker, in whole tiles", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 17 }),
      (samples, workers) => {
        let next = 0;
        for (let ith = 0; ith < workers; ith++) {
          const [from, to] = sampleShare(samples, ith, workers);
          assert.equal(from, next);
          assert.ok(from % TILE_SAMPLES === 0 || from === samples);
          next = to;
        }
        assert.equal(next, samples);
      },
    ),
    SEED,
  );
});

Deno.test("weightShares() gives each input to one worker, in whole tiles, and splits the cost evenly", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 900 }), {
        minLength: 2,
        maxLength: 6,
      }),
      fc.integer({ min: 1, max: 17 }),
      (layers, workers) => {
        const shares = weightShares(layers, workers);
        const costs = shares.map(() => 0);
        for (const [n, inputs] of layers.slice(0, -1).entries()) {
          let next = 0;
          for (const [worker, share] of shares.entries()) {
            const [from, to] = share[n];
            assert.equal(from, next);
            assert.ok(from % TILE_INPUTS === 0 || from === inputs);
            costs[worker] += Math.ceil((to - from) / TILE_INPUTS) *
              layers[n + 1];
            next = to;
          }
          assert.equal(next, inputs);
        }
        // Each of its two edges is off by half a tile of the layer that it lies in, at most.
        const spread = Math.max(...costs) - Math.min(...costs);
        assert.ok(spread <= 2 * Math.max(...layers.slice(1)));
      },
    ),
    SEED,
  );
});
