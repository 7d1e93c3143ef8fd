/**
 * Functions of which the last bits differ from one JavaScript engine to the next, and between builds of one. These are made
 * of additions and multiplications, which are the same everywhere, so that rates and weights are, too.
 */

/** A power with an exponent of 0, 1, 2, … */
export function power(base: number, exponent: number): number {
  let product = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product *= square;
    square *= square;
  }
  return product;
}

/** Terms of the cosine's series: the next one is less than 1e-19. */
const TERMS = 12;

/** The cosine of `fraction · π`, for fractions from 0 to 1. */
export function cosineOfPi(fraction: number): number {
  if (fraction > 0.5) return -cosineOfPi(1 - fraction);
  const square = (Math.PI * fraction) * (Math.PI * fraction);
  // From the least term on: 1 - x²/2 · (1 - x²/12 · (…)).
  let sum = 1;
  for (let n = 2 * TERMS; n > 0; n -= 2) {
    sum = 1 - square / (n * (n - 1)) * sum;
  }
  return sum;
}
