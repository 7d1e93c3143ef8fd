/** Sums over the columns of W or its gradient, step by step those of `src/kernels/assembly/update.ts` and `scaling.ts`. */
import { Assembler, type Code } from "./assembler.ts";
import { clear, finish, loadPointer, loadWord } from "./function.ts";
import {
  at,
  low,
  r10,
  r11,
  r8,
  r9,
  rax,
  rcx,
  rdx,
  xmm,
  ymm,
} from "./operands.ts";
import { sumLanes } from "./rows.ts";

/** Rows up to which their code is one behind the other. */
const UNROLLED = 128;

/** The arguments of {@linkcode columnSums}: 32-bit words. */
export const COLUMN_SUM_ARGUMENTS = {
  ...{ columns: 0, stride: 1, count: 2, squares: 3, magnitudes: 4 },
} as const;

/** `Σ w²`, and `Σ |w|` if asked, of each column of `floats` rows, two columns at a time: each is a half of the vectors. */
export function columnSums(floats: number, withMagnitudes: boolean): Code {
  const code = new Assembler();
  const words = COLUMN_SUM_ARGUMENTS;
  const [w, square, sizes, product] = [0, 1, 2, 3].map(ymm);
  const magnitude = code.constant(new Array(8).fill(0x7fff_ffff));
  const [even, odd, stride, squares, magnitudes] = [r8, rax, r9, r10, r11];
  loadPointer(code, even, words.columns);
  loadWord(code, stride, words.stride);
  loadWord(code, rcx, words.count);
  loadPointer(code, squares, words.squares);
  const sums = [[square, squares]];
  if (withMagnitudes) {
    sums.push([sizes, magnitudes]);
    loadPointer(code, magnitudes, words.magnitudes);
    code.emit("vmovaps", ymm(4), magnitude);
  }
  code.label("columns");
  code.emit("lea", odd, at(even, 0, stride));
  code.emit("cmp", low(rcx), 1);
  code.jump("ne", "both");
  code.emit("mov", odd, even);
  code.label("both");
  clear(code, square);
  clear(code, sizes);
  const looped = floats > UNROLLED;
  const rows = looped ? 8 : floats;
  const place = (column: typeof even, row: number) =>
    looped ? at(column, 4 * row, rdx) : at(column, 4 * row);
  if (looped) {
    code.emit("xor", low(rdx), low(rdx));
    code.label("rows");
  }
  for (let row = 0; row < rows; row += 4) {
    code.emit("vmovups", xmm(0), place(even, row));
    code.emit("vinsertf128", w, w, place(odd, row), 1);
    code.emit("vmulps", product, w, w);
    code.emit("vaddps", square, square, product);
    if (!withMagnitudes) continue;
    code.emit("vandps", w, w, ymm(4));
    code.emit("vaddps", sizes, sizes, w);
  }
  if (looped) {
    code.emit("add", rdx, 4 * rows);
    code.emit("cmp", low(rdx), 4 * floats);
    code.jump("ne", "rows");
  }
  for (const [sum, result] of sums) {
    sumLanes(code, sum, product);
    code.emit("vmovss", at(result), xmm(sum.number));
    code.emit("add", result, 4);
  }
  code.emit("dec", low(rcx));
  code.jump("e", "end");
  for (const [sum, result] of sums) {
    code.emit("vextractf128", xmm(3), sum, 1);
    code.emit("vmovss", at(result), xmm(3));
    code.emit("add", result, 4);
  }
  code.emit("lea", even, at(even, 0, stride, 2));
  code.emit("dec", low(rcx));
  code.jump("ne", "columns");
  code.label("end");
  code.emit("vzeroupper");
  return finish(code);
}
