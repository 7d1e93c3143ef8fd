/**
 * One number for each sample: losses, errors, whether they are right. Sums are those of `src/kernels/assembly/losses.ts`: of each four rows
 * into the four lanes of 16 bytes, one after another, and the lanes at last.
 */
import { Assembler, type Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import {
  clear,
  enter,
  finish,
  leave,
  loadPointer,
  loadWord,
} from "./function.ts";
import { EXP, exp, LOG, log1p, MAGNITUDE, SIGN } from "./functions.ts";
import { COMPARE, type Constants, Lanes, placeConstants } from "./lanes.ts";
import {
  at,
  k,
  low,
  type Memory,
  r10,
  r11,
  r12,
  r8,
  r9,
  rax,
  rbx,
  rcx,
  rdx,
  type Register,
  vector,
  xmm,
  ymm,
  zmm,
} from "./operands.ts";
import { placesOf } from "./vectors.ts";

/** The arguments of the kernels of losses: 32-bit words; places are those of the first sample, strides in bytes. */
export const LOSS_ARGUMENTS = {
  ...{ a: 0, y: 1, stride: 2, result: 3, count: 4 },
} as const;

/** Ones in the lanes of rows in use, from `first` on. */
export function rowsInUse(
  code: Assembler,
  first: number,
  bytes: number,
  outputs: number,
): Memory {
  return code.constant(
    Array.from({ length: bytes / 4 }, (_, n) => first + n < outputs ? -1 : 0),
  );
}

/** Adds the quarters of a vector to four sums, lower ones first. */
export function addQuarters(
  code: Assembler,
  sums: Register,
  values: Register,
  spare: Register,
): void {
  const { number, bytes } = values;
  code.emit("vaddps", sums, sums, xmm(number));
  const upper = (half: Register) => {
    code.emit("vextractf128", xmm(spare.number), half, 1);
    code.emit("vaddps", sums, sums, xmm(spare.number));
  };
  if (bytes >= 32) upper(ymm(number));
  if (bytes === 64) {
    code.emit("vextractf64x4", ymm(number), zmm(number), 1);
    code.emit("vaddps", sums, sums, xmm(number));
    upper(ymm(number));
  }
}

/** Makes the lowest lane the sum of four: the first two, the last two, both. */
export function sumLanes(code: Assembler, x: Register, spare: Register): void {
  const neighbors = 0xb1;
  const halves = 0x4e;
  for (const order of [neighbors, halves]) {
    code.emit("vpermilps", spare, x, order);
    code.emit("vaddps", x, x, spare);
  }
}

/** The largest lane in all lanes. */
export function spreadLargest(
  code: Assembler,
  x: number,
  bytes: number,
  spare: number,
): void {
  const larger = (width: number) =>
    code.emit(
      ...["vmaxps", vector(x, width), vector(x, width)] as const,
      vector(spare, width),
    );
  if (bytes === 64) {
    code.emit("vextractf64x4", ymm(spare), zmm(x), 1);
    larger(32);
  }
  code.emit("vextractf128", xmm(spare), ymm(x), 1);
  larger(16);
  for (const order of [0xb1, 0x4e]) {
    code.emit("vpermilps", xmm(spare), xmm(x), order);
    larger(16);
  }
  code.emit("vbroadcastss", vector(x, bytes), xmm(x));
}

/** A loss whose terms are those of rows, each for itself. */
interface RowLoss<C extends Constants> {
  readonly constants: C;
  /** Makes the register 0 the loss of a vector of rows; registers up to 9 are free. */
  readonly body: (lanes: Lanes<C>, a: Memory, y: Memory) => void;
}

const BINARY_CROSS_ENTROPY: RowLoss<
  typeof EXP & typeof SIGN & typeof MAGNITUDE & typeof LOG & { zero: 0 }
> = {
  constants: { ...EXP, ...SIGN, ...MAGNITUDE, ...LOG, zero: 0 },
  /** |z| times the part of the target on the other side, and ln(1 + e^-|z|). */
  body(lanes, a, y) {
    const { code } = lanes;
    const [sum, z, size, missed, target, s, n, e, p, q] = Array.from(
      { length: 10 },
      (_, r) => lanes.register(r),
    );
    code.emit("vmovups", z, a);
    code.emit("vmovups", target, y);
    code.emit("vandps", size, z, lanes.constant("magnitude"));
    code.emit("vsubps", missed, lanes.constantIn("one", missed), target);
    const zero = lanes.constant("zero");
    lanes.select(missed, [z, COMPARE.more, zero], missed, target, s);
    code.emit("vmulps", missed, size, missed);
    code.emit("vxorps", z, size, lanes.constant("sign"));
    exp(lanes, z, e, [s, n]);
    log1p(lanes, e, sum, [z, s, n, p, q]);
    code.emit("vaddps", sum, missed, sum);
  },
};

const ABSOLUTE_ERROR: RowLoss<typeof MAGNITUDE> = {
  constants: MAGNITUDE,
  body(lanes, a, y) {
    const x = lanes.register(0);
    lanes.code.emit("vmovups", x, a);
    lanes.code.emit("vsubps", x, x, y);
    lanes.code.emit("vandps", x, x, lanes.constant("magnitude"));
  },
};

function rowLoss<C extends Constants>(
  { constants, body }: RowLoss<C>,
  level: Level,
  widths: readonly number[],
  outputs: number,
): Code {
  const code = new Assembler();
  const words = LOSS_ARGUMENTS;
  const [sums, spare] = [xmm(10), xmm(11)];
  loadPointer(code, r8, words.a);
  loadPointer(code, r9, words.y);
  loadWord(code, r10, words.stride);
  loadPointer(code, r11, words.result);
  loadWord(code, rcx, words.count);
  const places = placeConstants(code, level, constants);
  const offsets = placesOf(widths);
  code.label("sample");
  clear(code, sums);
  widths.forEach((bytes, n) => {
    const lanes = new Lanes<C>(code, level, bytes, places);
    body(lanes, at(r8, offsets[n]), at(r9, offsets[n]));
    const row = offsets[n] / 4;
    const loss = lanes.register(0);
    if (row + bytes / 4 > outputs) {
      code.emit("vandps", loss, loss, rowsInUse(code, row, bytes, outputs));
    }
    addQuarters(code, sums, loss, spare);
  });
  sumLanes(code, sums, spare);
  code.emit("vmovss", at(r11), sums);
  code.emit("add", r8, r10);
  code.emit("add", r9, r10);
  code.emit("add", r11, 4);
  code.emit("dec", low(rcx));
  code.jump("ne", "sample");
  code.emit("vzeroupper");
  return finish(code);
}

export const ROW_LOSSES = {
  binaryCrossEntropy: (
    level: Level,
    widths: readonly number[],
    outputs: number,
  ) => rowLoss(BINARY_CROSS_ENTROPY, level, widths, outputs),
  absoluteError: (level: Level, widths: readonly number[], outputs: number) =>
    rowLoss(ABSOLUTE_ERROR, level, widths, outputs),
} as const;

/** Whether the largest of a and of y are in the same row, the first of equals, for outputs that fit into one vector. */
export function correct(level: Level, bytes: number, outputs: number): Code {
  const code = new Assembler();
  const words = LOSS_ARGUMENTS;
  const inUse = rowsInUse(code, 0, bytes, outputs);
  const minusInfinity = 0xff80_0000;
  const lowest = code.constant(
    Array.from(
      { length: bytes / 4 },
      (_, n) => n < outputs ? 0 : minusInfinity,
    ),
  );
  const [values, most, spare] = [0, 1, 2].map((n) => vector(n, bytes));
  /** Makes `row` the bits of the rows that hold the largest value, and `nan` those of NaN. */
  const findLargest = (pointer: Register, row: Register, nan: Register) => {
    code.emit("vmovups", values, at(pointer));
    code.emit("vandps", values, values, inUse);
    code.emit("vorps", values, values, lowest);
    code.emit("vmovaps", most, values);
    spreadLargest(code, most.number, bytes, spare.number);
    const compare = (
      to: Register,
      right: Register,
      predicate: number,
    ) => {
      if (level === "avx512") {
        code.emit("vcmpps", k(1), values, right, predicate);
        code.emit("kmovw", to, k(1));
      } else {
        code.emit("vcmpps", spare, values, right, predicate);
        code.emit("vmovmskps", to, spare);
      }
    };
    compare(nan, values, COMPARE.unordered);
    compare(row, most, COMPARE.equal);
    code.emit("tzcnt", row, row);
  };
  const [eax, ebx, ecx, edx] = [rax, rbx, rcx, rdx].map(low);
  enter(code);
  loadPointer(code, r8, words.a);
  loadPointer(code, r9, words.y);
  loadWord(code, r10, words.stride);
  loadPointer(code, r11, words.result);
  loadWord(code, r12, words.count);
  code.label("sample");
  findLargest(r8, eax, ecx);
  findLargest(r9, ebx, edx);
  // 1 where all bits are 0, without a jump that nobody can foretell.
  code.emit("xor", eax, ebx);
  code.emit("or", eax, ecx);
  code.emit("or", eax, edx);
  code.emit("cmp", eax, 1);
  code.emit("sbb", eax, eax);
  code.emit("and", eax, bits(1));
  code.emit("mov", at(r11), eax);
  code.emit("add", r8, r10);
  code.emit("add", r9, r10);
  code.emit("add", r11, 4);
  code.emit("dec", low(r12));
  code.jump("ne", "sample");
  return leave(code);
}

function bits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/** The arguments of {@linkcode penalties}: 32-bit words. */
export const PENALTY_ARGUMENTS = {
  ...{ columns: 0, stride: 1, count: 2, squares: 3, magnitudes: 4 },
} as const;

/** `Σ w²` and `Σ |w|` of each column of `floats` rows, two columns at a time: each is a half of the vectors. */
export function penalties(floats: number): Code {
  const code = new Assembler();
  const words = PENALTY_ARGUMENTS;
  const [w, square, sizes, product] = [0, 1, 2, 3].map(ymm);
  const magnitude = code.constant(new Array(8).fill(0x7fff_ffff));
  const [even, odd, stride, squares, magnitudes] = [r8, rax, r9, r10, r11];
  loadPointer(code, even, words.columns);
  loadWord(code, stride, words.stride);
  loadWord(code, rcx, words.count);
  loadPointer(code, squares, words.squares);
  loadPointer(code, magnitudes, words.magnitudes);
  code.emit("vmovaps", ymm(4), magnitude);
  code.label("columns");
  code.emit("lea", odd, at(even, 0, stride));
  code.emit("cmp", low(rcx), 1);
  code.jump("ne", "both");
  code.emit("mov", odd, even);
  code.label("both");
  clear(code, square);
  clear(code, sizes);
  for (let row = 0; row < floats; row += 4) {
    code.emit("vmovups", xmm(0), at(even, 4 * row));
    code.emit("vinsertf128", w, w, at(odd, 4 * row), 1);
    code.emit("vmulps", product, w, w);
    code.emit("vandps", w, w, ymm(4));
    code.emit("vaddps", square, square, product);
    code.emit("vaddps", sizes, sizes, w);
  }
  for (const [sums, result] of [[square, squares], [sizes, magnitudes]]) {
    sumLanes(code, sums, product);
    code.emit("vmovss", at(result), xmm(sums.number));
    code.emit("add", result, 4);
  }
  code.emit("dec", low(rcx));
  code.jump("e", "end");
  for (const [sums, result] of [[square, squares], [sizes, magnitudes]]) {
    code.emit("vextractf128", xmm(3), sums, 1);
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
