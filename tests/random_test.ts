import assert from "node:assert/strict";
import { Xoshiro128 } from "../src/random.ts";

/** xoshiro128** 1.1 and SplitMix32 again, in BigInt, from their published definitions. */
function* independent(seed: bigint, stream: bigint): Generator<bigint> {
  const mask = 0xffff_ffffn;
  const golden = 0x9e37_79b9n;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  let state = (seed + 4n * stream * golden) & mask;
  const s: bigint[] = [];
  for (let at = 0; at < 4; at++) {
    state = (state + golden) & mask;
    let z = state;
    z = ((z ^ (z >> 16n)) * 0x85eb_ca6bn) & mask;
    z = ((z ^ (z >> 13n)) * 0xc2b2_ae35n) & mask;
    s.push(z ^ (z >> 16n));
  }
  while (true) {
    yield (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

Deno.test("Xoshiro128 agrees with an implementation in BigInt, for several seeds and streams", () => {
  for (const [seed, stream] of [[0, 0], [1, 0], [1, 1], [0xffff_ffff, 7]]) {
    const random = new Xoshiro128(seed, stream);
    const wanted = independent(BigInt(seed), BigInt(stream));
    for (let draw = 0; draw < 1000; draw++) {
      assert.equal(random.nextUint32(), Number(wanted.next().value));
    }
  }
});

Deno.test("Xoshiro128 gives the reference output for the state 1, 2, 3, 4", () => {
  // From xoshiro128starstar.c with s = {1, 2, 3, 4}: 5 · 2 = 10, rotated by 7 is 1280, times 9 is 11520.
  const random = new Xoshiro128(0);
  random.state = [1, 2, 3, 4];
  assert.deepEqual([random.nextUint32(), random.nextUint32()], [11520, 0]);
});

Deno.test("Xoshiro128 goes on from a saved state", () => {
  const random = new Xoshiro128(5);
  random.nextUint32();
  const { state } = random;
  const wanted = [random.nextFloat(), random.below(10), random.nextUint32()];
  random.state = state;
  assert.deepEqual(
    [random.nextFloat(), random.below(10), random.nextUint32()],
    wanted,
  );
});

Deno.test("nextFloat() and below() are even, within their ranges", () => {
  const random = new Xoshiro128(3);
  const counts = new Array(7).fill(0);
  let sum = 0;
  for (let draw = 0; draw < 70_000; draw++) {
    const value = random.nextFloat();
    assert.ok(value >= 0 && value < 1 && value === Math.fround(value));
    sum += value;
    counts[random.below(7)]++;
  }
  // Five standard deviations of the mean, and of a binomial count.
  assert.ok(Math.abs(sum / 70_000 - 0.5) < 5 * 0.2887 / Math.sqrt(70_000));
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 5 * 93);
});

Deno.test("shuffle() gives every order of four values equally often", () => {
  const random = new Xoshiro128(4);
  const counts = new Map<string, number>();
  for (let round = 0; round < 24_000; round++) {
    const values = Int32Array.of(0, 1, 2, 3);
    random.shuffle(values);
    const order = values.join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  for (const count of counts.values()) {
    assert.ok(Math.abs(count - 1000) < 5 * 31);
  }
});
