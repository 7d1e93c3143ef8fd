import { WrongValueError } from "../checks/errors.ts";
import {
  requireLabels,
  requireNoNaN,
  requireSamples,
  requireWidth,
} from "./checks.ts";
import { rocArea } from "./roc_curve.ts";

/**
 * Computes the area under the ROC curve: the probability that a sample of class 1 has a larger score than one of class 0,
 * where ties count half; from 0 to 1. Computed from the sum of ranks (Hanley and McNeil 1982,
 * "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve").
 *
 * With several scores for each sample, it is the mean over the classes, each against all others, like scikit-learn's
 * `multi_class="ovr"`.
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
  if (width === 1) return rocArea(labels, scores);
  let sum = 0;
  for (let label = 0; label < width; label++) {
    sum += classArea(labels, scores, width, label);
  }
  return sum / width;
}

/** The area of a class against all others. */
export function classArea(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  width: number,
  label: number,
): number {
  const own = new Uint8Array(labels.length);
  const column = new Float64Array(labels.length);
  for (let s = 0; s < labels.length; s++) {
    own[s] = Number(labels[s] === label);
    column[s] = scores[s * width + label];
  }
  return rocArea(own, column);
}
