/** Registers and memory operands of x86-64, under the names that Intel's manual has. */

/** A register: general, vector or mask. */
export interface Register {
  readonly kind: "general" | "vector" | "mask";
  readonly number: number;
  /** Its width; of a mask 8. */
  readonly bytes: number;
  readonly name: string;
  /** The mask under which a vector is written, and whether the other lanes become zero. */
  readonly mask?: Register;
  readonly zeroing?: boolean;
}

/** A place in memory: `[base + index·scale + displacement]`, or a constant of the code itself. */
export interface Memory {
  readonly kind: "memory";
  readonly base?: Register;
  readonly index?: Register;
  readonly scale: number;
  readonly displacement: number;
  /** A constant behind the code, relative to the instruction pointer. */
  readonly label?: string;
  /** Whether one float is spread over all lanes; AVX-512 alone. */
  readonly broadcast?: boolean;
}

export type Operand = Register | Memory | number;

const NAMES = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15"
  .split(" ");

function general(number: number, bytes: 4 | 8): Register {
  const name = NAMES[number];
  const half = number < 8 ? `e${name.slice(1)}` : `${name}d`;
  return { kind: "general", number, bytes, name: bytes === 8 ? name : half };
}

export const [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi]: readonly Register[] =
  NAMES.map((_, number) => general(number, 8));

export const [r8, r9, r10, r11, r12, r13, r14, r15]: readonly Register[] = NAMES
  .slice(8).map((_, number) => general(number + 8, 8));

/** The lower 32 bits of a general register; to write them clears the upper ones. */
export function low(register: Register): Register {
  return general(register.number, 4);
}

const PREFIXES = { 16: "xmm", 32: "ymm", 64: "zmm" } as const;

/** A vector register of 16 (xmm), 32 (ymm) or 64 bytes (zmm). */
export function vector(number: number, bytes: number): Register {
  const name = `${PREFIXES[bytes as keyof typeof PREFIXES]}${number}`;
  return { kind: "vector", number, bytes, name };
}

export const xmm = (number: number): Register => vector(number, 16);
export const ymm = (number: number): Register => vector(number, 32);
export const zmm = (number: number): Register => vector(number, 64);

/** A mask register of AVX-512. */
export function k(number: number): Register {
  return { kind: "mask", number, bytes: 8, name: `k${number}` };
}

/** The vector, written in the lanes of a mask alone; the others become zero with `zeroing`. */
export function masked(
  register: Register,
  mask: Register,
  zeroing = false,
): Register {
  return { ...register, mask, zeroing };
}

/** `[base + displacement]`, or `[base + index·scale + displacement]`. */
export function at(
  base: Register,
  displacement = 0,
  index?: Register,
  scale: 1 | 2 | 4 | 8 = 1,
): Memory {
  return {
    ...{ kind: "memory", base, scale, displacement },
    ...(index === undefined ? {} : { index }),
  };
}

/** One float of memory in all lanes. */
export function spread(memory: Memory): Memory {
  return { ...memory, broadcast: true };
}

/** An operand as GNU as reads it with `.intel_syntax noprefix`. */
export function operandText(operand: Operand, lanes: number): string {
  if (typeof operand === "number") return String(operand);
  if (operand.kind !== "memory") {
    const mask = operand.mask === undefined ? "" : `{${operand.mask.name}}`;
    return operand.name + mask + (operand.zeroing ? "{z}" : "");
  }
  const { base, index, scale, displacement, label, broadcast } = operand;
  const terms = [
    ...(label === undefined ? [base!.name] : ["rip", label]),
    ...(index === undefined ? [] : [`${index.name}*${scale}`]),
  ];
  const sum = terms.join("+");
  const place = displacement === 0
    ? sum
    : `${sum}${displacement < 0 ? "" : "+"}${displacement}`;
  return `[${place}]${broadcast ? `{1to${lanes}}` : ""}`;
}
