import fc from "fast-check";
import assert from "node:assert/strict";
import { rocAuc } from "../../src/metrics/roc_auc.ts";

Deno.test("rocAuc() gives scikit-learn's example, and the ends of its range", () => {
  assert.equal(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75);
  assert.equal(rocAuc([0, 0, 1, 1], [1, 2, 3, 4]), 1);
  assert.equal(rocAuc([1, 1, 0, 0], [1, 2, 3, 4]), 0);
  assert.equal(rocAuc([1, 0, 0, 1, 0], [7, 7, 7, 7, 7]), 0.5);
  assert.equal(rocAuc([0, 1, 1], [-Infinity, Infinity, -Infinity]), 0.75);
  // 0 and -0 are equal.
  assert.equal(rocAuc([1, 0], [0, -0]), 0.5);
});

Deno.test("rocAuc() is the fraction of all pairs in the right order", () => {
  const scored = fc.record({
    score: fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true }),
    ),
    label: fc.integer({ min: 0, max: 1 }),
  });
  const samples = fc.array(scored, { minLength: 2, maxLength: 60 })
    .filter((all) => new Set(all.map(({ label }) => label)).size === 2);
  fc.assert(
    fc.property(samples, (samples) => {
      let [right, pairs] = [0, 0];
      for (const one of samples) {
        for (const zero of samples) {
          if (one.label !== 1 || zero.label !== 0) continue;
          pairs++;
          if (one.score > zero.score) right++;
          if (one.score === zero.score) right += 0.5;
        }
      }
      const found = rocAuc(
        samples.map(({ label }) => label),
        samples.map(({ score }) => score),
      );
      // Ranks and their sums are exact.
      assert.equal(found, right / pairs);
    }),
    { seed: 5, numRuns: 200 },
  );
});

Deno.test("rocAuc() of several classes is the mean of each against the others", () => {
  const labels = [0, 2, 1, 2, 0, 1];
  const scores = [
    ...[0.6, 0.3, 0.1],
    ...[0.2, 0.3, 0.5],
    ...[0.5, 0.4, 0.1],
    ...[0.1, 0.5, 0.4],
    ...[0.3, 0.3, 0.4],
    ...[0.2, 0.6, 0.2],
  ];
  const against = (label: number) =>
    rocAuc(
      labels.map((one) => Number(one === label)),
      scores.filter((_, at) => at % 3 === label),
    );
  // By hand: of the 8 pairs of each class with another, equals counted half.
  assert.deepEqual([0, 1, 2].map(against), [7 / 8, 7 / 8, 7.5 / 8]);
  const mean = (7 / 8 + 7 / 8 + 7.5 / 8) / 3;
  assert.equal(rocAuc(labels, scores), mean);
});

Deno.test("rocAuc() of two columns is that of the second, where they add up to 1", () => {
  const ones = [0.25, 0.5, 0.375, 0.75];
  const both = ones.flatMap((p) => [1 - p, p]);
  assert.equal(rocAuc([0, 0, 1, 1], both), rocAuc([0, 0, 1, 1], ones));
});
