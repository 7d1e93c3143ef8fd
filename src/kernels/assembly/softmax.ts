import { exp, log } from "./functions";
import { lanesInUse, maxLanes, sumLanes } from "./lanes";
import { floatBytes } from "./layout";

// Globals for the reason given in functions.ts.
const ZERO: v128 = f32x4.splat(0);
const LOWEST: v128 = f32x4.splat(-Infinity);

/** The largest of `count` floats in every lane; NaN if one of them is. */
// @ts-ignore: decorator
@inline
function largest(values: usize, count: i32): v128 {
  let most = LOWEST;
  for (let row = 0; row < count; row += 4) {
    const x = v128.load(values + floatBytes(row));
    most = f32x4.max(
      most,
      v128.bitselect(x, LOWEST, lanesInUse(row, count)),
    );
  }
  return maxLanes(most);
}

/** See Kernels.softmax. */
export function softmax(
  z: usize,
  a: usize,
  ld: i32,
  rows: i32,
  from: i32,
  to: i32,
): void {
  for (let s = from; s < to; s++) {
    const column = (<usize> s) * floatBytes(ld);
    const most = largest(z + column, rows);
    let sum = ZERO;
    for (let row = 0; row < rows; row += 4) {
      const at = column + floatBytes(row);
      const e = v128.and(
        exp(f32x4.sub(v128.load(z + at), most)),
        lanesInUse(row, rows),
      );
      sum = f32x4.add(sum, e);
      v128.store(a + at, e);
    }
    const total = f32x4.splat(sumLanes(sum));
    for (let row = 0; row < rows; row += 4) {
      const at = a + column + floatBytes(row);
      // Once more, as 0 over a sum of NaN isn't 0.
      v128.store(
        at,
        v128.and(f32x4.div(v128.load(at), total), lanesInUse(row, rows)),
      );
    }
    for (let row = (rows + 3) & ~3; row < ld; row += 4) {
      v128.store(a + column + floatBytes(row), ZERO);
    }
  }
}

/** See LOSSES.crossEntropy. All terms are of one sign: Σ y·(max - z) + Σy · ln Σ e^(z - max). */
export function crossEntropy(
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
    const most = largest(z + column, outputs);
    let sum = ZERO;
    let targets = ZERO;
    let gaps = ZERO;
    for (let row = 0; row < outputs; row += 4) {
      const at = column + floatBytes(row);
      const mask = lanesInUse(row, outputs);
      const target = v128.and(v128.load(y + at), mask);
      const logit = v128.load(z + at);
      const gap = v128.and(f32x4.sub(most, logit), mask);
      sum = f32x4.add(sum, v128.and(exp(f32x4.sub(logit, most)), mask));
      targets = f32x4.add(targets, target);
      gaps = f32x4.add(gaps, f32x4.mul(target, gap));
    }
    const logarithm = f32x4.extract_lane(
      log(f32x4.splat(sumLanes(sum))),
      0,
    );
    f32.store(
      result + floatBytes(s),
      sumLanes(gaps) + sumLanes(targets) * logarithm,
    );
  }
}
