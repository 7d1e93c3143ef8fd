import { exp, log1p } from "./functions";
import { lanesInUse, sumLanes } from "./lanes";
import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const ZERO: v128 = f32x4.splat(0);
const ONE: v128 = f32x4.splat(1);
const HALF: v128 = f32x4.splat(0.5);
const SIGN_BIT: v128 = f32x4.splat(-0.0);

/** See LOSSES.binaryCrossEntropy. All terms are of one sign: |z| times the part of the target on the other side, and ln(1 + e^-|z|). */
export function binaryCrossEntropy(
  z: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    let sum = ZERO;
    for (let row = 0; row < outputs; row += 4) {
      const at = column + floatBytes(row);
      const logit = v128.load(z + at);
      const target = v128.load(y + at);
      const magnitude = f32x4.abs(logit);
      const missed = v128.bitselect(
        f32x4.sub(ONE, target),
        target,
        f32x4.gt(logit, ZERO),
      );
      const loss = f32x4.add(
        f32x4.mul(magnitude, missed),
        log1p(exp(v128.xor(magnitude, SIGN_BIT))),
      );
      sum = f32x4.add(sum, v128.and(loss, lanesInUse(row, outputs)));
    }
    f32.store(result + floatBytes(s), sumLanes(sum));
  }
}

/** See LOSSES.halfSquaredError. */
export function halfSquaredError(
  a: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    let sum = f32x4.splat(0);
    for (let row = 0; row < outputs; row += 4) {
      const at = column + floatBytes(row);
      const error = v128.and(
        f32x4.sub(v128.load(a + at), v128.load(y + at)),
        lanesInUse(row, outputs),
      );
      sum = f32x4.add(sum, f32x4.mul(error, error));
    }
    f32.store(result + floatBytes(s), <f32> 0.5 * sumLanes(sum));
  }
}

/** See LOSSES.huber. With c = min(|d|, 1), both of its cases are c·(|d| - ½c). */
export function huber(
  a: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    let sum = f32x4.splat(0);
    for (let row = 0; row < outputs; row += 4) {
      const at = column + floatBytes(row);
      const error = f32x4.abs(v128.and(
        f32x4.sub(v128.load(a + at), v128.load(y + at)),
        lanesInUse(row, outputs),
      ));
      const cut = f32x4.pmin(error, ONE);
      const rest = f32x4.sub(error, f32x4.mul(HALF, cut));
      sum = f32x4.add(sum, f32x4.mul(cut, rest));
    }
    f32.store(result + floatBytes(s), sumLanes(sum));
  }
}

/** See Kernels.absoluteError. */
export function absoluteError(
  a: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    let sum = f32x4.splat(0);
    for (let row = 0; row < outputs; row += 4) {
      const at = column + floatBytes(row);
      const error = v128.and(
        f32x4.sub(v128.load(a + at), v128.load(y + at)),
        lanesInUse(row, outputs),
      );
      sum = f32x4.add(sum, f32x4.abs(error));
    }
    f32.store(result + floatBytes(s), sumLanes(sum));
  }
}

/** The row of the largest of `count` floats, the first of equals; -1 where one is NaN. */
function largest(values: usize, count: i32): i32 {
  let row = 0;
  let best = f32.load(values);
  if (best != best) return -1;
  for (let r = 1; r < count; r++) {
    const value = f32.load(values + floatBytes(r));
    if (value <= best) continue;
    if (value != value) return -1;
    best = value;
    row = r;
  }
  return row;
}

/** See Kernels.correct. */
export function correct(
  a: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    const isCorrect =
      largest(a + column, outputs) == largest(y + column, outputs);
    f32.store(result + floatBytes(s), isCorrect ? 1 : 0);
  }
}

/** See Kernels.correctLabels. */
export function correctLabels(
  a: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    let correct = 0;
    for (let row = 0; row < outputs; row++) {
      const at = column + floatBytes(row);
      const p = f32.load(a + at);
      if (f32.load(y + at) >= 0.5 ? p >= 0.5 : p < 0.5) correct++;
    }
    f32.store(result + floatBytes(s), <f32> correct / <f32> outputs);
  }
}
