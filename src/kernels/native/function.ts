/** What functions that C may call have in common: rdi is the memory that offsets count from, rsi the arguments. */
import type { Assembler, Code } from "./assembler.ts";
import {
  at,
  low,
  r12,
  r13,
  r14,
  r15,
  rax,
  rbp,
  rbx,
  rdi,
  type Register,
  rsi,
  xmm,
} from "./operands.ts";

/** Registers that a function has to leave as they were. */
const SAVED = [rbx, rbp, r12, r13, r14, r15];

/** Begins a function that may use all general registers but rsp. */
export function enter(code: Assembler): void {
  for (const register of SAVED) code.emit("push", register);
}

/** Ends what {@linkcode enter} began. */
export function leave(code: Assembler): Code {
  code.emit("vzeroupper");
  for (const register of SAVED.toReversed()) code.emit("pop", register);
  return finish(code);
}

/** Ends a function that has left {@linkcode SAVED} alone, and the upper halves of vectors clear. */
export function finish(code: Assembler): Code {
  code.emit("xor", low(rax), low(rax));
  code.emit("ret");
  return code.finish();
}

/** Loads an argument: a 32-bit word. */
export function loadWord(code: Assembler, to: Register, word: number): void {
  code.emit("mov", low(to), at(rsi, 4 * word));
}

/** Loads an argument that is an offset, as a pointer. */
export function loadPointer(code: Assembler, to: Register, word: number): void {
  loadWord(code, to, word);
  code.emit("add", to, rdi);
}

/** Sets a vector to zero. */
export function clear(code: Assembler, register: Register): void {
  // To clear the lowest 16 bytes clears all, but the upper registers can't be named so.
  const { number } = register;
  const part = number < 16 ? xmm(number) : register;
  code.emit("vxorps", part, part, part);
}
