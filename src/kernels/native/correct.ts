/** Whether the largest output and the largest target are in the same row, the first of equals. */
import { Assembler, type Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { enter, leave, loadPointer, loadWord } from "./function.ts";
import { COMPARE } from "./lanes.ts";
import { LOSS_ARGUMENTS } from "./losses.ts";
import {
  at,
  k,
  low,
  r10,
  r11,
  r12,
  r13,
  r8,
  r9,
  rbp,
  rbx,
  rcx,
  rdx,
  type Register,
  vector,
} from "./operands.ts";
import { loadRows, Rows } from "./rows.ts";

/** The bits of 1. */
const ONE = 0x3f80_0000;

/** Writes 1 for each sample where it is so and nothing is NaN, else 0. */
export function correct(level: Level, outputs: number): Code {
  const code = new Assembler();
  const words = LOSS_ARGUMENTS;
  const rows = new Rows(code, level, outputs);
  const single = rows.whole + (rows.last === undefined ? 0 : 1) === 1;
  const [most, values, spare] = [0, 1, 2];
  const [nan, found, row] = [rcx, rdx, rbp].map(low);
  const [ofOutput, ofTarget] = [rbx, r13].map(low);
  /** The bits of the lanes in which `values` compares to another register so. */
  const compare = (right: number, bytes: number, predicate: number) => {
    const [a, b] = [values, right].map((number) => vector(number, bytes));
    if (level === "avx512") {
      code.emit("vcmpps", k(1), a, b, predicate);
      code.emit("kmovw", found, k(1));
    } else {
      code.emit("vcmpps", vector(spare, bytes), a, b, predicate);
      code.emit("vmovmskps", found, vector(spare, bytes));
    }
  };
  /** Finds the first row that holds the largest value, and adds the bits of NaN. */
  const findLargest = (column: Register, to: Register, name: string) => {
    rows.largest(`${name}Largest`, column, most, spare);
    code.emit("xor", row, row);
    rows.forEach(`${name}Numbers`, (part) => {
      loadRows(code, vector(values, part.bytes), column, part);
      compare(values, part.bytes, COMPARE.unordered);
      code.emit("or", nan, found);
    });
    // Vector by vector, until one has it. With NaN none may, but that is wrong anyway.
    rows.forEach(`${name}Rows`, (part) => {
      if (!single) {
        loadRows(code, vector(values, part.bytes), column, part);
      }
      compare(most, part.bytes, COMPARE.equal);
      if (single) return;
      code.emit("test", found, found);
      code.jump("ne", `${name}Found`);
      code.emit("add", row, part.bytes / 4);
    });
    code.label(`${name}Found`);
    code.emit("tzcnt", found, found);
    code.emit("lea", to, at(rbp, 0, rdx));
  };
  enter(code);
  loadPointer(code, r8, words.a);
  loadPointer(code, r9, words.y);
  loadWord(code, r10, words.stride);
  loadPointer(code, r11, words.result);
  loadWord(code, r12, words.count);
  code.label("sample");
  code.emit("xor", nan, nan);
  findLargest(r8, ofOutput, "output");
  findLargest(r9, ofTarget, "target");
  // 1 where all bits are 0, without a jump that nobody can foretell.
  code.emit("xor", ofOutput, ofTarget);
  code.emit("or", ofOutput, nan);
  code.emit("cmp", ofOutput, 1);
  code.emit("sbb", ofOutput, ofOutput);
  code.emit("and", ofOutput, ONE);
  code.emit("mov", at(r11), ofOutput);
  code.emit("add", r8, r10);
  code.emit("add", r9, r10);
  code.emit("add", r11, 4);
  code.emit("dec", low(r12));
  code.jump("ne", "sample");
  return leave(code);
}
