import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, roundUp } from "../../src/kernels/kernels.ts";
import { LOSS_NAMES } from "../../src/units/losses.ts";
import { AWKWARD_SIZES, Image, noise } from "./references.ts";

const NAMES = [
  ...LOSS_NAMES,
  ...["absoluteError", "correct", "correctLabels"] as const,
];

/** Runs a loss on one sample. */
function lossOf(
  name: typeof NAMES[number],
  a: readonly number[],
  y: readonly number[],
  which: "wasm" | "reference" = "wasm",
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
    which,
    (k) => k[name](left, right, ld, a.length, result, 0, 1),
  );
  return after[result / 4];
}

for (const name of NAMES) {
  Deno.test(`${name}: same as its reference for any range, padding counts for nothing`, () => {
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
          const spread = name === "huber" ? 3 : 0.5;
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

/** The log loss of a logit z in float64, computed without the sigmoid. */
function exactLogLoss(z: number, y: number): number {
  return Math.abs(z) * (z > 0 ? 1 - y : y) + Math.log1p(Math.exp(-Math.abs(z)));
}

Deno.test("binaryCrossEntropy: within 5e-7 of float64 for logits from -100 to 100 and any targets, near 0 as well", () => {
  const target = fc.oneof(
    fc.constantFrom(0, 1, 0.5, 1e-7, 1 - 1e-7),
    fc.float({ min: 0, max: 1, noNaN: true }),
  );
  const sum = fc.oneof(
    fc.float({ min: -100, max: 100, noNaN: true }),
    fc.float({ min: -1, max: 1, noNaN: true }),
    fc.constantFrom(0, -0, 17, -17, 88, -88, 100, -100, 1e-30),
  );
  const pairs = fc.array(fc.tuple(sum, target), {
    minLength: 200,
    maxLength: 300,
  });
  fc.assert(
    fc.property(pairs, (pairs) => {
      const image = new Image();
      const column = (value: number) => [value, ...Array(PANEL - 1).fill(NaN)];
      const z = image.place(pairs.flatMap(([z]) => column(z)));
      const y = image.place(pairs.flatMap(([, y]) => column(Math.fround(y))));
      const result = image.placeOutput(pairs.length);
      for (const which of ["wasm", "reference"] as const) {
        const after = image.run(
          which,
          (k) => k.binaryCrossEntropy(z, y, PANEL, 1, result, 0, pairs.length),
        );
        for (const [n, [sum, target]] of pairs.entries()) {
          const exact = exactLogLoss(Math.fround(sum), Math.fround(target));
          const error = Math.abs(after[result / 4 + n] - exact);
          // The exponential ends at e^-87.
          assert.ok(
            error <= 5e-7 * exact + 2e-38,
            `${which}: z ${sum}, y ${target}: ${
              after[result / 4 + n]
            } instead of ${exact}`,
          );
        }
      }
    }),
    { seed: 9, numRuns: 8 },
  );
});

Deno.test("binaryCrossEntropy: of a saturated output it is the logit itself, at any size", () => {
  assert.equal(lossOf("binaryCrossEntropy", [17], [0]), 17);
  assert.equal(lossOf("binaryCrossEntropy", [-17], [1]), 17);
  assert.equal(lossOf("binaryCrossEntropy", [1e4], [0]), 1e4);
  assert.equal(lossOf("binaryCrossEntropy", [-1e30], [1]), Math.fround(1e30));
  // The exponential ends at e^-87.
  assert.equal(
    lossOf("binaryCrossEntropy", [1e30], [1]),
    Math.fround(Math.exp(-87)),
  );
  assert.equal(lossOf("binaryCrossEntropy", [40, -40], [0.75, 0.25]), 20);
  assert.equal(lossOf("binaryCrossEntropy", [0], [0.3]), Math.fround(Math.LN2));
  assert.equal(
    lossOf("binaryCrossEntropy", [0, 0, 0], [0, 1, 1]),
    Math.fround(3 * Math.LN2),
  );
});

Deno.test("losses: logits or outputs that aren't finite give no finite loss", () => {
  for (const which of ["wasm", "reference"] as const) {
    for (const y of [0, 0.25, 1]) {
      for (const bad of [NaN, Infinity, -Infinity]) {
        for (const name of LOSS_NAMES) {
          for (const place of [0, 1, 4]) {
            const values = [0.5, -0.25, 0.75, 0, 0.125];
            values[place] = bad;
            const loss = lossOf(name, values, values.map(() => y), which);
            assert.ok(
              !Number.isFinite(loss),
              `${which} ${name} ${bad} ${y}: ${loss}`,
            );
          }
        }
      }
    }
  }
});

Deno.test("halfSquaredError and absoluteError: the numbers of a small case", () => {
  assert.equal(lossOf("halfSquaredError", [1, 2, 3], [0, 4, 3]), 2.5);
  assert.equal(lossOf("absoluteError", [1, 2, 3], [0, 4, 3]), 3);
});

Deno.test("huber: the numbers of a small case, extremes and NaN", () => {
  assert.equal(lossOf("huber", [1, 2, 0.5], [0, 4, 0]), 0.5 + 1.5 + 0.125);
  assert.equal(lossOf("huber", [-3, 1e4, -0], [0, -1e4, 0]), 2.5 + 19999.5);
  assert.equal(lossOf("huber", [1e-40], [0]), 0);
  assert.equal(lossOf("huber", [Infinity], [0]), Infinity);
  assert.ok(Number.isNaN(lossOf("huber", [NaN, 1], [0, 0])));
});

Deno.test("correct: of equal outputs the first counts", () => {
  assert.equal(lossOf("correct", [0.1, 0.8, 0.3], [0, 1, 0]), 1);
  assert.equal(lossOf("correct", [0.1, 0.8, 0.9], [0, 1, 0]), 0);
  assert.equal(lossOf("correct", [0.8, 0.8], [1, 0]), 1);
  assert.equal(lossOf("correct", [0.8, 0.8], [0, 1]), 0);
});

Deno.test("correct and correctLabels: an output that is NaN is never correct", () => {
  for (const which of ["wasm", "reference"] as const) {
    const of = (name: "correct" | "correctLabels", a: number[], y: number[]) =>
      lossOf(name, a, y, which);
    assert.equal(of("correct", [NaN, NaN, NaN], [1, 0, 0]), 0);
    assert.equal(of("correct", [0.1, 0.8, NaN, 0, 0], [0, 1, 0, 0, 0]), 0);
    assert.equal(of("correct", [NaN, 0.8], [0, 1]), 0);
    assert.equal(of("correct", [-Infinity, Infinity], [0, 1]), 1);
    assert.equal(of("correctLabels", [NaN, NaN, 0.1, 0.9], [0, 1, 0, 1]), 0.5);
  }
});

Deno.test("correctLabels: each output is compared with a half", () => {
  assert.equal(lossOf("correctLabels", [0.7], [1]), 1);
  assert.equal(lossOf("correctLabels", [0.5], [1]), 1);
  assert.equal(lossOf("correctLabels", [0.4], [1]), 0);
  assert.equal(lossOf("correctLabels", [0.4], [0]), 1);
  assert.equal(
    lossOf("correctLabels", [0.9, 0.8, 0.1, 0.2], [1, 1, 1, 0]),
    0.75,
  );
  assert.equal(lossOf("correctLabels", [0.2, 0.1], [0, 0]), 1);
});
