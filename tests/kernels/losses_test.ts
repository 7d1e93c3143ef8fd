import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, roundUp } from "../../src/kernels/kernels.ts";
import { AWKWARD_SIZES, Image, noise } from "./twins.ts";

const NAMES = [
  "logLoss",
  "softmaxLoss",
  "squaredLoss",
  "huberLoss",
  "absoluteError",
  "hits",
  "labelHits",
] as const;

/** Runs a loss on one sample. */
function lossOf(
  name: typeof NAMES[number],
  a: readonly number[],
  y: readonly number[],
): number {
  const image = new Image();
  const ld = roundUp(a.length, PANEL);
  // NaN in the padding shows whether a lane of it counts.
  const pad = (values: readonly number[]) => [
    ...values,
    ...Array(ld - values.length).fill(NaN),
  ];
  const [left, right] = [image.place(pad(a)), image.place(pad(y))];
  const result = image.placeOutput(1);
  const after = image.run(
    "wasm",
    (k) => k[name](left, right, ld, a.length, result, 0, 1),
  );
  return after[result / 4];
}

for (const name of NAMES) {
  Deno.test(`${name}: same as its twin for any range, padding counts for nothing`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AWKWARD_SIZES),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(39),
        fc.boolean(),
        (outputs, samples, first, binary) => {
          const image = new Image();
          const ld = roundUp(outputs, PANEL);
          const place = (seed: number, map: (value: number) => number) => {
            const values = noise(ld * samples, seed).map(map);
            for (let n = 0; n < values.length; n++) {
              if (n % ld >= outputs) values[n] = NaN;
            }
            return image.place(values);
          };
          const spread = name === "huberLoss" ? 3 : 0.5;
          const a = place(samples, (value) => 0.5 + spread * value);
          const y = place(
            samples + 99,
            (value) => binary ? Number(value > 0) : 0.5 + value / 2,
          );
          const from = first % samples;
          const result = image.placeOutput(samples);
          image.compare(
            (k) => k[name](a, y, ld, outputs, result, from, samples),
            2e-6 * outputs,
          );
        },
      ),
      { seed: 8, numRuns: 50 },
    );
  });
}

Deno.test("logLoss: the logarithm is within 1e-6 at all magnitudes", () => {
  const image = new Image();
  const count = 4_001;
  // A sample a number: p is the only output, and its target is 1.
  const columns = new Float32Array(PANEL * count);
  for (let n = 0; n < count; n++) {
    columns[PANEL * n] = 0.9999 * 10 ** (-11.9 * n / count);
  }
  const a = image.place(columns);
  const y = image.place(columns.map((_, n) => n % PANEL === 0 ? 1 : 0));
  const result = image.placeOutput(count);
  const after = image.run(
    "wasm",
    (k) => k.logLoss(a, y, PANEL, 1, result, 0, count),
  );
  for (let n = 0; n < count; n++) {
    const p = columns[PANEL * n];
    const error = Math.abs(after[result / 4 + n] / -Math.log(p) - 1);
    assert.ok(error < 1e-6, `ln ${p} is off by ${error}`);
  }
});

Deno.test("logLoss: is clipped where a logarithm would be infinite, and keeps NaN", () => {
  const most = -Math.log(1e-12);
  assert.equal(lossOf("logLoss", [0, 1], [0, 1]), 0);
  assert.ok(Math.abs(lossOf("logLoss", [0], [1]) - most) < 1e-4);
  assert.ok(Math.abs(lossOf("logLoss", [1], [0]) - most) < 1e-4);
  assert.ok(Number.isNaN(lossOf("logLoss", [0.5, NaN], [0, 1])));
});

Deno.test("squaredLoss and absoluteError: the numbers of a small case", () => {
  assert.equal(lossOf("squaredLoss", [1, 2, 3], [0, 4, 3]), 2.5);
  assert.equal(lossOf("absoluteError", [1, 2, 3], [0, 4, 3]), 3);
});

Deno.test("huberLoss: the numbers of a small case, extremes and NaN", () => {
  assert.equal(lossOf("huberLoss", [1, 2, 0.5], [0, 4, 0]), 0.5 + 1.5 + 0.125);
  assert.equal(lossOf("huberLoss", [-3, 1e4, -0], [0, -1e4, 0]), 2.5 + 19999.5);
  assert.equal(lossOf("huberLoss", [1e-40], [0]), 0);
  assert.equal(lossOf("huberLoss", [Infinity], [0]), Infinity);
  assert.ok(Number.isNaN(lossOf("huberLoss", [NaN, 1], [0, 0])));
});

Deno.test("hits: the first of equals counts", () => {
  assert.equal(lossOf("hits", [0.1, 0.8, 0.3], [0, 1, 0]), 1);
  assert.equal(lossOf("hits", [0.1, 0.8, 0.9], [0, 1, 0]), 0);
  assert.equal(lossOf("hits", [0.8, 0.8], [1, 0]), 1);
  assert.equal(lossOf("hits", [0.8, 0.8], [0, 1]), 0);
});

Deno.test("labelHits: each output is compared with a half", () => {
  assert.equal(lossOf("labelHits", [0.7], [1]), 1);
  assert.equal(lossOf("labelHits", [0.5], [1]), 1);
  assert.equal(lossOf("labelHits", [0.4], [1]), 0);
  assert.equal(lossOf("labelHits", [0.4], [0]), 1);
  assert.equal(lossOf("labelHits", [0.9, 0.8, 0.1, 0.2], [1, 1, 1, 0]), 0.75);
  assert.equal(lossOf("labelHits", [0.2, 0.1], [0, 0]), 1);
});
