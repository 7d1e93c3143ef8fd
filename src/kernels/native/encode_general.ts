/** How instructions on general registers become bytes. */
import { type CodeBytes, isByte, littleEndian } from "./code_bytes.ts";
import { ARITHMETIC, SHIFTS } from "./instructions.ts";
import type { Memory, Operand, Register } from "./operands.ts";

/** Prefixes, opcode and operands of an instruction on general registers. */
function encode(
  code: CodeBytes,
  bytes: number,
  opcode: readonly number[],
  reg: number,
  rm: Register | Memory,
  { prefix = [] as number[], behind = 0 } = {},
): void {
  const [x, b] = rm.kind === "memory"
    ? [rm.index?.number ?? 0, rm.base?.number ?? 0]
    : [0, rm.number];
  const rex = (bytes === 8 ? 8 : 0) | (reg > 7 ? 4 : 0) | (x > 7 ? 2 : 0) |
    (b > 7 ? 1 : 0);
  code.push(...prefix);
  if (rex !== 0) code.push(0x40 | rex);
  code.push(...opcode);
  code.modrm(reg, rm, { behind });
}

/** Appends an instruction on general registers. */
export function encodeGeneral(
  code: CodeBytes,
  name: string,
  [target, source, third]: readonly Operand[],
): void {
  const to = target as Register;
  const { bytes } = to;
  if (name in ARITHMETIC) {
    const row = ARITHMETIC[name as keyof typeof ARITHMETIC];
    if (typeof source !== "number") {
      if (source.kind === "memory") {
        encode(code, bytes, [row << 3 | 3], to.number, source);
      } else encode(code, bytes, [row << 3 | 1], source.number, to);
    } else if (isByte(source)) {
      encode(code, bytes, [0x83], row, to, { behind: 1 });
      code.push(source & 0xff);
    } else if (to.number === 0) {
      if (bytes === 8) code.push(0x48);
      code.push(row << 3 | 5, ...littleEndian(source));
    } else {
      encode(code, bytes, [0x81], row, to, { behind: 4 });
      code.push(...littleEndian(source));
    }
    return;
  }
  if (name in SHIFTS) {
    const digit = SHIFTS[name as keyof typeof SHIFTS];
    if (source === 1) return encode(code, bytes, [0xd1], digit, to);
    // By a register: the lowest byte of rcx.
    if (typeof source === "object") {
      return encode(code, bytes, [0xd3], digit, to);
    }
    encode(code, bytes, [0xc1], digit, to);
    code.push((source as number) & 0xff);
    return;
  }
  const from = source as Register | Memory;
  switch (name) {
    case "mov":
      if (typeof source === "number") {
        if (bytes === 8) encode(code, 8, [0xc7], 0, to);
        else {
          if (to.number > 7) code.push(0x41);
          code.push(0xb8 | to.number & 7);
        }
        code.push(...littleEndian(source));
      } else if ((target as Memory).kind === "memory") {
        const { bytes, number } = source as Register;
        encode(code, bytes, [0x89], number, target as Memory);
      } else if (source.kind === "memory") {
        encode(code, bytes, [0x8b], to.number, source);
      } else encode(code, bytes, [0x89], source.number, to);
      return;
    case "lea":
      return encode(code, bytes, [0x8d], to.number, from);
    case "test":
      return encode(code, bytes, [0x85], (from as Register).number, to);
    case "imul":
      if (typeof third === "number") {
        const short = isByte(third);
        encode(code, bytes, [short ? 0x6b : 0x69], to.number, from);
        code.push(...(short ? [third & 0xff] : littleEndian(third)));
      } else encode(code, bytes, [0x0f, 0xaf], to.number, from);
      return;
    case "inc":
      return encode(code, bytes, [0xff], 0, to);
    case "dec":
      return encode(code, bytes, [0xff], 1, to);
    case "push":
    case "pop":
      if (to.number > 7) code.push(0x41);
      code.push((name === "push" ? 0x50 : 0x58) | to.number & 7);
      return;
    case "prefetcht0":
      return encode(code, 4, [0x0f, 0x18], 1, target as Memory);
    case "prefetcht1":
      return encode(code, 4, [0x0f, 0x18], 2, target as Memory);
    case "prefetchw":
      return encode(code, 4, [0x0f, 0x0d], 1, target as Memory);
    case "tzcnt":
      return encode(code, bytes, [0x0f, 0xbc], to.number, from, {
        prefix: [0xf3],
      });
    case "popcnt":
      return encode(code, bytes, [0x0f, 0xb8], to.number, from, {
        prefix: [0xf3],
      });
    case "kmovw":
      return moveMask(code, to, from as Register);
    default:
      throw new Error(`No instruction ${name}`);
  }
}

/** Between a mask and 32 bits of one of the first eight general registers. */
function moveMask(code: CodeBytes, to: Register, from: Register): void {
  if (to.number > 7 || from.number > 7) {
    throw new Error("kmovw of the upper registers");
  }
  const opcode = to.kind === "mask" ? 0x92 : 0x93;
  code.push(0xc5, 0xf8, opcode);
  code.modrm(to.number, from);
}
