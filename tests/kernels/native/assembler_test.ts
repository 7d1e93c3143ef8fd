/** The assembler against GNU as, over a matrix of operands. */
import assert from "node:assert/strict";
import {
  Assembler,
  type Mnemonic,
} from "../../../src/kernels/native/assembler.ts";
import { VECTOR_INSTRUCTIONS } from "../../../src/kernels/native/instructions.ts";
import {
  at,
  k,
  low,
  masked,
  type Memory,
  type Operand,
  r12,
  r13,
  r15,
  r8,
  r9,
  rax,
  rbp,
  rbx,
  rcx,
  rdi,
  rdx,
  type Register,
  rsi,
  rsp,
  spread,
  vector,
  xmm,
  ymm,
  zmm,
} from "../../../src/kernels/native/operands.ts";
import { assembleByGnu, hasBinutils } from "./gnu_as.ts";

const binutils = await hasBinutils();
if (!binutils) {
  console.log("No binutils: the assembler isn't compared with GNU as");
}

const GENERAL = [
  ...[rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi],
  ...[r8, r9, r12, r13, r15],
];
const DISPLACEMENTS = [
  ...[0, 4, 32, 60, 64, 127, 128, 508, 512, 4064, 8128, 8192],
  ...[-1, -4, -64, -128, -8192, -8256, 100_000],
];

/** Every addressing mode. */
const PLACES: Memory[] = [
  ...GENERAL.flatMap((base) => [at(base), at(base, 64)]),
  ...DISPLACEMENTS.flatMap((d) => [at(rdi, d), at(r9, d, rax)]),
  ...[rax, rbp, r8, r12, r13].flatMap((index) =>
    ([1, 2, 4, 8] as const).flatMap((scale) => [
      at(rsi, 0, index, scale),
      at(r13, 128, index, scale),
    ])
  ),
];

/** Vector registers of each part of the file that is encoded in another way. */
const NUMBERS = [0, 7, 8, 15, 16, 31];

/** The operands of a vector instruction, each combined with the rest. */
function vectorCases(name: keyof typeof VECTOR_INSTRUCTIONS): Operand[][] {
  if (name === "vmovmskps") {
    return [[low(rax), ymm(3)], [low(rax), ymm(9)], [low(r9), xmm(9)]];
  }
  if (name === "vblendvps") {
    return [[ymm(1), ymm(2), ymm(3), ymm(4)], [
      ymm(9),
      ymm(8),
      ymm(15),
      ymm(12),
    ]];
  }
  if (name === "vextractf128") return [[xmm(2), ymm(9), 1]];
  if (name === "vinsertf128") {
    return [
      ...PLACES.map((place): Operand[] => [ymm(8), ymm(2), place, 1]),
      [ymm(2), ymm(9), xmm(12), 1],
    ];
  }
  if (name === "vextractf64x4") {
    return [[ymm(2), zmm(9), 1], [ymm(20), zmm(31), 1]];
  }
  if (name === "vpcompressd" || name === "vcompressps") {
    return [[masked(zmm(3), k(1), true), zmm(22)], [
      masked(zmm(23), k(7)),
      zmm(9),
    ]];
  }
  if (name === "vmovntps") {
    return PLACES.flatMap((place) => [[place, xmm(3)], [place, ymm(12)]]);
  }
  const one = ["vmovss", "vaddss", "vmulss"].includes(name);
  if (name === "vmovss") {
    return PLACES.flatMap((place) => [[xmm(3), place], [place, xmm(12)]]);
  }
  const { form } = VECTOR_INSTRUCTIONS[name];
  const wide = ["vblendmps", "vpcmpud", "vpermi2d"].includes(name);
  // Its mask would be another operand with 64 bytes.
  const narrow = name === "vpcmpeqd";
  const widths = one ? [16] : wide ? [64] : narrow ? [16, 32] : [16, 32, 64];
  const immediate = form.endsWith("i") ? [1] : [];
  const cases: Operand[][] = [];
  for (const bytes of widths) {
    const numbers = bytes === 64 ? NUMBERS : NUMBERS.slice(0, 4);
    const registers = numbers.map((number) => vector(number, bytes));
    // The narrow half of a register that is spread.
    const source = (register: Register) =>
      name === "vbroadcastss" ? xmm(register.number) : register;
    const target = (register: Register) =>
      ["vcmpps", "vpcmpud"].includes(name) && bytes === 64
        ? k(register.number & 7)
        : register;
    if (name === "vbroadcastss" && bytes === 16) continue;
    const places = form === "vmi" ? [] : PLACES;
    if (form.startsWith("rv")) {
      for (const a of registers) {
        for (const b of registers) {
          for (const c of registers) {
            cases.push([target(a), b, c, ...immediate]);
          }
        }
      }
      for (const place of places) {
        cases.push([target(registers[1]), registers[2], place, ...immediate]);
      }
    } else {
      for (const a of registers) {
        for (const b of registers) cases.push([a, source(b), ...immediate]);
      }
      for (const place of places) {
        cases.push([registers[2], place, ...immediate]);
      }
    }
    if (name === "vcmpps" && bytes === 64) {
      cases.push([masked(k(1), k(2)), zmm(20), at(rcx), 4]);
    }
    if (name === "vmovups" || name === "vmovaps") {
      for (const place of places) cases.push([place, registers[3]]);
    }
    if (bytes === 64 && form === "rvm" && name !== "vblendmps") {
      for (const place of places) {
        cases.push([zmm(21), zmm(20), spread(place)]);
        cases.push([masked(zmm(3), k(1), true), zmm(2), place]);
      }
      cases.push([masked(zmm(17), k(7)), zmm(2), zmm(30)]);
    }
  }
  return cases;
}

const GENERAL_CASES: [Mnemonic, Operand[][]][] = [
  ...(["add", "or", "sbb", "and", "sub", "xor", "cmp"] as const).map((
    name,
  ): [Mnemonic, Operand[][]] => [name, [
    ...GENERAL.flatMap((a) => [
      ...[[a, rdx], [low(a), low(r9)], [a, 8], [low(a), -8]],
      ...[[a, 1000], [low(a), 0x12345]],
    ]),
    ...PLACES.map((place) => [rbx, place]),
  ]]),
  ...(["shl", "shr"] as const).map((name): [Mnemonic, Operand[][]] => [
    name,
    GENERAL.flatMap((a) => [[a, 1], [a, 4], [low(a), 31], [a, rcx]]),
  ]),
  ["mov", [
    ...GENERAL.flatMap((a) => [[a, rdi], [low(a), low(r8)], [low(a), 7]]),
    ...[[rax, 7], [r9, -1]],
    ...PLACES.flatMap((place) => [
      ...[[rax, place], [low(r9), place], [place, low(rcx)], [place, r12]],
    ]),
  ]],
  ["lea", PLACES.map((place) => [r12, place])],
  ["test", GENERAL.flatMap((a) => [[a, a], [low(a), low(rcx)]])],
  ["imul", [[rax, rcx], [r9, r12], [rcx, rax, 320], [low(r9), low(rdx), 5]]],
  ["inc", GENERAL.flatMap((a) => [[a], [low(a)]])],
  ["dec", GENERAL.flatMap((a) => [[a], [low(a)]])],
  ["push", GENERAL.map((a) => [a])],
  ["pop", GENERAL.map((a) => [a])],
  ["prefetcht0", PLACES.map((place) => [place])],
  ["prefetcht1", PLACES.map((place) => [place])],
  ["prefetchw", PLACES.map((place) => [place])],
  ["tzcnt", [[low(rax), low(rcx)], [low(r9), low(r12)]]],
  ["popcnt", [[low(rax), low(rcx)], [low(r9), low(r12)]]],
  ["kmovw", [[k(1), low(rax)], [low(rax), k(7)], [k(3), low(rdi)]]],
  ...(["ret", "sfence", "vzeroupper", "cpuid", "xgetbv"] as const).map((
    name,
  ): [Mnemonic, Operand[][]] => [name, [[]]]),
];

/** Says at which line bytes begin to differ. */
function compare(cases: readonly [Mnemonic, Operand[]][], theirs: Uint8Array) {
  let place = 0;
  for (const [name, operands] of cases) {
    const assembler = new Assembler();
    assembler.emit(name, ...operands);
    const { bytes, listing } = assembler.finish();
    const expected = theirs.subarray(place, place + bytes.length);
    assert.deepEqual([...bytes], [...expected], listing);
    place += bytes.length;
  }
  assert.ok(theirs.subarray(place).every((byte) => byte === 0));
}

for (
  const [name, cases] of [
    ...GENERAL_CASES,
    ...(Object.keys(
      VECTOR_INSTRUCTIONS,
    ) as (keyof typeof VECTOR_INSTRUCTIONS)[])
      .map((name): [Mnemonic, Operand[][]] => [name, vectorCases(name)]),
  ]
) {
  Deno.test({
    name: `${name}: the bytes that GNU as makes of its listing`,
    ignore: !binutils,
    fn: async () => {
      const assembler = new Assembler();
      for (const operands of cases) assembler.emit(name, ...operands);
      const { listing } = assembler.finish();
      const theirs = await assembleByGnu(listing);
      compare(cases.map((operands) => [name, operands]), theirs);
    },
  });
}

Deno.test({
  name: "jumps and constants: the bytes that GNU as makes of their listing",
  ignore: !binutils,
  fn: async () => {
    const code = new Assembler();
    code.label("start");
    code.jump("e", "end");
    code.jump("always", "end");
    for (let n = 0; n < 40; n++) {
      code.emit("vaddps", zmm(1), zmm(2), code.constant([n, n, n, n]));
      code.emit(
        "vpermilps",
        ymm(1),
        code.constant([1, 2, 3, 4, 5, 6, 7, 8]),
        4,
      );
      code.jump("ne", "start");
    }
    code.label("tight");
    code.jump("b", "tight");
    code.label("end");
    code.emit("ret");
    const { bytes, listing } = code.finish();
    const theirs = await assembleByGnu(listing);
    assert.deepEqual([...bytes], [...theirs.subarray(0, bytes.length)]);
  },
});

Deno.test("a jump to a label that isn't there is an error", () => {
  const code = new Assembler();
  code.jump("e", "nowhere");
  assert.throws(() => code.finish(), /No label nowhere/);
});
