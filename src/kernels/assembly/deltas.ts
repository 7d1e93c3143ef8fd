import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const ONE: v128 = f32x4.splat(1);
const MINUS_ONE: v128 = f32x4.splat(-1);

/** See Kernels.difference. */
export function difference(
  a: usize,
  y: usize,
  result: usize,
  count: i32,
): void {
  const end = a + floatBytes(count);
  while (a < end) {
    v128.store(result, f32x4.sub(v128.load(a), v128.load(y)));
    a += 16;
    y += 16;
    result += 16;
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
