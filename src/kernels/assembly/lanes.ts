/** Ones in the lanes of a vector that starts at `row` which hold one of `outputs`: padding counts for nothing. */
// @ts-ignore: decorator
@inline
export function lanesInUse(row: i32, outputs: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(outputs - row));
}

/** The sum of the lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** The largest lane in every lane; NaN if one of them is. */
// @ts-ignore: decorator
@inline
export function maxLanes(x: v128): v128 {
  x = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.max(x, v128.shuffle<f32>(x, x, 1, 0, 3, 2));
}
