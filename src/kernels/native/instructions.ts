/** How the instructions that the kernels use are encoded, by the names of Intel's manual. */

/**
 * Where the operands go, in the order in which they are written: `r` the reg field of ModRM, `m` its r/m field, `v` the
 * vvvv field of the prefix, `i` an immediate byte, `l` a register in the upper half of that byte.
 */
export type Form =
  | "rvm"
  | "rm"
  | "mr"
  | "vmi"
  | "rvmi"
  | "rmi"
  | "mri"
  | "rvml";

export interface VectorInstruction {
  /** The legacy prefix that it stands for: none, 66, F3, F2. */
  readonly prefix: 0 | 1 | 2 | 3;
  /** The table of opcodes: 0F, 0F38, 0F3A. */
  readonly map: 1 | 2 | 3;
  readonly opcode: number;
  readonly form: Form;
  /** The W bit under EVEX. */
  readonly w?: 1;
  /** Bytes of the operand in memory, where those aren't the vector's: what an 8-bit displacement counts in under EVEX. */
  readonly bytes?: number;
  /** What stands in the reg field in place of a register. */
  readonly digit?: number;
  /** Whether there is no shorter encoding of it. */
  readonly evex?: true;
}

const ps = (opcode: number, form: Form = "rvm"): VectorInstruction => (
  { prefix: 0, map: 1, opcode, form }
);
const integer = (opcode: number): VectorInstruction => (
  { prefix: 1, map: 1, opcode, form: "rvm" }
);
const multiplyAdd = (opcode: number): VectorInstruction => (
  { prefix: 1, map: 2, opcode, form: "rvm" }
);
const shift = (digit: number): VectorInstruction => (
  { prefix: 1, map: 1, opcode: 0x72, form: "vmi", digit }
);

/** Loads, and what else has its target in the reg field; stores of the same names are in {@linkcode STORES}. */
export const VECTOR_INSTRUCTIONS = {
  vmovups: ps(0x10, "rm"),
  vmovaps: ps(0x28, "rm"),
  vmovntps: ps(0x2b, "mr"),
  vmovss: { prefix: 2, map: 1, opcode: 0x10, form: "rm", bytes: 4 },
  vbroadcastss: { prefix: 1, map: 2, opcode: 0x18, form: "rm", bytes: 4 },
  vaddps: ps(0x58),
  vmulps: ps(0x59),
  vsubps: ps(0x5c),
  vminps: ps(0x5d),
  vdivps: ps(0x5e),
  vmaxps: ps(0x5f),
  vsqrtps: ps(0x51, "rm"),
  vandps: ps(0x54),
  vorps: ps(0x56),
  vxorps: ps(0x57),
  vaddss: { prefix: 2, map: 1, opcode: 0x58, form: "rvm", bytes: 4 },
  vmulss: { prefix: 2, map: 1, opcode: 0x59, form: "rvm", bytes: 4 },
  vfmadd213ps: multiplyAdd(0xa8),
  vfmadd231ps: multiplyAdd(0xb8),
  vfnmadd231ps: multiplyAdd(0xbc),
  vpaddd: integer(0xfe),
  vpsubd: integer(0xfa),
  vpmulld: multiplyAdd(0x40),
  vpmaxud: multiplyAdd(0x3f),
  vpcmpeqd: integer(0x76),
  vpcmpud: { prefix: 1, map: 3, opcode: 0x1e, form: "rvmi", evex: true },
  vpslld: shift(6),
  vpsrld: shift(2),
  vpsrad: shift(4),
  vcvtdq2ps: ps(0x5b, "rm"),
  vcmpps: ps(0xc2, "rvmi"),
  vblendvps: { prefix: 1, map: 3, opcode: 0x4a, form: "rvml" },
  vblendmps: { prefix: 1, map: 2, opcode: 0x65, form: "rvm", evex: true },
  vpermilps: { prefix: 1, map: 3, opcode: 0x04, form: "rmi" },
  vshufps: ps(0xc6, "rvmi"),
  vunpcklps: ps(0x14),
  vunpckhps: ps(0x15),
  vextractf128: { prefix: 1, map: 3, opcode: 0x19, form: "mri", bytes: 16 },
  vinsertf128: { prefix: 1, map: 3, opcode: 0x18, form: "rvmi", bytes: 16 },
  vextractf64x4: {
    ...{ prefix: 1, map: 3, opcode: 0x1b, form: "mri" },
    ...{ w: 1, bytes: 32, evex: true },
  },
  vmovmskps: ps(0x50, "rm"),
  vpermi2d: { prefix: 1, map: 2, opcode: 0x76, form: "rvm", evex: true },
  vcompressps: {
    ...{ prefix: 1, map: 2, opcode: 0x8a, form: "mr", bytes: 4, evex: true },
  },
  vpcompressd: {
    ...{ prefix: 1, map: 2, opcode: 0x8b, form: "mr", bytes: 4, evex: true },
  },
} as const satisfies Record<string, VectorInstruction>;

/** The instructions above with their target in memory. */
export const STORES: Record<string, VectorInstruction> = {
  vmovups: ps(0x11, "mr"),
  vmovaps: ps(0x29, "mr"),
  vmovntps: ps(0x2b, "mr"),
  vmovss: { prefix: 2, map: 1, opcode: 0x11, form: "mr", bytes: 4 },
};

/** Instructions of one operand size that work on 16 bytes, whatever the names of their registers say. */
export const SCALARS: ReadonlySet<string> = new Set([
  ...["vmovss", "vaddss", "vmulss"],
]);

/** Arithmetic of general registers: the row of opcodes, and the digit with an immediate. */
export const ARITHMETIC = {
  ...{ add: 0, or: 1, sbb: 3, and: 4, sub: 5, xor: 6, cmp: 7 },
} as const;

/** Shifts of general registers by a constant: the digit. */
export const SHIFTS = { shl: 4, shr: 5 } as const;

/** Instructions that are always the same bytes. */
export const PLAIN = {
  ret: [0xc3],
  sfence: [0x0f, 0xae, 0xf8],
  vzeroupper: [0xc5, 0xf8, 0x77],
  cpuid: [0x0f, 0xa2],
  xgetbv: [0x0f, 0x01, 0xd0],
} as const satisfies Record<string, readonly number[]>;

/** Conditions of jumps and `set…`. */
export const CONDITIONS = {
  ...{ b: 2, ae: 3, e: 4, ne: 5, be: 6, a: 7, l: 12, ge: 13, le: 14, g: 15 },
} as const;

export type Condition = keyof typeof CONDITIONS;
