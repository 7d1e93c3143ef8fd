import assert from "node:assert/strict";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { referenceKernels } from "../../src/kernels/reference/kernels.ts";
import { instantiateKernels } from "../../src/kernels/wasm.ts";

/** Fills the memory between buffers: no result is this number. */
export const GUARD = -12345.678;

/** Sizes that leave every kind of remainder. */
export const AWKWARD_SIZES = [1, 2, 3, 5, 8, 11, 12, 13, 70, 71, 785] as const;

const PAGES = 32;
const BYTES = PAGES * 65_536;

function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({
    initial: PAGES,
    maximum: 65_536,
    shared: true,
  });
}

const wasmMemory = createMemory();
const referenceMemory = createMemory();
const wasm = instantiateKernels(wasmMemory);
const reference = referenceKernels(referenceMemory);

/** Numbers in [-1, 1) from a seed, the same each time (a linear congruential generator). */
export function noise(count: number, seed: number): Float32Array {
  let state = seed | 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}

/** The contents of a memory: buffers between guard values, and which floats a kernel may write. */
export class Image {
  readonly floats = new Float32Array(BYTES / 4).fill(GUARD);
  readonly #writable = new Uint8Array(BYTES / 4);
  #next = 1024;

  /** Places values 64-byte aligned behind a guard, and returns their byte offset. */
  place(values: ArrayLike<number>): number {
    const offset = this.#next;
    this.floats.set(values, offset / 4);
    this.#next = Math.ceil((offset + 4 * values.length + 64) / 64) * 64;
    assert.ok(this.#next <= BYTES, "The image is too small");
    return offset;
  }

  /** Places a column-major matrix of noise; rows from `rows` on are zero. */
  placeMatrix(rows: number, ld: number, columns: number, seed: number): number {
    const values = noise(ld * columns, seed);
    for (let n = 0; n < values.length; n++) {
      if (n % ld >= rows) values[n] = 0;
    }
    return this.place(values);
  }

  /** Places `count` floats of garbage that a kernel may write. */
  placeOutput(count: number): number {
    const offset = this.place(new Float32Array(count).fill(GUARD / 2));
    this.allow(offset, count);
    return offset;
  }

  /** Lets a kernel write `count` floats. */
  allow(offset: number, count: number): void {
    this.#writable.fill(1, offset / 4, offset / 4 + count);
  }

  /** Runs kernels on a copy of the image, and returns the memory after that. */
  run(
    which: "wasm" | "reference",
    use: (kernels: Kernels) => void,
  ): Float32Array {
    const [kernels, memory] = which === "wasm"
      ? [wasm, wasmMemory]
      : [reference, referenceMemory];
    const all = new Float32Array(memory.buffer as ArrayBufferLike);
    all.set(this.floats);
    use(kernels);
    const after = all.slice();
    this.#assertUntouched(which, after);
    return after;
  }

  /** Runs kernels on both sets, and fails where a number differs by more than the tolerance. */
  compare(
    use: (kernels: Kernels) => void,
    tolerance: number,
    ignored?: { readonly offset: number; readonly bytes: number },
  ): Float32Array {
    const actual = this.run("wasm", use);
    const expected = this.run("reference", use);
    for (let n = 0; n < actual.length; n++) {
      if (this.#writable[n] === 0) continue;
      const byte = 4 * n - (ignored?.offset ?? 0);
      if (ignored !== undefined && byte >= 0 && byte < ignored.bytes) continue;
      const same = Object.is(actual[n], expected[n]) ||
        Math.abs(actual[n] - expected[n]) <= tolerance;
      if (!same) {
        assert.fail(`Float ${n}: ${actual[n]} instead of ${expected[n]}`);
      }
    }
    return actual;
  }

  #assertUntouched(which: string, after: Float32Array): void {
    const [is, was] = [bits(after), bits(this.floats)];
    for (let n = 0; n < is.length; n++) {
      if (this.#writable[n] === 0 && is[n] !== was[n]) {
        assert.fail(`The ${which} kernel wrote ${after[n]} to float ${n}`);
      }
    }
  }
}

/** The bits of floats, by which NaN and the two zeros compare as well. */
export function bits(floats: Float32Array): Int32Array {
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}

/** Fails unless all bits are the same. */
export function assertSameBits(
  actual: Float32Array,
  expected: Float32Array,
): void {
  const [left, right] = [bits(actual), bits(expected)];
  assert.equal(left.length, right.length);
  for (let n = 0; n < left.length; n++) {
    if (left[n] !== right[n]) {
      assert.fail(`Float ${n}: ${actual[n]} instead of ${expected[n]}`);
    }
  }
}
