/** The gradient of the weights of sparse inputs. */
import { Assembler, type Code } from "./assembler.ts";
import { enter, leave, loadPointer, loadWord } from "./function.ts";
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
  rsi,
  vector,
} from "./operands.ts";
import { ENTRY, findStrip, prefetch } from "./sparse.ts";
import { placesOf } from "./vectors.ts";

/**
 * What the gradient fetches: of each sample the entries of a strip, and before that where they start. A new order in each
 * epoch takes 0.97 of the time of 7 lines 8 samples ahead, whose starts weren't fetched, and 7 behind the current ones.
 */
const SCATTER_LINES_AHEAD = 4;
const SCATTER_SAMPLES_AHEAD = 4;
const STARTS_AHEAD = 8;

/** The arguments of {@linkcode sparseScatter}. */
export const SCATTER_ARGUMENTS = {
  ...{ base: 0, delta: 1, stride: 2, starts: 3, entries: 4, indices: 5 },
  ...{ batch: 6, strip: 7, strips: 8, shift: 9, first: 10, last: 11 },
} as const;

/**
 * `base[:, e] += value_e · delta[:, s]` for all samples s of the batch in turn, and the entries of the blocks
 * `[first, last)` of a strip, for rows that fall into vectors of these widths.
 */
export function sparseScatter(widths: readonly number[]): Code {
  const code = new Assembler();
  const words = SCATTER_ARGUMENTS;
  const places = placesOf(widths);
  const many = widths.length;
  const column = widths.map((bytes, n) => vector(n, bytes));
  // A sum at a time is in the other registers: they take turns.
  const value = vector(many, Math.max(...widths));
  const values = widths.map((bytes) => vector(many, bytes));
  const [base, indices, starts, entries] = [r8, r9, r10, r13];
  const [sample, strip, delta, entry, left] = [rbp, r14, r15, r11, r12];
  enter(code);
  loadPointer(code, base, words.base);
  loadPointer(code, indices, words.indices);
  loadPointer(code, starts, words.starts);
  loadPointer(code, entries, words.entries);
  loadPointer(code, delta, words.delta);
  loadWord(code, strip, words.strip);
  code.emit("xor", low(sample), low(sample));
  code.label("sample");
  code.emit("lea", r12, at(sample, STARTS_AHEAD));
  code.emit("cmp", low(r12), at(rsi, 4 * words.batch));
  code.jump("ae", "known");
  findStrip(code, words, { indices, place: r12, strip, starts });
  code.emit("prefetcht0", at(rbx));
  code.label("known");
  code.emit("lea", r12, at(sample, SCATTER_SAMPLES_AHEAD));
  code.emit("cmp", low(r12), at(rsi, 4 * words.batch));
  code.jump("ae", "current");
  findStrip(code, words, { indices, place: r12, strip, starts });
  code.emit("mov", low(entry), at(rbx));
  code.emit("lea", entry, at(entries, 0, entry, ENTRY));
  prefetch(code, entry, SCATTER_LINES_AHEAD);
  code.label("current");
  findStrip(code, words, { indices, place: sample, strip, starts });
  loadWord(code, rax, words.first);
  code.emit("mov", low(entry), at(rbx, 0, rax, 4));
  loadWord(code, rax, words.last);
  code.emit("mov", low(left), at(rbx, 0, rax, 4));
  code.emit("sub", low(left), low(entry));
  code.jump("e", "next");
  code.emit("lea", entry, at(entries, 0, entry, ENTRY));
  column.forEach((part, n) => code.emit("vmovups", part, at(delta, places[n])));
  code.label("entry");
  code.emit("mov", low(rax), at(entry));
  code.emit("vbroadcastss", value, at(entry, 4));
  code.emit("add", rax, base);
  const spare = Math.min(4, (Math.max(...widths) === 64 ? 31 : 15) - many);
  widths.forEach((bytes, n) => {
    const sum = vector(many + 1 + n % spare, bytes);
    code.emit("vmovups", sum, at(rax, places[n]));
    code.emit("vfmadd231ps", sum, values[n], column[n]);
    code.emit("vmovups", at(rax, places[n]), sum);
  });
  code.emit("add", entry, ENTRY);
  code.emit("dec", low(left));
  code.jump("ne", "entry");
  code.label("next");
  loadWord(code, rax, words.stride);
  code.emit("add", delta, rax);
  code.emit("inc", low(sample));
  code.emit("cmp", low(sample), at(rsi, 4 * words.batch));
  code.jump("b", "sample");
  return leave(code);
}
