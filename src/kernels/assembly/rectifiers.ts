import { exp, expm1, log1p } from "./functions";
import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const ZERO: v128 = f32x4.splat(0);
const ONE: v128 = f32x4.splat(1);
const LEAK: v128 = f32x4.splat(0.01);
const SIGN_BIT: v128 = f32x4.splat(-0.0);

/** See Kernels.leakyRelu. NaN stays NaN. */
export function leakyRelu(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = v128.load(z);
    v128.store(a, f32x4.pmax(f32x4.mul(LEAK, x), x));
    z += 16;
    a += 16;
  }
}

/** See Kernels.elu. NaN stays NaN. */
export function elu(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = v128.load(z);
    v128.store(a, v128.bitselect(x, expm1(x), f32x4.gt(x, ZERO)));
    z += 16;
    a += 16;
  }
}

/** See Kernels.leakyReluDerivative: 1 where a > 0, else 0.01. */
export function leakyReluDerivative(
  delta: usize,
  _z: usize,
  a: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  while (a < end) {
    const isPositive = f32x4.gt(v128.load(a), ZERO);
    const slope = v128.bitselect(ONE, LEAK, isPositive);
    v128.store(delta, f32x4.mul(v128.load(delta), slope));
    a += 16;
    delta += 16;
  }
}

/** See Kernels.eluDerivative: 1 where a > 0, else a + 1, which is e^z. */
export function eluDerivative(
  delta: usize,
  _z: usize,
  a: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  while (a < end) {
    const x = v128.load(a);
    const slope = v128.bitselect(ONE, f32x4.add(x, ONE), f32x4.gt(x, ZERO));
    v128.store(delta, f32x4.mul(v128.load(delta), slope));
    a += 16;
    delta += 16;
  }
}

/** See ACTIVATIONS.softplus: max(z, 0) + ln(1 + e^-|z|). NaN stays NaN. */
export function softplus(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  while (z < end) {
    const x = v128.load(z);
    const rest = log1p(exp(v128.or(x, SIGN_BIT)));
    v128.store(a, f32x4.add(f32x4.pmax(x, ZERO), rest));
    z += 16;
    a += 16;
  }
}

/** See ACTIVATIONS.softplus: 1 - e^-a. */
export function softplusDerivative(
  delta: usize,
  _z: usize,
  a: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  while (a < end) {
    const slope = v128.xor(expm1(v128.xor(v128.load(a), SIGN_BIT)), SIGN_BIT);
    v128.store(delta, f32x4.mul(v128.load(delta), slope));
    a += 16;
    delta += 16;
  }
}
