import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, roundUp } from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, Image, noise } from "./references.ts";

const COLUMNS = 10;
const rows = fc.constantFrom(...AWKWARD_SIZES);
const range = fc.tuple(fc.nat(COLUMNS), fc.nat(COLUMNS)).map((ends) =>
  ends.sort((a, b) => a - b)
);
const factor = fc.double({ min: -3, max: 3, noNaN: true });

Deno.test("scale: same bits as its reference", () => {
  fc.assert(
    fc.property(fc.constantFrom(4, 12, 72, 5_624), factor, (count, factor) => {
      const image = new Image();
      const values = image.place(noise(count, 1));
      image.allow(values, count);
      image.compare((k) => k.scale(values, count, factor), 0);
    }),
    { seed: 16, numRuns: 40 },
  );
});

Deno.test("add: same bits as its reference, and the exact sum rounded", () => {
  fc.assert(
    fc.property(fc.constantFrom(4, 12, 72, 5_624), (count) => {
      const image = new Image();
      const values = image.place(noise(count, 8));
      const others = image.place(noise(count, 9));
      image.allow(values, count);
      const after = image.compare((k) => k.add(values, others, count), 0);
      for (let n = 0; n < count; n++) {
        const [a, b] = [
          image.floats[values / 4 + n],
          image.floats[others / 4 + n],
        ];
        assert.equal(after[values / 4 + n], Math.fround(a + b));
      }
    }),
    { seed: 15, numRuns: 8 },
  );
});

Deno.test("scaleColumns: same bits as its reference, with weights and without", () => {
  fc.assert(
    fc.property(rows, range, factor, (rows, [from, to], factor) => {
      const image = new Image();
      const ld = roundUp(rows, PANEL);
      const weights = image.place(noise(COLUMNS, 2));
      const values = image.placeMatrix(rows, ld, COLUMNS, 3);
      image.allow(values + 4 * from * ld, (to - from) * ld);
      for (const pointer of [weights, 0]) {
        const after = image.compare(
          (k) => k.scaleColumns(values, ld, pointer, factor, from, to),
          0,
        );
        for (let s = from; s < to; s++) {
          const weight = pointer === 0 ? 1 : image.floats[weights / 4 + s];
          for (let row = 0; row < ld; row++) {
            const at = values / 4 + s * ld + row;
            const exact = image.floats[at] * factor * weight;
            assert.ok(Math.abs(after[at] - exact) < 1e-6);
          }
        }
      }
    }),
    { seed: 17, numRuns: 40 },
  );
});

Deno.test("scaleColumns: any pieces give the same bits, zeros and NaN stay", () => {
  const ld = 16;
  const image = new Image();
  const weights = image.place([0, 2, 0.5, 1e4, 1, 3, 4, 5, 6, 7]);
  const values = image.placeMatrix(11, ld, COLUMNS, 4);
  image.floats[values / 4 + 2 * ld] = NaN;
  image.allow(values, ld * COLUMNS);
  const read = (after: Float32Array) =>
    after.slice(values / 4, values / 4 + ld * COLUMNS);
  const whole = read(image.run(
    "wasm",
    (k) => k.scaleColumns(values, ld, weights, 0.1, 0, COLUMNS),
  ));
  const pieces = image.run("wasm", (k) => {
    k.scaleColumns(values, ld, weights, 0.1, 3, COLUMNS);
    k.scaleColumns(values, ld, weights, 0.1, 0, 3);
  });
  assertSameBits(read(pieces), whole);
  assert.ok(whole.every((x, n) => n % ld < 11 || x === 0));
  assert.ok(whole.subarray(0, ld).every((x) => x === 0));
  assert.deepEqual(whole.findIndex(Number.isNaN), 2 * ld);
});

Deno.test("weighResults: same bits as its reference, in its range only", () => {
  fc.assert(
    fc.property(range, ([from, to]) => {
      const image = new Image();
      const result = image.place(noise(COLUMNS, 5));
      const weights = image.place(noise(COLUMNS, 6));
      image.allow(result + 4 * from, to - from);
      const after = image.compare(
        (k) => k.weighResults(result, weights, from, to),
        0,
      );
      for (let s = from; s < to; s++) {
        const product = image.floats[result / 4 + s] *
          image.floats[weights / 4 + s];
        assert.equal(after[result / 4 + s], Math.fround(product));
      }
    }),
    { seed: 18, numRuns: 40 },
  );
});

Deno.test("columnSquares: sums each column, and writes those of the range only", () => {
  fc.assert(
    fc.property(rows, range, (rows, [from, to]) => {
      const image = new Image();
      const ld = roundUp(rows, PANEL);
      const grad = image.placeMatrix(rows, ld, COLUMNS, 7);
      const result = image.place(new Float32Array(COLUMNS));
      image.allow(result + 4 * from, to - from);
      const after = image.compare(
        (k) => k.columnSquares(grad, ld, result, from, to),
        1e-6 * rows,
      );
      for (let column = from; column < to; column++) {
        const start = grad / 4 + column * ld;
        const values = image.floats.subarray(start, start + rows);
        const sum = values.reduce((total, x) => total + x * x, 0);
        assert.ok(Math.abs(after[result / 4 + column] - sum) <= 1e-6 * rows);
      }
    }),
    { seed: 19, numRuns: 40 },
  );
});

Deno.test("columnSquares: extremes and NaN", () => {
  const image = new Image();
  const fill = (...values: number[]) =>
    Float32Array.from({ length: PANEL }, (_, n) => values[n] ?? 0);
  const columns = [fill(1e4, -1e4, 3), fill(1e-30), fill(1e20), fill(NaN, 1)];
  const grad = image.place(columns.flatMap((column) => [...column]));
  const result = image.placeOutput(4);
  const after = image.run(
    "wasm",
    (k) => k.columnSquares(grad, PANEL, result, 0, 4),
  );
  assert.deepEqual(
    [...after.slice(result / 4, result / 4 + 4)],
    [Math.fround(200_000_009), 0, Infinity, NaN],
  );
});
