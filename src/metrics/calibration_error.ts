import { requireInteger } from "../checks/validate.ts";
import { inSlices } from "../slices/in_slices.ts";
import {
  requireLabels,
  requireProbabilities,
  requireSamples,
  requireWidth,
} from "./checks.ts";

/** Samples between two looks at the clock. */
const SLICE_SAMPLES = 2000;

/**
 * Computes the expected calibration error: how far confidences are from the fractions of correct predictions. The
 * confidence of a sample is the largest of its probabilities; it decides into which of `bins` bins of equal width the
 * sample falls. The error is the mean over the samples of `|fraction correct - mean confidence|` of their bin, from 0 to
 * 1. From Guo et al. 2017, "On Calibration of Modern Neural Networks", https://arxiv.org/abs/1706.04599, equation 3.
 *
 * @param labels The true class of each sample, from 0.
 * @param outputs Probabilities as from `Mlp.predict`, the same number for each sample; a single one is the probability of
 * class 1.
 * @param bins How many bins, 1 or more. Default: 10
 *
 * @throws {TypeError} If a label, an output or `bins` is not a number.
 * @throws {RangeError} If a label or `bins` is out of its range, an output is not from 0 to 1, there is no sample, or
 * lengths don't fit.
 *
 * @example
 * ```ts
 * import { calibrationError } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * // Sure by 0.75 of all four, and right about three.
 * assert.equal(calibrationError([1, 1, 1, 0], [0.75, 0.75, 0.75, 0.75]), 0);
 * assert.equal(calibrationError([1, 1, 0, 0], [0.75, 0.75, 0.75, 0.75]), 0.25);
 * ```
 */
export function calibrationError(
  labels: ArrayLike<number>,
  outputs: ArrayLike<number>,
  bins = 10,
): number {
  const action = "compute a calibration error";
  const samples = requireSamples(action, "labels", labels, 1);
  const width = requireWidth(action, "outputs", outputs, samples, 1);
  requireInteger(action, "bins", bins, 1, 1e6);
  requireLabels(action, "labels", labels, Math.max(2, width));
  requireProbabilities(action, "outputs", outputs);
  return calibrationBins(labels, outputs, bins).reduce(
    (sum, { correct, confidence }) => sum + Math.abs(correct - confidence),
    0,
  ) / samples;
}

/** Samples whose confidence is in one range. */
export interface CalibrationBin {
  count: number;
  /** How many of them are correct. */
  correct: number;
  /** The sum of their confidences. */
  confidence: number;
}

/** The bins of {@linkcode calibrationError}, of arguments that are right. */
export function calibrationBins(
  labels: ArrayLike<number>,
  outputs: ArrayLike<number>,
  bins: number,
): CalibrationBin[] {
  const [found, add] = binning(labels, outputs, bins);
  add(0, labels.length);
  return found;
}

/** The same, while timers and I/O get their turn. */
export async function binsInSlices(
  labels: ArrayLike<number>,
  outputs: ArrayLike<number>,
  bins: number,
): Promise<CalibrationBin[]> {
  const [found, add] = binning(labels, outputs, bins);
  await inSlices(labels.length, SLICE_SAMPLES, add);
  return found;
}

/** Empty bins, and what adds some samples to them. */
function binning(
  labels: ArrayLike<number>,
  outputs: ArrayLike<number>,
  bins: number,
): [CalibrationBin[], (from: number, to: number) => void] {
  const found = Array.from(
    { length: bins },
    () => ({ count: 0, correct: 0, confidence: 0 }),
  );
  const width = outputs.length / labels.length;
  return [found, (from, to) => {
    for (let sample = from; sample < to; sample++) {
      const [label, confidence] = surest(outputs, sample * width, width);
      const bin = found[Math.min(bins - 1, Math.floor(confidence * bins))];
      bin.count++;
      bin.confidence += confidence;
      if (label === labels[sample]) bin.correct++;
    }
  }];
}

/** The class of a sample and its probability. */
function surest(
  outputs: ArrayLike<number>,
  first: number,
  width: number,
): [number, number] {
  if (width === 1) {
    const p = outputs[first];
    return p >= 0.5 ? [1, p] : [0, 1 - p];
  }
  let best = 0;
  for (let at = 1; at < width; at++) {
    if (outputs[first + at] > outputs[first + best]) best = at;
  }
  return [best, outputs[first + best]];
}
