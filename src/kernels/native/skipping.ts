/** The forward product of inputs as they lie side by side, zeros among them skipped. AVX-512 alone. */
import { Assembler, type Code } from "./assembler.ts";
import { clear, enter, leave, loadPointer, loadWord } from "./function.ts";
import { COMPARE } from "./lanes.ts";
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
  rdx,
  type Register,
  rsi,
  vector,
  zmm,
} from "./operands.ts";
import { placesOf } from "./vectors.ts";

/** Inputs that are looked at together. */
export const SKIP_BLOCK = 16;

/** Lines that are fetched, for each strip of a sample, of the samples that are probably next: 10,000 digits take 0.94 of the time. */
const LINES_AHEAD = 6;
const LINE = 64;

/** `vpcmpud`: equal. */
const EQUAL = 0;
const MINUS_ZERO = -0x8000_0000;

/**
 * The arguments of {@linkcode skipForward}: 32-bit words, and addresses of two. The scratch has places of inputs that aren't
 * zero, with room for a block more, and `boundsAt` bytes behind its start a word for each strip of each sample, and one.
 */
export const SKIP_ARGUMENTS = {
  ...{ x: 0, scratch: 2, columns: 4, start: 5, stride: 6, out: 7 },
  ...{ outStride: 8, count: 9, xStride: 10, boundsAt: 11 },
  /** Whole blocks before the last one, which the lanes of a mask are left of; blocks of a strip; strips. */
  ...{ blocks: 12, lastLanes: 13, stripBlocks: 14, strips: 15 },
  /** What it answers: whether some sum is -0. */
  minusZero: 16,
} as const;

/**
 * `out[:, s] = start + Σ_i x[i, s] · columns[:, i]` for some samples, at least one, in ascending order, but for x of 0; for rows
 * that fall into vectors of these widths. First it finds the inputs that aren't zero; then it goes strip by strip, so that
 * what is needed of W is in the first-level cache.
 *
 * A sum of -0 would be 0 if it had been added 0, so that is told.
 */
export function skipForward(widths: readonly number[]): Code {
  const code = new Assembler();
  findInputs(code);
  const words = SKIP_ARGUMENTS;
  const places = placesOf(widths);
  const sums = widths.map((bytes, n) => vector(n, bytes));
  const many = widths.length;
  const values = widths.map((width) => vector(many, width));
  const [x, columns, scratch, stride, out, samples] = [
    r8,
    r9,
    r10,
    r11,
    r12,
    r13,
  ];
  const [bounds, strip, ahead] = [r14, r15, rcx];
  loadPointer(code, columns, words.columns);
  loadWord(code, stride, words.stride);
  code.emit("mov", ahead, x);
  code.emit("xor", low(strip), low(strip));
  code.label("products");
  loadPointer(code, out, words.out);
  loadWord(code, samples, words.count);
  code.emit("mov", x, at(rsi, 4 * words.x));
  loadWord(code, rax, words.boundsAt);
  code.emit("lea", bounds, at(scratch, 0, rax));
  code.emit("lea", bounds, at(bounds, 0, strip, 4));
  code.label("sample");
  for (let line = 0; line < LINES_AHEAD; line++) {
    code.emit("prefetcht1", at(ahead, LINE * line));
  }
  code.emit("add", ahead, LINE * LINES_AHEAD);
  code.emit("mov", rdx, out);
  code.emit("test", low(strip), low(strip));
  code.jump("ne", "load");
  loadPointer(code, rdx, words.start);
  code.label("load");
  sums.forEach((sum, n) => code.emit("vmovups", sum, at(rdx, places[n])));
  const [place, end, entry] = [rax, rdx, rbx];
  code.emit("mov", low(entry), at(bounds));
  code.emit("mov", low(rbp), at(bounds, 4));
  code.emit("lea", end, at(scratch, 0, rbp, 4));
  code.emit("sub", entry, rbp);
  code.jump("e", "store");
  code.label("entry");
  code.emit("mov", low(place), at(end, 0, entry, 4));
  code.emit("vbroadcastss", values[0], at(x, 0, place, 4));
  code.emit("imul", place, stride);
  code.emit("add", place, columns);
  sums.forEach((sum, n) =>
    code.emit("vfmadd231ps", sum, values[n], at(place, places[n]))
  );
  code.emit("inc", entry);
  code.jump("ne", "entry");
  code.label("store");
  sums.forEach((sum, n) => code.emit("vmovups", at(out, places[n]), sum));
  loadWord(code, rax, words.outStride);
  code.emit("add", out, rax);
  loadWord(code, rax, words.xStride);
  code.emit("add", x, rax);
  loadWord(code, rax, words.strips);
  code.emit("lea", bounds, at(bounds, 0, rax, 4));
  code.emit("dec", low(samples));
  code.jump("ne", "sample");
  code.emit("inc", low(strip));
  code.emit("cmp", low(strip), at(rsi, 4 * words.strips));
  code.jump("b", "products");
  findMinusZero(code, widths);
  return leave(code);
}

/** Writes the places of all inputs that aren't zero, sample by sample, and for each strip where its places begin. */
function findInputs(code: Assembler): void {
  const words = SKIP_ARGUMENTS;
  const [x, places, samples, bounds] = [r8, r10, r13, r14];
  const [left, found, inner, input] = [r15, rbp, rbx, rcx];
  const [zero, step, lanes, packed] = [zmm(20), zmm(21), zmm(22), zmm(23)];
  enter(code);
  code.emit("mov", x, at(rsi, 4 * words.x));
  code.emit("mov", places, at(rsi, 4 * words.scratch));
  loadWord(code, samples, words.count);
  loadWord(code, rax, words.boundsAt);
  code.emit("lea", bounds, at(places, 0, rax));
  clear(code, zero);
  code.emit("vbroadcastss", step, code.constant([SKIP_BLOCK]));
  loadWord(code, rax, words.lastLanes);
  code.emit("kmovw", k(2), low(rax));
  code.emit("xor", low(found), low(found));
  const block = (differ: Register) => {
    code.emit("vcmpps", differ, zero, at(input), COMPARE.unequal);
    code.emit("kmovw", low(rax), k(1));
    code.emit("vpcompressd", masked(packed, k(1), true), lanes);
    code.emit("popcnt", low(rax), low(rax));
    code.emit("vmovups", at(places, 0, found, 4), packed);
    code.emit("add", found, rax);
  };
  code.label("find");
  code.emit("mov", input, x);
  const first = Array.from({ length: SKIP_BLOCK }, (_, n) => n);
  code.emit("vmovups", lanes, code.constant(first));
  loadWord(code, left, words.blocks);
  code.label("strip");
  code.emit("mov", at(bounds), low(found));
  code.emit("add", bounds, 4);
  loadWord(code, inner, words.stripBlocks);
  code.emit("sub", low(left), low(inner));
  code.jump("ge", "block");
  code.emit("add", low(inner), low(left));
  code.jump("e", "last");
  code.label("block");
  block(k(1));
  code.emit("vpaddd", lanes, lanes, step);
  code.emit("add", input, 4 * SKIP_BLOCK);
  code.emit("dec", low(inner));
  code.jump("ne", "block");
  code.emit("test", low(left), low(left));
  code.jump("g", "strip");
  // The last block belongs to the last strip.
  code.label("last");
  block(masked(k(1), k(2)));
  loadWord(code, rax, words.xStride);
  code.emit("add", x, rax);
  code.emit("dec", low(samples));
  code.jump("ne", "find");
  code.emit("mov", at(bounds), low(found));
}

/** Looks for -0 among the sums. */
function findMinusZero(code: Assembler, widths: readonly number[]): void {
  const words = SKIP_ARGUMENTS;
  const places = placesOf(widths);
  const minusZero = zmm(20);
  code.emit("vbroadcastss", minusZero, code.constant([MINUS_ZERO]));
  loadPointer(code, r12, words.out);
  loadWord(code, r13, words.count);
  loadWord(code, rcx, words.outStride);
  code.emit("xor", low(rdx), low(rdx));
  code.label("look");
  widths.forEach((bytes, n) => {
    const part = vector(20, bytes);
    code.emit("vpcmpud", k(1), part, at(r12, places[n]), EQUAL);
    code.emit("kmovw", low(rax), k(1));
    code.emit("or", low(rdx), low(rax));
  });
  code.emit("add", r12, rcx);
  code.emit("dec", low(r13));
  code.jump("ne", "look");
  code.emit("mov", at(rsi, 4 * words.minusZero), low(rdx));
}
