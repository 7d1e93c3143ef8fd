import fc from "fast-check";
import assert from "node:assert/strict";
import { samplesFrom } from "../../mod.ts";
import { fitStandardization, standardize } from "../../src/data/standardize.ts";

/** A dataset whose inputs are these rows. */
function dataset(train: number[][], test: number[][]) {
  const samples = (x: number[][]) => samplesFrom({ x, y: x.map(() => [0]) });
  return { name: "rows", train: samples(train), test: samples(test) };
}

Deno.test("standardize() takes mean and deviation from the training part alone", async () => {
  const data = dataset([[1, 7, 0.1], [3, 7, 0.1]], [[5, 8, 0.1], [2, 7, 0]]);
  const { mean, scale } = await fitStandardization(data.train);
  assert.deepEqual([...mean], [2, 7, Math.fround(0.1)]);
  assert.deepEqual([...scale], [1, 0, 0]);
  await standardize(data);
  assert.deepEqual([...data.train.x].map(Math.abs), [1, 0, 0, 1, 0, 0]);
  assert.equal(data.train.x[0], -1);
  // Inputs that never change in training are 0, whatever they are in the test part.
  assert.deepEqual([...data.test.x].map(Math.abs), [3, 0, 0, 0, 0, 0]);
});

Deno.test("standardize() brings any inputs to mean 0 and deviation 1", async () => {
  const value = fc.integer({ min: -1000, max: 1000 });
  const rows = fc.array(fc.tuple(value, value), {
    minLength: 2,
    maxLength: 50,
  });
  await fc.assert(
    fc.asyncProperty(rows, async (rows) => {
      const data = dataset(rows, rows);
      await standardize(data);
      const { x, count: samples, inputs } = data.train;
      for (let at = 0; at < inputs; at++) {
        const column = Array.from(
          { length: samples },
          (_, s) => x[s * inputs + at],
        );
        const constant = rows.every((row) => row[at] === rows[0][at]);
        const mean = column.reduce((sum, v) => sum + v, 0) / samples;
        const square = column.reduce((sum, v) => sum + v * v, 0) / samples;
        assert.ok(Math.abs(mean) < 1e-5);
        assert.ok(Math.abs(square - (constant ? 0 : 1)) < 1e-5);
      }
      assert.deepEqual(data.test.x, x);
    }),
    { seed: 6 },
  );
});
