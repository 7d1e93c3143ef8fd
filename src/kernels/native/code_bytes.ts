/** The bytes of machine code: operands in memory or registers, and distances to labels that are filled in at the end. */
import type { Memory, Register } from "./operands.ts";

export class CodeBytes {
  readonly #bytes: number[] = [];
  readonly #labels = new Map<string, number>();
  /** Four bytes each that are to hold the distance to a label from behind `end`. */
  readonly #patches: { at: number; end: number; label: string }[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  push(...bytes: readonly number[]): void {
    this.#bytes.push(...bytes);
  }

  /** Gives the place behind the bytes so far a name. */
  label(name: string): void {
    this.#labels.set(name, this.#bytes.length);
  }

  /** The place of a label, if it is known yet. */
  placeOf(label: string): number | undefined {
    return this.#labels.get(label);
  }

  /** Room for the distance to a label from behind the instruction, which has `behind` more bytes. */
  patch(label: string, behind: number): void {
    const at = this.#bytes.length;
    this.#patches.push({ at, end: at + 4 + behind, label });
    this.#bytes.push(0, 0, 0, 0);
  }

  /** ModRM, SIB and displacement; an 8-bit displacement counts in `unit` bytes, and `behind` bytes follow. */
  modrm(
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
      this.patch(rm.label, behind);
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

  /** All bytes, with the distances to the labels. */
  finish(): Uint8Array<ArrayBuffer> {
    for (const { at, end, label } of this.#patches) {
      const target = this.#labels.get(label);
      if (target === undefined) throw new Error(`No label ${label}`);
      littleEndian(target - end).forEach((byte, n) =>
        this.#bytes[at + n] = byte
      );
    }
    return Uint8Array.from(this.#bytes);
  }
}

/** Whether a number fits into a signed byte, for which there are shorter encodings. */
export function isByte(value: number): boolean {
  return value >= -128 && value <= 127;
}

export function littleEndian(value: number): number[] {
  return [0, 8, 16, 24].map((bits) => value >> bits & 0xff);
}
