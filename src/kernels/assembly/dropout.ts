import { floatBytes } from "./layout";

/** 2^32 over the golden ratio, so that keys of zero are no fixed point. */
const GOLDEN: v128 = i32x4.splat(0x9e3779b9);

const MIX_1: v128 = i32x4.splat(0x85ebca6b);
const MIX_2: v128 = i32x4.splat(0xc2b2ae35);

const LANES: v128 = i32x4(0, 1, 2, 3);

/** The finalizer of MurmurHash3 by Austin Appleby (public domain): a permutation in which each bit sways all. */
// @ts-ignore: decorator
@inline
function mix(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), MIX_1);
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), MIX_2);
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** See Kernels.dropout. The keys are mixed first, so that neighboring keys don't give shifted patterns. */
export function dropout(
  source: usize,
  target: usize,
  ld: i32,
  from: i32,
  to: i32,
  keyLow: i32,
  keyHigh: i32,
  threshold: i32,
  factor: f32,
): void {
  const high = i32x4.splat(keyHigh);
  const key1 = mix(i32x4.add(mix(v128.xor(high, GOLDEN)), i32x4.splat(keyLow)));
  const key2 = mix(v128.xor(high, key1));
  const thresholds = i32x4.splat(threshold);
  const factors = f32x4.splat(factor);
  // Columns are contiguous, so the counter s·ld + r is the place of a float.
  const last = to * ld;
  for (let c = from * ld; c < last; c += 4) {
    const counter = i32x4.add(i32x4.splat(c), LANES);
    const hash = mix(v128.xor(mix(i32x4.add(counter, key1)), key2));
    const kept = f32x4.mul(v128.load(source + floatBytes(c)), factors);
    v128.store(
      target + floatBytes(c),
      v128.and(kept, i32x4.ge_u(hash, thresholds)),
    );
  }
}
