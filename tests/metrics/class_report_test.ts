import fc from "fast-check";
import assert from "node:assert/strict";
import { confusionMatrix } from "../../src/metrics/classification.ts";
import {
  classReport,
  type ClassScores,
} from "../../src/metrics/class_report.ts";

/** The scores with two digits, as scikit-learn shows them. */
function rounded({ precision, recall, f1, support }: ClassScores): string {
  const numbers = [precision, recall, f1].map((value) => value.toFixed(2));
  return `${numbers.join(" ")} ${support}`;
}

Deno.test("classReport() gives scikit-learn's examples", () => {
  const matrix = confusionMatrix([0, 1, 2, 2, 2], [0, 0, 2, 2, 1], 3);
  const report = classReport(matrix, ["class 0", "class 1", "class 2"]);
  assert.deepEqual(report.classes.map((c) => `${c.name}: ${rounded(c)}`), [
    "class 0: 0.50 1.00 0.67 1",
    "class 1: 0.00 0.00 0.00 1",
    "class 2: 1.00 0.67 0.80 3",
  ]);
  assert.equal(report.accuracy, 0.6);
  assert.equal(rounded(report.macro), "0.50 0.56 0.49 5");
  assert.equal(rounded(report.weighted), "0.70 0.60 0.61 5");
});

Deno.test("classReport() counts a class that never occurs and is never predicted as 0", () => {
  const report = classReport([[2, 0], [0, 0]]);
  assert.deepEqual(report, {
    classes: [
      { name: "0", precision: 1, recall: 1, f1: 1, support: 2 },
      { name: "1", precision: 0, recall: 0, f1: 0, support: 0 },
    ],
    macro: { precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
    weighted: { precision: 1, recall: 1, f1: 1, support: 2 },
    accuracy: 1,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

Deno.test("classReport() agrees with counts of true and false positives", () => {
  const one = fc.integer({ min: 0, max: 3 });
  const pairs = fc.array(fc.tuple(one, one), { minLength: 1, maxLength: 40 });
  const near = (found: number, wanted: number) =>
    assert.ok(Math.abs(found - wanted) < 1e-12, `${found}, not ${wanted}`);
  fc.assert(
    fc.property(pairs, (pairs) => {
      const { classes, macro, weighted, accuracy } = classReport(
        confusionMatrix(pairs.map(([a]) => a), pairs.map(([, p]) => p), 4),
      );
      const count = (of: (a: number, p: number) => boolean) =>
        pairs.filter(([a, p]) => of(a, p)).length;
      for (const [at, found] of classes.entries()) {
        const right = count((a, p) => a === at && p === at);
        const wrongly = count((a, p) => a !== at && p === at);
        const missed = count((a, p) => a === at && p !== at);
        const precision = right === 0 ? 0 : right / (right + wrongly);
        const recall = right === 0 ? 0 : right / (right + missed);
        near(found.precision, precision);
        near(found.recall, recall);
        near(
          found.f1,
          right === 0 ? 0 : 2 * precision * recall / (precision + recall),
        );
        assert.equal(found.support, right + missed);
      }
      const f1 = classes.map((scores) => scores.f1);
      near(macro.f1, (f1[0] + f1[1] + f1[2] + f1[3]) / 4);
      let sum = 0;
      for (const [a] of pairs) sum += classes[a].precision;
      near(weighted.precision, sum / pairs.length);
      // Of the weighted mean of recalls, the supports cancel.
      near(weighted.recall, accuracy);
      assert.equal(accuracy, count((a, p) => a === p) / pairs.length);
    }),
    { seed: 1, numRuns: 100 },
  );
});

/** What can't be reported on, and why. */
const DEFECTS: [unknown, string[] | undefined, new () => Error, string][] = [
  [
    [],
    undefined,
    RangeError,
    "'matrix.length' must be 1 or more: current value is 0",
  ],
  [
    [[1, 0], [1]],
    undefined,
    RangeError,
    "'matrix[1].length' must be 2 as of 'matrix': current value is 1",
  ],
  [
    [[1, 0], [1, -1]],
    undefined,
    RangeError,
    "'matrix[1][1]' must be a whole number of 0 or more: current value is -1",
  ],
  [
    [["1"]],
    undefined,
    TypeError,
    "'matrix[0][0]' must be a whole number of 0 or more: current value is '1'",
  ],
  [
    [[0]],
    undefined,
    RangeError,
    "'matrix' must be of 1 sample or more: current value is 0",
  ],
  [
    [[1]],
    ["a", "b"],
    RangeError,
    "'classNames.length' must be 1 as of 'matrix': current value is 2",
  ],
];

for (const [matrix, classNames, type, message] of DEFECTS) {
  Deno.test(`refused: ${message}`, () => {
    assert.throws(
      () => classReport(matrix as number[][], classNames),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), type);
        assert.equal(error.message, `Cannot report on classes as ${message}`);
        return true;
      },
    );
  });
}

Deno.test("a report on what is no matrix, or without names, is refused", () => {
  const any = (value: unknown) => value as never;
  const refused = (run: () => unknown, message: string) =>
    assert.throws(run, new TypeError(`Cannot report on classes as ${message}`));
  const matrix =
    "'matrix' must be rows of counts, as confusionMatrix() returns them";
  refused(
    () => classReport(any(undefined)),
    `${matrix}: current value is undefined`,
  );
  refused(
    () => classReport(any([null, [1]])),
    `${matrix}: current value is [null, [1]]`,
  );
  refused(
    () => classReport([[1]], any([1])),
    "'classNames' must be an array of the names of the classes: current value is [1]",
  );
});
