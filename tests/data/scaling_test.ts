import assert from "node:assert/strict";
import {
  applyScaling,
  applyTargetScaling,
  fitScaling,
  fitTargetScaling,
  undoTargetScaling,
} from "../../src/data/scaling.ts";
import { randomSamples } from "../samples.ts";

Deno.test("scaling: mean 0 and deviation 1, or 0 to 1, and targets there and back", async () => {
  const { x } = randomSamples(200, 5, 1, 3);
  for (let at = 4; at < x.length; at += 5) x[at] = 7;
  const column = (values: Float32Array, at: number) =>
    [...values].filter((_, n) => n % 5 === at);
  const standard = await applyScaling(x, await fitScaling(x, 5, "standardize"));
  const range = await applyScaling(x, await fitScaling(x, 5, "minmax"));
  for (let at = 0; at < 4; at++) {
    const values = column(standard, at);
    const mean = values.reduce((sum, value) => sum + value, 0) / 200;
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / 200;
    assert.ok(Math.abs(mean) < 1e-6);
    assert.ok(Math.abs(square - 1) < 1e-5);
    assert.equal(Math.min(...column(range, at)), 0);
    assert.ok(Math.abs(Math.max(...column(range, at)) - 1) < 1e-6);
  }
  assert.ok(column(standard, 4).every((value) => value === 0));
  assert.ok(column(range, 4).every((value) => value === 0));
  const targets = await fitTargetScaling(x, 5);
  assert.equal(targets.unit[4], 1);
  const back = await applyTargetScaling(x, targets);
  undoTargetScaling(back, targets);
  for (const [at, value] of back.entries()) {
    assert.ok(Math.abs(value - x[at]) < 1e-6);
  }
});

Deno.test("scaling leaves the calling thread free: a timer of 1 ms keeps ticking", async () => {
  const x = new Float32Array(20_000_000);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  try {
    const scaling = await fitScaling(x, 10, "minmax");
    const fitted = ticks;
    await applyScaling(x, scaling);
    const applied = ticks;
    await applyTargetScaling(x, {
      center: scaling.offset,
      unit: scaling.offset,
    });
    // Each takes dozens of ms: were the thread blocked, not one tick would come in between.
    const all = [fitted, applied - fitted, ticks - applied];
    assert.ok(all.every((count) => count >= 3), `${all} ticks`);
  } finally {
    clearInterval(timer);
  }
});

Deno.test("fitScaling() names what is wrong", async () => {
  const x = Float32Array.of(1, 2, 3, 4, 5, 6);
  const cases: [unknown, unknown, unknown, string][] = [
    [
      x,
      2,
      "robust",
      "'method' must be 'standardize' or 'minmax': current value is 'robust'",
    ],
    [
      [1, 2],
      1,
      "minmax",
      "'x' must be a Float32Array: current value is [1, 2]",
    ],
    [
      x,
      0,
      "minmax",
      "'width' must be a whole number of 1 or more: current value is 0",
    ],
    [
      x,
      4,
      "minmax",
      "'x.length' must be 4 or a multiple of it: current value is 6",
    ],
    [
      x.subarray(6),
      2,
      "standardize",
      "'x.length' must be 2 or a multiple of it: current value is 0",
    ],
  ];
  for (const [values, width, method, message] of cases) {
    await assert.rejects(
      fitScaling(values as Float32Array, width as number, method as "minmax"),
      { message: `Cannot fit a scaling as ${message}` },
    );
  }
  for (const method of ["standardize", "minmax"] as const) {
    for (const bad of [NaN, Infinity, -Infinity]) {
      await assert.rejects(fitScaling(x.with(3, bad), 2, method), {
        name: "RangeError",
        message:
          `Cannot fit a scaling as 'x[3]' must be a finite number: current value is ${bad}`,
      });
    }
  }
});

Deno.test("fitScaling() refuses columns whose factors a float32 doesn't hold", async () => {
  const cases = [
    [0, 1e-39, "minmax", "range of column 1"],
    [0, 1e-39, "standardize", "deviation of column 1"],
    [-3e38, 3e38, "minmax", "range of column 1"],
    [-3e38, 3e38, "standardize", "deviation of column 1"],
  ] as const;
  for (const [first, second, method, what] of cases) {
    const x = Float32Array.of(1, first, 2, second);
    await assert.rejects(
      fitScaling(x, 2, method),
      (error: Error) =>
        error instanceof RangeError &&
        error.message.startsWith(
          `Cannot fit a scaling as '${what}' must be 0, or from 1e-38 to 1e+38: current value is `,
        ),
    );
  }
});
