import { log } from "./functions";
import { lanesInUse, sumLanes } from "./lanes";
import { floatBytes } from "./layout";

/** See Kernels.logLoss. */
export function logLoss(
  a: usize,
  y: usize,
  ld: i32,
  outputs: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  const one = f32x4.splat(1);
  const least = f32x4.splat(1e-12);
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    let sum = f32x4.splat(0);
    for (let row = 0; row < outputs; row += 4) {
      const at = column + floatBytes(row);
      const p = v128.load(a + at);
      const target = v128.load(y + at);
      // In this order of arguments, pmax hands on NaN.
      const yes = log(f32x4.pmax(p, least));
      const no = log(f32x4.pmax(f32x4.sub(one, p), least));
      const loss = f32x4.add(
        f32x4.mul(target, yes),
        f32x4.mul(f32x4.sub(one, target), no),
      );
      sum = f32x4.sub(sum, v128.and(loss, lanesInUse(row, outputs)));
    }
    f32.store(result + floatBytes(s), sumLanes(sum));
  }
}

/** See Kernels.squaredLoss. */
export function squaredLoss(
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

/** The row of the largest of `count` floats, the first of equals. */
function largest(values: usize, count: i32): i32 {
  let row = 0;
  let best = f32.load(values);
  for (let r = 1; r < count; r++) {
    const value = f32.load(values + floatBytes(r));
    if (value > best) {
      best = value;
      row = r;
    }
  }
  return row;
}

/** See Kernels.hits. */
export function hits(
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
    const hit = largest(a + column, outputs) == largest(y + column, outputs);
    f32.store(result + floatBytes(s), hit ? 1 : 0);
  }
}

/** See Kernels.labelHits. */
export function labelHits(
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
    let hits = 0;
    for (let row = 0; row < outputs; row++) {
      const at = column + floatBytes(row);
      if ((f32.load(a + at) >= 0.5) == (f32.load(y + at) >= 0.5)) hits++;
    }
    f32.store(result + floatBytes(s), <f32> hits / <f32> outputs);
  }
}
