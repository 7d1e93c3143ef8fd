/** Executable memory, and calls into it. Linux alone so far; all of it needs `--allow-ffi`. */
import type { Code } from "./assembler.ts";

const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
const MAP_PRIVATE = 2;
const MAP_ANONYMOUS = 0x20;
const PAGE_BYTES = 4096;
const MADV_HUGEPAGE = 14;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

const SYMBOLS = {
  mmap: {
    parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"],
    result: "pointer",
  },
  madvise: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  mprotect: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  /**
   * `bsearch(key, array, 1, 0, compare)` calls `compare(key, array)` once. A symbol of a library is called in some 10 ns,
   * a pointer of Deno's in 500.
   */
  bsearch: {
    parameters: ["pointer", "pointer", "usize", "usize", "pointer"],
    result: "void",
  },
} as const;

type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let opened: Libc | undefined;

/** The C library, which stays open as long as the process lives. */
function libc(): Libc {
  opened ??= Deno.dlopen("libc.so.6", SYMBOLS).symbols;
  return opened;
}

/** Where the code of a function may begin. */
const FUNCTION_BYTES = 64;

/**
 * Copies functions to fresh pages, which from then on can be executed but not written, and tells where each is.
 *
 * @throws {Error} If the system refuses.
 */
export function installAll(
  codes: readonly Uint8Array[],
): Deno.PointerObject[] {
  if (codes.length === 0) return [];
  const { mmap, mprotect } = libc();
  const roundUp = (bytes: number, step: number) =>
    Math.ceil(bytes / step) * step;
  let end = 0;
  const places = codes.map(({ length }) => {
    const place = end;
    end += roundUp(length, FUNCTION_BYTES);
    return place;
  });
  const bytes = roundUp(end, PAGE_BYTES);
  const pages = mmap(
    ...[null, BigInt(bytes), PROT_READ | PROT_WRITE] as const,
    ...[MAP_PRIVATE | MAP_ANONYMOUS, -1, 0n] as const,
  );
  if (pages === null || Deno.UnsafePointer.value(pages) === MAP_FAILED) {
    throw new Error("the system gives no memory for machine code");
  }
  const buffer = Deno.UnsafePointerView.getArrayBuffer(pages, bytes);
  const all = new Uint8Array(buffer);
  codes.forEach((code, n) => all.set(code, places[n]));
  if (mprotect(pages, BigInt(bytes), PROT_READ | PROT_EXEC) !== 0) {
    throw new Error("the system lets no memory be executed");
  }
  return places.map((place) => Deno.UnsafePointer.offset(pages, place)!);
}

/** Bytes of the arguments of a call. */
const ARGUMENT_BYTES = 128;

/** What runs machine code, or only looks at it. */
export interface Machine {
  /** The arguments of the next call as 32-bit integers: offsets, counts. */
  readonly words: Uint32Array;
  /** The same as floats. */
  readonly floats: Float32Array;
  /** Makes code ready to be called. */
  install(code: Code, name: string): Deno.PointerObject;
  call(code: Deno.PointerObject): void;
}

/** Calls code with the block of arguments: `rdi` is the memory that offsets count from, `rsi` the arguments. */
export class Caller implements Machine {
  readonly #arguments = new ArrayBuffer(ARGUMENT_BYTES);
  readonly words: Uint32Array<ArrayBuffer> = new Uint32Array(this.#arguments);
  readonly floats: Float32Array<ArrayBuffer> = new Float32Array(
    this.#arguments,
  );
  readonly #block = Deno.UnsafePointer.of(this.words);
  readonly #base: Deno.PointerValue;
  readonly #bsearch = libc().bsearch;

  constructor(base: Deno.PointerValue) {
    this.#base = base;
  }

  install({ bytes }: Code): Deno.PointerObject {
    return installAll([bytes])[0];
  }

  call(code: Deno.PointerObject): void {
    this.#bsearch(this.#base, this.#block, 1n, 0n, code);
  }
}

/** Where an array is, as long as somebody has it. */
export function addressOf(
  array: Float32Array | Int32Array | Uint32Array,
): number {
  const pointer = Deno.UnsafePointer.of(array as Uint32Array<ArrayBuffer>);
  return Number(Deno.UnsafePointer.value(pointer));
}

/** Writes an address, two words long, to arguments. */
export function setAddress(
  words: Uint32Array,
  word: number,
  address: number,
): void {
  words[word] = address % 2 ** 32;
  words[word + 1] = Math.floor(address / 2 ** 32);
}

/** Bytes of which addresses are reserved for a memory. */
const MEMORY_BYTES = 2n ** 32n;

/**
 * Asks the system for pages of 2 MB where a memory isn't in use yet: with those of 4 KB, the entries of samples in a new order
 * are waited for. It is a hint; a system that has none does without.
 */
export function useLargePages(memory: WebAssembly.Memory): void {
  libc().madvise(baseOf(memory), MEMORY_BYTES, MADV_HUGEPAGE);
}

/** Where a memory begins; it stays there when the memory grows. */
export function baseOf(memory: WebAssembly.Memory): Deno.PointerValue {
  const bytes = new Uint8Array(memory.buffer as unknown as ArrayBuffer);
  return Deno.UnsafePointer.of(bytes);
}
