/** What vectors the processor has, and the system keeps. */
import { IN_DENO } from "../../runtime/builtins.ts";
import { Assembler, type Code } from "./assembler.ts";
import { Caller } from "./memory.ts";
import { at, low, r8, r9, rax, rbx, rcx, rdx, rsi } from "./operands.ts";

/** The sets of instructions that there are kernels for, the best last. */
export const LEVELS = ["avx2", "avx512"] as const;

export type Level = typeof LEVELS[number];

/** FMA, OSXSAVE and AVX in ecx of leaf 1. */
const FMA_OSXSAVE_AVX = 1 << 12 | 1 << 27 | 1 << 28;
/** AVX2 and BMI1, of which tzcnt is, in ebx of leaf 7. */
const AVX2_BMI1 = 1 << 5 | 1 << 3;
/** F, DQ, BW and VL of AVX-512 in ebx of leaf 7. */
const AVX512 = (1 << 16 | 1 << 17 | 1 << 30 | 1 << 31) | 0;
/** What the system saves of vectors: xmm and ymm, and masks and zmm besides. */
const SAVES_YMM = 0x06;
const SAVES_ZMM = 0xe6;

/** Its argument becomes 0 for none of {@linkcode LEVELS}, else how many of them there are. */
function cpuCode(): Code {
  const code = new Assembler();
  const [eax, ebx, ecx, edx] = [rax, rbx, rcx, rdx].map(low);
  const [level, saved] = [low(r8), low(r9)];
  const requireBits = (register: typeof eax, bits: number) => {
    code.emit("and", register, bits);
    code.emit("cmp", register, bits);
    code.jump("ne", "end");
  };
  code.emit("push", rbx);
  code.emit("xor", level, level);
  code.emit("mov", eax, 1);
  code.emit("xor", ecx, ecx);
  code.emit("cpuid");
  requireBits(ecx, FMA_OSXSAVE_AVX);
  code.emit("xor", ecx, ecx);
  code.emit("xgetbv");
  code.emit("mov", saved, eax);
  code.emit("mov", eax, 7);
  code.emit("xor", ecx, ecx);
  code.emit("cpuid");
  code.emit("mov", edx, saved);
  requireBits(edx, SAVES_YMM);
  code.emit("mov", edx, ebx);
  requireBits(edx, AVX2_BMI1);
  code.emit("inc", level);
  requireBits(saved, SAVES_ZMM);
  requireBits(ebx, AVX512);
  code.emit("inc", level);
  code.label("end");
  code.emit("mov", at(rsi), level);
  code.emit("pop", rbx);
  code.emit("xor", eax, eax);
  code.emit("ret");
  return code.finish();
}

/** The names of {@linkcode LEVELS} that people know. */
const WORDS: Readonly<Record<Level, string>> = {
  avx2: "AVX2",
  avx512: "AVX-512",
};

/** The best level of this machine, or why there is none. */
export type CpuSearch =
  | { readonly words: string; readonly level: Level }
  | { readonly words: undefined; readonly reason: string };

let found: CpuSearch | undefined;

/** Looks once what this process may run. Nobody is asked for a permission. */
export async function findLevel(): Promise<CpuSearch> {
  found ??= await look();
  return found;
}

async function look(): Promise<CpuSearch> {
  const none = (reason: string) => ({ words: undefined, reason });
  if (!IN_DENO) return none("machine code can be called from Deno alone");
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return none(`there is no machine code for ${Deno.build.target}`);
  }
  const { state } = await Deno.permissions.query({ name: "ffi" });
  if (state !== "granted") {
    return none("machine code can't be called without --allow-ffi");
  }
  try {
    const caller = new Caller(null);
    caller.call(caller.install(cpuCode()));
    const [count] = caller.words;
    const level = LEVELS[count - 1];
    return level === undefined
      ? none("the processor has no AVX2 with FMA")
      : { words: `machine code for ${WORDS[level]}`, level };
  } catch (error) {
    return none((error as Error).message);
  }
}
