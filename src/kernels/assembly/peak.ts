/**
 * The ceiling for every product: `rounds` times 12 independent multiply-adds of four floats in registers, 96
 * operations a round. Returns a number that depends on all of them, so that none is optimized away.
 */
export function peak(rounds: i32): f32 {
  const x = f32x4.splat(0.5);
  const y = f32x4.splat(<f32> rounds);
  let c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x;
  let d0 = x, d1 = x, d2 = x, d3 = x, d4 = x, d5 = x;
  for (; rounds > 0; rounds--) {
    c0 = f32x4.relaxed_madd(x, y, c0);
    c1 = f32x4.relaxed_madd(x, y, c1);
    c2 = f32x4.relaxed_madd(x, y, c2);
    c3 = f32x4.relaxed_madd(x, y, c3);
    c4 = f32x4.relaxed_madd(x, y, c4);
    c5 = f32x4.relaxed_madd(x, y, c5);
    d0 = f32x4.relaxed_madd(x, y, d0);
    d1 = f32x4.relaxed_madd(x, y, d1);
    d2 = f32x4.relaxed_madd(x, y, d2);
    d3 = f32x4.relaxed_madd(x, y, d3);
    d4 = f32x4.relaxed_madd(x, y, d4);
    d5 = f32x4.relaxed_madd(x, y, d5);
  }
  c0 = f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3));
  c4 = f32x4.add(f32x4.add(c4, c5), f32x4.add(d0, d1));
  d2 = f32x4.add(f32x4.add(d2, d3), f32x4.add(d4, d5));
  return f32x4.extract_lane(f32x4.add(f32x4.add(c0, c4), d2), 0);
}
