import { Assembler } from "../../src/kernels/native/assembler.ts";
import type { Level } from "../../src/kernels/native/cpu.ts";
import { finish } from "../../src/kernels/native/function.ts";
import { Caller } from "../../src/kernels/native/memory.ts";
import { low, rcx, vector } from "../../src/kernels/native/operands.ts";
import { VECTOR_BYTES } from "../../src/kernels/native/vectors.ts";

const ROUNDS = 100_000;

/** Sums that don't wait for each other. */
const SUMS = 12;

/** Multiplies and adds in registers alone, by the longest vectors of a level: what to call, and operations of a call. */
export function nativePeak(level: Level): { run(): void; operations: number } {
  const bytes = VECTOR_BYTES[level];
  const code = new Assembler();
  code.emit("mov", low(rcx), ROUNDS);
  code.label("round");
  for (let n = 0; n < SUMS; n++) {
    const factor = vector(SUMS, bytes);
    code.emit("vfmadd231ps", vector(n, bytes), factor, factor);
  }
  code.emit("dec", low(rcx));
  code.jump("ne", "round");
  code.emit("vzeroupper");
  const caller = new Caller(null);
  const pages = caller.install(finish(code));
  return {
    run: () => caller.call(pages),
    operations: 2 * SUMS * ROUNDS * bytes / 4,
  };
}
