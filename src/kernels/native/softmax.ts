/** The softmax and its loss, step by step those of `src/kernels/assembly/softmax.ts`: see the kernels' interface. */
import { Assembler, type Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { clear, finish, loadPointer, loadWord } from "./function.ts";
import { EXP, exp, LOG, log } from "./functions.ts";
import { Lanes, placeConstants } from "./lanes.ts";
import { LOSS_ARGUMENTS } from "./losses.ts";
import { at, low, r10, r11, r8, r9, rcx, xmm, ymm } from "./operands.ts";
import { PANEL, roundUp } from "../kernels.ts";
import { addQuarters, clearUnused, Rows, sumLanes } from "./rows.ts";

/** The arguments of {@linkcode softmax}: 32-bit words; places are those of the first sample. */
export const SOFTMAX_ARGUMENTS = { z: 0, a: 1, stride: 2, count: 3 } as const;

type Functions = Lanes<typeof EXP & typeof LOG>;

/** `a = e^z / Σ e^z` of each sample; rows behind the outputs become zero. */
export function softmax(level: Level, outputs: number, ld: number): Code {
  const code = new Assembler();
  const words = SOFTMAX_ARGUMENTS;
  const [z, a, stride] = [r8, r9, r10];
  loadPointer(code, z, words.z);
  loadPointer(code, a, words.a);
  loadWord(code, stride, words.stride);
  loadWord(code, rcx, words.count);
  const rows = new Rows(code, level, outputs);
  const constants = placeConstants(code, level, { ...EXP, ...LOG });
  const [most, x, e, s, n] = [4, 5, 6, 7, 8];
  const sums = xmm(9);
  code.label("sample");
  rows.largest("largest", z, most, x);
  clear(code, sums);
  rows.forEach("powers", (part) => {
    const lanes: Functions = new Lanes(code, level, part.bytes, constants);
    const register = (number: number) => lanes.register(number);
    code.emit("vmovups", register(x), part.place(z));
    code.emit("vsubps", register(x), register(x), register(most));
    exp(lanes, register(x), register(e), [register(s), register(n)]);
    clearUnused(code, register(e), part);
    code.emit("vmovups", part.place(a), register(e));
    addQuarters(code, sums, register(e), xmm(x));
  });
  sumLanes(code, sums, xmm(x));
  code.emit(
    "vbroadcastss",
    new Lanes(code, level, rows.bytes, constants).register(s),
    sums,
  );
  rows.forEach("quotients", (part) => {
    const lanes: Functions = new Lanes(code, level, part.bytes, constants);
    const value = lanes.register(e);
    code.emit("vmovups", value, part.place(a));
    code.emit("vdivps", value, value, lanes.register(s));
    // Once more, as 0 over a sum of NaN isn't 0.
    clearUnused(code, value, part);
    code.emit("vmovups", part.place(a), value);
  });
  clear(code, ymm(x));
  for (let row = roundUp(outputs, PANEL); row < ld; row += PANEL) {
    code.emit("vmovups", at(a, 4 * row), ymm(x));
  }
  code.emit("add", z, stride);
  code.emit("add", a, stride);
  code.emit("dec", low(rcx));
  code.jump("ne", "sample");
  code.emit("vzeroupper");
  return finish(code);
}

/** `Σ y·(max - z) + Σy · ln Σ e^(z - max)` of each sample; arguments as of other losses. */
export function crossEntropy(level: Level, outputs: number): Code {
  const code = new Assembler();
  const words = LOSS_ARGUMENTS;
  const [z, y, stride, result] = [r8, r9, r10, r11];
  loadPointer(code, z, words.a);
  loadPointer(code, y, words.y);
  loadWord(code, stride, words.stride);
  loadPointer(code, result, words.result);
  loadWord(code, rcx, words.count);
  const rows = new Rows(code, level, outputs);
  const constants = placeConstants(code, level, { ...EXP, ...LOG });
  const [most, x, e, s, n, logit] = [4, 5, 6, 7, 8, 12];
  const [sums, targets, gaps] = [9, 10, 11].map(xmm);
  code.label("sample");
  rows.largest("largest", z, most, x);
  for (const sum of [sums, targets, gaps]) clear(code, sum);
  rows.forEach("terms", (part) => {
    const lanes: Functions = new Lanes(code, level, part.bytes, constants);
    const register = (number: number) => lanes.register(number);
    code.emit("vmovups", register(logit), part.place(z));
    code.emit("vsubps", register(x), register(logit), register(most));
    exp(lanes, register(x), register(e), [register(s), register(n)]);
    clearUnused(code, register(e), part);
    addQuarters(code, sums, register(e), xmm(s));
    code.emit("vsubps", register(x), register(most), register(logit));
    clearUnused(code, register(x), part);
    code.emit("vmovups", register(e), part.place(y));
    clearUnused(code, register(e), part);
    code.emit("vmulps", register(x), register(e), register(x));
    addQuarters(code, targets, register(e), xmm(s));
    addQuarters(code, gaps, register(x), xmm(s));
  });
  for (const sum of [sums, targets, gaps]) sumLanes(code, sum, xmm(s));
  const narrow: Functions = new Lanes(code, level, 16, constants);
  log(narrow, sums, xmm(x), [xmm(e), xmm(s), xmm(n), xmm(most)]);
  code.emit("vmulss", xmm(x), targets, xmm(x));
  code.emit("vaddss", xmm(x), gaps, xmm(x));
  code.emit("vmovss", at(result), xmm(x));
  code.emit("add", z, stride);
  code.emit("add", y, stride);
  code.emit("add", result, 4);
  code.emit("dec", low(rcx));
  code.jump("ne", "sample");
  code.emit("vzeroupper");
  return finish(code);
}
