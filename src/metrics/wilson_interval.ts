import { requireInteger } from "../checks/validate.ts";

/** The 97.5 % quantile of the normal distribution, for intervals of 95 %. */
const Z = 1.959963984540054;

/**
 * Where the true value of a score lies with a confidence of 95 %.
 *
 * @example
 * ```ts
 * import { type Interval, wilsonInterval } from "@lockstep/lockstep";
 *
 * const { low, high }: Interval = wilsonInterval(29, 30);
 * console.log(`${low.toFixed(2)} to ${high.toFixed(2)}`); // 0.83 to 0.99
 * ```
 */
export interface Interval {
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/**
 * The interval of 95 % of a fraction that was counted, as an accuracy: Wilson 1927, "Probable Inference, the Law of
 * Succession, and Statistical Inference". It stays within 0 and 1, and is right for few samples too.
 *
 * @param correct How many samples count.
 * @param samples Of how many, 1 or more.
 *
 * @throws {TypeError} If an argument is not a number.
 * @throws {RangeError} If one is not a whole number, or out of its range.
 *
 * @example
 * ```ts
 * import { wilsonInterval } from "@lockstep/lockstep";
 *
 * console.log(wilsonInterval(30, 30)); // { low: 0.886…, high: 1 }
 * ```
 */
export function wilsonInterval(correct: number, samples: number): Interval {
  const action = "compute an interval";
  requireInteger(action, "samples", samples, 1, Infinity);
  requireInteger(action, "correct", correct, 0, samples);
  const p = correct / samples;
  const scale = 1 + Z * Z / samples;
  const center = (p + Z * Z / (2 * samples)) / scale;
  const half = Z / scale *
    Math.sqrt(p * (1 - p) / samples + (Z / (2 * samples)) ** 2);
  return {
    low: correct === 0 ? 0 : center - half,
    high: correct === samples ? 1 : center + half,
  };
}
