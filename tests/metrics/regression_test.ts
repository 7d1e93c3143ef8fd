import fc from "fast-check";
import assert from "node:assert/strict";
import {
  meanAbsoluteError,
  meanSquaredError,
  r2,
} from "../../src/metrics/regression.ts";

function assertNear(found: number, wanted: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(found - wanted) <= tolerance, `${found}, not ${wanted}`);
}

/** scikit-learn's examples: four samples of one column, and three of two. */
const ONE = [[3, -0.5, 2, 7], [2.5, 0, 2, 8]] as const;
const TWO = [[0.5, 1, -1, 1, 7, -6], [0, 2, -1, 2, 8, -5]] as const;

Deno.test("errors and R² give scikit-learn's examples", () => {
  assert.equal(meanSquaredError(...ONE), 0.375);
  assertNear(meanSquaredError(...TWO, 2), 4.25 / 6);
  assert.equal(meanAbsoluteError(...ONE), 0.5);
  assert.equal(meanAbsoluteError(...TWO, 2), 0.75);
  // By hand: 1 - 1.5 / 29.1875, and the mean of 1 - 1.25 / (50.25 - 6.5²/3) and 1 - 3 / (38 - 4²/3).
  assertNear(r2(...ONE), 0.9486081370449679);
  assertNear(r2(...TWO, 2), (1 - 1.25 / (217 / 6) + 1 - 9 / 98) / 2);
  assert.equal(r2([1, 2, 3], [2, 2, 2]), 0);
  assert.equal(r2([1, 2, 3], [3, 2, 1]), -3);
});

Deno.test("r2() of targets that are all the same is 1 if perfect, else 0", () => {
  assert.equal(r2([-2, -2, -2], [-2, -2, -2]), 1);
  assert.equal(r2([-2, -2, -2], [-2, -2, -2 + 1e-8]), 0);
  // In float64 the mean of three 0.1 is not 0.1.
  assert.equal(r2([0.1, 0.1, 0.1], [0.1, 0.1, 0.2]), 0);
  assert.equal(r2([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]), 1);
  assert.equal(r2([5], [5]), 1);
  // One perfect constant column, one of 0.5.
  assert.equal(r2([4, 1, 4, 2, 4, 3], [4, 1, 4, 2, 4, 4], 2), 0.75);
});

Deno.test("r2() of an output that isn't finite is no finite number", () => {
  for (const [y, a] of [[5, 5], [5, 6]]) {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const found = r2([5, y], [bad, a]);
      assert.ok(!Number.isFinite(found), `${found}`);
    }
  }
});

Deno.test("errors and R² agree with the means of their columns", () => {
  const value = fc.integer({ min: -64, max: 64 }).map((eighths) => eighths / 8);
  const tables = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(
      fc.array(fc.tuple(value, value), { minLength: width, maxLength: width }),
      { minLength: 1, maxLength: 20 },
    )
  );
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  fc.assert(
    fc.property(tables, (rows) => {
      const width = rows[0].length;
      const targets = Float32Array.from(rows.flat(), ([y]) => y);
      const outputs = Float32Array.from(rows.flat(), ([, a]) => a);
      const columns = rows[0].map((_, at) => rows.map((row) => row[at]));
      const byColumn = (score: (pairs: [number, number][]) => number) =>
        mean(columns.map(score));
      const mse = (pairs: [number, number][]) =>
        mean(pairs.map(([y, a]) => (y - a) ** 2));
      assertNear(
        meanSquaredError(targets, outputs, width),
        byColumn(mse),
        1e-9,
      );
      assertNear(
        meanAbsoluteError(targets, outputs, width),
        byColumn((pairs) => mean(pairs.map(([y, a]) => Math.abs(y - a)))),
        1e-9,
      );
      const wanted = byColumn((pairs) => {
        const center = mean(pairs.map(([y]) => y));
        const variance = mse(pairs.map(([y]) => [y, center]));
        if (pairs.every(([y]) => y === pairs[0][0])) {
          return mse(pairs) === 0 ? 1 : 0;
        }
        return 1 - mse(pairs) / variance;
      });
      assertNear(r2(targets, outputs, width), wanted, 1e-6);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("errors and R² refuse lengths that don't fit", () => {
  const metrics = [
    ["a mean squared error", meanSquaredError],
    ["a mean absolute error", meanAbsoluteError],
    ["a coefficient of determination", r2],
  ] as const;
  for (const [name, metric] of metrics) {
    const refused = (
      actual: number[],
      predicted: number[],
      width: number,
      why: string,
    ) =>
      assert.throws(
        () => metric(actual, predicted, width),
        new RangeError(`Cannot compute ${name} as ${why}`),
      );
    refused(
      [],
      [],
      1,
      "'actual.length' must be 1 or more: current value is 0",
    );
    refused(
      [1, 2, 3],
      [1, 2, 3],
      2,
      "'actual.length' must be a multiple of 2: current value is 3",
    );
    refused(
      [1, 2],
      [1],
      1,
      "'predicted.length' must be 2 as of 'actual': current value is 1",
    );
    refused(
      [1],
      [1],
      0.5,
      "'width' must be a whole number of 1 or more: current value is 0.5",
    );
  }
});

Deno.test("errors of what is no array of numbers are refused", () => {
  const refused = (actual: unknown, predicted: unknown, why: string) =>
    assert.throws(
      () => r2(actual as number[], predicted as number[]),
      new TypeError(`Cannot compute a coefficient of determination as ${why}`),
    );
  const wanted = "an array or a typed array of numbers";
  refused(
    undefined,
    [1],
    `'actual' must be ${wanted}: current value is undefined`,
  );
  refused([1], null, `'predicted' must be ${wanted}: current value is null`);
  refused("12", [1, 2], `'actual' must be ${wanted}: current value is '12'`);
  refused(
    [1, 2],
    ["1", "2"],
    "'predicted[0]' must be a number: current value is '1'",
  );
  refused(
    [1, , 3],
    [1, 2, 3],
    "'actual[1]' must be a number: current value is undefined",
  );
});
