/** From logits to calibrated logits, and from those to probabilities; in float64, sample after sample. */
import type { OutputName } from "../units/outputs.ts";
import type { Calibration, IsotonicCurve } from "./calibration.ts";

/** Probabilities are taken for at least so much, so that their logarithms are finite. */
export const LEAST_PROBABILITY = 1e-12;

/** A mean of float32s of sigmoids is taken to be at least so far from 0 and 1, which is as near to 1 as a float32 can be. */
export const LEAST_ODDS = 2 ** -24;

/** The outputs of a sample, of its logits; in place. */
export function outputsOfLogits(output: OutputName, z: Float64Array): void {
  if (output === "linear") return;
  if (output === "sigmoid") {
    for (const [at, value] of z.entries()) z[at] = 1 / (1 + Math.exp(-value));
    return;
  }
  const most = z.reduce((most, value) => Math.max(most, value), -Infinity);
  let sum = 0;
  for (const [at, value] of z.entries()) sum += z[at] = Math.exp(value - most);
  for (const [at, value] of z.entries()) z[at] = value / sum;
}

/** Logits that have these outputs: of a softmax their logarithms, of a sigmoid their log-odds; in place. */
export function logitsOfOutputs(
  output: OutputName,
  p: Float64Array,
  least = LEAST_PROBABILITY,
): void {
  if (output === "linear") return;
  for (const [at, value] of p.entries()) {
    const most = output === "softmax" ? 1 : 1 - least;
    const kept = Math.min(most, Math.max(least, value));
    p[at] = Math.log(kept) - (output === "softmax" ? 0 : Math.log1p(-kept));
  }
}

/** Calibrates the logits of a sample, in place. */
export function calibrateLogits(
  calibration: Calibration,
  output: OutputName,
  z: Float64Array,
): void {
  switch (calibration.method) {
    case "temperature":
      for (const [at, value] of z.entries()) {
        z[at] = value / calibration.temperature;
      }
      return;
    case "platt": {
      const { slope, intercept } = calibration;
      for (const [at, value] of z.entries()) {
        z[at] = slope[at] * value + intercept[at];
      }
      return;
    }
    case "isotonic":
      outputsOfLogits(output, z);
      follow(calibration.curves, output, z);
      logitsOfOutputs(output, z);
  }
}

/** Brings probabilities to their curves, in place. */
function follow(
  curves: readonly IsotonicCurve[],
  output: OutputName,
  p: Float64Array,
): void {
  if (curves.length < p.length) {
    p[1] = valueAt(curves[0], p[1]);
    p[0] = 1 - p[1];
    return;
  }
  let sum = 0;
  for (const [at, curve] of curves.entries()) {
    sum += p[at] = valueAt(curve, p[at]);
  }
  if (output !== "softmax") return;
  // Where no class is told at all, as with scikit-learn: all are as probable.
  for (const [at, value] of p.entries()) {
    p[at] = sum === 0 ? 1 / p.length : value / sum;
  }
}

/** The value of a curve, with straight lines between its points, and level outside of them. */
export function valueAt({ from, to }: IsotonicCurve, x: number): number {
  // The first point that isn't before x.
  let [low, high] = [0, from.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (from[middle] < x) low = middle + 1;
    else high = middle;
  }
  if (low === from.length) return to[low - 1];
  if (low === 0 || from[low] === x) return to[low];
  const part = (x - from[low - 1]) / (from[low] - from[low - 1]);
  return to[low - 1] + part * (to[low] - to[low - 1]);
}
