/** Fits a calibration to samples that a network didn't learn from. */
import { inSlices } from "../slices/in_slices.ts";
import { LOSSES, lossesOf } from "../units/losses.ts";
import type { OutputName } from "../units/outputs.ts";
import { calibrateLogits, outputsOfLogits } from "./apply_calibration.ts";
import {
  type Calibration,
  type CalibrationMethod,
  curvesOf,
} from "./calibration.ts";
import { fitPlatt, fitTemperature, type LogitSamples } from "./fit_affine.ts";
import { fitIsotonic } from "./fit_isotonic.ts";

/** Values between two looks at the clock. */
const SLICE_VALUES = 2_000;

/**
 * The result of {@linkcode Mlp.calibrate}.
 *
 * @example
 * ```ts
 * import { type FittedCalibration, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0], [1], [2], [3]], labels: [0, 1, 0, 1] });
 * await using mlp = new Mlp({ layers: [1, 2] });
 * const fitted: FittedCalibration = await mlp.calibrate(samples, { method: "platt" });
 * console.log(fitted.calibration.method, fitted.after <= fitted.before); // platt, true
 * ```
 */
export interface FittedCalibration {
  /** The calibration, which the network keeps. */
  readonly calibration: Calibration;
  /** Mean log loss of a sample without the calibration, in nats; for sigmoids, the sum over the outputs. */
  readonly before: number;
  /** The same with the calibration; never more. */
  readonly after: number;
}

/** Values of one output alone. */
function column(
  values: ArrayLike<number>,
  width: number,
  output: number,
): Float64Array {
  return Float64Array.from(
    { length: values.length / width },
    (_, s) => values[s * width + output],
  );
}

/** The mean over the samples of the log loss, of logits: of sigmoids the sum over the outputs. */
async function logLossOf(
  { z, y, width }: LogitSamples,
  output: OutputName,
): Promise<number> {
  const { sample } = LOSSES[lossesOf(output)[0]];
  let sum = 0;
  await inSlices(z.length / width, sliceOf(width), (from, to) => {
    for (let first = from * width; first < to * width; first += width) {
      const end = first + width;
      sum += sample(z.subarray(first, end), y.subarray(first, end));
    }
  });
  return sum * width / z.length;
}

/** How many samples are computed between two looks at the clock. */
function sliceOf(width: number): number {
  return Math.max(1, Math.floor(SLICE_VALUES / width));
}

/**
 * Fits a calibration. If none lowers the log loss of the samples, it is one that changes nothing.
 *
 * @returns The calibration, with the log loss of the samples before and after.
 */
export async function fitCalibration(
  method: CalibrationMethod,
  output: OutputName,
  samples: LogitSamples,
): Promise<FittedCalibration> {
  const { z, width } = samples;
  const before = await logLossOf(samples, output);
  const calibration = await fitOf(method, output, samples);
  const calibrated = z.slice();
  await inSlices(z.length / width, sliceOf(width), (from, to) => {
    for (let s = from; s < to; s++) {
      const row = calibrated.subarray(s * width, (s + 1) * width);
      calibrateLogits(calibration, output, row);
    }
  });
  const after = await logLossOf({ ...samples, z: calibrated }, output);
  return after < before
    ? { calibration, before, after }
    : { calibration: unchanged(method, output, width), before, after: before };
}

/** A calibration that changes nothing. */
function unchanged(
  method: CalibrationMethod,
  output: OutputName,
  width: number,
): Calibration {
  const all = <T>(length: number, value: T) =>
    Array.from({ length }, () => value);
  if (method === "temperature") return { method, temperature: 1 };
  return method === "platt"
    ? { method, slope: all(width, 1), intercept: all(width, 0) }
    : {
      method,
      curves: all(curvesOf(output, width), { from: [0, 1], to: [0, 1] }),
    };
}

async function fitOf(
  method: CalibrationMethod,
  output: OutputName,
  samples: LogitSamples,
): Promise<Calibration> {
  const { z, y, width } = samples;
  const softmax = output === "softmax";
  if (method === "temperature") {
    const temperature = await fitTemperature(samples, softmax);
    return { method, temperature: Math.fround(temperature) };
  }
  if (method === "isotonic") {
    const p = z.slice();
    for (let first = 0; first < p.length; first += width) {
      outputsOfLogits(output, p.subarray(first, first + width));
    }
    const count = curvesOf(output, width);
    return {
      method,
      curves: Array.from({ length: count }, (_, at) => {
        const of = count < width ? 1 : at;
        return fitIsotonic(column(p, width, of), column(y, width, of));
      }),
    };
  }
  const fits = softmax ? [await fitPlatt(samples)] : await Promise.all(
    Array.from({ length: width }, (_, of) => fitPlatt(asPair(samples, of))),
  );
  const slope = Array.from(
    { length: width },
    (_, at) => Math.fround(fits[softmax ? 0 : at].slope),
  );
  const intercept = softmax
    ? fits[0].intercept
    : fits.map(({ intercept }) => intercept[1]);
  return { method, slope, intercept: intercept.map(Math.fround) };
}

/** One sigmoid as the second of two classes, the logit of the first of which is 0. */
function asPair({ z, y, width }: LogitSamples, output: number): LogitSamples {
  const pair = (
    values: ArrayLike<number>,
    first: (value: number) => number,
  ) => {
    const one = column(values, width, output);
    return Float64Array.from(
      { length: 2 * one.length },
      (_, at) => at % 2 === 1 ? one[at >> 1] : first(one[at >> 1]),
    );
  };
  return { z: pair(z, () => 0), y: pair(y, (value) => 1 - value), width: 2 };
}
