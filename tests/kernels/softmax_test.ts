import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, roundUp } from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, Image, noise } from "./references.ts";

/** Softmax of one column, whose padding in `z` is NaN. Returns the whole column. */
function softmaxOf(logits: readonly number[]): Float32Array {
  const image = new Image();
  const ld = roundUp(logits.length, PANEL);
  const padding: number[] = Array(ld - logits.length).fill(NaN);
  const z = image.place([...logits, ...padding]);
  const a = image.placeOutput(ld);
  const after = image.run(
    "wasm",
    (k) => k.softmax(z, a, ld, logits.length, 0, 1),
  );
  return after.slice(a / 4, a / 4 + ld);
}

/** crossEntropy of one sample, whose padding is NaN. */
function lossOf(logits: readonly number[], y: readonly number[]): number {
  const image = new Image();
  const ld = roundUp(logits.length, PANEL);
  const padding: number[] = Array(ld - logits.length).fill(NaN);
  const z = image.place([...logits, ...padding]);
  const target = image.place([...y, ...padding]);
  const result = image.placeOutput(1);
  return image.run(
    "wasm",
    (k) => k.crossEntropy(z, target, ld, logits.length, result, 0, 1),
  )[result / 4];
}

Deno.test("softmax: within 2e-7 of its reference, columns add up to 1, padding is zero", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...AWKWARD_SIZES),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(19),
      fc.constantFrom(1, 10, 100, 1e4),
      (rows, samples, first, spread) => {
        const image = new Image();
        const ld = roundUp(rows, PANEL);
        const values = noise(ld * samples, samples).map((value, n) =>
          n % ld < rows ? spread * value : NaN
        );
        const z = image.place(values);
        const a = image.placeOutput(ld * samples);
        const from = first % samples;
        const after = image.compare(
          (k) => k.softmax(z, a, ld, rows, from, samples),
          2e-7,
        );
        for (let s = from; s < samples; s++) {
          const column = after.subarray(a / 4 + s * ld, a / 4 + (s + 1) * ld);
          const sum = column.reduce((total, value) => total + value, 0);
          assert.ok(Math.abs(sum - 1) < 1e-6, `The sum is ${sum}`);
          assert.ok(column.subarray(rows).every((x) => Object.is(x, 0)));
        }
      },
    ),
    { seed: 14, numRuns: 60 },
  );
});

Deno.test("softmax: in place and in any pieces, the bits are the same", () => {
  const [rows, ld, samples] = [11, 16, 20];
  const image = new Image();
  const z = image.placeMatrix(rows, ld, samples, 3);
  const a = image.placeOutput(ld * samples);
  image.allow(z, ld * samples);
  const read = (after: Float32Array, from: number) =>
    after.slice(from / 4, from / 4 + ld * samples);
  const whole = image.run("wasm", (k) => k.softmax(z, a, ld, rows, 0, samples));
  const pieces = image.run("wasm", (k) => {
    for (const [from, to] of [[7, 20], [0, 1], [1, 7]]) {
      k.softmax(z, z, ld, rows, from, to);
    }
  });
  assertSameBits(read(pieces, z), read(whole, a));
});

Deno.test("softmax: known values, extremes and NaN", () => {
  const near = (logits: number[], expected: number[]) => {
    const actual = softmaxOf(logits);
    for (const [row, value] of expected.entries()) {
      const error = Math.abs(actual[row] - value);
      assert.ok(error < 1e-7, `${actual[row]} instead of ${value}`);
    }
  };
  near([5], [1]);
  near([0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]);
  near([0, Math.log(3)], [0.25, 0.75]);
  near([1e4, 1e4, -1e4], [0.5, 0.5, 0]);
  near([-1e4, -1e4 + 1, -Infinity], [0.2689414214, 0.7310585786, 0]);
  near([1e-40, -1e-40, 0], [1 / 3, 1 / 3, 1 / 3]);
  const lost = softmaxOf([0, NaN, 1, 2, 3]);
  assert.deepEqual([...lost], [NaN, NaN, NaN, NaN, NaN, 0, 0, 0]);
});

Deno.test("crossEntropy: known values, extremes and NaN", () => {
  const near = (actual: number, expected: number) => {
    const error = Math.abs(actual - expected);
    assert.ok(error <= 2e-7 * Math.max(1, expected), `${actual}`);
  };
  near(lossOf([0, 0, 0, 0], [0, 1, 0, 0]), Math.log(4));
  near(lossOf([0, Math.log(3)], [1, 0]), Math.log(4));
  near(lossOf([1e4, -1e4, 0], [0, 1, 0]), 2e4);
  near(lossOf([1e4, -1e4, 0], [1, 0, 0]), 0);
  near(lossOf([-1e4, -1e4], [0.5, 0.5]), Math.log(2));
  // Targets that don't add up to 1 weigh the terms.
  near(lossOf([0, 0], [2, 1]), 3 * Math.log(2));
  assert.equal(lossOf([3, 4, 5], [0, 0, 0]), 0);
  assert.ok(Number.isNaN(lossOf([3, NaN], [1, 0])));
  assert.ok(Number.isNaN(lossOf([3, 4], [NaN, 0])));
});

Deno.test("crossEntropy: within 3e-7 of its reference for logits up to 1e4", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...AWKWARD_SIZES),
      fc.constantFrom(1, 10, 100, 1e4),
      fc.nat(99),
      (outputs, spread, label) => {
        const image = new Image();
        const ld = roundUp(outputs, PANEL);
        const values = noise(ld, label);
        const z = image.place(values.map((value) => spread * value));
        const y = image.place(values.map((_, n) => +(n === label % outputs)));
        const result = image.placeOutput(1);
        image.compare(
          (k) => k.crossEntropy(z, y, ld, outputs, result, 0, 1),
          3e-7 * Math.max(3, 2 * spread),
        );
      },
    ),
    { seed: 15, numRuns: 60 },
  );
});

Deno.test("softmax less y is the derivative of crossEntropy", () => {
  const logits = [0.5, -1.25, 2, 0, 0.75];
  const y = [0.1, 0.2, 0, 0.7, 0];
  const exact = (z: readonly number[]) => {
    const sum = z.reduce((total, value) => total + Math.exp(value), 0);
    return z.reduce((total, v, o) => total + y[o] * (Math.log(sum) - v), 0);
  };
  const a = softmaxOf(logits);
  for (let row = 0; row < logits.length; row++) {
    const moved = (by: number) =>
      exact(logits.map((value, o) => o === row ? value + by : value));
    const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    assert.ok(Math.abs(a[row] - y[row] - slope) < 2e-7);
  }
});
