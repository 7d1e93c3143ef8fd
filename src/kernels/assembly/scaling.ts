import { sumLanes } from "./lanes";
import { floatBytes } from "./layout";

/** See Kernels.scale. */
export function scale(values: usize, count: i32, factor: f32): void {
  const end = values + floatBytes(count);
  const factors = f32x4.splat(factor);
  while (values < end) {
    v128.store(values, f32x4.mul(v128.load(values), factors));
    values += 16;
  }
}

/** See Kernels.add. */
export function add(values: usize, others: usize, count: i32): void {
  const end = values + floatBytes(count);
  while (values < end) {
    v128.store(values, f32x4.add(v128.load(values), v128.load(others)));
    values += 16;
    others += 16;
  }
}

/** See Kernels.scaleColumns. */
export function scaleColumns(
  values: usize,
  ld: i32,
  weights: usize,
  factor: f32,
  from: i32,
  to: i32,
): void {
  if (weights == 0) {
    scale(values + (<usize> from) * floatBytes(ld), (to - from) * ld, factor);
    return;
  }
  for (let s = from; s < to; s++) {
    const weight = f32.load(weights + floatBytes(s));
    scale(values + (<usize> s) * floatBytes(ld), ld, factor * weight);
  }
}

/** See Kernels.weighResults. */
export function weighResults(
  result: usize,
  weights: usize,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const at = result + floatBytes(s);
    f32.store(at, f32.load(at) * f32.load(weights + floatBytes(s)));
  }
}

/** See Kernels.columnSquares. */
export function columnSquares(
  grad: usize,
  ld: i32,
  result: usize,
  from: i32,
  to: i32,
): void {
  for (let column = from; column < to; column++) {
    let read = grad + (<usize> column) * floatBytes(ld);
    const end = read + floatBytes(ld);
    let sum = f32x4.splat(0);
    while (read < end) {
      const g = v128.load(read);
      sum = f32x4.add(sum, f32x4.mul(g, g));
      read += 16;
    }
    f32.store(result + floatBytes(column), sumLanes(sum));
  }
}
