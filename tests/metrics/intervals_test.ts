import assert from "node:assert/strict";
import { bootstrapInterval } from "../../src/metrics/bootstrap_interval.ts";
import { calibrationError } from "../../src/metrics/calibration_error.ts";
import { rootMeanSquaredError } from "../../src/metrics/regression.ts";
import { wilsonInterval } from "../../src/metrics/wilson_interval.ts";
import { assertNear } from "../assert_close.ts";

Deno.test("wilsonInterval() gives SciPy's numbers", () => {
  const rows = [
    [29, 30, 0.8332960900859083, 0.9940914096183875],
    [30, 30, 0.8864866068260312, 1],
    [0, 7, 0, 0.35433043506668743],
    [880, 1000, 0.8583909241522871, 0.8987007393986908],
  ] as const;
  for (const [correct, samples, low, high] of rows) {
    const found = wilsonInterval(correct, samples);
    assertNear(found.low, low, 1e-12, `${correct} of ${samples}`);
    assertNear(found.high, high, 1e-12, `${correct} of ${samples}`);
  }
});

Deno.test("wilsonInterval() of none and of all ends at 0 and 1, to the last bit", () => {
  for (let samples = 1; samples <= 100; samples++) {
    assert.equal(wilsonInterval(0, samples).low, 0);
    assert.equal(wilsonInterval(samples, samples).high, 1);
  }
});

Deno.test("wilsonInterval() wants no more correct than there are", () => {
  assert.throws(() => wilsonInterval(4, 3), {
    name: "RangeError",
    message: /'correct' must be .* 3: current value is 4/,
  });
  assert.throws(() => wilsonInterval(0, 0), {
    name: "RangeError",
    message: /'samples'/,
  });
});

/** Three probabilities for each of 40 samples, wrong for some. */
const LABELS = Array.from(
  { length: 40 },
  (_, at) => (at * at + Math.floor(at / 3)) % 3,
);
const OUTPUTS = LABELS.flatMap((label, at) => {
  const parts = [0, 1, 2].map((c) =>
    (at * 7 + c * 5) % 11 + 1 + (label === c && at % 4 !== 0 ? 6 : 0)
  );
  const sum = parts.reduce((a, b) => a + b);
  return parts.map((part) => part / sum);
});

Deno.test("calibrationError() is what follows from scikit-learn's calibration_curve", () => {
  assertNear(
    calibrationError(LABELS, OUTPUTS),
    0.1497536335061928,
    1e-12,
    "10 bins",
  );
  assertNear(
    calibrationError(LABELS, OUTPUTS, 5),
    0.14975363350619278,
    1e-12,
    "5 bins",
  );
  const labels = LABELS.map((_, at) => at * 7 % 5 < 2 ? 1 : 0);
  const ones = LABELS.map((_, at) => 0.031 + 0.9 * (at * 13 % 40) / 40.5);
  assertNear(
    calibrationError(labels, ones),
    0.22622777777777778,
    1e-12,
    "one output",
  );
  const two = ones.flatMap((p) => [1 - p, p]);
  assertNear(
    calibrationError(labels, two),
    0.22622777777777778,
    1e-12,
    "two outputs",
  );
  // An even chance tells class 1: both are right, by 0.5 and 0.45 more than told.
  assertNear(calibrationError([1, 1], [0.5, 0.55]), 0.475, 1e-12, "even");
  // A confidence of 1 is in the last bin.
  assert.equal(calibrationError([1, 0], [0, 1, 0, 1]), 0.5);
});

Deno.test("calibrationError() wants probabilities", () => {
  assert.throws(() => calibrationError([0, 1], [0.5, 1.5]), {
    name: "RangeError",
    message: /'outputs\[1\]' must be from 0 to 1: current value is 1.5/,
  });
});

Deno.test("rootMeanSquaredError() is the mean of the roots of the columns", () => {
  const actual = [3, -0.5, 2, 7, 1, 4, -2, 5, 0.5, 6];
  const predicted = [2.5, 0, 2, 8, 1.5, 3, -1, 5.5, 0, 7];
  assertNear(
    rootMeanSquaredError(actual, predicted),
    0.724568837309472,
    1e-12,
    "one",
  );
  // Errors of 3 and 1: not the root of their mean square.
  assert.equal(rootMeanSquaredError([0, 0, 0, 0], [3, 1, -3, -1], 2), 2);
});

const mean = (order: Int32Array) =>
  order.reduce((sum, at) => sum + at, 0) / order.length;

Deno.test("bootstrapInterval() goes by its seed, and is close to the true interval", async () => {
  const found = await bootstrapInterval(100, mean);
  // Of 200,000 resamples by NumPy: 43.83 to 55.14; the end of 1,000 is uncertain by 0.5.
  assertNear(found.low, 43.83, 0.7, "low");
  assertNear(found.high, 55.14, 0.7, "high");
  assert.deepEqual(await bootstrapInterval(100, mean), found);
  const other = await bootstrapInterval(100, mean, { seed: 2 });
  assert.notDeepEqual(other, found);
  // What is infinite is no fraction of the way to the next.
  const none = await bootstrapInterval(3, () => -Infinity, { resamples: 3 });
  assert.deepEqual(none, { low: -Infinity, high: -Infinity });
});

Deno.test("bootstrapInterval() refuses scores that are no numbers, and unknown options", async () => {
  await assert.rejects(bootstrapInterval(3, () => NaN), {
    name: "RangeError",
    message: /'score\(order\)' must be a number: current value is NaN/,
  });
  await assert.rejects(
    bootstrapInterval(3, mean, { resample: 5 } as never),
    { name: "TypeError", message: /resamples/ },
  );
});
