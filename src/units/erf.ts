/**
 * The error function in float64, by a series all of whose terms have one sign (Abramowitz and Stegun 7.1.6):
 * `2/√π · e^(-x²) · Σ 2ⁿ·x^(2n+1) / (1·3·…·(2n+1))`.
 *
 * @example
 * ```ts
 * import { erf } from "./erf.ts";
 *
 * erf(1); // 0.842700792949715
 * ```
 */
export function erf(x: number): number {
  // From here on it is ±1 in float64.
  if (Math.abs(x) >= 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}
