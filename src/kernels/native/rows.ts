/** The rows of a column, for a loss or a softmax: whole vectors of them, and a last one some lanes of which are padding. */
import type { Assembler } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { PANEL, roundUp } from "../kernels.ts";
import {
  at,
  low,
  type Memory,
  rax,
  type Register,
  vector,
  xmm,
  ymm,
  zmm,
} from "./operands.ts";
import { VECTOR_BYTES } from "./vectors.ts";

/** Whole vectors up to which their code is one behind the other. */
const UNROLLED = 4;

/** A vector of rows. */
export interface RowVector {
  readonly bytes: number;
  /** Where it is, in the column that a register points to. */
  readonly place: (column: Register) => Memory;
  /** Ones in the lanes of rows in use, where some are padding. */
  readonly inUse?: Memory;
  /** Zeros there, minus infinity in the others. */
  readonly lowest?: Memory;
}

const MINUS_INFINITY = 0xff80_0000;

/** All rows of a column whose number is known. Its loops need rax. */
export class Rows {
  readonly code: Assembler;
  /** Bytes of the widest vector. */
  readonly bytes: number;
  /** Vectors of that width which have no padding. */
  readonly whole: number;
  /** What is behind them. */
  readonly last: RowVector | undefined;

  constructor(code: Assembler, level: Level, rows: number) {
    this.code = code;
    const bytes = this.bytes = VECTOR_BYTES[level];
    const lanes = bytes / 4;
    this.whole = Math.floor(rows / lanes);
    const left = rows - lanes * this.whole;
    if (left === 0) return;
    const width = roundUp(left, PANEL);
    const words = (used: number, unused: number) =>
      code.constant(
        Array.from({ length: width }, (_, n) => n < left ? used : unused),
      );
    this.last = {
      bytes: 4 * width,
      place: (column) => at(column, bytes * this.whole),
      ...(left === width
        ? {}
        : { inUse: words(-1, 0), lowest: words(0, MINUS_INFINITY) }),
    };
  }

  /** Adds instructions for each of the whole vectors in turn, in a loop with this label if there are many. */
  forEachWhole(label: string, body: (vector: RowVector) => void): void {
    const { code, bytes, whole } = this;
    if (whole <= UNROLLED) {
      for (let n = 0; n < whole; n++) {
        body({ bytes, place: (column) => at(column, bytes * n) });
      }
      return;
    }
    code.emit("xor", low(rax), low(rax));
    code.label(label);
    body({ bytes, place: (column) => at(column, 0, rax) });
    code.emit("add", rax, bytes);
    code.emit("cmp", low(rax), bytes * whole);
    code.jump("ne", label);
  }

  /** Adds instructions for all vectors, in ascending order. */
  forEach(label: string, body: (vector: RowVector) => void): void {
    this.forEachWhole(label, body);
    if (this.last !== undefined) body(this.last);
  }

  /** Makes all lanes of a register the largest row, unless one is NaN. */
  largest(label: string, column: Register, most: number, spare: number): void {
    const { code, bytes, last } = this;
    const all = vector(most, bytes);
    if (last !== undefined) {
      const values = vector(most, last.bytes);
      loadRows(code, values, column, last);
      // A narrow one leaves zeros in the upper lanes, so it is spread first.
      if (last.bytes < bytes && this.whole > 0) {
        spreadLargest(code, most, last.bytes, bytes, spare);
      }
      this.forEachWhole(
        label,
        ({ place }) => code.emit("vmaxps", all, all, place(column)),
      );
      const width = this.whole > 0 ? bytes : last.bytes;
      spreadLargest(code, most, width, bytes, spare);
      return;
    }
    code.emit("vmovups", all, at(column));
    this.forEachWhole(
      label,
      ({ place }) => code.emit("vmaxps", all, all, place(column)),
    );
    spreadLargest(code, most, bytes, bytes, spare);
  }
}

/** Loads a vector of rows, with minus infinity in place of padding. */
export function loadRows(
  code: Assembler,
  values: Register,
  column: Register,
  { place, inUse, lowest }: RowVector,
): void {
  code.emit("vmovups", values, place(column));
  if (inUse === undefined) return;
  code.emit("vandps", values, values, inUse);
  code.emit("vorps", values, values, lowest!);
}

/** Clears the lanes of padding. */
export function clearUnused(
  code: Assembler,
  values: Register,
  { inUse }: RowVector,
): void {
  if (inUse !== undefined) code.emit("vandps", values, values, inUse);
}

/** The largest lane of a register of `from` bytes in all lanes of one of `to`. */
function spreadLargest(
  code: Assembler,
  x: number,
  from: number,
  to: number,
  spare: number,
): void {
  const larger = (width: number) =>
    code.emit(
      ...["vmaxps", vector(x, width), vector(x, width)] as const,
      vector(spare, width),
    );
  if (from === 64) {
    code.emit("vextractf64x4", ymm(spare), zmm(x), 1);
    larger(32);
  }
  code.emit("vextractf128", xmm(spare), ymm(x), 1);
  larger(16);
  for (const order of [0xb1, 0x4e]) {
    code.emit("vpermilps", xmm(spare), xmm(x), order);
    larger(16);
  }
  code.emit("vbroadcastss", vector(x, to), xmm(x));
}

/** Adds the quarters of a vector, which is lost, to four sums, lower ones first. */
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
