import { WrongValueError } from "../checks/errors.ts";
import {
  requireLabels,
  requireNoNaN,
  requireSamples,
  requireWidth,
} from "./checks.ts";

/**
 * The area under the receiver operating characteristic: the probability that a sample of class 1 has a larger score
 * than one of class 0, equals counted half; from 0 to 1. Computed from the sum of ranks (Hanley and McNeil 1982,
 * "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve").
 *
 * With several scores for each sample it is that of each class against all others, and of these the mean, as with
 * scikit-learn's `multi_class="ovr"`.
 *
 * @param labels The true class of each sample: 0 or 1, or below the number of scores.
 * @param scores One for each sample, the larger the more likely class 1; or one for each class of each sample, sample after
 * sample, as from `Mlp.predict`.
 *
 * @throws {TypeError} If a label or a score is not a number.
 * @throws {RangeError} If a label is out of its range, a score is NaN, a class doesn't occur, or lengths don't fit.
 *
 * @example
 * ```ts
 * import { rocAuc } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.75);
 * ```
 */
export function rocAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): number {
  const action = "compute an area under the ROC curve";
  const samples = requireSamples(action, "labels", labels, 1);
  const width = requireWidth(action, "scores", scores, samples, 1);
  const classes = Math.max(2, width);
  requireLabels(action, "labels", labels, classes);
  requireNoNaN(action, "scores", scores);
  const present = new Set(Array.from(labels));
  for (let label = 0; label < classes; label++) {
    if (present.has(label)) continue;
    throw new WrongValueError(
      `Cannot ${action} as 'labels' must be of each class from 0 to ${
        classes - 1
      }: none is ${label}`,
    );
  }
  const areaOf = (label: number, column: number) =>
    binaryAuc(
      Uint8Array.from(labels, (one) => one === label ? 1 : 0),
      Float64Array.from({ length: samples }, (_, s) =>
        scores[s * width + column]),
    );
  if (width === 1) return areaOf(1, 0);
  let sum = 0;
  for (let label = 0; label < width; label++) sum += areaOf(label, label);
  return sum / width;
}

/** The area of labels that are 0 or 1, of which both occur, and a score for each. */
function binaryAuc(labels: Uint8Array, scores: Float64Array): number {
  const order = Array.from(labels, (_, sample) => sample);
  // Of equal infinities the difference is NaN, which sort() takes as 0.
  order.sort((a, b) => scores[a] - scores[b]);
  let [ones, rankSum] = [0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    let onesOfEquals = 0;
    while (to < order.length && scores[order[to]] === scores[order[from]]) {
      onesOfEquals += labels[order[to++]];
    }
    ones += onesOfEquals;
    // Equals share the mean of their ranks, from + 1 to `to`.
    rankSum += onesOfEquals * (from + 1 + to) / 2;
  }
  const zeros = order.length - ones;
  return (rankSum - ones * (ones + 1) / 2) / (ones * zeros);
}
