import fc from "fast-check";
import assert from "node:assert/strict";
import {
  accuracy,
  classOf,
  confusionMatrix,
  logLoss,
  topKAccuracy,
} from "../../src/metrics/classification.ts";

function assertNear(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-12, `${found}, not ${wanted}`);
}

/** Outputs of a few values, so that equals are frequent, and a label for each sample. */
const SCORED = fc.integer({ min: 2, max: 6 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    samples: fc.array(
      fc.record({
        row: fc.array(fc.integer({ min: -2, max: 2 }), {
          minLength: width,
          maxLength: width,
        }),
        label: fc.integer({ min: 0, max: width - 1 }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
  })
);

Deno.test("classOf() takes the first of the largest outputs", () => {
  const outputs = Float32Array.of(
    ...[0, 1, 0],
    ...[0.5, 0.5, 0.2],
    ...[-3, -2, -1],
    ...[0, 0, 0],
  );
  assert.deepEqual(classOf(outputs, 3), Int32Array.of(1, 0, 2, 0));
  fc.assert(
    fc.property(SCORED, ({ width, samples }) => {
      const found = classOf(samples.flatMap(({ row }) => row), width);
      const wanted = samples.map(({ row }) => row.indexOf(Math.max(...row)));
      assert.deepEqual([...found], wanted);
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("classOf() splits a single output at 0.5", () => {
  const below = Math.fround(0.5) - 2 ** -25;
  const outputs = Float32Array.of(0, below, 0.5, 1);
  assert.deepEqual(classOf(outputs, 1), Int32Array.of(0, 0, 1, 1));
});

Deno.test("accuracy() is the fraction of equal classes", () => {
  assert.equal(accuracy([0, 2, 1, 3], Int32Array.of(0, 1, 2, 3)), 0.5);
  assert.equal(accuracy([1, 1], [1, 1]), 1);
  assert.equal(accuracy([1], [0]), 0);
});

Deno.test("topKAccuracy() gives scikit-learn's example, and counts equals in favor", () => {
  const scores = [
    ...[0.5, 0.2, 0.2],
    ...[0.3, 0.4, 0.2],
    ...[0.2, 0.4, 0.3],
    ...[0.7, 0.2, 0.1],
  ];
  assert.equal(topKAccuracy([0, 1, 2, 2], scores, 2), 0.75);
  assert.equal(topKAccuracy([2], [1, 1, 1], 1), 1);
});

Deno.test("topKAccuracy() agrees with ranks in a sorted row", () => {
  fc.assert(
    fc.property(SCORED, fc.nat(), ({ width, samples }, draw) => {
      const k = 1 + draw % width;
      const correct = samples.filter(({ row, label }) =>
        row.toSorted((a, b) => b - a).indexOf(row[label]) < k
      );
      const found = topKAccuracy(
        samples.map(({ label }) => label),
        samples.flatMap(({ row }) => row),
        k,
      );
      assert.equal(found, correct.length / samples.length);
    }),
    { seed: 2, numRuns: 100 },
  );
});

Deno.test("topKAccuracy() never counts a NaN as correct", () => {
  assert.equal(topKAccuracy([1], [NaN, NaN, NaN], 3), 0);
  assert.equal(topKAccuracy([1], [NaN, 0.5, 0.4], 1), 0);
  assert.equal(topKAccuracy([1], [NaN, 0.5, 0.4], 2), 1);
});

Deno.test("confusionMatrix() gives scikit-learn's example: rows are actual, columns predicted", () => {
  assert.deepEqual(
    confusionMatrix([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2], 3),
    [[2, 0, 0], [0, 0, 1], [1, 0, 2]],
  );
});

Deno.test("confusionMatrix() counts what filters count, and its diagonal is the accuracy", () => {
  const one = fc.integer({ min: 0, max: 3 });
  const pairs = fc.array(fc.tuple(one, one), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(pairs, (pairs) => {
      const actual = pairs.map(([a]) => a);
      const predicted = pairs.map(([, p]) => p);
      const matrix = confusionMatrix(actual, predicted, 4);
      let diagonal = 0;
      for (let row = 0; row < 4; row++) {
        diagonal += matrix[row][row];
        for (let column = 0; column < 4; column++) {
          const count = pairs.filter(([a, p]) => a === row && p === column);
          assert.equal(matrix[row][column], count.length);
        }
      }
      assert.equal(accuracy(actual, predicted), diagonal / pairs.length);
    }),
    { seed: 3, numRuns: 100 },
  );
});

Deno.test("logLoss() gives scikit-learn's example", () => {
  const outputs = [0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65];
  const targets = [0, 1, 1, 0, 1, 0, 0, 1];
  assertNear(logLoss(targets, outputs, 2), 0.21616187468057912);
});

Deno.test("logLoss() of one output is that of the two probabilities p and 1 - p", () => {
  assertNear(logLoss([1], [0.25], 1), Math.log(4));
  assertNear(logLoss([0], [0.25], 1), Math.log(4 / 3));
  const fraction = fc.integer({ min: 0, max: 64 }).map((n) => n / 64);
  const pairs = fc.array(fc.tuple(fraction, fraction), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(pairs, (pairs) => {
      const one = logLoss(pairs.map(([, y]) => y), pairs.map(([p]) => p), 1);
      const both = (at: 0 | 1) => pairs.flatMap((p) => [p[at], 1 - p[at]]);
      assertNear(one, logLoss(both(1), both(0), 2));
    }),
    { seed: 4, numRuns: 100 },
  );
});

Deno.test("logLoss() refuses what is no probability", () => {
  for (const bad of [-3, 1.5, Infinity]) {
    assert.throws(() => logLoss([0, 1], [0.5, bad], 2), {
      name: "RangeError",
      message:
        `Cannot compute a log loss as 'outputs[1]' must be from 0 to 1: current value is ${bad}`,
    });
  }
});

Deno.test("logLoss() stays finite where a probability is 0", () => {
  const most = -Math.log(1e-12);
  assertNear(logLoss([1, 0], [0, 1], 2), most);
  assertNear(logLoss([1], [0], 1), most);
  assertNear(logLoss([0, 1], [1, 1], 1), most / 2);
  assert.equal(logLoss([0, 1], [0, 1], 2), 0);
  assert.equal(logLoss([1, 0], [1, 0], 1), 0);
});
