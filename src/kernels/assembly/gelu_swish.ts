import { exp } from "./functions";
import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const ZERO: v128 = f32x4.splat(0);
const ONE: v128 = f32x4.splat(1);
const SIGN_BIT: v128 = f32x4.splat(-0.0);
const HALF: v128 = f32x4.splat(0.5);

/** 1 / √(2π) */
const DENSITY_AT_ZERO: v128 = f32x4.splat(0.3989422804014327);

// Cephes' erff for arguments within ±1, which is z within ±√2: erf(u) = u · (ERF_1 + ERF_3·u² + …).
const ERF_1: v128 = f32x4.splat(1.128379165726710);
const ERF_3: v128 = f32x4.splat(-3.761262582423300e-1);
const ERF_5: v128 = f32x4.splat(1.128358514861418e-1);
const ERF_7: v128 = f32x4.splat(-2.685381193529856e-2);
const ERF_9: v128 = f32x4.splat(5.188327685732524e-3);
const ERF_11: v128 = f32x4.splat(-8.010193625184903e-4);
const ERF_13: v128 = f32x4.splat(7.853861353153693e-5);
const ROOT_TWO: v128 = f32x4.splat(1.4142135623730951);
/** ½ of √½: makes ½·erf(z/√2) of z. */
const HALF_ROOT_HALF: v128 = f32x4.splat(0.3535533905932738);

// Beyond: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. It is 7.1.26, of erf, in terms of Φ.
const TAIL_P: v128 = f32x4.splat(0.2316419);
const TAIL_1: v128 = f32x4.splat(0.319381530);
const TAIL_2: v128 = f32x4.splat(-0.356563782);
const TAIL_3: v128 = f32x4.splat(1.781477937);
const TAIL_4: v128 = f32x4.splat(-1.821255978);
const TAIL_5: v128 = f32x4.splat(1.330274429);

// Beyond these, a gate is 0 or 1. They keep the infinite from meeting a 0, which would give NaN.
const GELU_LEAST: v128 = f32x4.splat(-12);
const GELU_MOST: v128 = f32x4.splat(12);
const SWISH_LEAST: v128 = f32x4.splat(-100);
const SWISH_SLOPE_LEAST: v128 = f32x4.splat(-80);
const SWISH_SLOPE_MOST: v128 = f32x4.splat(80);

/** φ(x), the density of the normal distribution, given ½x². */
// @ts-ignore: decorator
@inline
function density(halfSquare: v128): v128 {
  return f32x4.mul(DENSITY_AT_ZERO, exp(v128.xor(halfSquare, SIGN_BIT)));
}

/** Φ(x), the normal distribution, given ½x² and φ(x) as well. */
// @ts-ignore: decorator
@inline
function distribution(x: v128, halfSquare: v128, d: v128): v128 {
  const magnitude = f32x4.abs(x);
  const t = f32x4.div(ONE, f32x4.relaxed_madd(TAIL_P, magnitude, ONE));
  let p = f32x4.relaxed_madd(TAIL_5, t, TAIL_4);
  p = f32x4.relaxed_madd(p, t, TAIL_3);
  p = f32x4.relaxed_madd(p, t, TAIL_2);
  p = f32x4.relaxed_madd(p, t, TAIL_1);
  const tail = f32x4.mul(d, f32x4.mul(p, t));
  const large = v128.bitselect(
    tail,
    f32x4.sub(ONE, tail),
    f32x4.lt(x, ZERO),
  );
  let q = f32x4.relaxed_madd(ERF_13, halfSquare, ERF_11);
  q = f32x4.relaxed_madd(q, halfSquare, ERF_9);
  q = f32x4.relaxed_madd(q, halfSquare, ERF_7);
  q = f32x4.relaxed_madd(q, halfSquare, ERF_5);
  q = f32x4.relaxed_madd(q, halfSquare, ERF_3);
  q = f32x4.relaxed_madd(q, halfSquare, ERF_1);
  const small = f32x4.relaxed_madd(f32x4.mul(x, HALF_ROOT_HALF), q, HALF);
  return v128.bitselect(small, large, f32x4.lt(magnitude, ROOT_TWO));
}

/** See Kernels.gelu. NaN stays NaN. */
export function gelu(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = f32x4.pmax(v128.load(z), GELU_LEAST);
    const halfSquare = f32x4.mul(HALF, f32x4.mul(x, x));
    const d = density(halfSquare);
    v128.store(a, f32x4.mul(x, distribution(x, halfSquare, d)));
    z += 16;
    a += 16;
  }
}

/** See Kernels.geluDerivative: Φ(z) + z·φ(z). */
export function geluDerivative(
  delta: usize,
  z: usize,
  _a: usize,
  count: i32,
): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = f32x4.pmax(f32x4.pmin(v128.load(z), GELU_MOST), GELU_LEAST);
    const halfSquare = f32x4.mul(HALF, f32x4.mul(x, x));
    const d = density(halfSquare);
    const slope = f32x4.relaxed_madd(x, d, distribution(x, halfSquare, d));
    v128.store(delta, f32x4.mul(v128.load(delta), slope));
    z += 16;
    delta += 16;
  }
}

/** See Kernels.swish: z / (1 + e^-z). NaN stays NaN. */
export function swish(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = f32x4.pmax(v128.load(z), SWISH_LEAST);
    const e = exp(v128.xor(x, SIGN_BIT));
    v128.store(a, f32x4.div(x, f32x4.add(ONE, e)));
    z += 16;
    a += 16;
  }
}

/** See Kernels.swishDerivative: σ + z·σ·(1 - σ), where 1 - σ is e^-z·σ. */
export function swishDerivative(
  delta: usize,
  z: usize,
  _a: usize,
  count: i32,
): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = f32x4.pmax(
      f32x4.pmin(v128.load(z), SWISH_SLOPE_MOST),
      SWISH_SLOPE_LEAST,
    );
    const e = exp(v128.xor(x, SIGN_BIT));
    const gate = f32x4.div(ONE, f32x4.add(ONE, e));
    const bend = f32x4.mul(f32x4.mul(x, gate), f32x4.mul(e, gate));
    v128.store(delta, f32x4.mul(v128.load(delta), f32x4.add(gate, bend)));
    z += 16;
    delta += 16;
  }
}
