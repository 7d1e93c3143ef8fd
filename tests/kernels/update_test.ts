import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, roundUp } from "../../src/kernels/kernels.ts";
import { AWKWARD_SIZES, Image, noise } from "./references.ts";

const count = fc.constantFrom(4, 8, 12, 20, 72, 784, 5_624);
const rate = fc.double({ min: 0, max: 2, noNaN: true });

Deno.test("difference: same bits as its reference", () => {
  fc.assert(
    fc.property(count, (count) => {
      const image = new Image();
      const a = image.place(noise(count, 1));
      const y = image.place(noise(count, 2));
      const result = image.placeOutput(count);
      image.compare((k) => k.difference(a, y, result, count), 0);
    }),
    { seed: 9, numRuns: 10 },
  );
});

Deno.test("clampedDifference: same bits as its reference, and the derivative of huber", () => {
  fc.assert(
    fc.property(count, (count) => {
      const image = new Image();
      const a = image.place(noise(count, 1).map((value) => 3 * value));
      const y = image.place(noise(count, 2));
      const result = image.placeOutput(count);
      const after = image.compare(
        (k) => k.clampedDifference(a, y, result, count),
        0,
      );
      const huber = (d: number) =>
        Math.abs(d) <= 1 ? d * d / 2 : Math.abs(d) - 0.5;
      for (let n = 0; n < count; n++) {
        const error = image.floats[a / 4 + n] - image.floats[y / 4 + n];
        const slope = (huber(error + 1e-5) - huber(error - 1e-5)) / 2e-5;
        assert.ok(Math.abs(after[result / 4 + n] - slope) < 1e-5);
      }
    }),
    { seed: 13, numRuns: 10 },
  );
});

Deno.test("clampedDifference: extremes and NaN, in place", () => {
  const image = new Image();
  const a = image.place([1e4, -1e4, NaN, 0.25, Infinity, -0, 1e-40, 0]);
  const y = image.place([0, 0, 0, 1, 0, 0, 0, NaN]);
  image.allow(a, 8);
  const after = image.run("wasm", (k) => k.clampedDifference(a, y, a, 8));
  assert.deepEqual(
    [...after.slice(a / 4, a / 4 + 8)].map((value) => value + 0),
    [1, -1, NaN, -0.75, 1, 0, Math.fround(1e-40), NaN],
  );
});

Deno.test("regularize: same bits as its reference, no penalty for a weight of zero", () => {
  fc.assert(
    fc.property(count, rate, rate, (count, l1, l2) => {
      const image = new Image();
      const weights = noise(count, 3);
      weights[1] = 0;
      weights[2] = -0;
      const w = image.place(weights);
      const grad = image.place(noise(count, 4));
      image.allow(grad, count);
      const after = image.compare(
        (k) => k.regularize(grad, w, count, l1, l2),
        0,
      );
      for (const n of [grad / 4 + 1, grad / 4 + 2]) {
        assert.equal(after[n], image.floats[n]);
      }
    }),
    { seed: 10, numRuns: 40 },
  );
});

Deno.test("regularize and articleUpdate: the numbers of a small case", () => {
  const image = new Image();
  const w = image.place([1, -2, 0, 4]);
  const grad = image.place([10, 10, 10, 10]);
  const previous = image.place([8, 8, 8, 8]);
  for (const offset of [w, grad, previous]) image.allow(offset, 4);
  const after = image.run("wasm", (k) => {
    k.regularize(grad, w, 4, 2, 0.5);
    k.articleUpdate(w, grad, previous, 0, 4, 0.5, 0.25);
  });
  const read = (offset: number) => [...after.slice(offset / 4, offset / 4 + 4)];
  assert.deepEqual(read(grad), [12.5, 7, 10, 14]);
  assert.deepEqual(read(previous), [6.25, 3.5, 5, 7]);
  assert.deepEqual(read(w), [-7.25, -7.5, -7, -5]);
});

Deno.test("penalties: sums each column, and writes those of the range only", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...AWKWARD_SIZES),
      fc.nat(9),
      fc.nat(9),
      (rows, first, last) => {
        const image = new Image();
        const ld = roundUp(rows, PANEL);
        const w = image.placeMatrix(rows, ld, 10, 8);
        const squares = image.placeOutput(10);
        const magnitudes = image.placeOutput(10);
        const [from, to] = [Math.min(first, last), Math.max(first, last)];
        const after = image.compare(
          (k) => k.penalties(w, ld, squares, magnitudes, from, to),
          1e-6 * rows,
        );
        for (let column = 0; column < 10; column++) {
          const start = w / 4 + column * ld;
          const values = image.floats.subarray(start, start + rows);
          const isOwn = column >= from && column < to;
          const check = (result: number, sum: number) => {
            const at = result / 4 + column;
            const expected = isOwn ? sum : image.floats[at];
            assert.ok(Math.abs(after[at] - expected) <= 1e-6 * rows);
          };
          check(squares, values.reduce((sum, x) => sum + x * x, 0));
          check(magnitudes, values.reduce((sum, x) => sum + Math.abs(x), 0));
        }
      },
    ),
    { seed: 12, numRuns: 40 },
  );
});
