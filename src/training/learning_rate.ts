/**
 * The article's rule: before epoch i (0, 1, …) the rate is divided by `1 + decay·i`, so that after many epochs it falls
 * like a Gaussian. Returns the rate of every epoch.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { learningRates } from "./learning_rate.ts";
 *
 * assert.equal(learningRates(0.001, 1e-6, 35)[34], 0.0009994051838157095);
 * ```
 */
export function learningRates(
  initial: number,
  decay: number,
  epochs: number,
): number[] {
  const rates: number[] = [];
  let rate = initial;
  for (let epoch = 0; epoch < epochs; epoch++) {
    rate /= 1 + decay * epoch;
    rates.push(rate);
  }
  return rates;
}
