/** Columns copied, weighed and added up, in machine code. */
import { Assembler, type Code } from "./assembler.ts";
import { enter, finish, leave, loadPointer, loadWord } from "./function.ts";
import {
  at,
  low,
  r10,
  r11,
  r12,
  r8,
  r9,
  rax,
  rbx,
  rcx,
  rdx,
  rsi,
  vector,
  xmm,
  ymm,
} from "./operands.ts";
import { placesOf } from "./vectors.ts";

/** The arguments of {@linkcode copyColumns}: a column is `blocks` times 32 bytes long. */
export const COPY_ARGUMENTS = {
  ...{ source: 0, indices: 1, target: 2, blocks: 3, count: 4 },
} as const;

const BLOCK = 32;

/**
 * Copies some columns, at least one: the column of `source` that `indices` say for each, which is fetched while the one before
 * is copied; or else the first one every time.
 */
export function copyColumns(indexed: boolean): Code {
  const code = new Assembler();
  const words = COPY_ARGUMENTS;
  const [source, indices, target, bytes, left] = [r8, r9, r10, r11, r12];
  const [from, ahead, at0] = [rax, rdx, rcx];
  enter(code);
  loadPointer(code, source, words.source);
  loadPointer(code, target, words.target);
  loadWord(code, bytes, words.blocks);
  code.emit("imul", bytes, bytes, BLOCK);
  loadWord(code, left, words.count);
  code.emit("mov", from, source);
  const findColumn = (to: typeof from, place: number) => {
    code.emit("mov", low(to), at(indices, place));
    code.emit("imul", to, bytes);
    code.emit("add", to, source);
  };
  if (indexed) {
    loadPointer(code, indices, words.indices);
    findColumn(from, 0);
  }
  code.label("column");
  code.emit("mov", ahead, from);
  if (indexed) {
    // Behind the last one there is none.
    code.emit("cmp", low(left), 1);
    code.jump("e", "copy");
    findColumn(ahead, 4);
  }
  code.label("copy");
  code.emit("xor", low(at0), low(at0));
  code.emit("mov", low(rbx), low(bytes));
  code.emit("and", low(rbx), BLOCK);
  code.jump("e", "lines");
  code.emit("vmovups", ymm(0), at(from));
  code.emit("vmovups", at(target), ymm(0));
  code.emit("prefetcht0", at(ahead));
  code.emit("add", at0, BLOCK);
  code.emit("cmp", at0, bytes);
  code.jump("e", "next");
  code.label("lines");
  code.emit("vmovups", ymm(0), at(from, 0, at0));
  code.emit("vmovups", ymm(1), at(from, BLOCK, at0));
  code.emit("vmovups", at(target, 0, at0), ymm(0));
  code.emit("vmovups", at(target, BLOCK, at0), ymm(1));
  if (indexed) code.emit("prefetcht0", at(ahead, 0, at0));
  code.emit("add", at0, 2 * BLOCK);
  code.emit("cmp", at0, bytes);
  code.jump("ne", "lines");
  code.label("next");
  code.emit("mov", from, ahead);
  if (indexed) code.emit("add", indices, 4);
  code.emit("add", target, bytes);
  code.emit("dec", low(left));
  code.jump("ne", "column");
  return leave(code);
}

/** The arguments of {@linkcode scaleColumns}: a column is `blocks` times 32 bytes long. */
export const SCALE_ARGUMENTS = {
  ...{ columns: 0, weights: 1, blocks: 2, count: 3, factor: 4 },
} as const;

/** Multiplies each of some columns, at least one, by the factor and its weight. */
export function scaleColumns(): Code {
  const code = new Assembler();
  const words = SCALE_ARGUMENTS;
  loadPointer(code, r8, words.columns);
  loadPointer(code, r9, words.weights);
  loadWord(code, rcx, words.count);
  const factor = xmm(2);
  code.emit("vmovss", factor, at(rsi, 4 * words.factor));
  code.label("column");
  code.emit("vmulss", xmm(0), factor, at(r9));
  code.emit("vbroadcastss", ymm(0), xmm(0));
  loadWord(code, rdx, words.blocks);
  code.label("block");
  code.emit("vmulps", ymm(1), ymm(0), at(r8));
  code.emit("vmovups", at(r8), ymm(1));
  code.emit("add", r8, BLOCK);
  code.emit("dec", low(rdx));
  code.jump("ne", "block");
  code.emit("add", r9, 4);
  code.emit("dec", low(rcx));
  code.jump("ne", "column");
  code.emit("vzeroupper");
  return finish(code);
}

/** The arguments of {@linkcode weighResults}. */
export const WEIGH_ARGUMENTS = { result: 0, weights: 1, count: 2 } as const;

/** Multiplies some floats, at least one, by weights. */
export function weighResults(): Code {
  const code = new Assembler();
  const words = WEIGH_ARGUMENTS;
  loadPointer(code, r8, words.result);
  loadPointer(code, r9, words.weights);
  loadWord(code, rcx, words.count);
  code.label("result");
  code.emit("vmovss", xmm(0), at(r8));
  code.emit("vmulss", xmm(0), xmm(0), at(r9));
  code.emit("vmovss", at(r8), xmm(0));
  code.emit("add", r8, 4);
  code.emit("add", r9, 4);
  code.emit("dec", low(rcx));
  code.jump("ne", "result");
  return finish(code);
}

/** The arguments of {@linkcode weightedSum} and {@linkcode addOuter}; a column is `stride` bytes behind the one before. */
export const OUTER_ARGUMENTS = {
  ...{ start: 0, columns: 1, stride: 2, values: 3, count: 4, result: 5 },
} as const;

/** `result = start + Σ_i values[i] · columns[:, i]` over some columns, at least one, in ascending order. */
export function weightedSum(widths: readonly number[]): Code {
  const code = new Assembler();
  const words = OUTER_ARGUMENTS;
  const places = placesOf(widths);
  const sums = widths.map((bytes, n) => vector(n, bytes));
  const values = widths.map((bytes) => vector(widths.length, bytes));
  loadPointer(code, r8, words.columns);
  loadWord(code, r9, words.stride);
  loadPointer(code, r10, words.values);
  loadWord(code, rcx, words.count);
  loadPointer(code, rax, words.start);
  sums.forEach((sum, n) => code.emit("vmovups", sum, at(rax, places[n])));
  code.label("column");
  code.emit("vbroadcastss", values[0], at(r10));
  sums.forEach((sum, n) =>
    code.emit("vfmadd231ps", sum, values[n], at(r8, places[n]))
  );
  code.emit("add", r8, r9);
  code.emit("add", r10, 4);
  code.emit("dec", low(rcx));
  code.jump("ne", "column");
  loadPointer(code, rax, words.result);
  sums.forEach((sum, n) => code.emit("vmovups", at(rax, places[n]), sum));
  code.emit("vzeroupper");
  return finish(code);
}

/** `columns[:, i] += values[i] · start` for some columns, at least one. */
export function addOuter(widths: readonly number[]): Code {
  const code = new Assembler();
  const words = OUTER_ARGUMENTS;
  const places = placesOf(widths);
  const many = widths.length;
  const parts = widths.map((bytes, n) => vector(n, bytes));
  const values = widths.map((bytes) => vector(many, bytes));
  loadPointer(code, r8, words.columns);
  loadWord(code, r9, words.stride);
  loadPointer(code, r10, words.values);
  loadWord(code, rcx, words.count);
  loadPointer(code, rax, words.start);
  parts.forEach((part, n) => code.emit("vmovups", part, at(rax, places[n])));
  code.label("column");
  code.emit("vbroadcastss", values[0], at(r10));
  widths.forEach((bytes, n) => {
    const sum = vector(many + 1 + n % 2, bytes);
    code.emit("vmovups", sum, at(r8, places[n]));
    code.emit("vfmadd231ps", sum, values[n], parts[n]);
    code.emit("vmovups", at(r8, places[n]), sum);
  });
  code.emit("add", r8, r9);
  code.emit("add", r10, 4);
  code.emit("dec", low(rcx));
  code.jump("ne", "column");
  code.emit("vzeroupper");
  return finish(code);
}
