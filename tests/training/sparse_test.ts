import assert from "node:assert/strict";
import { Mlp, type Samples } from "../../mod.ts";
import { Xoshiro128 } from "../../src/random.ts";
import { countEntries, isSparse } from "../../src/training/sparsity.ts";
import { randomSamples } from "../samples.ts";

/** Samples of which about `density` of the inputs aren't zero. The first sample and the first input are all zero. */
function sparseSamples(density: number): Samples {
  const samples = randomSamples(203, 50, 4, 12);
  const random = new Xoshiro128(6);
  return {
    ...samples,
    x: samples.x.map((value, at) =>
      at < 50 || at % 50 === 0 || random.nextFloat() >= density ? 0 : value
    ),
  };
}

Deno.test("kernels that skip zeros train to the same bits, for any number of workers and any density", async () => {
  for (const density of [0, 0.1, 0.6, 1]) {
    const samples = sparseSamples(density);
    for (const shuffle of ["once", "epoch"] as const) {
      const sums = new Set<string>();
      for (const kernels of ["wasm", "wasm-sparse", "auto"] as const) {
        for (const workers of [1, 2, 3]) {
          await using mlp = new Mlp({ layers: [50, 21, 4], workers, kernels });
          const options = { epochs: 2, batchSize: 40, shuffle, l1: 1e-4 };
          for await (const { cost } of mlp.train(samples, options)) {
            // Between epochs, as the dense products need copies of the weights that the sparse ones don't.
            const { loss } = await mlp.evaluate(samples);
            sums.add(`${cost} ${loss}`);
          }
          sums.add(await mlp.weightsSha256());
        }
      }
      assert.equal(sums.size, 3, `density ${density}, shuffle ${shuffle}`);
    }
  }
});

Deno.test("zeros are skipped where they are many, or where it is asked for", async () => {
  const few = sparseSamples(0.9);
  const many = sparseSamples(0.1);
  assert.equal(isSparse("auto", few, await countEntries(few)), false);
  assert.equal(isSparse("auto", many, await countEntries(many)), true);
  assert.equal(isSparse("wasm", many, await countEntries(many)), false);
  assert.equal(isSparse("wasm-sparse", few, await countEntries(few)), true);
  assert.equal(isSparse("typescript", many, await countEntries(many)), false);
  assert.equal(
    await countEntries(many),
    many.x.filter((value) => value !== 0).length,
  );
});

Deno.test("the TypeScript kernels train to nearly the same weights", async () => {
  const samples = sparseSamples(0.5);
  const weights = [];
  for (const kernels of ["typescript", "auto"] as const) {
    await using mlp = new Mlp({ layers: [50, 21, 4], workers: 2, kernels });
    await Array.fromAsync(mlp.train(samples, { epochs: 2, batchSize: 40 }));
    weights.push(mlp.weights);
  }
  for (const [n, values] of weights[0].entries()) {
    for (const [at, value] of values.entries()) {
      assert.ok(Math.abs(value - weights[1][n][at]) < 1e-6);
    }
  }
});
