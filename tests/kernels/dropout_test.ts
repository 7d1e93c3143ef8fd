import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, roundUp } from "../../src/kernels/kernels.ts";
import { assertSameBits, AWKWARD_SIZES, Image } from "./references.ts";

const LD = 512;
const SAMPLES = 200;
const uint32 = fc.nat(2 ** 32 - 1);

/** Which elements of a large matrix are kept: 1, else 0. */
function pattern(
  keyLow: number,
  keyHigh: number,
  threshold: number,
): Float32Array {
  const image = new Image();
  const ones = image.place(new Float32Array(LD * SAMPLES).fill(1));
  image.allow(ones, LD * SAMPLES);
  const after = image.run(
    "wasm",
    (k) => k.dropout(ones, ones, LD, 0, SAMPLES, keyLow, keyHigh, threshold, 1),
  );
  return after.slice(ones / 4, ones / 4 + LD * SAMPLES);
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The correlation of two patterns, the second one moved by `lag` places. */
function correlation(
  left: Float32Array,
  right: Float32Array,
  lag: number,
): number {
  const [x, y] = [left.subarray(lag), right.subarray(0, right.length - lag)];
  const [p, q] = [mean(x), mean(y)];
  let sum = 0;
  for (let n = 0; n < x.length; n++) sum += (x[n] - p) * (y[n] - q);
  return sum / x.length / Math.sqrt(p * (1 - p) * q * (1 - q));
}

/** Five standard deviations of the mean of that many independent values with deviation 1. */
const BOUND = 5 / Math.sqrt(LD * SAMPLES);

Deno.test("dropout: same bits as its reference, for any range and keys", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...AWKWARD_SIZES),
      fc.tuple(fc.nat(9), fc.nat(9)),
      uint32,
      uint32,
      uint32,
      (rows, ends, keyLow, keyHigh, threshold) => {
        const image = new Image();
        const ld = roundUp(rows, PANEL);
        const [from, to] = ends.sort((a, b) => a - b);
        const source = image.placeMatrix(rows, ld, 10, 1);
        const target = image.placeOutput(10 * ld);
        const after = image.compare((k) => {
          k.dropout(
            source,
            target,
            ld,
            from,
            to,
            keyLow,
            keyHigh,
            threshold,
            1.25,
          );
        }, 0);
        for (let n = from * ld; n < to * ld; n++) {
          const [actual, old] = [after[target / 4 + n], after[source / 4 + n]];
          assert.ok(actual === 0 || actual === Math.fround(1.25 * old));
          assert.ok(n % ld < rows || actual === 0, "Padding isn't zero");
        }
      },
    ),
    { seed: 21, numRuns: 100 },
  );
});

Deno.test("dropout: the number of kept elements is within chance", () => {
  for (const p of [0, 0.01, 0.1, 0.5, 0.8, 0.999]) {
    for (const [low, high] of [[0, 0], [1, 0], [7, 2 ** 32 - 1]]) {
      const fraction = mean(pattern(low, high, Math.floor(p * 2 ** 32)));
      const deviation = Math.sqrt(p * (1 - p));
      const error = Math.abs(fraction - (1 - p));
      assert.ok(error <= BOUND * deviation, `Kept ${fraction} at p = ${p}`);
    }
  }
});

Deno.test("dropout: neighboring places and keys are independent", () => {
  const half = 2 ** 31;
  const base = pattern(5, 9, half);
  for (const lag of [1, 2, 3, 4, 8, 16, LD, 2 * LD]) {
    const found = Math.abs(correlation(base, base, lag));
    assert.ok(found < BOUND, `Lag ${lag} correlates by ${found}`);
  }
  const others = [
    [6, 9],
    [4, 9],
    [5, 10],
    [5, 8],
    [9, 5],
    [5 ^ half, 9],
    [
      5,
      9 ^ half,
    ],
    [6, 8],
    [5 + LD, 9],
  ];
  for (const [low, high] of others) {
    const other = pattern(low >>> 0, high >>> 0, half);
    for (const lag of [0, 1, LD]) {
      for (const [x, y] of [[base, other], [other, base]]) {
        const found = Math.abs(correlation(x, y, lag));
        assert.ok(
          found < BOUND,
          `Keys ${low}, ${high}, lag ${lag}: correlates by ${found}`,
        );
      }
    }
  }
});

Deno.test("dropout: in place and in any pieces, the bits are the same", () => {
  const [rows, ld, samples] = [11, 16, 20];
  const image = new Image();
  const source = image.placeMatrix(rows, ld, samples, 2);
  const target = image.placeOutput(ld * samples);
  image.allow(source, ld * samples);
  const read = (after: Float32Array, from: number) =>
    after.slice(from / 4, from / 4 + ld * samples);
  const threshold = 3e9;
  const whole = image.run(
    "wasm",
    (k) => k.dropout(source, target, ld, 0, samples, 1, 2, threshold, 3),
  );
  const pieces = image.run("wasm", (k) => {
    for (const [from, to] of [[7, 20], [0, 1], [1, 7]]) {
      k.dropout(source, source, ld, from, to, 1, 2, threshold, 3);
    }
  });
  assertSameBits(read(pieces, source), read(whole, target));
});

Deno.test("dropout: a threshold of 0 keeps all, NaN is kept or dropped", () => {
  const image = new Image();
  const values = [NaN, -0, 1e4, -1e4, 1e-40, 2, 3, 4];
  const source = image.place(values);
  const target = image.placeOutput(PANEL);
  const run = (threshold: number) => {
    const after = image.run(
      "wasm",
      (k) => k.dropout(source, target, PANEL, 0, 1, 1, 2, threshold, 1),
    );
    return [...after.slice(target / 4, target / 4 + PANEL)];
  };
  assert.deepEqual(run(0), [...Float32Array.from(values)]);
  assert.deepEqual(run(2 ** 32 - 1), [0, 0, 0, 0, 0, 0, 0, 0]);
});
