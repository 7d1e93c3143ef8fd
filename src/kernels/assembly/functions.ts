// Vectorized exponential and logarithm, after the float versions in Stephen Moshier's Cephes library
// (https://www.netlib.org/cephes/, expf and logf): the same reductions and polynomials.
//
// The constants are globals, as V8 loads a global with one instruction but builds a literal anew in every pass of a
// loop, with three.

const ONE: v128 = f32x4.splat(1);
const HALF: v128 = f32x4.splat(0.5);

/** ln 2 in two parts, the first of which has few bits, so that a small integer times it is exact. */
const LN2_HIGH: v128 = f32x4.splat(0.693359375);
const LN2_LOW: v128 = f32x4.splat(-2.12194440e-4);

const LOG2_E: v128 = f32x4.splat(1.44269504088896341);

/** Where the exponential is cut off: beyond, it is Infinity above and as good as 0 below. */
const EXP_MOST: v128 = f32x4.splat(89);
const EXP_LEAST: v128 = f32x4.splat(-87);

/** 1.5 · 2^23: adding it rounds to an integer, which then stands in the low bits. */
const ROUNDER: v128 = f32x4.splat(12582912);

const EXP_7: v128 = f32x4.splat(1.9875691500e-4);
const EXP_6: v128 = f32x4.splat(1.3981999507e-3);
const EXP_5: v128 = f32x4.splat(8.3334519073e-3);
const EXP_4: v128 = f32x4.splat(4.1665795894e-2);
const EXP_3: v128 = f32x4.splat(1.6666665459e-1);
const EXP_2: v128 = f32x4.splat(5.0000001201e-1);

/** What remains of x beside n · ln 2. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, n: v128): v128 {
  const r = f32x4.relaxed_nmadd(n, LN2_HIGH, x);
  return f32x4.relaxed_nmadd(n, LN2_LOW, r);
}

/** e^r - 1 for |r| of at most ½ ln 2. */
// @ts-ignore: decorator
@inline
function expLessOne(r: v128): v128 {
  let p = f32x4.relaxed_madd(EXP_7, r, EXP_6);
  p = f32x4.relaxed_madd(p, r, EXP_5);
  p = f32x4.relaxed_madd(p, r, EXP_4);
  p = f32x4.relaxed_madd(p, r, EXP_3);
  p = f32x4.relaxed_madd(p, r, EXP_2);
  return f32x4.relaxed_madd(p, f32x4.mul(r, r), r);
}

/** 2^n, given n + ROUNDER: the low bits of the sum on top of the exponent of 1. */
// @ts-ignore: decorator
@inline
function powerOfTwo(shifted: v128): v128 {
  return i32x4.add(i32x4.shl(shifted, 23), ONE);
}

/** e^x for x of at least -87; Infinity from 89 on. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  // In this order of arguments, pmin and pmax hand on NaN.
  x = f32x4.pmax(f32x4.pmin(x, EXP_MOST), EXP_LEAST);
  const shifted = f32x4.relaxed_madd(x, LOG2_E, ROUNDER);
  const r = remainder(x, f32x4.sub(shifted, ROUNDER));
  const p = f32x4.add(expLessOne(r), ONE);
  return f32x4.mul(p, powerOfTwo(shifted));
}

/** e^x - 1 for x of at most 0, with the same relative accuracy near 0. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  x = f32x4.pmax(x, EXP_LEAST);
  const shifted = f32x4.relaxed_madd(x, LOG2_E, ROUNDER);
  const r = remainder(x, f32x4.sub(shifted, ROUNDER));
  // 2^n · e^r - 1. For small x, n is 0, and nothing but the first factor remains.
  const power = powerOfTwo(shifted);
  return f32x4.relaxed_madd(expLessOne(r), power, f32x4.sub(power, ONE));
}

/** The bits of √½. */
const ROOT_HALF: v128 = i32x4.splat(0x3f3504f3);
const MANTISSA: v128 = i32x4.splat(0x007fffff);

const LOG_11: v128 = f32x4.splat(7.0376836292e-2);
const LOG_10: v128 = f32x4.splat(-1.1514610310e-1);
const LOG_9: v128 = f32x4.splat(1.1676998740e-1);
const LOG_8: v128 = f32x4.splat(-1.2420140846e-1);
const LOG_7: v128 = f32x4.splat(1.4249322787e-1);
const LOG_6: v128 = f32x4.splat(-1.6668057665e-1);
const LOG_5: v128 = f32x4.splat(2.0000714765e-1);
const LOG_4: v128 = f32x4.splat(-2.4999993993e-1);
const LOG_3: v128 = f32x4.splat(3.3333331174e-1);

/** ln x for positive normal finite x. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  // Splits x in m · 2^e with m in [√½, √2): the bits of √½ are the zero of the exponent.
  const offset = i32x4.sub(x, ROOT_HALF);
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const mantissa = i32x4.add(v128.and(offset, MANTISSA), ROOT_HALF);
  const m = f32x4.sub(mantissa, ONE);
  const square = f32x4.mul(m, m);
  let p = f32x4.relaxed_madd(LOG_11, m, LOG_10);
  p = f32x4.relaxed_madd(p, m, LOG_9);
  p = f32x4.relaxed_madd(p, m, LOG_8);
  p = f32x4.relaxed_madd(p, m, LOG_7);
  p = f32x4.relaxed_madd(p, m, LOG_6);
  p = f32x4.relaxed_madd(p, m, LOG_5);
  p = f32x4.relaxed_madd(p, m, LOG_4);
  p = f32x4.relaxed_madd(p, m, LOG_3);
  p = f32x4.mul(p, f32x4.mul(m, square));
  p = f32x4.relaxed_madd(e, LN2_LOW, p);
  p = f32x4.relaxed_nmadd(square, HALF, p);
  const result = f32x4.relaxed_madd(e, LN2_HIGH, f32x4.add(m, p));
  // To the lines above, the bits of NaN are those of a number.
  return v128.bitselect(result, x, f32x4.eq(x, x));
}

/** ln(1 + x) for x from 0 to 1, with the same relative accuracy near 0. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const sum = f32x4.add(x, ONE);
  // What the sum lost by rounding, over the slope of the logarithm.
  const lost = f32x4.sub(x, f32x4.sub(sum, ONE));
  return f32x4.add(log(sum), f32x4.div(lost, sum));
}
