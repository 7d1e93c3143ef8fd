/** Lays sparse inputs of a batch out input by input: the passes of `transposeEntries`. */
import { Assembler, type Code } from "./assembler.ts";
import { enter, leave, loadPointer, loadWord } from "./function.ts";
import type { Library } from "./library.ts";
import type { OpKernels } from "../products.ts";
import { STRIP_BLOCKS } from "../kernels.ts";
import {
  at,
  low,
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
  rdi,
  rdx,
  rsi,
} from "./operands.ts";
import { ENTRY, findStrip, STRIP } from "./sparse.ts";

/** The arguments: 32-bit words; `reciprocal` is 2^32 by the bytes of a column. */
const ARGUMENTS = {
  ...{ starts: 0, entries: 1, indices: 2, size: 3, strips: 4, shift: 5 },
  ...{ strip: 6, blockBytes: 7, firstColumn: 8, columnBytes: 9 },
  ...{ reciprocal: 10, cursors: 11, stripSamples: 12, stripBytes: 13 },
  target: 14,
} as const;

/** One pass over the entries of a unit: it counts them, or writes each where its cursor is. */
function pass(writes: boolean): Code {
  const code = new Assembler();
  const words = ARGUMENTS;
  const [entries, indices, starts, entry, left] = [r8, r9, r10, r11, r12];
  const [cursors, strip, inStrip, sample] = [r13, r14, r15, rbp];
  enter(code);
  loadPointer(code, entries, words.entries);
  loadPointer(code, indices, words.indices);
  loadPointer(code, starts, words.starts);
  loadPointer(code, cursors, words.cursors);
  loadWord(code, strip, words.strip);
  loadWord(code, inStrip, words.stripSamples);
  loadWord(code, rax, words.target);
  code.emit("add", rdi, rax);
  code.emit("xor", low(sample), low(sample));
  code.label("sample");
  findStrip(code, words, { indices, place: sample, strip, starts });
  loadWord(code, rax, words.blockBytes);
  code.emit("mov", low(entry), at(rbx, 0, rax));
  code.emit("mov", low(left), at(rbx, 4, rax));
  code.emit("sub", low(left), low(entry));
  code.jump("e", "next");
  code.emit("lea", entry, at(entries, 0, entry, ENTRY));
  const column = rbx;
  loadWord(code, column, words.columnBytes);
  code.emit("imul", column, sample);
  code.label("entry");
  // Which input of the unit it is, and where the cursor of that is.
  code.emit("mov", low(rax), at(entry));
  code.emit("sub", low(rax), at(rsi, 4 * words.firstColumn));
  loadWord(code, rcx, words.reciprocal);
  code.emit("imul", rax, rcx);
  code.emit("shr", rax, 32);
  code.emit("shl", rax, Math.log2(STRIP));
  const [cursor, place] = [at(cursors, 0, rax), low(rcx)];
  code.emit("mov", place, cursor);
  if (writes) {
    code.emit("mov", low(rdx), at(entry, 4));
    code.emit("mov", at(rdi, 0, rcx, ENTRY), low(column));
    code.emit("mov", at(rdi, 4, rcx, ENTRY), low(rdx));
  }
  code.emit("inc", place);
  code.emit("mov", cursor, place);
  code.emit("add", entry, ENTRY);
  code.emit("dec", low(left));
  code.jump("ne", "entry");
  code.label("next");
  code.emit("dec", low(inStrip));
  code.jump("ne", "same");
  code.emit("mov", low(rax), at(rsi, 4 * words.stripBytes));
  code.emit("add", cursors, rax);
  loadWord(code, inStrip, words.stripSamples);
  code.label("same");
  code.emit("inc", low(sample));
  code.emit("cmp", low(sample), at(rsi, 4 * words.size));
  code.jump("b", "sample");
  return leave(code);
}

/** `transposeEntries` in machine code. */
export function transposingKernel(
  library: Library,
): Required<Pick<OpKernels, "transposeEntries">> {
  const { words } = library;
  const count = library.get("count entries", () => pass(false));
  const write = library.get("transpose entries", () => pass(true));
  return {
    transposeEntries(writes, { strips, shift, ...source }, unit, target) {
      const at = ARGUMENTS;
      words[at.starts] = source.starts;
      words[at.entries] = source.entries;
      words[at.indices] = source.indices;
      words[at.size] = source.size;
      words[at.strips] = strips;
      words[at.shift] = shift;
      words[at.strip] = Math.floor(unit / STRIP_BLOCKS);
      words[at.blockBytes] = 4 * (unit % STRIP_BLOCKS);
      words[at.firstColumn] = target.firstColumn;
      words[at.columnBytes] = target.columnBytes;
      words[at.reciprocal] = Math.ceil(2 ** 32 / target.columnBytes);
      words[at.cursors] = target.cursors;
      words[at.stripSamples] = target.stripSamples;
      words[at.stripBytes] = target.stripBytes;
      words[at.target] = target.entries;
      library.call(writes ? write : count);
    },
  };
}
