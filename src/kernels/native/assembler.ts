/**
 * An assembler for what the kernels need of x86-64, and no more: what it doesn't know is an error. Operands are in the
 * order of Intel's manual, the target first. It keeps a listing that GNU as makes the same bytes of.
 */
import { CodeBytes, littleEndian } from "./code_bytes.ts";
import { encodeGeneral } from "./encode_general.ts";
import { encodeVector, type VectorMnemonic } from "./encode_vector.ts";
import {
  type ARITHMETIC,
  type Condition,
  CONDITIONS,
  PLAIN,
  SHIFTS,
  VECTOR_INSTRUCTIONS,
} from "./instructions.ts";
import { type Memory, type Operand, operandText } from "./operands.ts";

/** Names of the instructions that {@linkcode Assembler.emit} takes. */
export type Mnemonic =
  | VectorMnemonic
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
  readonly #bytes = new CodeBytes();
  /** Lines of the listing, which is seldom asked for. */
  readonly #lines: (string | (() => string))[] = [];
  /** Constants by their bits. */
  readonly #constants = new Map<string, readonly number[]>();

  /** Marks a place to jump to. */
  label(name: string): void {
    this.#bytes.label(name);
    this.#lines.push(`${name}:`);
  }

  /** Jumps to a label, always or on a condition: back by the shortest encoding, ahead by the longest. */
  jump(condition: Condition | "always", label: string): void {
    const name = condition === "always" ? "jmp" : `j${condition}`;
    const code = condition === "always" ? 0 : CONDITIONS[condition];
    const target = this.#bytes.placeOf(label);
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
    this.#bytes.patch(label, 0);
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
    if (name in VECTOR_INSTRUCTIONS) {
      encodeVector(this.#bytes, name as VectorMnemonic, operands);
    } else if (name in PLAIN) this.#bytes.push(...PLAIN[name as "ret"]);
    else encodeGeneral(this.#bytes, name, operands);
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
      this.#bytes.label(label);
      lines.push(
        `${label}: .long ${words.map((word) => word >>> 0).join(", ")}`,
      );
      for (const word of words) this.#bytes.push(...littleEndian(word));
    }
    return {
      bytes: this.#bytes.finish(),
      get listing() {
        return lines.map((line) =>
          `${typeof line === "string" ? line : line()}\n`
        ).join("");
      },
    };
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
