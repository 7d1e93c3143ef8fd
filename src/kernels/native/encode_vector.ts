/** How vector instructions become bytes: behind a VEX prefix, or an EVEX one where only that can name the operands. */
import type { CodeBytes } from "./code_bytes.ts";
import {
  SCALARS,
  STORES,
  VECTOR_INSTRUCTIONS,
  type VectorInstruction,
} from "./instructions.ts";
import type { Memory, Operand, Register } from "./operands.ts";

export type VectorMnemonic = keyof typeof VECTOR_INSTRUCTIONS;

/** Appends a vector instruction. */
export function encodeVector(
  code: CodeBytes,
  name: VectorMnemonic,
  operands: readonly Operand[],
): void {
  const [target, ...sources] = operands as (Register | Memory)[];
  const load: VectorInstruction = VECTOR_INSTRUCTIONS[name];
  const extended = operands.some(needsEvex) || load.evex === true;
  // A move from a high register to a low one is shorter as a store.
  const [first] = sources;
  const swapped = name in STORES && !extended && target.kind === "vector" &&
    first.kind === "vector" && target.number < 8 && first.number >= 8;
  const row = target.kind === "memory" || swapped ? STORES[name] : load;
  const form = row.form;
  const reg = form === "vmi"
    ? row.digit!
    : (form.startsWith("m") ? first as Register : target as Register).number;
  const rm = form.startsWith("m")
    ? target
    : form.startsWith("rv")
    ? sources[1]
    : first;
  const v = form === "vmi"
    ? target as Register
    : form.startsWith("rv")
    ? first as Register
    : undefined;
  const immediate = form.endsWith("i")
    ? operands.at(-1) as number
    : form === "rvml"
    ? (operands.at(-1) as Register).number << 4
    : undefined;
  const bytes = SCALARS.has(name) ? 16 : Math.max(
    ...operands.map((operand) =>
      typeof operand === "object" && operand.kind === "vector"
        ? operand.bytes
        : 0
    ),
  );
  const [x, b] = rm.kind === "memory"
    ? [rm.index?.number ?? 0, rm.base?.number ?? 0]
    : [rm.number >> 1 & 8, rm.number];
  const vvvv = v?.number ?? 0;
  if (extended) {
    const mask = target.kind === "memory" ? undefined : target.mask;
    const zeroing = target.kind !== "memory" && target.zeroing === true;
    const broadcast = rm.kind === "memory" && rm.broadcast === true;
    const high = form !== "vmi" && (reg & 16) !== 0;
    code.push(
      0x62,
      (reg & 8 ? 0 : 0x80) | (x & 8 ? 0 : 0x40) | (b & 8 ? 0 : 0x20) |
        (high ? 0 : 0x10) | row.map,
      (row.w ?? 0) << 7 | (~vvvv & 15) << 3 | 4 | row.prefix,
      (zeroing ? 0x80 : 0) | (bytes >> 5) << 5 | (broadcast ? 0x10 : 0) |
        (vvvv & 16 ? 0 : 8) | (mask?.number ?? 0),
      row.opcode,
    );
    const unit = broadcast ? 4 : row.bytes ?? bytes;
    code.modrm(reg, rm, { unit, behind: immediate === undefined ? 0 : 1 });
  } else {
    const last = (~vvvv & 15) << 3 | (bytes === 32 ? 4 : 0) | row.prefix;
    const r = reg & 8 ? 0 : 0x80;
    if (row.map === 1 && !(x & 8) && !(b & 8)) {
      code.push(0xc5, r | last);
    } else {
      const upper = r | (x & 8 ? 0 : 0x40) | (b & 8 ? 0 : 0x20) | row.map;
      code.push(0xc4, upper, last);
    }
    code.push(row.opcode);
    code.modrm(reg, rm, { behind: immediate === undefined ? 0 : 1 });
  }
  if (immediate !== undefined) code.push(immediate & 0xff);
}

/** Whether an operand can be told by an EVEX prefix alone. */
function needsEvex(operand: Operand): boolean {
  if (typeof operand === "number") return false;
  if (operand.kind === "memory") return operand.broadcast === true;
  return operand.bytes === 64 || operand.kind === "mask" ||
    operand.mask !== undefined ||
    operand.kind === "vector" && operand.number > 15;
}
