import { lanesInUse, sumLanes } from "./lanes";
import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const ONE: v128 = f32x4.splat(1);
const MINUS_ONE: v128 = f32x4.splat(-1);
const HALF: v128 = f32x4.splat(0.5);

/** See Kernels.huberLoss. With c = min(|d|, 1), both of its cases are c·(|d| - ½c). */
export function huberLoss(
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

/** See Kernels.clampedDifference. NaN stays NaN. */
export function clampedDifference(
  a: usize,
  y: usize,
  result: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  while (a < end) {
    const error = f32x4.sub(v128.load(a), v128.load(y));
    v128.store(result, f32x4.pmin(f32x4.pmax(error, MINUS_ONE), ONE));
    a += 16;
    y += 16;
    result += 16;
  }
}
