import assert from "node:assert/strict";
import { chooseThreshold, type ThresholdAim } from "../../mod.ts";
import { assertNear } from "../assert_close.ts";
import { BINARY } from "../calibration/reference_samples.ts";

const targets = BINARY.y;
const scores = BINARY.z.map((z) => 1 / (1 + Math.exp(-z)));

/**
 * Of scikit-learn 1.9.1, `precision_recall_curve(y, p)`, of whose thresholds the best is taken: its own is the upper of both
 * probabilities, precision and recall are the same.
 */
const WANTED: readonly (readonly [ThresholdAim, number[], [number, number]])[] =
  [
    [
      "f1",
      [67 / 88, 67 / 85],
      [0.7087380621351539, 0.7224796072834875],
    ],
    [{ recall: 0.9 }, [78 / 118, 78 / 85], [
      0.1705756313125542,
      0.18018919200999736,
    ]],
    [{ precision: 0.8 }, [0.8, 52 / 85], [
      0.9557136672645826,
      0.9571211392194071,
    ]],
    [{ cost: [5, 1] }, [20 / 21, 20 / 85], [
      0.9979579680277599,
      0.9981841659619872,
    ]],
  ];

for (const [aim, [precision, recall], [below, above]] of WANTED) {
  Deno.test(`a threshold by ${JSON.stringify(aim)} is scikit-learn's`, () => {
    const found = chooseThreshold(targets, scores, aim);
    assertNear(found.threshold, (below + above) / 2, 1e-12, "threshold");
    assertNear(found.precision, precision, 1e-12, "precision");
    assertNear(found.recall, recall, 1e-12, "recall");
    const f1 = 2 * precision * recall / (precision + recall);
    assertNear(found.f1, f1, 1e-12, "f1");
  });
}

Deno.test("of equally good thresholds it is that nearest to 0.5; neighbors among the floats are told apart", () => {
  assert.equal(chooseThreshold([0, 1], [0.1, 0.2]).threshold, (0.1 + 0.2) / 2);
  // All of them are right between 0.1 and 0.9.
  assert.equal(chooseThreshold([0, 1, 1], [0.1, 0.9, 1]).threshold, 0.5);
  // One mistake between 0.2 and 0.4, and one between 0.6 and 0.95.
  const equals = [[0, 1, 0, 1], [0.2, 0.4, 0.6, 0.95]] as const;
  const { threshold } = chooseThreshold(...equals, { cost: [1, 1] });
  assert.equal(threshold, (0.2 + 0.4) / 2);
  const next = 0.5 + 2 ** -53;
  for (const [low, high] of [[0.5, next], [next, next + 2 ** -53]]) {
    const { threshold, f1 } = chooseThreshold([0, 1], [low, high]);
    assert.ok(low < threshold && threshold <= high, `${threshold}`);
    assert.equal(f1, 1);
  }
  // To tell none is cheapest where to find one costs more than to miss it.
  const none = chooseThreshold([0, 1, 0], [0.8, 0.5, 0.6], { cost: [9, 1] });
  assert.deepEqual([none.threshold, none.precision, none.recall], [0.9, 0, 0]);
});

Deno.test("targets and aims that aren't right are refused", () => {
  const refused = (
    message: RegExp,
    name: string,
    ...args: Parameters<typeof chooseThreshold>
  ) => assert.throws(() => chooseThreshold(...args), { name, message });
  refused(/'targets' must be of positive and of other/, "RangeError", [1], [1]);
  refused(/'scores\.length' must be 2 /, "RangeError", [0, 1], [0.1]);
  refused(/'scores\[1\]' must be from 0 to 1/, "RangeError", [0, 1], [0, 2]);
  const aims = [
    [{ recall: 2 }, "RangeError", /'recall' must be a number from 0 to 1/],
    [{ cost: [0, 1] }, "RangeError", /'cost\[0\]' must be/],
    [{ cost: [1] }, "TypeError", /'cost\[1\]' must be/],
    ["f2", "TypeError", /'aim' must be 'f1', \{ recall \}/],
    [{ recall: 1, precision: 1 }, "TypeError", /'aim' must be/],
  ] as const;
  for (const [aim, name, message] of aims) {
    refused(message, name, [0, 1], [0.2, 0.1], aim as ThresholdAim);
  }
  refused(/no threshold has the precision/, "RangeError", [0, 1], [0.2, 0.1], {
    precision: 0.9,
  });
});
