/**
 * The softmax and its loss, step by step those of `src/kernels/assembly/softmax.ts`, for outputs that fit into some
 * registers: see the kernels' interface.
 */
import { Assembler, type Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { clear, finish, loadPointer, loadWord } from "./function.ts";
import { EXP, exp, LOG, log } from "./functions.ts";
import { Lanes, placeConstants } from "./lanes.ts";
import {
  addQuarters,
  LOSS_ARGUMENTS,
  rowsInUse,
  spreadLargest,
  sumLanes,
} from "./losses.ts";
import {
  at,
  low,
  type Memory,
  r10,
  r11,
  r8,
  r9,
  rcx,
  type Register,
  vector,
  xmm,
  ymm,
} from "./operands.ts";
import { placesOf } from "./vectors.ts";

/** The arguments of {@linkcode softmax}: 32-bit words; places are those of the first sample. */
export const SOFTMAX_ARGUMENTS = { z: 0, a: 1, stride: 2, count: 3 } as const;

/** Vectors of outputs at most: their registers are 0 to 3, and 4 to 9 are spare. */
export const MOST_VECTORS = 4;

/** Logits in registers, minus infinity in lanes that hold none. */
class Logits {
  readonly code: Assembler;
  readonly outputs: number;
  /** Each vector with the rows that it begins with, and its lanes in use. */
  readonly parts: readonly {
    readonly values: Register;
    readonly place: number;
    readonly lanes: Lanes<typeof EXP & typeof LOG>;
    readonly inUse: Memory;
    readonly lowest: Memory;
  }[];

  constructor(
    code: Assembler,
    level: Level,
    widths: readonly number[],
    outputs: number,
  ) {
    [this.code, this.outputs] = [code, outputs];
    const constants = placeConstants(code, level, { ...EXP, ...LOG });
    const places = placesOf(widths);
    this.parts = widths.map((bytes, n) => {
      const row = places[n] / 4;
      return {
        values: vector(n, bytes),
        place: places[n],
        lanes: new Lanes(code, level, bytes, constants),
        inUse: rowsInUse(code, row, bytes, outputs),
        lowest: code.constant(
          Array.from(
            { length: bytes / 4 },
            (_, lane) => row + lane < outputs ? 0 : MINUS_INFINITY,
          ),
        ),
      };
    });
  }

  /** Loads the logits of a sample. */
  load(from: Register): void {
    for (const { values, place, inUse, lowest } of this.parts) {
      this.code.emit("vmovups", values, at(from, place));
      this.code.emit("vandps", values, values, inUse);
      this.code.emit("vorps", values, values, lowest);
    }
  }

  /** The largest logit in all lanes of a register. */
  largest(most: number, spare: number): void {
    const [first, ...others] = this.parts;
    const { code } = this;
    const wide = vector(most, first.values.bytes);
    code.emit("vmovaps", wide, first.values);
    for (const { values } of others) {
      const { bytes } = values;
      // A narrower one can't be compared with all lanes, so those of both are joined.
      if (bytes === wide.bytes) code.emit("vmaxps", wide, wide, values);
    }
    spreadLargest(code, most, wide.bytes, spare);
    for (const { values } of others) {
      if (values.bytes === wide.bytes) continue;
      const narrow = vector(spare, values.bytes);
      code.emit("vmaxps", narrow, vector(most, values.bytes), values);
      spreadLargest(code, spare, values.bytes, most);
      code.emit("vbroadcastss", wide, xmm(spare));
    }
  }
}

const MINUS_INFINITY = 0xff80_0000;

/** `a = e^z / Σ e^z` of each sample; rows behind the outputs become zero. */
export function softmax(
  level: Level,
  widths: readonly number[],
  outputs: number,
  floats: number,
): Code {
  const code = new Assembler();
  const words = SOFTMAX_ARGUMENTS;
  const [z, a, stride] = [r8, r9, r10];
  loadPointer(code, z, words.z);
  loadPointer(code, a, words.a);
  loadWord(code, stride, words.stride);
  loadWord(code, rcx, words.count);
  const logits = new Logits(code, level, widths, outputs);
  const [most, x, e, s, n] = [4, 5, 6, 7, 8];
  const sums = xmm(9);
  code.label("sample");
  logits.load(z);
  logits.largest(most, x);
  clear(code, sums);
  for (const { values, lanes, inUse } of logits.parts) {
    const register = (number: number) => lanes.register(number);
    code.emit("vsubps", register(x), values, register(most));
    exp(lanes, register(x), register(e), [register(s), register(n)]);
    code.emit("vandps", values, register(e), inUse);
    code.emit("vmovaps", register(e), values);
    addQuarters(code, sums, register(e), xmm(x));
  }
  sumLanes(code, sums, xmm(x));
  for (const { values, place, lanes, inUse } of logits.parts) {
    code.emit("vbroadcastss", lanes.register(x), sums);
    code.emit("vdivps", values, values, lanes.register(x));
    // Once more, as 0 over a sum of NaN isn't 0.
    code.emit("vandps", values, values, inUse);
    code.emit("vmovups", at(a, place), values);
  }
  const end = widths.reduce((sum, bytes) => sum + bytes, 0);
  clear(code, ymm(x));
  for (let place = end; place < 4 * floats; place += 32) {
    code.emit("vmovups", at(a, place), ymm(x));
  }
  code.emit("add", z, stride);
  code.emit("add", a, stride);
  code.emit("dec", low(rcx));
  code.jump("ne", "sample");
  code.emit("vzeroupper");
  return finish(code);
}

/** `Σ y·(max - z) + Σy · ln Σ e^(z - max)` of each sample; arguments as of other losses. */
export function crossEntropy(
  level: Level,
  widths: readonly number[],
  outputs: number,
): Code {
  const code = new Assembler();
  const words = LOSS_ARGUMENTS;
  const [z, y, stride, result] = [r8, r9, r10, r11];
  loadPointer(code, z, words.a);
  loadPointer(code, y, words.y);
  loadWord(code, stride, words.stride);
  loadPointer(code, result, words.result);
  loadWord(code, rcx, words.count);
  const logits = new Logits(code, level, widths, outputs);
  const [most, x, e, s, n] = [4, 5, 6, 7, 8];
  const [sums, targets, gaps] = [9, 10, 11].map(xmm);
  code.label("sample");
  logits.load(z);
  logits.largest(most, x);
  for (const sum of [sums, targets, gaps]) clear(code, sum);
  for (const { values, place, lanes, inUse } of logits.parts) {
    const register = (number: number) => lanes.register(number);
    code.emit("vsubps", register(x), values, register(most));
    exp(lanes, register(x), register(e), [register(s), register(n)]);
    code.emit("vandps", register(e), register(e), inUse);
    addQuarters(code, sums, register(e), xmm(s));
    code.emit("vsubps", register(x), register(most), values);
    code.emit("vandps", register(x), register(x), inUse);
    code.emit("vmovups", register(e), at(y, place));
    code.emit("vandps", register(e), register(e), inUse);
    code.emit("vmulps", register(x), register(e), register(x));
    addQuarters(code, targets, register(e), xmm(s));
    addQuarters(code, gaps, register(x), xmm(s));
  }
  for (const sum of [sums, targets, gaps]) sumLanes(code, sum, xmm(s));
  const [{ lanes }] = logits.parts;
  const narrow = new Lanes<typeof EXP & typeof LOG>(
    ...[code, level, 16, lanes.constants] as const,
  );
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
