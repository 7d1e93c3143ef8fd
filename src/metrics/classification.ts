/** How well classes are recognized. Values of samples lie one sample after another, classes are numbers from 0. */
import { WrongValueError } from "../checks/errors.ts";
import { requireInteger } from "../checks/validate.ts";
import {
  requireLabels,
  requireLength,
  requireNoNaN,
  requireNumbers,
  requireProbabilities,
  requireSamples,
} from "./checks.ts";

/** Below this, the argument of a logarithm is cut off. */
const LEAST = 1e-12;

/** Classes of a confusion matrix, which takes their square: 800 MB. */
const MOST_CLASSES = 10_000;

/**
 * The class of each sample: the largest of its outputs, the first of equals. With one output it is 1 from 0.5 on,
 * else 0.
 *
 * @param outputs `samples × width` values.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {RangeError} If there is no sample, `outputs.length` is not a multiple of `width`, or an output is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { classOf } from "./classification.ts";
 *
 * const outputs = Float32Array.of(0.1, 0.7, 0.2, 0.4, 0.2, 0.4);
 * assert.deepEqual([...classOf(outputs, 3)], [1, 0]);
 * ```
 */
export function classOf(
  outputs: ArrayLike<number>,
  width: number,
): Int32Array<ArrayBuffer> {
  requireSamples("find classes", "outputs", outputs, width);
  requireNoNaN("find classes", "outputs", outputs);
  return classOfTargets(outputs, width);
}

/** {@linkcode classOf}, of values that are checked elsewhere: a NaN is larger than no other one. */
export function classOfTargets(
  targets: ArrayLike<number>,
  width: number,
): Int32Array<ArrayBuffer> {
  const samples = requireSamples("find classes", "outputs", targets, width);
  const classes = new Int32Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const first = sample * width;
    let most = first;
    for (let at = first + 1; at < first + width; at++) {
      if (targets[at] > targets[most]) most = at;
    }
    classes[sample] = width > 1 ? most - first : Number(targets[first] >= 0.5);
  }
  return classes;
}

/**
 * The part of the samples whose class is right, from 0 to 1.
 *
 * @param actual The class of each sample, a whole number of 0 or more.
 * @param predicted What was found for it, as from {@linkcode classOf}.
 *
 * @throws {TypeError} If a class is not a number.
 * @throws {RangeError} If a class is not a whole number of 0 or more, there is no sample, or lengths differ.
 */
export function accuracy(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
): number {
  const action = "compute an accuracy";
  const samples = requireSamples(action, "actual", actual);
  requireLength(action, "predicted", predicted, samples, "as of 'actual'");
  requireLabels(action, "actual", actual, Infinity);
  requireLabels(action, "predicted", predicted, Infinity);
  let correct = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (actual[sample] === predicted[sample]) correct++;
  }
  return correct / samples;
}

/**
 * The part of the samples whose class is among the `k` with the largest outputs, from 0 to 1: fewer than `k` outputs
 * are larger than its own, so that equals count in its favor. A NaN counts against it.
 *
 * @param outputs `samples × width` values.
 * @param labels The class of each sample.
 * @param width Outputs of a sample, 2 or more.
 * @param k From 1 to `width`.
 *
 * @throws {TypeError} If a label, `width` or `k` is not a number.
 * @throws {RangeError} If one is out of its range, there is no sample, or lengths don't fit.
 */
export function topKAccuracy(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  width: number,
  k: number,
): number {
  const action = "compute a top-k accuracy";
  requireInteger(action, "width", width, 2, Infinity);
  requireInteger(action, "k", k, 1, width);
  const samples = requireSamples(action, "outputs", outputs, width);
  requireLength(
    action,
    "labels",
    labels,
    samples,
    `for ${samples} samples in outputs`,
  );
  requireLabels(action, "labels", labels, width);
  requireNumbers(action, "outputs", outputs);
  let correct = 0;
  for (let sample = 0; sample < samples; sample++) {
    const first = sample * width;
    const own = outputs[first + labels[sample]];
    let larger = 0;
    for (let at = first; at < first + width; at++) {
      if (!(outputs[at] <= own)) larger++;
    }
    if (larger < k) correct++;
  }
  return correct / samples;
}

/**
 * How many samples of each class were taken for which: row = actual class, column = predicted class.
 *
 * @param actual The class of each sample.
 * @param predicted What was found for it.
 * @param classes How many classes there are, 1 or more.
 *
 * @throws {TypeError} If a class or `classes` is not a number.
 * @throws {RangeError} If a class is not a whole number from 0 to `classes - 1`, there is no sample, or lengths differ.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confusionMatrix } from "./classification.ts";
 *
 * assert.deepEqual(confusionMatrix([0, 0, 1], [0, 1, 1], 2), [[1, 1], [0, 1]]);
 * ```
 */
export function confusionMatrix(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const action = "count confusions";
  requireInteger(action, "classes", classes, 1, MOST_CLASSES);
  const samples = requireSamples(action, "actual", actual);
  requireLength(action, "predicted", predicted, samples, "as of 'actual'");
  requireLabels(action, "actual", actual, classes);
  requireLabels(action, "predicted", predicted, classes);
  const matrix = Array.from(
    { length: classes },
    () => new Array<number>(classes).fill(0),
  );
  for (let sample = 0; sample < samples; sample++) {
    matrix[actual[sample]][predicted[sample]]++;
  }
  return matrix;
}

/**
 * The mean over the samples of `-Σ y·ln p`, as scikit-learn's `log_loss`; with one output the binary cross-entropy
 * `-(y·ln p + (1-y)·ln(1-p))`. Arguments of the logarithms are at least 1e-12, so that a sample costs at most 27.6. In
 * nats, 0 or more.
 *
 * This is not the cost of a training with the loss "binaryCrossEntropy", which takes every one of several outputs as binary, and is
 * computed before the outputs are rounded: `Mlp.evaluate` tells that.
 *
 * @param outputs `samples × width` probabilities p.
 * @param targets `samples × width` values y from 0 to 1, for classes one-hot.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {RangeError} If there is no sample, lengths don't fit, a value is not from 0 to 1, or outputs are all 0 or 1
 * while targets are not, as where the two were swapped.
 */
export function logLoss(
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  width: number,
): number {
  const action = "compute a log loss";
  const samples = requireSamples(action, "outputs", outputs, width);
  requireLength(
    action,
    "targets",
    targets,
    outputs.length,
    "as of 'outputs'",
  );
  const certain = requireProbabilities(action, "outputs", outputs);
  const swapped = !requireProbabilities(action, "targets", targets) && certain;
  if (swapped) {
    throw new WrongValueError(
      `Cannot ${action} as 'outputs' must be probabilities, with 'targets' after them: current value is 0 and 1 alone`,
    );
  }
  const ln = (p: number) => Math.log(Math.max(p, LEAST));
  let sum = 0;
  for (let at = 0; at < outputs.length; at++) {
    const [p, y] = [outputs[at], targets[at]];
    sum -= y * ln(p);
    if (width === 1) sum -= (1 - y) * ln(1 - p);
  }
  return sum / samples;
}

/**
 * The area under the receiver operating characteristic: the probability that a sample of class 1 has a larger score
 * than one of class 0, equals counted half; from 0 to 1. Computed from the sum of ranks (Hanley and McNeil 1982,
 * "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve").
 *
 * @param scores A number for each sample, the larger the more likely class 1.
 * @param labels The class of each sample, 0 or 1.
 *
 * @throws {TypeError} If a label is not a number.
 * @throws {RangeError} If a label is not 0 or 1, a score is NaN, only one class occurs, or lengths differ.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rocAuc } from "./classification.ts";
 *
 * assert.equal(rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 0.75);
 * ```
 */
export function rocAuc(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): number {
  const action = "compute an area under the ROC curve";
  const samples = requireSamples(action, "scores", scores);
  requireLength(action, "labels", labels, samples, "as of 'scores'");
  requireLabels(action, "labels", labels, 2);
  requireNoNaN(action, "scores", scores);
  const ones = Array.from(labels).filter((label) => label === 1).length;
  const zeros = samples - ones;
  if (ones === 0 || zeros === 0) {
    throw new WrongValueError(
      `Cannot ${action} as 'labels' must be of both classes: current value is ${
        labels[0]
      } alone`,
    );
  }
  const order = Array.from(labels, (_, sample) => sample);
  // Of equal infinities the difference is NaN, which sort() takes as 0.
  order.sort((a, b) => scores[a] - scores[b]);
  let rankSum = 0;
  for (let from = 0, to = 0; from < samples; from = to) {
    let onesOfEquals = 0;
    while (to < samples && scores[order[to]] === scores[order[from]]) {
      onesOfEquals += labels[order[to++]];
    }
    // Equals share the mean of their ranks, from + 1 to `to`.
    rankSum += onesOfEquals * (from + 1 + to) / 2;
  }
  return (rankSum - ones * (ones + 1) / 2) / (ones * zeros);
}
