import assert from "node:assert/strict";
import {
  accuracy,
  classOf,
  confusionMatrix,
  logLoss,
  topKAccuracy,
} from "../../src/metrics/classification.ts";
import { rocAuc } from "../../src/metrics/roc_auc.ts";

/** What can't be computed, and why. */
const DEFECTS: [() => unknown, new () => Error, string][] = [
  [
    () => accuracy(undefined!, [0]),
    TypeError,
    "Cannot compute an accuracy as 'actual' must be an array or a typed array of numbers: current value is undefined",
  ],
  [
    () => accuracy([0], null!),
    TypeError,
    "Cannot compute an accuracy as 'predicted' must be an array or a typed array of numbers: current value is null",
  ],
  [
    () => accuracy([], []),
    RangeError,
    "Cannot compute an accuracy as 'actual.length' must be 1 or more: current value is 0",
  ],
  [
    () => accuracy([1, 2], [1]),
    RangeError,
    "Cannot compute an accuracy as 'predicted.length' must be 2 as of 'actual', one class for each sample: current value is 1",
  ],
  [
    () => accuracy([0, NaN], [0, NaN]),
    RangeError,
    "Cannot compute an accuracy as 'actual[1]' must be the number of a class, as from classOf() or labels: current value is NaN",
  ],
  [
    () => accuracy([0, -1], [0, 1]),
    RangeError,
    "Cannot compute an accuracy as 'actual[1]' must be a whole number of 0 or more: current value is -1",
  ],
  [
    () => accuracy(["cat"] as unknown as number[], [0]),
    TypeError,
    "Cannot compute an accuracy as 'actual[0]' must be a whole number of 0 or more: current value is 'cat'",
  ],
  [
    () => accuracy([[1], [0]] as unknown as number[], [1, 0]),
    TypeError,
    "Cannot compute an accuracy as 'actual[0]' must be a whole number of 0 or more: current value is [1]",
  ],
  // Outputs instead of classes, in both places; one-hot targets instead of classes.
  [
    () => accuracy([0, 1], [0.2, 0.9]),
    RangeError,
    "Cannot compute an accuracy as 'predicted[0]' must be the number of a class, as from classOf() or labels: current value is 0.2",
  ],
  [
    () => accuracy([0.2, 0.9], [0, 1]),
    RangeError,
    "Cannot compute an accuracy as 'actual[0]' must be the number of a class, as from classOf() or labels: current value is 0.2",
  ],
  [
    () => accuracy([0, 1], [0.9, 0.1, 0.2, 0.8]),
    RangeError,
    "Cannot compute an accuracy as 'predicted.length' must be 2 as of 'actual', one class for each sample: current value is 4",
  ],
  [
    () => accuracy([1, 0, 0, 1], [0, 1]),
    RangeError,
    "Cannot compute an accuracy as 'predicted.length' must be 4 as of 'actual', one class for each sample: current value is 2",
  ],
  [
    () => confusionMatrix([0], [0], 1e10),
    RangeError,
    "Cannot count confusions as 'classes' must be a whole number from 1 to 10000: current value is 10000000000",
  ],
  [
    () => confusionMatrix([0], [0], 0),
    RangeError,
    "Cannot count confusions as 'classes' must be a whole number from 1 to 10000: current value is 0",
  ],
  [
    () => confusionMatrix([0], [0], undefined!),
    TypeError,
    "Cannot count confusions as 'classes' must be a whole number from 1 to 10000: current value is undefined",
  ],
  [
    () => confusionMatrix([0, 0.5], [0, 0], 2),
    RangeError,
    "Cannot count confusions as 'actual[1]' must be the number of a class, as from classOf() or labels: current value is 0.5",
  ],
  [
    () => confusionMatrix([0, 0], [0, -1], 2),
    RangeError,
    "Cannot count confusions as 'predicted[1]' must be a whole number from 0 to 1: current value is -1",
  ],
  [
    () => confusionMatrix(["0"] as unknown as number[], [0], 2),
    TypeError,
    "Cannot count confusions as 'actual[0]' must be a whole number from 0 to 1: current value is '0'",
  ],
  [
    () => confusionMatrix([0, 1], [0.9, 0.1, 0.2, 0.8], 2),
    RangeError,
    "Cannot count confusions as 'predicted.length' must be 2 as of 'actual', one class for each sample: current value is 4",
  ],
  [
    () => classOf("0.9" as unknown as number[], 1),
    TypeError,
    "Cannot find classes as 'outputs' must be an array or a typed array of numbers: current value is '0.9'",
  ],
  [
    () => classOf(["0.9", 0.1] as unknown as number[], 2),
    TypeError,
    "Cannot find classes as 'outputs[0]' must be a number: current value is '0.9'",
  ],
  [
    () => classOf([], 2),
    RangeError,
    "Cannot find classes as 'outputs.length' must be 1 or more: current value is 0",
  ],
  [
    () => classOf([1, 2, 3], 2),
    RangeError,
    "Cannot find classes as 'outputs.length' must be a multiple of 2: current value is 3",
  ],
  [
    () => classOf([1], 0),
    RangeError,
    "Cannot find classes as 'width' must be a whole number of 1 or more: current value is 0",
  ],
  [
    () => classOf([1], undefined!),
    TypeError,
    "Cannot find classes as 'width' must be a whole number of 1 or more: current value is undefined",
  ],
  [
    () => classOf([0.1, 0.9, NaN, 0.5], 2),
    RangeError,
    "Cannot find classes as 'outputs[2]' must be a number other than NaN: current value is NaN",
  ],
  [
    () => topKAccuracy([1], ["0.9", "0.1"] as unknown as number[], 1),
    TypeError,
    "Cannot compute a top-k accuracy as 'outputs[0]' must be a number: current value is '0.9'",
  ],
  [
    () => topKAccuracy([0], [1, 2], 3),
    RangeError,
    "Cannot compute a top-k accuracy as 'k' must be a whole number from 1 to 2: current value is 3",
  ],
  [
    () => topKAccuracy([0], [1, 2], undefined!),
    TypeError,
    "Cannot compute a top-k accuracy as 'k' must be a whole number from 1 to 2: current value is undefined",
  ],
  [
    () => topKAccuracy([0], [1], 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'outputs.length' must be 2 or more for each of 1 'labels', which come before 'outputs': current value is 1",
  ],
  [
    () => topKAccuracy([0, 1], [1, 2, 3], 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'outputs.length' must be 2 or more for each of 2 'labels', which come before 'outputs': current value is 3",
  ],
  [
    () => topKAccuracy([2], [1, 2], 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'labels[0]' must be a whole number from 0 to 1: current value is 2",
  ],
  // Swapped; one-hot targets instead of labels.
  [
    () => topKAccuracy([0.1, 0.9], [1], 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'outputs.length' must be 2 or more for each of 2 'labels', which come before 'outputs': current value is 1",
  ],
  [
    () => topKAccuracy([0, 1], [0.1, 0.9], 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'outputs.length' must be 2 or more for each of 2 'labels', which come before 'outputs': current value is 2",
  ],
  [
    () => logLoss([1], ["0.9"] as unknown as number[], 1),
    TypeError,
    "Cannot compute a log loss as 'outputs[0]' must be a number: current value is '0.9'",
  ],
  [
    () => logLoss([1, 0], [0.5, NaN], 2),
    RangeError,
    "Cannot compute a log loss as 'outputs[1]' must be from 0 to 1: current value is NaN",
  ],
  [
    () => logLoss([NaN, 0], [0.5, 0.5], 2),
    RangeError,
    "Cannot compute a log loss as 'targets[0]' must be from 0 to 1: current value is NaN",
  ],
  [
    () => logLoss([0, 2], [0.5, 0.5], 1),
    RangeError,
    "Cannot compute a log loss as 'targets[1]' must be from 0 to 1: current value is 2",
  ],
  [
    () => logLoss([1, 0], [0.5, 0.5], undefined!),
    TypeError,
    "Cannot compute a log loss as 'width' must be a whole number of 1 or more: current value is undefined",
  ],
  // Labels instead of one-hot targets; swapped.
  [
    () => logLoss([0, 1], [0.9, 0.1, 0.2, 0.8], 2),
    RangeError,
    "Cannot compute a log loss as 'outputs.length' must be 2 as of 'targets', which are one-hot for classes: current value is 4",
  ],
  [
    () => logLoss([0.9, 0.1, 0.2, 0.8], [1, 0, 0, 1], 2),
    RangeError,
    "Cannot compute a log loss as 'outputs' must be probabilities, and come after 'targets': current value is 0 and 1 alone",
  ],
  [
    () => rocAuc([0, 1], new BigInt64Array(2) as unknown as number[]),
    TypeError,
    "Cannot compute an area under the ROC curve as 'scores' must be an array or a typed array of numbers: current value is BigInt64Array",
  ],
  [
    () => rocAuc([1, 1], [1, 2]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels' must be of each class from 0 to 1: none is 0",
  ],
  [
    () => rocAuc([0, 1], [1, 2, 3, 4, 5, 6]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels' must be of each class from 0 to 2: none is 2",
  ],
  [
    () => rocAuc([1, 2], [1, 2]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels[1]' must be a whole number from 0 to 1: current value is 2",
  ],
  [
    () => rocAuc([1, 0], [1, NaN]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'scores[1]' must be a number other than NaN: current value is NaN",
  ],
  [
    () => rocAuc([1, 0], [1, 2, 3]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'scores.length' must be one or more for each of 2 'labels', which come before 'scores': current value is 3",
  ],
  // Swapped, with one score for each sample and with two.
  [
    () => rocAuc([0.1, 0.4], [0, 1]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels[0]' must be the number of a class, as from classOf() or labels: current value is 0.1",
  ],
  [
    () => rocAuc([0.1, 0.9, 0.6, 0.4], [1, 0]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'scores.length' must be one or more for each of 4 'labels', which come before 'scores': current value is 2",
  ],
];

for (const [compute, type, message] of DEFECTS) {
  Deno.test(`refused: ${message}`, () => {
    assert.throws(compute, (error: Error) => {
      assert.equal(Object.getPrototypeOf(error.constructor), type);
      assert.equal(error.message, message);
      return true;
    });
  });
}
