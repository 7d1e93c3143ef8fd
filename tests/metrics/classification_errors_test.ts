import assert from "node:assert/strict";
import {
  accuracy,
  classOf,
  confusionMatrix,
  logLoss,
  rocAuc,
  topKAccuracy,
} from "../../src/metrics/classification.ts";

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
    () => logLoss(["0.9"] as unknown as number[], [1], 1),
    TypeError,
    "Cannot compute a log loss as 'outputs[0]' must be a number: current value is '0.9'",
  ],
  [
    () => topKAccuracy(["0.9", "0.1"] as unknown as number[], [1], 2, 1),
    TypeError,
    "Cannot compute a top-k accuracy as 'outputs[0]' must be a number: current value is '0.9'",
  ],
  [
    () => rocAuc(new BigInt64Array(2) as unknown as number[], [0, 1]),
    TypeError,
    "Cannot compute an area under the ROC curve as 'scores' must be an array or a typed array of numbers: current value is BigInt64Array",
  ],
  [
    () => confusionMatrix([0], [0], 1e10),
    RangeError,
    "Cannot count confusions as 'classes' must be from 1 to 10000: current value is 10000000000",
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
    "Cannot find classes as 'width' must be 1 or more: current value is 0",
  ],
  [
    () => classOf([0.1, 0.9, NaN, 0.5], 2),
    RangeError,
    "Cannot find classes as 'outputs[2]' must be a number other than NaN: current value is NaN",
  ],
  [
    () => accuracy([0, 1], [0.2, 0.9]),
    RangeError,
    "Cannot compute an accuracy as 'predicted[0]' must be a whole number 0 or more: current value is 0.2",
  ],
  [
    () => accuracy([0, NaN], [0, NaN]),
    RangeError,
    "Cannot compute an accuracy as 'actual[1]' must be a whole number 0 or more: current value is NaN",
  ],
  [
    () => accuracy([], []),
    RangeError,
    "Cannot compute an accuracy as 'actual.length' must be 1 or more: current value is 0",
  ],
  [
    () => accuracy([1, 2], [1]),
    RangeError,
    "Cannot compute an accuracy as 'predicted.length' must be 2 as of 'actual': current value is 1",
  ],
  [
    () => topKAccuracy([1, 2], [0], 2, 3),
    RangeError,
    "Cannot compute a top-k accuracy as 'k' must be from 1 to 2: current value is 3",
  ],
  [
    () => topKAccuracy([1], [0], 1, 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'width' must be 2 or more: current value is 1",
  ],
  [
    () => topKAccuracy([1, 2], [0, 1], 2, 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'labels.length' must be 1 for 1 samples in outputs: current value is 2",
  ],
  [
    () => topKAccuracy([1, 2], [2], 2, 1),
    RangeError,
    "Cannot compute a top-k accuracy as 'labels[0]' must be from 0 to 1: current value is 2",
  ],
  [
    () => confusionMatrix([0, 0.5], [0, 0], 2),
    RangeError,
    "Cannot count confusions as 'actual[1]' must be a whole number from 0 to 1: current value is 0.5",
  ],
  [
    () => confusionMatrix([0, 0], [0, -1], 2),
    RangeError,
    "Cannot count confusions as 'predicted[1]' must be from 0 to 1: current value is -1",
  ],
  [
    () => confusionMatrix(["0"] as unknown as number[], [0], 2),
    TypeError,
    "Cannot count confusions as 'actual[0]' must be a whole number from 0 to 1: current value is '0'",
  ],
  [
    () => confusionMatrix([0], [0], 0),
    RangeError,
    "Cannot count confusions as 'classes' must be from 1 to 10000: current value is 0",
  ],
  [
    () => logLoss([0.5, 0.5], [1], 2),
    RangeError,
    "Cannot compute a log loss as 'targets.length' must be 2 as of 'outputs': current value is 1",
  ],
  [
    () => logLoss([0.5, NaN], [1, 0], 2),
    RangeError,
    "Cannot compute a log loss as 'outputs[1]' must be from 0 to 1: current value is NaN",
  ],
  [
    () => logLoss([0.5, 0.5], [NaN, 0], 2),
    RangeError,
    "Cannot compute a log loss as 'targets[0]' must be from 0 to 1: current value is NaN",
  ],
  [
    () => logLoss([0.5, 0.5], [0, 2], 1),
    RangeError,
    "Cannot compute a log loss as 'targets[1]' must be from 0 to 1: current value is 2",
  ],
  [
    () => logLoss([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.8], 2),
    RangeError,
    "Cannot compute a log loss as 'outputs' must be probabilities, with 'targets' after them: current value is 0 and 1 alone",
  ],
  [
    () => rocAuc([1, 2], [1, 1]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels' must be of both classes: current value is 1 alone",
  ],
  [
    () => rocAuc([1, 2], [1, 2]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels[1]' must be from 0 to 1: current value is 2",
  ],
  [
    () => rocAuc([1, NaN], [1, 0]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'scores[1]' must be a number other than NaN: current value is NaN",
  ],
  [
    () => rocAuc([1, 2, 3], [1, 0]),
    RangeError,
    "Cannot compute an area under the ROC curve as 'labels.length' must be 3 as of 'scores': current value is 2",
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
