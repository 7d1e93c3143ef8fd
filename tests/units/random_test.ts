import fc from "fast-check";
import assert from "node:assert/strict";
import { Xoshiro128, type Xoshiro128State } from "../../src/units/random.ts";

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
  // The first ten outputs of xoshiro128starstar.c; by hand, 5 · 2 = 10, rotated by 7 is 1280, times 9 is 11520.
  const random = new Xoshiro128(0);
  random.state = [1, 2, 3, 4];
  assert.deepEqual(Array.from({ length: 10 }, () => random.nextUint32()), [
    ...[11520, 0, 5927040, 70819200, 2031721883],
    ...[1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
  ]);
});

Deno.test("Xoshiro128 resumes from a saved state", () => {
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

Deno.test("nextFloat() and below() are uniform within their ranges", () => {
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

Deno.test("streams of a seed, and seeds of a stream, differ", () => {
  const starts = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    for (let stream = 0; stream < 30; stream++) {
      starts.add(new Xoshiro128(seed, stream).state.join());
    }
  }
  assert.equal(starts.size, 900);
});

Deno.test("shuffle() keeps every value, in arrays of any kind", () => {
  const seed = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(seed, fc.array(fc.string()), (seed, values) => {
      const shuffled = [...values];
      new Xoshiro128(seed).shuffle(shuffled);
      assert.deepEqual(shuffled.toSorted(), values.toSorted());
    }),
    { seed: 1 },
  );
  fc.assert(
    fc.property(seed, fc.uint32Array({ maxLength: 100 }), (seed, values) => {
      const shuffled = values.slice();
      new Xoshiro128(seed).shuffle(shuffled);
      assert.deepEqual(shuffled.toSorted(), values.toSorted());
    }),
    { seed: 2 },
  );
});

Deno.test("below() stays below its limit, up to 2³², and refuses others", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.integer({ min: 1, max: 0x1_0000_0000 }),
      (seed, limit) => {
        const value = new Xoshiro128(seed).below(limit);
        assert.ok(Number.isInteger(value) && value >= 0 && value < limit);
      },
    ),
    { seed: 3 },
  );
  assert.equal(
    new Xoshiro128(6).below(0x1_0000_0000),
    new Xoshiro128(6).nextUint32(),
  );
  for (const limit of [0, -1, 1.5, NaN, 0x1_0000_0001]) {
    assert.throws(
      () => new Xoshiro128(0).below(limit),
      new RangeError(
        `Cannot draw as 'limit' must be a whole number from 1 to 4294967296: current value is ${limit}`,
      ),
    );
  }
});

Deno.test("an invalid state is refused, and changes nothing", () => {
  const random = new Xoshiro128(8);
  const { state } = random;
  for (
    const [words, type] of [
      [[1, 2, 3], RangeError],
      [[0, 0, 0, 0], RangeError],
      [[1, 2, 3, -1], RangeError],
      [[1, 2, 3, 2 ** 32], RangeError],
      [[1, 2, 3, "4"], TypeError],
    ] as const
  ) {
    assert.throws(
      () => random.state = words as unknown as Xoshiro128State,
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), type);
        assert.match(error.message, /^Cannot set the state of a generator as /);
        return true;
      },
    );
  }
  assert.deepEqual(random.state, state);
});
