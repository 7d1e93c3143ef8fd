import assert from "node:assert/strict";
import fc from "fast-check";
import { kFold, parseCsv, samplesFrom } from "../../mod.ts";
import { holdOut } from "../../src/choosing/folds.ts";

const CASES = fc.record({
  labels: fc.array(fc.nat(3), { minLength: 6, maxLength: 60 }),
  folds: fc.integer({ min: 2, max: 6 }),
  seed: fc.nat(),
});

function samplesWith(labels: readonly number[]) {
  const all = [...labels, 0, 1];
  return samplesFrom({ x: all.map((label) => [label]), labels: all });
}

/** How often each value comes. */
function countsOf(values: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

Deno.test("folds are disjoint, cover all, and give each class its share to within one", () => {
  fc.assert(fc.property(CASES, ({ labels, folds, seed }) => {
    const samples = samplesWith(labels);
    const parts = [...kFold(samples, { folds, seed, repeats: 2 })];
    assert.equal(parts.length, 2 * folds);
    for (const repeat of [0, 1]) {
      const own = parts.filter((part) => part.repeat === repeat);
      const tested = own.flatMap(({ test }) => [...test]);
      const all = Array.from({ length: samples.count }, (_, at) => at);
      assert.deepEqual(tested.toSorted((a, b) => a - b), all);
      for (const { train, test } of own) {
        assert.deepEqual([...train, ...test].sort((a, b) => a - b), all);
      }
      for (const label of new Set(samples.x)) {
        const counts = own.map(({ test }) =>
          countsOf([...test].map((at) => samples.x[at])).get(label) ?? 0
        );
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, `${counts}`);
      }
      const sizes = own.map(({ test }) => test.length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
    }
  }));
});

Deno.test("no group is in two folds, nor on both sides of what is held back", () => {
  fc.assert(fc.property(CASES, ({ labels, folds, seed }) => {
    // Seven groups at least.
    const groups = [...labels, 4, 5, 6, 7, 8, 9, 10];
    const samples = samplesFrom({ x: groups.map(() => [0]), y: groups });
    const parts = [...kFold(samples, { folds, seed, groups })];
    const where = parts.flatMap(({ test, fold }) =>
      [...new Set([...test].map((at) => groups[at]))].map(() => fold)
    );
    assert.equal(where.length, new Set(groups).size);
    assert.ok(parts.every(({ test }) => test.length > 0));
    const constraints = {
      count: groups.length,
      classes: undefined,
      groups: Int32Array.from(groups),
    };
    const { train, test } = holdOut("try", "holdout", constraints, 0.3, seed);
    assert.equal(train.length + test.length, groups.length);
    const left = new Set([...train].map((at) => groups[at])).size;
    assert.ok(
      left > 0 &&
        (test.length >= Math.round(0.3 * groups.length) || left === 1),
    );
    const held = new Set([...test].map((at) => groups[at]));
    assert.ok([...train].every((at) => !held.has(groups[at])));
  }));
});

Deno.test("the largest group comes first, and one of two is left however large the other is", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const groups = [0, 1, 2, 3, 4, 4, 4, 4];
    const samples = samplesFrom({ x: groups.map(() => [0]), y: groups });
    for (const { test } of kFold(samples, { folds: 2, seed, groups })) {
      assert.equal(test.length, 4);
    }
    const two = Int32Array.of(0, 1, 1, 1, 1, 1, 1);
    const constraints = { count: 7, classes: undefined, groups: two };
    const { train } = holdOut("try", "holdout", constraints, 0.5, seed);
    assert.ok(train.length === 1 || train.length === 6, `${train.length}`);
  }
});

Deno.test("the seed and the repeat make the folds, and both columns of a table do", async () => {
  const rows = Array.from(
    { length: 12 },
    (_, at) => `${at},${at % 3},p${at % 4}`,
  );
  const table = await parseCsv(`size,kind,who\n${rows.join("\n")}\n`);
  const tested = (options: object) =>
    [...kFold(table, { folds: 3, ...options })].map(({ test }) => `${test}`);
  assert.deepEqual(tested({ seed: 5 }), tested({ seed: 5 }));
  assert.notDeepEqual(tested({ seed: 5 }), tested({ seed: 6 }));
  const twice = tested({ repeats: 2 });
  assert.notDeepEqual(twice.slice(0, 3), twice.slice(3));
  for (const { test } of kFold(table, { folds: 4, stratify: "kind" })) {
    assert.deepEqual([...test].map((at) => at % 3).sort(), [0, 1, 2]);
  }
  for (const { test } of kFold(table, { folds: 4, groups: "who" })) {
    assert.equal(new Set([...test].map((at) => at % 4)).size, 1);
  }
});

Deno.test("what can't be folded is refused", () => {
  const samples = samplesFrom({ x: [[1], [2], [3]], y: [1, 2, 3] });
  const fails = (options: object, error: object) =>
    assert.throws(() => [...kFold(samples, options)], error);
  fails({ folds: 4 }, {
    name: "RangeError",
    message: /'folds' must be .* 2 to 3: current value is 4/,
  });
  fails({ folds: 1 }, { name: "RangeError", message: /'folds'/ });
  fails({ n_splits: 3 }, {
    name: "TypeError",
    message: /did you mean 'folds'/,
  });
  fails({ groups: [1, 2] }, {
    name: "RangeError",
    message: /'groups.length' must be 3/,
  });
  fails({ groups: ["a", "a", "a"] }, {
    name: "RangeError",
    message: /2 or more: current value is 1|'folds'/,
  });
  fails({ folds: 2, groups: [1, 2, NaN] }, {
    name: "TypeError",
    message: /groups\[2\]/,
  });
  fails({ folds: 2, groups: [1, 2, 3], stratify: true }, {
    name: "RangeError",
    message: /'stratify' must be left out/,
  });
  fails({ folds: 2, stratify: true }, {
    name: "RangeError",
    message: /targets must be classes/,
  });
});
