/** Writes sparse inputs of samples in the order that `forwardSparse` wants. AVX-512 alone. */
import { ENTRY_BYTES, SPARSE_INPUTS, STRIP_BLOCKS } from "../kernels.ts";
import type { SamplePacker } from "../products.ts";
import { Assembler, type Code } from "./assembler.ts";
import { enter, leave, loadPointer, loadWord } from "./function.ts";
import { COMPARE } from "./lanes.ts";
import { type Installed, Library } from "./library.ts";
import { addressOf, baseOf, Caller, setAddress } from "./memory.ts";
import type { NativeSetup } from "./open.ts";
import {
  at,
  k,
  low,
  masked,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  r8,
  r9,
  rax,
  rbp,
  rbx,
  rcx,
  rdi,
  rdx,
  rsi,
  zmm,
} from "./operands.ts";

/** The arguments: 32-bit words, and addresses of two. `entry` becomes how many entries there are, or more than `limit`. */
const ARGUMENTS = {
  ...{ x: 0, order: 2, count: 4, size: 5, inputs: 6, strips: 7, starts: 8 },
  ...{ entries: 9, entry: 10, limit: 11, columnBytes: 12, modes: 13 },
  /** All bits if there are modes, else none. */
  modesMask: 14,
} as const;

/** Inputs of a vector. */
const LANES = 16;

const STRIP_INPUTS = SPARSE_INPUTS * STRIP_BLOCKS;

/** Packs a group of samples. */
export function packGroup(): Code {
  const code = new Assembler();
  const words = ARGUMENTS;
  const [input, mode, starts, entry, entries] = [r8, r9, r10, r11, r12];
  const [strip, place, left, order, blocks] = [r13, r14, r15, rbp, rbx];
  const [x, y, columns, found, pairs] = [0, 1, 2, 3, 4].map((n) => zmm(n));
  const [first, second, one, next, block, strips, own] = [
    16,
    17,
    18,
    19,
    20,
    21,
    22,
  ]
    .map((n) => zmm(n));
  enter(code);
  loadPointer(code, starts, words.starts);
  loadPointer(code, entries, words.entries);
  loadPointer(code, rax, words.modes);
  code.emit("mov", rdi, rax);
  loadWord(code, entry, words.entry);
  code.emit("mov", order, at(rsi, 4 * words.order));
  const lanes = (use: (lane: number) => number) =>
    code.constant(Array.from({ length: LANES }, (_, lane) => use(lane)));
  // A column of one vector, a value of the other, in turn.
  const pair = (lane: number) => (lane >> 1) + (lane & 1) * LANES;
  code.emit("vmovups", first, lanes(pair));
  code.emit("vmovups", second, lanes((lane) => pair(lane) + LANES / 2));
  // Columns of the first inputs, and how much further on those of the next vector, block and strip are.
  code.emit("vbroadcastss", one, at(rsi, 4 * words.columnBytes));
  code.emit("vpmulld", own, one, lanes((lane) => lane));
  code.emit("vpslld", next, one, Math.log2(LANES));
  code.emit("vpmulld", block, one, lanes(() => SPARSE_INPUTS));
  code.emit("vpmulld", strips, one, lanes(() => STRIP_INPUTS));
  code.emit("xor", low(strip), low(strip));
  code.label("strip");
  code.emit("xor", low(place), low(place));
  code.label("sample");
  code.emit("vmovaps", columns, own);
  code.emit("xor", low(left), low(left));
  code.emit("cmp", low(place), at(rsi, 4 * words.count));
  code.jump("ae", "blocks");
  code.emit("imul", rdx, strip, STRIP_INPUTS);
  loadWord(code, left, words.inputs);
  code.emit("mov", low(input), at(order, 0, place, 4));
  code.emit("imul", input, left);
  code.emit("add", input, rdx);
  code.emit("shl", input, 2);
  code.emit("add", input, at(rsi, 4 * words.x));
  code.emit("sub", low(left), low(rdx));
  code.emit("lea", mode, at(rdi, 0, rdx, 4));
  loadWord(code, rdx, words.modesMask);
  code.emit("test", low(rdx), low(rdx));
  code.jump("ne", "blocks");
  // Nothing is read there; but it takes 100 times as long where there is no page.
  code.emit("mov", mode, input);
  code.label("blocks");
  code.emit("mov", low(blocks), STRIP_BLOCKS);
  code.label("block");
  code.emit("mov", at(starts), low(entry));
  code.emit("add", starts, 4);
  // The inputs that the block has are the lanes of two masks.
  code.emit("mov", low(rcx), SPARSE_INPUTS);
  code.emit("cmp", low(left), low(rcx));
  code.jump("ge", "whole");
  code.emit("mov", low(rcx), low(left));
  code.emit("cmp", low(left), 0);
  code.jump("le", "next");
  code.label("whole");
  code.emit("mov", low(rax), 1);
  code.emit("shl", low(rax), rcx);
  code.emit("dec", low(rax));
  code.emit("mov", low(rcx), low(rax));
  code.emit("and", low(rcx), low(rdx));
  for (const half of [0, 1]) {
    code.emit("kmovw", k(2 + half), low(rax));
    code.emit("kmovw", k(4 + half), low(rcx));
    code.emit("shr", low(rax), LANES);
    code.emit("shr", low(rcx), LANES);
  }
  code.emit("vpaddd", y, columns, next);
  for (const [half, of] of [columns, y].entries()) {
    const mask = k(2 + half);
    const offset = 4 * LANES * half;
    const [value, modes] = [x, found];
    code.emit("vmovups", masked(value, mask, true), at(input, offset));
    code.emit("vmovups", masked(modes, k(4 + half), true), at(mode, offset));
    code.emit("vcmpps", masked(k(1), mask), value, modes, COMPARE.unequal);
    code.emit("vsubps", value, value, modes);
    code.emit("vcompressps", masked(value, k(1), true), value);
    code.emit("vpcompressd", masked(found, k(1), true), of);
    for (const [n, places] of [first, second].entries()) {
      code.emit("vmovaps", pairs, places);
      code.emit("vpermi2d", pairs, found, value);
      code.emit("vmovups", at(entries, 64 * n, entry, ENTRY_BYTES), pairs);
    }
    code.emit("kmovw", low(rax), k(1));
    code.emit("popcnt", low(rax), low(rax));
    code.emit("add", entry, rax);
  }
  code.emit("vpaddd", columns, columns, block);
  code.emit("add", input, 4 * SPARSE_INPUTS);
  code.emit("add", mode, 4 * SPARSE_INPUTS);
  code.emit("cmp", low(entry), at(rsi, 4 * words.limit));
  code.jump("a", "end");
  code.label("next");
  code.emit("sub", low(left), SPARSE_INPUTS);
  code.emit("dec", low(blocks));
  code.jump("ne", "block");
  code.emit("inc", low(place));
  code.emit("cmp", low(place), at(rsi, 4 * words.size));
  code.jump("b", "sample");
  code.emit("vpaddd", own, own, strips);
  code.emit("inc", low(strip));
  code.emit("cmp", low(strip), at(rsi, 4 * words.strips));
  code.jump("b", "strip");
  code.label("end");
  code.emit("mov", at(rsi, 4 * words.entry), low(entry));
  return leave(code);
}

/** The packer of a memory, if the machine has what it takes. */
export function openPacker(
  memory: WebAssembly.Memory,
  { level }: Pick<NativeSetup, "level">,
): SamplePacker | undefined {
  if (level !== "avx512") return;
  const library = new Library(new Caller(baseOf(memory)), installedHere);
  const { words } = library;
  const kernel = library.get("pack samples", packGroup);
  const at = ARGUMENTS;
  return (group) => {
    const { x, order, count, size, inputs, strips, starts, entries } = group;
    setAddress(words, at.x, addressOf(x));
    setAddress(words, at.order, addressOf(order));
    words[at.count] = count;
    words[at.size] = size;
    words[at.inputs] = inputs;
    words[at.strips] = strips;
    words[at.starts] = starts;
    words[at.entries] = entries;
    words[at.entry] = group.entry;
    words[at.limit] = group.limit;
    words[at.columnBytes] = group.columnBytes;
    words[at.modes] = group.modes;
    words[at.modesMask] = group.modes === 0 ? 0 : 0xffff_ffff;
    library.call(kernel);
    return words[at.entry];
  };
}

/** Where the code is, once it was made. */
const installedHere: Installed = new Map();
