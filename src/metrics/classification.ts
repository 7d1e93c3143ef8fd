/** How well classes are recognized. Classes are numbers from 0, and outputs lie one sample after another. */
import { WrongValueError } from "../checks/errors.ts";
import { requireInteger } from "../checks/validate.ts";
import {
  requireClassPairs,
  requireLabels,
  requireLength,
  requireNoNaN,
  requireNumbers,
  requireProbabilities,
  requireSamples,
  requireWidth,
} from "./checks.ts";

/** Below this, the argument of a logarithm is cut off. */
const LEAST = 1e-12;

/** Classes of a confusion matrix, which takes their square: 800 MB. */
const MOST_CLASSES = 10_000;

/**
 * Finds the class of each sample: the index of its largest output, the first one of equals. With one output, it is 1 from
 * 0.5, otherwise 0. One-hot targets become classes in the same way.
 *
 * @param outputs `samples × width` values.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {TypeError} If an output or `width` is not a number.
 * @throws {RangeError} If there is no sample, `outputs.length` is not a multiple of `width`, or an output is NaN.
 *
 * @example
 * ```ts
 * import { classOf } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
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

/** {@linkcode classOf} without the check for NaN, of values that were checked before. */
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
 * Computes the fraction of samples whose class is correct, from 0 to 1.
 *
 * @param actual The true class of each sample, a whole number of 0 or more.
 * @param predicted The class that was predicted for it, as from `Mlp.predictClasses` or {@linkcode classOf}.
 *
 * @throws {TypeError} If a class is not a number.
 * @throws {RangeError} If a class is not a whole number of 0 or more, there is no sample, or lengths differ.
 *
 * @example
 * ```ts
 * import { accuracy } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(accuracy([0, 1, 1, 2], [0, 1, 2, 2]), 0.75);
 * ```
 */
export function accuracy(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
): number {
  const action = "compute an accuracy";
  const samples = requireClassPairs(action, actual, predicted, Infinity);
  let correct = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (actual[sample] === predicted[sample]) correct++;
  }
  return correct / samples;
}

/**
 * Computes the fraction of samples whose class is among the `k` with the largest outputs, from 0 to 1. A class counts as
 * correct if fewer than `k` outputs are larger than its own; a NaN never does.
 *
 * @param labels The true class of each sample, from 0.
 * @param outputs Outputs as from `Mlp.predict`, the same number for each sample, 2 or more.
 * @param k From 1 to the outputs of a sample.
 *
 * @throws {TypeError} If a label, an output or `k` is not a number.
 * @throws {RangeError} If a label or `k` is out of its range, there is no sample, or lengths don't fit.
 *
 * @example
 * ```ts
 * import { topKAccuracy } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * const outputs = [0.5, 0.3, 0.2, 0.1, 0.2, 0.7];
 * assert.equal(topKAccuracy([1, 2], outputs, 1), 0.5);
 * assert.equal(topKAccuracy([1, 2], outputs, 2), 1);
 * ```
 */
export function topKAccuracy(
  labels: ArrayLike<number>,
  outputs: ArrayLike<number>,
  k: number,
): number {
  const action = "compute a top-k accuracy";
  const samples = requireSamples(action, "labels", labels, 1);
  const width = requireWidth(action, "outputs", outputs, samples, 2);
  requireInteger(action, "k", k, 1, width);
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
 * Counts how many samples of each class were predicted as which class: the row is the true class, the column the predicted
 * one. `classReport` derives precision, recall and F1 from it.
 *
 * @param actual The true class of each sample.
 * @param predicted The class that was predicted for it, as from `Mlp.predictClasses` or {@linkcode classOf}.
 * @param classes How many classes there are, 1 or more.
 *
 * @throws {TypeError} If a class or `classes` is not a number.
 * @throws {RangeError} If a class is not a whole number from 0 to `classes - 1`, there is no sample, or lengths differ.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
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
  const samples = requireClassPairs(action, actual, predicted, classes);
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
 * Computes the mean over the samples of `-Σ y·ln p`, like scikit-learn's `log_loss`; with one output, the binary cross-
 * entropy `-(y·ln p + (1-y)·ln(1-p))`. Probabilities are clipped to at least 1e-12, so a sample costs at most 27.6. In
 * nats, 0 or more.
 *
 * This differs from the training loss "binaryCrossEntropy", which treats each of several outputs as binary and is computed
 * from logits: `Mlp.evaluate` returns that.
 *
 * @param targets `samples × width` values y from 0 to 1, for classes one-hot, as the `y` of samples.
 * @param outputs `samples × width` probabilities p, as from `Mlp.predict`.
 * @param width Outputs of a sample, 1 or more.
 *
 * @throws {TypeError} If a value is not a number.
 * @throws {RangeError} If there is no sample, lengths don't fit, a value is not from 0 to 1, or outputs are all 0 or 1
 * while targets are not, as where the two were swapped.
 *
 * @example
 * ```ts
 * import { logLoss } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * assert.equal(logLoss([1, 0], [0.25, 0.75], 2), Math.log(4));
 * ```
 */
export function logLoss(
  targets: ArrayLike<number>,
  outputs: ArrayLike<number>,
  width: number,
): number {
  const action = "compute a log loss";
  const samples = requireSamples(action, "targets", targets, width);
  requireLength(
    action,
    "outputs",
    outputs,
    targets.length,
    "as of 'targets', which are one-hot for classes",
  );
  const soft = !requireProbabilities(action, "targets", targets);
  const certain = requireProbabilities(action, "outputs", outputs);
  if (soft && certain) {
    throw new WrongValueError(
      `Cannot ${action} as 'outputs' must be probabilities, and come after 'targets': current value is 0 and 1 alone`,
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
