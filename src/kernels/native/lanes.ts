/** Kernels that treat each float alike: written once, for vectors of any width. */
import { Assembler, type Code } from "./assembler.ts";
import type { Level } from "./cpu.ts";
import { finish, loadPointer, loadWord } from "./function.ts";
import {
  at,
  k,
  low,
  masked,
  type Memory,
  r10,
  r11,
  r8,
  r9,
  rcx,
  rdx,
  type Register,
  rsi,
  vector,
} from "./operands.ts";
import { REGISTERS, VECTOR_BYTES } from "./vectors.ts";

/** Predicates of `vcmpps`; `unlessLess` is true of NaN, `notLess` isn't. */
export const COMPARE = {
  ...{ equal: 0, less: 1, unordered: 3, unequal: 4, unlessLess: 5 },
  ...{ notLess: 13, more: 14 },
} as const;

/** Bits that are no number, such as a mask. */
export interface Bits {
  readonly bits: number;
}

/** Constants by name: floats, or bits. */
export type Constants = Readonly<Record<string, number | Bits>>;

/** Registers that constants and arguments are kept in, with AVX-512; the others are read from memory each time. */
const KEPT = 16;

function bitsOf(value: number | Bits): number {
  if (typeof value === "object") return value.bits >>> 0;
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/** Vectors of one width, and the constants of a kernel. */
export class Lanes<C extends Constants = Constants> {
  readonly code: Assembler;
  readonly level: Level;
  readonly bytes: number;
  /** Where the constants are, whatever the width. */
  readonly constants: ReadonlyMap<string, Register | Memory>;
  readonly #streams: boolean;

  constructor(
    code: Assembler,
    level: Level,
    bytes: number,
    constants: ReadonlyMap<string, Register | Memory>,
    streams = false,
  ) {
    [this.code, this.level, this.bytes] = [code, level, bytes];
    this.constants = constants;
    this.#streams = streams;
  }

  /** Writes a vector to one of the buffers, past the caches if the kernel {@linkcode overFloats streams}. */
  stream(to: Memory, vector: Register): void {
    this.code.emit(this.#streams ? "vmovntps" : "vmovups", to, vector);
  }

  /** A vector register. Constants take the last ones. */
  register(number: number): Register {
    return vector(number, this.bytes);
  }

  /** A constant, as an operand that may be in memory. */
  constant(name: keyof C): Register | Memory {
    const found = this.constants.get(name as string)!;
    return found.kind === "memory" ? found : this.register(found.number);
  }

  /** A constant in a register, which may be the one that is given. */
  constantIn(name: keyof C, spare: Register): Register {
    const found = this.constant(name);
    if (found.kind !== "memory") return found;
    this.code.emit("vmovaps", spare, found);
    return spare;
  }

  /** Copies a constant. */
  copyConstant(to: Register, name: keyof C): void {
    this.code.emit("vmovaps", to, this.constant(name));
  }

  /** `to` becomes `yes` where `left` compares to `right` so, else `no`. */
  select(
    to: Register,
    [left, predicate, right]: readonly [Register, number, Register | Memory],
    yes: Register,
    no: Register,
    spare: Register,
  ): void {
    if (this.level === "avx512") {
      this.code.emit("vcmpps", k(1), left, right, predicate);
      this.code.emit("vblendmps", masked(to, k(1)), no, yes);
    } else {
      this.code.emit("vcmpps", spare, left, right, predicate);
      this.code.emit("vblendvps", to, no, yes, spare);
    }
  }

  /** Sets `to` to zero except where `left` compares to `right` so. */
  keep(
    to: Register,
    [left, predicate, right]: readonly [Register, number, Register | Memory],
    spare: Register,
  ): void {
    if (this.level === "avx512") {
      this.code.emit("vcmpps", k(1), left, right, predicate);
      this.code.emit("vmovaps", masked(to, k(1), true), to);
    } else {
      this.code.emit("vcmpps", spare, left, right, predicate);
      this.code.emit("vandps", to, to, spare);
    }
  }
}

/** Where the constants of a kernel are: with AVX-512 the first ones in registers, from the last one on, which are loaded. */
export function placeConstants(
  code: Assembler,
  level: Level,
  constants: Constants,
): Map<string, Register | Memory> {
  const bytes = VECTOR_BYTES[level];
  const places = new Map<string, Register | Memory>();
  for (const [n, [name, value]] of Object.entries(constants).entries()) {
    const words = new Array(bytes / 4).fill(bitsOf(value));
    const memory = code.constant(words);
    if (level === "avx512" && n < KEPT) {
      const register = vector(REGISTERS[level] - 1 - n, bytes);
      code.emit("vmovaps", register, memory);
      places.set(name, register);
    } else places.set(name, memory);
  }
  return places;
}

/** What a kernel over floats looks like. */
export interface Elementwise<C extends Constants> {
  /** How many buffers it has: the first words of its arguments. The next word is how many floats each has, a multiple of 4. */
  readonly buffers: number;
  /** Floats that come behind, each in all lanes of the registers from 8 on. */
  readonly scalars?: number;
  readonly constants: C;
  /** Adds what comes before the first vector, with lanes of the widest sort. */
  readonly begin?: (lanes: Lanes<C>) => void;
  /** Adds the instructions for one vector: `places` are those of the buffers, and registers up to 7 are free, or 15 without scalars. */
  readonly body: (lanes: Lanes<C>, places: readonly Memory[]) => void;
}

/** The register of a scalar. */
export function scalar(lanes: Lanes, number: number): Register {
  return lanes.register(FIRST_SCALAR + number);
}

const FIRST_SCALAR = 8;
const POINTERS = [r8, r9, r10, r11];

/**
 * A loop over floats: whole vectors, then four floats at a time.
 *
 * @param streams Whether what a body writes by {@linkcode Lanes.stream} goes past the caches; its place has to be a multiple of
 * the vector's bytes, so they are 32 at most.
 */
export function overFloats<C extends Constants>(
  { buffers, scalars = 0, constants, begin, body }: Elementwise<C>,
  level: Level,
  streams = false,
): Code {
  if (streams && level !== "avx2") {
    throw new Error("Columns lie at multiples of 32 bytes");
  }
  const code = new Assembler();
  const bytes = VECTOR_BYTES[level];
  const pointers = POINTERS.slice(0, buffers);
  pointers.forEach((pointer, n) => loadPointer(code, pointer, n));
  loadWord(code, rcx, buffers);
  const places = placeConstants(code, level, constants);
  for (let n = 0; n < scalars; n++) {
    const word = at(rsi, 4 * (buffers + 1 + n));
    code.emit("vbroadcastss", vector(FIRST_SCALAR + n, bytes), word);
  }
  begin?.(new Lanes<C>(code, level, bytes, places));
  const loop = (width: number, label: string) => {
    code.label(label);
    const lanes = new Lanes<C>(code, level, width, places, streams);
    body(lanes, pointers.map((pointer) => at(pointer)));
    for (const pointer of pointers) code.emit("add", pointer, width);
    code.emit("dec", low(rdx));
    code.jump("ne", label);
  };
  code.emit("mov", low(rdx), low(rcx));
  code.emit("shr", low(rdx), Math.log2(bytes / 4));
  code.jump("e", "rest");
  loop(bytes, "vectors");
  code.label("rest");
  code.emit("mov", low(rdx), low(rcx));
  code.emit("and", low(rdx), bytes / 4 - 1);
  code.emit("shr", low(rdx), 2);
  code.jump("e", "end");
  loop(16, "quarters");
  code.label("end");
  if (streams) code.emit("sfence");
  code.emit("vzeroupper");
  return finish(code);
}
