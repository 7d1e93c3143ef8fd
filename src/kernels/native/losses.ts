/**
 * One number for each sample: losses, errors, whether they are right. Sums are those of `src/kernels/assembly/losses.ts`: of each four rows
 * into the four lanes of 16 bytes, one after another, and the lanes at last.
 */
import { Assembler, type Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { clear, finish, loadPointer, loadWord } from "./function.ts";
import { EXP, exp, LOG, log1p, MAGNITUDE, SIGN } from "./functions.ts";
import { COMPARE, type Constants, Lanes, placeConstants } from "./lanes.ts";
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
  xmm,
} from "./operands.ts";
import { addQuarters, clearUnused, Rows, sumLanes } from "./rows.ts";

/** The arguments of the kernels of losses: 32-bit words; places are those of the first sample, strides in bytes. */
export const LOSS_ARGUMENTS = {
  ...{ a: 0, y: 1, stride: 2, result: 3, count: 4 },
} as const;

/** A loss whose terms are those of rows, each for itself. */
interface RowLoss<C extends Constants> {
  readonly constants: C;
  /** Makes the register 0 the loss of a vector of rows; registers up to 9 are free. */
  readonly body: (lanes: Lanes<C>, a: Memory, y: Memory) => void;
  /** Makes of the sum what it is to be. */
  readonly end?: (code: Assembler, sum: Register, outputs: number) => void;
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

/** Makes a register `a - y`. */
function loadDifference(
  { code }: Lanes,
  x: Register,
  a: Memory,
  y: Memory,
): void {
  code.emit("vmovups", x, a);
  code.emit("vsubps", x, x, y);
}

const HALF_SQUARED_ERROR: RowLoss<Record<never, never>> = {
  constants: {},
  body(lanes, a, y) {
    const x = lanes.register(0);
    loadDifference(lanes, x, a, y);
    lanes.code.emit("vmulps", x, x, x);
  },
  end: (code, sum) =>
    code.emit("vmulps", sum, sum, code.constant(new Array(4).fill(bits(0.5)))),
};

const HUBER: RowLoss<typeof MAGNITUDE & { one: 1; half: 0.5 }> = {
  constants: { ...MAGNITUDE, one: 1, half: 0.5 },
  /** With c = min(|d|, 1): c·(|d| - ½c). */
  body(lanes, a, y) {
    const { code } = lanes;
    const [x, cut, half] = [0, 1, 2].map((r) => lanes.register(r));
    loadDifference(lanes, x, a, y);
    code.emit("vandps", x, x, lanes.constant("magnitude"));
    // In this order of arguments, NaN is handed on.
    code.emit("vminps", cut, lanes.constantIn("one", cut), x);
    code.emit("vmulps", half, cut, lanes.constant("half"));
    code.emit("vsubps", x, x, half);
    code.emit("vmulps", x, cut, x);
  },
};

const CORRECT_LABELS: RowLoss<{ one: 1; half: 0.5 }> = {
  constants: { one: 1, half: 0.5 },
  /** 1 where both are on the same side. */
  body(lanes, a, y) {
    const { code } = lanes;
    const [above, below, p, target, spare] = [0, 1, 2, 3, 4].map((r) =>
      lanes.register(r)
    );
    const half = lanes.constant("half");
    code.emit("vmovups", p, a);
    code.emit("vmovups", target, y);
    for (
      const [side, predicate] of [
        [above, COMPARE.notLess] as const,
        [below, COMPARE.less] as const,
      ]
    ) {
      lanes.copyConstant(side, "one");
      lanes.keep(side, [p, predicate, half], spare);
    }
    lanes.select(above, [target, COMPARE.notLess, half], above, below, spare);
  },
  end: (code, sum, outputs) =>
    code.emit(
      "vdivps",
      sum,
      sum,
      code.constant(new Array(4).fill(bits(outputs))),
    ),
};

function bits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

function rowLoss<C extends Constants>({ constants, body, end }: RowLoss<C>) {
  return (level: Level, outputs: number): Code => {
    const code = new Assembler();
    const words = LOSS_ARGUMENTS;
    const [sums, spare] = [xmm(10), xmm(11)];
    loadPointer(code, r8, words.a);
    loadPointer(code, r9, words.y);
    loadWord(code, r10, words.stride);
    loadPointer(code, r11, words.result);
    loadWord(code, rcx, words.count);
    const rows = new Rows(code, level, outputs);
    const places = placeConstants(code, level, constants);
    code.label("sample");
    clear(code, sums);
    rows.forEach("rows", (part) => {
      const lanes = new Lanes<C>(code, level, part.bytes, places);
      body(lanes, part.place(r8), part.place(r9));
      const loss = lanes.register(0);
      clearUnused(code, loss, part);
      addQuarters(code, sums, loss, spare);
    });
    sumLanes(code, sums, spare);
    end?.(code, sums, outputs);
    code.emit("vmovss", at(r11), sums);
    code.emit("add", r8, r10);
    code.emit("add", r9, r10);
    code.emit("add", r11, 4);
    code.emit("dec", low(rcx));
    code.jump("ne", "sample");
    code.emit("vzeroupper");
    return finish(code);
  };
}

/** What writes their code, for a number of outputs. */
export const ROW_LOSSES = {
  binaryCrossEntropy: rowLoss(BINARY_CROSS_ENTROPY),
  halfSquaredError: rowLoss(HALF_SQUARED_ERROR),
  huber: rowLoss(HUBER),
  absoluteError: rowLoss(ABSOLUTE_ERROR),
  correctLabels: rowLoss(CORRECT_LABELS),
} as const;
