/** How many workers share a batch. */
import assert from "node:assert/strict";
import { workersThatShare } from "../../src/plan/sharers.ts";
import { Mlp, samplesFrom } from "../../mod.ts";

const DIGITS = { layers: [784, 70, 30, 10], density: 0.19, rate: 70e9 };

Deno.test("small batches are shared by fewer workers, large ones by all", () => {
  const shares = (samples: number, most: number) =>
    workersThatShare({ ...DIGITS, samples }, most);
  assert.equal(shares(32, 16), 1);
  assert.equal(shares(500, 2), 2);
  assert.equal(shares(500, 16), 3);
  assert.equal(shares(20_000, 16), 16);
  assert.equal(shares(20_000, 1), 1);
  assert.equal(workersThatShare({ ...DIGITS, samples: 32, rate: 1e9 }, 16), 7);
});

Deno.test("a network says how many workers share a batch, and has the same bits", async () => {
  const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
  const train = async (workers?: number) => {
    await using mlp = new Mlp({
      layers: [2, 3, 2],
      kernels: "wasm",
      ...(workers === undefined ? {} : { workers }),
    });
    const { epochs } = await mlp.fit(samples, { epochs: 2, timings: true });
    return { weights: mlp.weights, kernels: epochs[0].kernels! };
  };
  const [alone, all, fewer] = [await train(1), await train(3), await train()];
  assert.deepEqual(all.weights, alone.weights);
  assert.deepEqual(fewer.weights, alone.weights);
  assert.doesNotMatch(all.kernels, /workers/);
  if (navigator.hardwareConcurrency > 1) {
    assert.match(fewer.kernels, /; 1 of \d+ workers, as batches are small$/);
  }
});
