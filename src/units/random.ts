import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireInteger, wrong } from "../checks/validate.ts";

/** State of a {@linkcode Xoshiro128}: four unsigned 32-bit integers, not all zero. */
export type Xoshiro128State = readonly [number, number, number, number];

const ACTION = "set the state of a generator";

/**
 * Checks the state of a generator.
 *
 * @throws {TypeError} If it is not an array of numbers.
 * @throws {RangeError} If there are not four, one is not from 0 to 2³² - 1, or all are 0.
 */
export function requireXoshiroState(
  action: string,
  name: string,
  words: unknown,
): asserts words is Xoshiro128State {
  if (!Array.isArray(words)) {
    throw new WrongTypeError(wrong(action, name, "four numbers", words));
  }
  if (words.length !== 4) {
    throw new WrongValueError(
      wrong(action, `${name}.length`, "4", words.length),
    );
  }
  for (const [at, word] of words.entries()) {
    requireInteger(action, `${name}[${at}]`, word, 0, 0xffff_ffff);
  }
  // From zeros alone only zeros would follow.
  if (words.every((word) => word === 0)) {
    throw new WrongValueError(wrong(action, name, "other than all 0", words));
  }
}

/** Difference of neighboring states of SplitMix32: 2³² divided by the golden ratio, made odd. */
const GOLDEN = 0x9e37_79b9;

/** The next output of SplitMix32 for a state, with the finalizer of MurmurHash3. */
function splitMix32(state: number): number {
  let z = state;
  z = Math.imul(z ^ (z >>> 16), 0x85eb_ca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/**
 * The generator xoshiro128** 1.1 by [Blackman and Vigna](https://prng.di.unimi.it/xoshiro128starstar.c).
 *
 * A seed has independent streams. The four words of the state are four outputs of SplitMix32: its state starts at
 * `seed + 4 · stream · 0x9e3779b9` and grows by `0x9e3779b9` before each output, all modulo 2³².
 *
 * @example
 * ```ts
 * import { Xoshiro128 } from "./random.ts";
 *
 * const random = new Xoshiro128(1);
 * random.nextUint32(); // the same on every machine
 * ```
 */
export class Xoshiro128 {
  readonly #words = new Uint32Array(4);

  /**
   * @param seed From 0 to 2³² - 1.
   * @param stream From 0; streams of one seed don't repeat each other.
   */
  constructor(seed: number, stream = 0) {
    let state = (seed + Math.imul(4 * stream, GOLDEN)) >>> 0;
    for (let at = 0; at < 4; at++) {
      state = (state + GOLDEN) >>> 0;
      this.#words[at] = splitMix32(state);
    }
  }

  /**
   * The whole state; a generator that gets it goes on with the same numbers.
   *
   * @throws {TypeError} If a word is not a number.
   * @throws {RangeError} If there are not four, one is not from 0 to 2³² - 1, or all are 0.
   */
  get state(): Xoshiro128State {
    const [a, b, c, d] = this.#words;
    return [a, b, c, d];
  }

  set state(words: Xoshiro128State) {
    requireXoshiroState(ACTION, "state", words);
    this.#words.set(words);
  }

  /** Draws an integer from 0 to 2³² - 1. */
  nextUint32(): number {
    const s = this.#words;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Draws a number from 0 up to but not 1, a multiple of 2⁻²⁴ and so a float32. */
  nextFloat(): number {
    return (this.nextUint32() >>> 8) / 0x100_0000;
  }

  /**
   * Draws an integer from 0 to `limit - 1`, all equally likely.
   *
   * @throws {RangeError} If `limit` is not a whole number from 1 to 2³².
   */
  below(limit: number): number {
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= 0x1_0000_0000)) {
      throw new WrongValueError(
        wrong("draw", "limit", "a whole number from 1 to 4294967296", limit),
      );
    }
    // The last, incomplete round of remainders would favor the small ones.
    const end = 0x1_0000_0000 - 0x1_0000_0000 % limit;
    let value = this.nextUint32();
    while (value >= end) value = this.nextUint32();
    return value % limit;
  }

  /** Brings the values into a random order, each order equally likely: Fisher and Yates, from the last to the first. */
  shuffle<T>(values: Int32Array | Uint32Array | T[]): void {
    for (let last = values.length - 1; last > 0; last--) {
      const picked = this.below(last + 1);
      const value = values[last];
      values[last] = values[picked];
      values[picked] = value;
    }
  }
}
