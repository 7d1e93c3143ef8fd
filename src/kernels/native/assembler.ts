/**
 * An assembler for what the kernels need of x86-64, and no more: what it doesn't know is an error. Operands are in the
 * order of Intel's manual, the target first. It keeps a listing that GNU as makes the same bytes of.
 */
import {
  ARITHMETIC,
  type Condition,
  CONDITIONS,
  PLAIN,
  SCALARS,
  SHIFTS,
  STORES,
  VECTOR_INSTRUCTIONS,
  type VectorInstruction,
} from "./instructions.ts";
import {
  type Memory,
  type Operand,
  operandText,
  type Register,
} from "./operands.ts";

/** Names of the instructions that {@linkcode Assembler.emit} takes. */
export type Mnemonic =
  | keyof typeof VECTOR_INSTRUCTIONS
  | keyof typeof ARITHMETIC
  | keyof typeof SHIFTS
  | keyof typeof PLAIN
  | typeof OTHERS[number];

const OTHERS = [
  ...["mov", "lea", "test", "imul", "inc", "dec", "push", "pop"] as const,
  ...["prefetcht0", "prefetcht1", "prefetchw", "tzcnt", "popcnt"] as const,
  ...["kmovw"] as const,
];

/** Constants begin at a multiple of this behind the code, as long as the longest vector. */
const CONSTANT_ALIGNMENT = 64;

/** Finished code. */
export interface Code {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For GNU as: `.intel_syntax noprefix`, a line an instruction. */
  readonly listing: string;
}

export class Assembler {
  readonly #bytes: number[] = [];
  /** Lines of the listing, which is seldom asked for. */
  readonly #lines: (string | (() => string))[] = [];
  readonly #labels = new Map<string, number>();
  /** Four bytes each that are to hold the distance to a label from behind `end`. */
  readonly #patches: { at: number; end: number; label: string }[] = [];
  /** Constants by their bits. */
  readonly #constants = new Map<string, readonly number[]>();

  /** Marks a place to jump to. */
  label(name: string): void {
    this.#labels.set(name, this.#bytes.length);
    this.#lines.push(`${name}:`);
  }

  /** Jumps to a label, always or on a condition: back by the shortest encoding, ahead by the longest. */
  jump(condition: Condition | "always", label: string): void {
    const name = condition === "always" ? "jmp" : `j${condition}`;
    const code = condition === "always" ? 0 : CONDITIONS[condition];
    const target = this.#labels.get(label);
    const distance = (target ?? -Infinity) - (this.#bytes.length + 2);
    if (distance >= -128) {
      const opcode = condition === "always" ? 0xeb : 0x70 | code;
      this.#bytes.push(opcode, distance & 0xff);
      this.#lines.push(`  ${name} ${label}`);
      return;
    }
    this.#bytes.push(
      ...(condition === "always" ? [0xe9] : [0x0f, 0x80 | code]),
    );
    this.#patch(label, 0);
    const prefix = target === undefined ? "{disp32} " : "";
    this.#lines.push(`  ${prefix}${name} ${label}`);
  }

  /** 32-bit words behind the code, as often as they are asked for in one place. */
  constant(words: readonly number[]): Memory {
    const label = `C${
      words.map((word) => (word >>> 0).toString(16)).join("_")
    }`;
    this.#constants.set(label, words);
    return { kind: "memory", scale: 1, displacement: 0, label };
  }

  /** Adds an instruction. */
  emit(name: Mnemonic, ...operands: Operand[]): void {
    this.#lines.push(() => lineOf(name, operands));
    if (name in VECTOR_INSTRUCTIONS) this.#vector(name, operands);
    else if (name in PLAIN) this.#bytes.push(...PLAIN[name as "ret"]);
    else this.#general(name, operands);
  }

  /** The code with its constants. */
  finish(): Code {
    const lines = [".intel_syntax noprefix", ...this.#lines];
    if (this.#constants.size > 0) {
      lines.push(`  .balign ${CONSTANT_ALIGNMENT}, 0`);
      const rest = this.#bytes.length % CONSTANT_ALIGNMENT;
      if (rest > 0) {
        this.#bytes.push(...new Array(CONSTANT_ALIGNMENT - rest).fill(0));
      }
    }
    for (const [label, words] of this.#constants) {
      this.#labels.set(label, this.#bytes.length);
      lines.push(
        `${label}: .long ${words.map((word) => word >>> 0).join(", ")}`,
      );
      for (const word of words) this.#bytes.push(...littleEndian(word));
    }
    for (const { at, end, label } of this.#patches) {
      const target = this.#labels.get(label);
      if (target === undefined) throw new Error(`No label ${label}`);
      littleEndian(target - end).forEach((byte, n) =>
        this.#bytes[at + n] = byte
      );
    }
    return {
      bytes: Uint8Array.from(this.#bytes),
      get listing() {
        return lines.map((line) =>
          `${typeof line === "string" ? line : line()}\n`
        ).join("");
      },
    };
  }

  /** Room for the distance to a label from behind the instruction, which has `behind` more bytes. */
  #patch(label: string, behind: number): void {
    const at = this.#bytes.length;
    this.#patches.push({ at, end: at + 4 + behind, label });
    this.#bytes.push(0, 0, 0, 0);
  }

  /** ModRM, SIB and displacement; an 8-bit displacement counts in `unit` bytes, and `behind` bytes follow. */
  #modrm(
    reg: number,
    rm: Register | Memory,
    { unit = 1, behind = 0 } = {},
  ): void {
    const middle = (reg & 7) << 3;
    if (rm.kind !== "memory") {
      this.#bytes.push(0xc0 | middle | (rm.number & 7));
      return;
    }
    if (rm.label !== undefined) {
      this.#bytes.push(middle | 5);
      this.#patch(rm.label, behind);
      return;
    }
    const { index, scale, displacement } = rm;
    const base = rm.base!.number & 7;
    const short = displacement / unit;
    // Without a displacement, rbp and r13 stand for something else.
    const mode = displacement === 0 && base !== 5
      ? 0
      : Number.isInteger(short) && isByte(short)
      ? 1
      : 2;
    const needsSib = index !== undefined || base === 4;
    this.#bytes.push(mode << 6 | middle | (needsSib ? 4 : base));
    if (needsSib) {
      const number = (index?.number ?? 4) & 7;
      this.#bytes.push(Math.log2(scale) << 6 | number << 3 | base);
    }
    if (mode === 1) this.#bytes.push(short & 0xff);
    if (mode === 2) this.#bytes.push(...littleEndian(displacement));
  }

  #vector(name: string, operands: Operand[]): void {
    const [target, ...sources] = operands as (Register | Memory)[];
    const load: VectorInstruction =
      VECTOR_INSTRUCTIONS[name as keyof typeof VECTOR_INSTRUCTIONS];
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
      this.#bytes.push(
        0x62,
        (reg & 8 ? 0 : 0x80) | (x & 8 ? 0 : 0x40) | (b & 8 ? 0 : 0x20) |
          (high ? 0 : 0x10) | row.map,
        (row.w ?? 0) << 7 | (~vvvv & 15) << 3 | 4 | row.prefix,
        (zeroing ? 0x80 : 0) | (bytes >> 5) << 5 | (broadcast ? 0x10 : 0) |
          (vvvv & 16 ? 0 : 8) | (mask?.number ?? 0),
        row.opcode,
      );
      const unit = broadcast ? 4 : row.bytes ?? bytes;
      this.#modrm(reg, rm, { unit, behind: immediate === undefined ? 0 : 1 });
    } else {
      const last = (~vvvv & 15) << 3 | (bytes === 32 ? 4 : 0) | row.prefix;
      const r = reg & 8 ? 0 : 0x80;
      if (row.map === 1 && !(x & 8) && !(b & 8)) {
        this.#bytes.push(0xc5, r | last);
      } else {
        const upper = r | (x & 8 ? 0 : 0x40) | (b & 8 ? 0 : 0x20) | row.map;
        this.#bytes.push(0xc4, upper, last);
      }
      this.#bytes.push(row.opcode);
      this.#modrm(reg, rm, { behind: immediate === undefined ? 0 : 1 });
    }
    if (immediate !== undefined) this.#bytes.push(immediate & 0xff);
  }

  /** Prefixes, opcode and operands of an instruction on general registers. */
  #encode(
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
    this.#bytes.push(...prefix);
    if (rex !== 0) this.#bytes.push(0x40 | rex);
    this.#bytes.push(...opcode);
    this.#modrm(reg, rm, { behind });
  }

  #general(name: string, [target, source, third]: Operand[]): void {
    const to = target as Register;
    const { bytes } = to;
    if (name in ARITHMETIC) {
      const row = ARITHMETIC[name as keyof typeof ARITHMETIC];
      if (typeof source !== "number") {
        if (source.kind === "memory") {
          this.#encode(bytes, [row << 3 | 3], to.number, source);
        } else this.#encode(bytes, [row << 3 | 1], source.number, to);
      } else if (isByte(source)) {
        this.#encode(bytes, [0x83], row, to, { behind: 1 });
        this.#bytes.push(source & 0xff);
      } else if (to.number === 0) {
        if (bytes === 8) this.#bytes.push(0x48);
        this.#bytes.push(row << 3 | 5, ...littleEndian(source));
      } else {
        this.#encode(bytes, [0x81], row, to, { behind: 4 });
        this.#bytes.push(...littleEndian(source));
      }
      return;
    }
    if (name in SHIFTS) {
      const digit = SHIFTS[name as keyof typeof SHIFTS];
      if (source === 1) return this.#encode(bytes, [0xd1], digit, to);
      // By a register: the lowest byte of rcx.
      if (typeof source === "object") {
        return this.#encode(bytes, [0xd3], digit, to);
      }
      this.#encode(bytes, [0xc1], digit, to);
      this.#bytes.push((source as number) & 0xff);
      return;
    }
    const from = source as Register | Memory;
    switch (name) {
      case "mov":
        if (typeof source === "number") {
          if (bytes === 8) this.#encode(8, [0xc7], 0, to);
          else {
            if (to.number > 7) this.#bytes.push(0x41);
            this.#bytes.push(0xb8 | to.number & 7);
          }
          this.#bytes.push(...littleEndian(source));
        } else if ((target as Memory).kind === "memory") {
          const { bytes, number } = source as Register;
          this.#encode(bytes, [0x89], number, target as Memory);
        } else if (source.kind === "memory") {
          this.#encode(bytes, [0x8b], to.number, source);
        } else this.#encode(bytes, [0x89], source.number, to);
        return;
      case "lea":
        return this.#encode(bytes, [0x8d], to.number, from);
      case "test":
        return this.#encode(bytes, [0x85], (from as Register).number, to);
      case "imul":
        if (typeof third === "number") {
          const short = isByte(third);
          this.#encode(bytes, [short ? 0x6b : 0x69], to.number, from);
          this.#bytes.push(...(short ? [third & 0xff] : littleEndian(third)));
        } else this.#encode(bytes, [0x0f, 0xaf], to.number, from);
        return;
      case "inc":
        return this.#encode(bytes, [0xff], 0, to);
      case "dec":
        return this.#encode(bytes, [0xff], 1, to);
      case "push":
      case "pop":
        if (to.number > 7) this.#bytes.push(0x41);
        this.#bytes.push((name === "push" ? 0x50 : 0x58) | to.number & 7);
        return;
      case "prefetcht0":
        return this.#encode(4, [0x0f, 0x18], 1, target as Memory);
      case "prefetcht1":
        return this.#encode(4, [0x0f, 0x18], 2, target as Memory);
      case "prefetchw":
        return this.#encode(4, [0x0f, 0x0d], 1, target as Memory);
      case "tzcnt":
        return this.#encode(bytes, [0x0f, 0xbc], to.number, from, {
          prefix: [0xf3],
        });
      case "popcnt":
        return this.#encode(bytes, [0x0f, 0xb8], to.number, from, {
          prefix: [0xf3],
        });
      case "kmovw":
        return this.#moveMask(to, from as Register);
      default:
        throw new Error(`No instruction ${name}`);
    }
  }

  /** Between a mask and 32 bits of one of the first eight general registers. */
  #moveMask(to: Register, from: Register): void {
    if (to.number > 7 || from.number > 7) {
      throw new Error("kmovw of the upper registers");
    }
    const opcode = to.kind === "mask" ? 0x92 : 0x93;
    this.#bytes.push(0xc5, 0xf8, opcode);
    this.#modrm(to.number, from);
  }
}

/** A line of the listing. */
function lineOf(name: Mnemonic, operands: readonly Operand[]): string {
  const lanes = operands.reduce<number>(
    (most, operand) =>
      typeof operand === "object" && operand.kind === "vector"
        ? Math.max(most, operand.bytes / 4)
        : most,
    0,
  );
  const text = operands.map((operand) => operandText(operand, lanes));
  if (name in SHIFTS && typeof operands[1] === "object") text[1] = "cl";
  return `  ${name} ${text.join(", ")}`.trimEnd();
}

/** Whether an operand can be told by an EVEX prefix alone. */
function needsEvex(operand: Operand): boolean {
  if (typeof operand === "number") return false;
  if (operand.kind === "memory") return operand.broadcast === true;
  return operand.bytes === 64 || operand.kind === "mask" ||
    operand.mask !== undefined ||
    operand.kind === "vector" && operand.number > 15;
}

function isByte(value: number): boolean {
  return value >= -128 && value <= 127;
}

function littleEndian(value: number): number[] {
  return [0, 8, 16, 24].map((bits) => value >> bits & 0xff);
}
