/** Small kernels over the columns of a matrix: sums, copies, the transposition of weights. */
import { Assembler, type Code } from "./assembler.ts";
import {
  clear,
  enter,
  finish,
  leave,
  loadPointer,
  loadWord,
} from "./function.ts";
import {
  at,
  low,
  r10,
  r11,
  r12,
  r8,
  r9,
  rax,
  rbp,
  rbx,
  rcx,
  rdx,
  vector,
  xmm,
  ymm,
} from "./operands.ts";
import { placesOf } from "./vectors.ts";

/** The arguments of {@linkcode fillZero}: 32-bit words. */
export const FILL_ARGUMENTS = { target: 0, vectors: 1 } as const;

/** Writes zeros to some vectors of 32 bytes, at least one. */
export function fillZero(): Code {
  const code = new Assembler();
  loadPointer(code, r8, FILL_ARGUMENTS.target);
  loadWord(code, rcx, FILL_ARGUMENTS.vectors);
  clear(code, ymm(0));
  code.label("loop");
  code.emit("vmovups", at(r8), ymm(0));
  code.emit("add", r8, 32);
  code.emit("dec", low(rcx));
  code.jump("ne", "loop");
  code.emit("vzeroupper");
  return finish(code);
}

/** The arguments of {@linkcode clearRows}. */
export const CLEAR_ARGUMENTS = { columns: 0, stride: 1, count: 2 } as const;

/** Sets rows `rows … floats` of some columns, at least one, to zero: whole vectors, as to write part of one delays its next reader. */
export function clearRows(rows: number, floats: number): Code {
  const code = new Assembler();
  const first = rows - rows % 8;
  loadPointer(code, r8, CLEAR_ARGUMENTS.columns);
  loadWord(code, r9, CLEAR_ARGUMENTS.stride);
  loadWord(code, rcx, CLEAR_ARGUMENTS.count);
  const kept = Array.from({ length: 8 }, (_, n) => first + n < rows ? -1 : 0);
  code.emit("vmovaps", ymm(1), code.constant(kept));
  clear(code, ymm(2));
  code.label("loop");
  code.emit("vandps", ymm(0), ymm(1), at(r8, 4 * first));
  code.emit("vmovups", at(r8, 4 * first), ymm(0));
  for (let row = first + 8; row < floats; row += 8) {
    code.emit("vmovups", at(r8, 4 * row), ymm(2));
  }
  code.emit("add", r8, r9);
  code.emit("dec", low(rcx));
  code.jump("ne", "loop");
  code.emit("vzeroupper");
  return finish(code);
}

/** The arguments of {@linkcode sumColumns}. */
export const SUM_ARGUMENTS = {
  ...{ columns: 0, stride: 1, count: 2, result: 3 },
} as const;

/** The sum of some columns, at least one, in ascending order. */
export function sumColumns(widths: readonly number[]): Code {
  const code = new Assembler();
  const places = placesOf(widths);
  const sums = widths.map((bytes, n) => vector(n, bytes));
  loadPointer(code, r8, SUM_ARGUMENTS.columns);
  loadWord(code, r9, SUM_ARGUMENTS.stride);
  loadWord(code, rcx, SUM_ARGUMENTS.count);
  loadPointer(code, r10, SUM_ARGUMENTS.result);
  for (const sum of sums) clear(code, sum);
  code.label("loop");
  sums.forEach((sum, n) => code.emit("vaddps", sum, sum, at(r8, places[n])));
  code.emit("add", r8, r9);
  code.emit("dec", low(rcx));
  code.jump("ne", "loop");
  sums.forEach((sum, n) => code.emit("vmovups", at(r10, places[n]), sum));
  code.emit("vzeroupper");
  return finish(code);
}

/** The arguments of {@linkcode transpose}. */
export const TRANSPOSE_ARGUMENTS = {
  ...{ columns: 0, stride: 1, count: 2, groups: 3, result: 4, resultStride: 5 },
} as const;

/** Columns that are transposed together. */
const TOGETHER = 8;

/** Column c of `columns` becomes row c of `result`: `count` of them, with `groups` of 4 rows. */
export function transpose(): Code {
  const code = new Assembler();
  const words = TRANSPOSE_ARGUMENTS;
  const [stride, triple, left, groups] = [rbx, r9, rcx, r12];
  const [column, result, resultStride] = [r8, r10, r11];
  const [source, target] = [rax, rdx];
  enter(code);
  loadPointer(code, column, words.columns);
  loadWord(code, stride, words.stride);
  code.emit("lea", triple, at(stride, 0, stride, 2));
  loadWord(code, left, words.count);
  loadPointer(code, result, words.result);
  loadWord(code, resultStride, words.resultStride);
  code.emit("sub", low(left), TOGETHER);
  code.jump("l", "rest");
  code.label("columns");
  code.emit("mov", source, column);
  code.emit("mov", target, result);
  loadWord(code, groups, words.groups);
  code.label("group");
  code.emit("lea", rbp, at(source, 0, stride, 4));
  const offsets = [at(source), at(source, 0, stride), at(source, 0, stride, 2)];
  const far = [at(rbp), at(rbp, 0, stride), at(rbp, 0, stride, 2)];
  [...offsets, at(source, 0, triple)].forEach((place, n) =>
    code.emit("vmovups", xmm(n), place)
  );
  [...far, at(rbp, 0, triple)].forEach((place, n) =>
    code.emit("vinsertf128", ymm(n), ymm(n), place, 1)
  );
  code.emit("vunpcklps", ymm(4), ymm(0), ymm(1));
  code.emit("vunpcklps", ymm(5), ymm(2), ymm(3));
  code.emit("vunpckhps", ymm(6), ymm(0), ymm(1));
  code.emit("vunpckhps", ymm(7), ymm(2), ymm(3));
  const lowHalves = 0x44;
  const highHalves = 0xee;
  code.emit("vshufps", ymm(0), ymm(4), ymm(5), lowHalves);
  code.emit("vshufps", ymm(1), ymm(4), ymm(5), highHalves);
  code.emit("vshufps", ymm(2), ymm(6), ymm(7), lowHalves);
  code.emit("vshufps", ymm(3), ymm(6), ymm(7), highHalves);
  for (let row = 0; row < 4; row++) {
    code.emit("vmovups", at(target), ymm(row));
    code.emit("add", target, resultStride);
  }
  code.emit("add", source, 16);
  code.emit("dec", low(groups));
  code.jump("ne", "group");
  code.emit("lea", column, at(column, 0, stride, 8));
  code.emit("add", result, 4 * TOGETHER);
  code.emit("sub", low(left), TOGETHER);
  code.jump("ge", "columns");
  code.label("rest");
  code.emit("add", low(left), TOGETHER);
  code.jump("e", "end");
  code.label("column");
  code.emit("mov", source, column);
  code.emit("mov", target, result);
  loadWord(code, groups, words.groups);
  code.emit("shl", low(groups), 2);
  code.label("row");
  code.emit("mov", low(rbp), at(source));
  code.emit("mov", at(target), low(rbp));
  code.emit("add", source, 4);
  code.emit("add", target, resultStride);
  code.emit("dec", low(groups));
  code.jump("ne", "row");
  code.emit("add", column, stride);
  code.emit("add", result, 4);
  code.emit("dec", low(left));
  code.jump("ne", "column");
  code.label("end");
  return leave(code);
}
