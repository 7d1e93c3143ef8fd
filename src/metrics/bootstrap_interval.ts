import { WrongValueError } from "../checks/errors.ts";
import { type Hints, requireOptions } from "../checks/options.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { inSlices } from "../slices/in_slices.ts";
import { Xoshiro128 } from "../units/random.ts";
import type { Interval } from "./wilson_interval.ts";

/** Of the seed, for what is drawn here alone. */
const STREAM = 5;

/** Draws of samples between two looks at the clock. */
const SLICE_DRAWS = 100_000;

const HINTS: Hints = { nboot: "resamples", nresamples: "resamples" };

/**
 * How often and from where {@linkcode bootstrapInterval} draws.
 *
 * @example
 * ```ts
 * import { type BootstrapOptions, bootstrapInterval } from "@lockstep/lockstep";
 *
 * const options: BootstrapOptions = { resamples: 200, seed: 7 };
 * const values = [3, 1, 4, 1, 5];
 * const mean = (order: Int32Array) => order.reduce((sum, at) => sum + values[at], 0) / order.length;
 * console.log(await bootstrapInterval(values.length, mean, options));
 * ```
 */
export interface BootstrapOptions {
  /** How many resamples to draw, 2 or more. Default: 1000 */
  readonly resamples?: number;
  /** Seed of the draws, from 0 to 2³² - 1. Default: 1 */
  readonly seed?: number;
}

/**
 * Computes the 95 % bootstrap interval of any score by the percentile method: from the 2.5 % to the 97.5 % quantile of the
 * score over resamples, each as many samples drawn with replacement. See Efron 1979, "Bootstrap Methods: Another Look at
 * the Jackknife". The same seed gives the same interval. Timers and I/O keep running meanwhile.
 *
 * @param samples How many samples there are, 1 or more.
 * @param score Computes the score of a resample, given by the indices of its samples, from 0.
 *
 * @throws {TypeError} If an option is unknown or of the wrong type.
 * @throws {RangeError} If an option is out of its range, or a score is NaN.
 *
 * @example
 * ```ts
 * import { bootstrapInterval, r2 } from "@lockstep/lockstep";
 *
 * const [actual, predicted] = [[1, 2, 3, 4], [1.1, 1.9, 3.2, 3.8]];
 * const score = (order: Int32Array) =>
 *   r2(Array.from(order, (at) => actual[at]), Array.from(order, (at) => predicted[at]));
 * console.log(await bootstrapInterval(4, score));
 * ```
 */
export async function bootstrapInterval(
  samples: number,
  score: (order: Int32Array) => number,
  options: BootstrapOptions = {},
): Promise<Interval> {
  const action = "compute an interval";
  requireOptions(action, options, ["resamples", "seed"], HINTS);
  const { resamples = 1000, seed = 1 } = options;
  requireInteger(action, "samples", samples, 1, 2 ** 31 - 1);
  requireInteger(action, "resamples", resamples, 2, 1e6);
  requireInteger(action, "seed", seed, 0, 2 ** 32 - 1);
  const random = new Xoshiro128(seed, STREAM);
  const order = new Int32Array(samples);
  const scores = new Float64Array(resamples);
  const slice = Math.max(1, Math.floor(SLICE_DRAWS / samples));
  await inSlices(resamples, slice, (from, to) => {
    for (let at = from; at < to; at++) {
      for (let n = 0; n < samples; n++) order[n] = random.below(samples);
      scores[at] = score(order);
    }
  });
  if (scores.includes(NaN)) {
    throw new WrongValueError(
      wrong(action, "score(order)", "a number", NaN),
    );
  }
  scores.sort();
  return { low: quantile(scores, 0.025), high: quantile(scores, 0.975) };
}

/** Of ascending values, linear between two of them, as NumPy's. */
function quantile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  // Not of two infinities, whose difference is NaN.
  if (sorted[below] === sorted[above]) return sorted[below];
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
