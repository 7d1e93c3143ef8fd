/**
 * Runs WebAssembly and machine code on copies of the same memory, all of which has to be the same after that. Machine code has
 * no bounds, so each buffer ends where a page begins that can't be read: who goes there ends the process.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import {
  findLevel,
  type Level,
  LEVELS,
} from "../../../src/kernels/native/cpu.ts";
import { openKernels } from "../../../src/kernels/native/open.ts";
import { baseOf } from "../../../src/kernels/native/memory.ts";
import { instantiateKernels } from "../../../src/kernels/wasm.ts";

const PAGES = 64;
const BYTES = PAGES * 65_536;

/** What stands wherever no buffer is. */
const GUARD = -12345.678;

const PAGE_BYTES = 4096;
const PROT_NONE = 0;
const PROT_READ_WRITE = 3;

const { symbols: libc } = Deno.dlopen("libc.so.6", {
  mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
});

/** Lets pages be read and written, or neither. */
export function protect(
  memory: WebAssembly.Memory,
  offset: number,
  bytes: number,
  access: boolean,
): void {
  const place = Deno.UnsafePointer.offset(baseOf(memory)!, offset);
  const protection = access ? PROT_READ_WRITE : PROT_NONE;
  assert.equal(libc.mprotect(place, BigInt(bytes), protection), 0);
}

function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({
    ...{ initial: PAGES, maximum: 65_536, shared: true },
  });
}

const found = await findLevel();
assert.ok(
  found.words !== undefined,
  "There is no machine code for this machine",
);

/** The levels that this machine has. */
export const levels: readonly Level[] = LEVELS.slice(
  0,
  LEVELS.indexOf(found.level) + 1,
);

const wasmMemory = createMemory();
const wasm = instantiateKernels(wasmMemory);
type NativeKernels = ReturnType<typeof openKernels>;

const natives = levels.map((level): [WebAssembly.Memory, NativeKernels] => {
  const memory = createMemory();
  const native = openKernels(memory, { level, installed: new Map() });
  // As in a worker: WebAssembly's kernels where there is no machine code.
  const kernels = { ...instantiateKernels(memory), ...native.kernels };
  return [memory, { ...native, kernels }];
});

/** Numbers in [-1, 1) from a seed, the same each time (a linear congruential generator). */
export function noise(count: number, seed: number): Float32Array {
  let state = seed | 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  });
}

/** One for all contents, as the system takes its time to give memory: there is one of them at a time. */
const floats = new Float32Array(BYTES / 4);

/** The contents of a memory: buffers with something else around them. */
export class Contents {
  readonly floats: Float32Array<ArrayBuffer> = floats.fill(GUARD);
  readonly words: Int32Array<ArrayBuffer> = new Int32Array(this.floats.buffer);
  /** Ranges of floats that need not be the same: scratch. */
  readonly #free: [from: number, to: number][] = [];
  /** Where pages are that nobody may touch. */
  readonly #guards: number[] = [];
  #next = PAGE_BYTES;

  /** Room for `count` floats, at a multiple of 64 as all buffers are, with a guard page before and behind. */
  room(count: number): number {
    const [bytes, pages] = [64, PAGE_BYTES].map((step) =>
      Math.ceil(4 * count / step) * step
    );
    this.#guards.push(this.#next);
    const end = this.#next + PAGE_BYTES + pages;
    this.#next = end;
    assert.ok(end + PAGE_BYTES <= BYTES, "The memory is too small");
    return end - bytes;
  }

  place(values: ArrayLike<number>): number {
    const offset = this.room(values.length);
    this.floats.set(values, offset / 4);
    return offset;
  }

  integers(values: ArrayLike<number>): number {
    const offset = this.room(values.length);
    this.words.set(values, offset / 4);
    return offset;
  }

  /** Noise, with zeros in the rows from `rows` on. */
  matrix(rows: number, ld: number, columns: number, seed: number): number {
    const values = noise(ld * columns, seed);
    for (let n = 0; n < values.length; n++) if (n % ld >= rows) values[n] = 0;
    return this.place(values);
  }

  /** Room that a kernel may leave in any state. */
  scratch(count: number): number {
    const offset = this.room(count);
    this.#free.push([offset / 4, offset / 4 + count]);
    return offset;
  }

  /** Runs the same on WebAssembly's kernels and on those of each level. */
  assertSame(
    use: (
      kernels: Kernels,
      native: NativeKernels | undefined,
      memory: WebAssembly.Memory,
    ) => void,
  ): Float32Array {
    const expected = this.#run(
      wasmMemory,
      () => use(wasm, undefined, wasmMemory),
    );
    for (const [n, [memory, native]] of natives.entries()) {
      const actual = this.#run(memory, () => {
        const guards = [...this.#guards, this.#next];
        for (const page of guards) protect(memory, page, PAGE_BYTES, false);
        use(native.kernels as Kernels, native, memory);
        for (const page of guards) protect(memory, page, PAGE_BYTES, true);
      });
      this.#compare(levels[n], actual, expected);
    }
    return expected;
  }

  /** What is in the memory after `use`: not a copy. */
  #run(memory: WebAssembly.Memory, use: () => void): Float32Array<ArrayBuffer> {
    const all = new Float32Array(memory.buffer as unknown as ArrayBuffer);
    all.set(this.floats);
    use();
    return all;
  }

  #compare(
    level: Level,
    actual: Float32Array<ArrayBuffer>,
    expected: Float32Array<ArrayBuffer>,
  ): void {
    if (Buffer.from(actual.buffer).equals(Buffer.from(expected.buffer))) return;
    const [is, was] = [bits(actual), bits(expected)];
    for (let n = 0; n < is.length; n++) {
      if (is[n] === was[n]) continue;
      // There is more than one NaN.
      if (Number.isNaN(actual[n]) && Number.isNaN(expected[n])) continue;
      if (this.#free.some(([from, to]) => n >= from && n < to)) continue;
      assert.fail(
        `${level}: float ${n} is ${actual[n]} instead of ${
          expected[n]
        }, and was ${this.floats[n]}`,
      );
    }
  }
}

function bits(floats: Float32Array): Int32Array {
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}
