import { exp } from "./functions";
import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const SIGN_BIT: v128 = f32x4.splat(-0.0);
const TANH_LIMIT: v128 = f32x4.splat(0.625);
const TANH_11: v128 = f32x4.splat(-5.70498872745e-3);
const TANH_9: v128 = f32x4.splat(2.06390887954e-2);
const TANH_7: v128 = f32x4.splat(-5.37397155531e-2);
const TANH_5: v128 = f32x4.splat(1.33314422036e-1);
const TANH_3: v128 = f32x4.splat(-3.33332819422e-1);

/** See Kernels.sigmoid: 1 / (1 + e^-z). */
export function sigmoid(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  const one = f32x4.splat(1);
  while (z < end) {
    const e = exp(v128.xor(v128.load(z), SIGN_BIT));
    v128.store(a, f32x4.div(one, f32x4.add(one, e)));
    z += 16;
    a += 16;
  }
}

/** See Kernels.tanh. Small arguments by the polynomial of Cephes' tanhf, others by 1 - 2 / (e^2|z| + 1). */
export function tanh(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  const one = f32x4.splat(1);
  const two = f32x4.splat(2);
  while (z < end) {
    const x = v128.load(z);
    const magnitude = f32x4.abs(x);
    const square = f32x4.mul(x, x);
    let p = f32x4.relaxed_madd(TANH_11, square, TANH_9);
    p = f32x4.relaxed_madd(p, square, TANH_7);
    p = f32x4.relaxed_madd(p, square, TANH_5);
    p = f32x4.relaxed_madd(p, square, TANH_3);
    const small = f32x4.relaxed_madd(f32x4.mul(p, square), x, x);
    const e = exp(f32x4.add(magnitude, magnitude));
    const large = f32x4.sub(one, f32x4.div(two, f32x4.add(e, one)));
    const sign = v128.and(x, SIGN_BIT);
    const isSmall = f32x4.lt(magnitude, TANH_LIMIT);
    v128.store(a, v128.bitselect(small, v128.or(large, sign), isSmall));
    z += 16;
    a += 16;
  }
}

/** See Kernels.relu. NaN stays NaN. */
export function relu(z: usize, a: usize, count: i32): void {
  const end = z + floatBytes(count);
  const zero = f32x4.splat(0);
  while (z < end) {
    v128.store(a, f32x4.pmax(v128.load(z), zero));
    z += 16;
    a += 16;
  }
}

/** See Kernels.sigmoidDerivative: a·(1 - a). */
export function sigmoidDerivative(
  delta: usize,
  _z: usize,
  a: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  const one = f32x4.splat(1);
  while (a < end) {
    const x = v128.load(a);
    const slope = f32x4.mul(x, f32x4.sub(one, x));
    v128.store(delta, f32x4.mul(v128.load(delta), slope));
    a += 16;
    delta += 16;
  }
}

/** See Kernels.tanhDerivative: 1 - a². */
export function tanhDerivative(
  delta: usize,
  _z: usize,
  a: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  const one = f32x4.splat(1);
  while (a < end) {
    const x = v128.load(a);
    const slope = f32x4.sub(one, f32x4.mul(x, x));
    v128.store(delta, f32x4.mul(v128.load(delta), slope));
    a += 16;
    delta += 16;
  }
}

/** See Kernels.reluDerivative: 1 where a > 0, else 0. */
export function reluDerivative(
  delta: usize,
  _z: usize,
  a: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  const zero = f32x4.splat(0);
  while (a < end) {
    const isPositive = f32x4.gt(v128.load(a), zero);
    v128.store(delta, v128.and(v128.load(delta), isPositive));
    a += 16;
    delta += 16;
  }
}
