/**
 * What the products for sparse inputs have in common. They go strip by strip, a strip being some columns of W, so that the
 * columns that are needed next are in the first-level cache.
 */
import type { Assembler } from "./assembler.ts";
import { at, low, rax, rbx, rcx, rdx, type Register, rsi } from "./operands.ts";

/** Bytes of an entry, and of the starts of a strip of a sample. */
export const ENTRY = 8;
export const STRIP = 16;

/** Bytes of a line of the caches. */
export const LINE = 64;

/**
 * Makes rbx point to the starts of a strip of the sample whose place in the order is in `place`. Samples lie in groups of
 * `2^shift`: the strip is `(group · (strips - 1) + strip) << shift`, plus the sample. Uses rax, rcx and rdx.
 */
export function findStrip(
  code: Assembler,
  words: { readonly strips: number; readonly shift: number },
  { indices, place, strip, starts }: Record<
    "indices" | "place" | "strip" | "starts",
    Register
  >,
): void {
  const [eax, ebx, ecx, edx] = [rax, rbx, rcx, rdx].map(low);
  code.emit("mov", eax, at(indices, 0, place, 4));
  code.emit("mov", ecx, at(rsi, 4 * words.shift));
  code.emit("mov", edx, eax);
  code.emit("shr", edx, rcx);
  code.emit("mov", ebx, at(rsi, 4 * words.strips));
  code.emit("dec", ebx);
  code.emit("imul", rbx, rdx);
  code.emit("add", rbx, strip);
  code.emit("shl", rbx, rcx);
  code.emit("add", rbx, rax);
  code.emit("shl", rbx, Math.log2(STRIP));
  code.emit("add", rbx, starts);
}

/** Fetches lines into the cache before they are needed. */
export function prefetch(code: Assembler, from: Register, lines: number): void {
  for (let line = 0; line < lines; line++) {
    code.emit("prefetcht0", at(from, LINE * line));
  }
}
