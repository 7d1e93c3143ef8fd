/** Exponential and logarithm: step by step those of `src/kernels/assembly/functions.ts`, whose bits they have. */
import { COMPARE, type Constants, type Lanes } from "./lanes.ts";
import type { Register } from "./operands.ts";

/** The constants of {@linkcode exp}, those first that have to be in registers. */
export const EXP = {
  expMost: 89,
  expLeast: -87,
  rounder: 12582912,
  one: 1,
  log2e: 1.44269504088896341,
  ln2High: 0.693359375,
  ln2Low: -2.12194440e-4,
  exp7: 1.9875691500e-4,
  exp6: 1.3981999507e-3,
  exp5: 8.3334519073e-3,
  exp4: 4.1665795894e-2,
  exp3: 1.6666665459e-1,
  exp2: 5.0000001201e-1,
} as const;

/** The constants of {@linkcode log}. */
export const LOG = {
  rootHalf: { bits: 0x3f3504f3 },
  mantissa: { bits: 0x007fffff },
  half: 0.5,
  log11: 7.0376836292e-2,
  log10: -1.1514610310e-1,
  log9: 1.1676998740e-1,
  log8: -1.2420140846e-1,
  log7: 1.4249322787e-1,
  log6: -1.6668057665e-1,
  log5: 2.0000714765e-1,
  log4: -2.4999993993e-1,
  log3: 3.3333331174e-1,
} as const;

export const SIGN = { sign: { bits: 0x8000_0000 } } as const;
export const MAGNITUDE = { magnitude: { bits: 0x7fff_ffff } } as const;

type Two = readonly [Register, Register];

/** `result = e^r - 1` for what remains of x beside n · ln 2, and 2^n in `power`; x is lost, and one more register. */
function expParts(
  lanes: Lanes<typeof EXP & Constants>,
  x: Register,
  result: Register,
  [power, n]: Two,
): void {
  const { code } = lanes;
  const c = (name: keyof typeof EXP) => lanes.constant(name);
  // In this order of arguments, NaN is handed on.
  code.emit("vmaxps", x, lanes.constantIn("expLeast", power), x);
  lanes.copyConstant(power, "rounder");
  code.emit("vfmadd231ps", power, x, c("log2e"));
  code.emit("vsubps", n, power, c("rounder"));
  code.emit("vfnmadd231ps", x, n, c("ln2High"));
  code.emit("vfnmadd231ps", x, n, c("ln2Low"));
  lanes.copyConstant(result, "exp7");
  for (const name of ["exp6", "exp5", "exp4", "exp3", "exp2"] as const) {
    code.emit("vfmadd213ps", result, x, c(name));
  }
  code.emit("vmulps", n, x, x);
  code.emit("vfmadd213ps", result, n, x);
  code.emit("vpslld", power, power, 23);
  code.emit("vpaddd", power, power, c("one"));
}

/** `result = e^x`; x is lost, and two more registers. */
export function exp(
  lanes: Lanes<typeof EXP & Constants>,
  x: Register,
  result: Register,
  spare: Two,
): void {
  const { code } = lanes;
  const [power] = spare;
  // In this order of arguments, NaN is handed on.
  code.emit("vminps", x, lanes.constantIn("expMost", power), x);
  expParts(lanes, x, result, spare);
  code.emit("vaddps", result, result, lanes.constant("one"));
  code.emit("vmulps", result, result, power);
}

/** `result = e^x - 1` for x of at most 0; x is lost, and two more registers. */
export function expm1(
  lanes: Lanes<typeof EXP & Constants>,
  x: Register,
  result: Register,
  spare: Two,
): void {
  const { code } = lanes;
  const [power, lessOne] = spare;
  expParts(lanes, x, result, spare);
  code.emit("vsubps", lessOne, power, lanes.constant("one"));
  code.emit("vfmadd213ps", result, power, lessOne);
}

/** `result = ln x`; x stays, and four more registers are lost. */
export function log(
  lanes: Lanes<typeof EXP & typeof LOG & Constants>,
  x: Register,
  result: Register,
  [e, m, square, p]: readonly [Register, Register, Register, Register],
): void {
  const { code } = lanes;
  const c = (name: keyof typeof EXP | keyof typeof LOG) => lanes.constant(name);
  code.emit("vpsubd", m, x, c("rootHalf"));
  code.emit("vpsrad", e, m, 23);
  code.emit("vcvtdq2ps", e, e);
  code.emit("vandps", m, m, c("mantissa"));
  code.emit("vpaddd", m, m, c("rootHalf"));
  code.emit("vsubps", m, m, c("one"));
  code.emit("vmulps", square, m, m);
  lanes.copyConstant(p, "log11");
  for (
    const name of [
      ...["log10", "log9", "log8", "log7", "log6"] as const,
      ...["log5", "log4", "log3"] as const,
    ]
  ) code.emit("vfmadd213ps", p, m, c(name));
  code.emit("vmulps", result, m, square);
  code.emit("vmulps", p, p, result);
  code.emit("vfmadd231ps", p, e, c("ln2Low"));
  code.emit("vfnmadd231ps", p, square, c("half"));
  code.emit("vaddps", result, m, p);
  code.emit("vfmadd231ps", result, e, c("ln2High"));
  // To the lines above, the bits of NaN are those of a number.
  lanes.select(result, [x, COMPARE.equal, x], result, x, p);
}

/** `result = ln(1 + x)` for x from 0 to 1; x is lost, and five more registers. */
export function log1p(
  lanes: Lanes<typeof EXP & typeof LOG & Constants>,
  x: Register,
  result: Register,
  [sum, ...spare]: readonly [
    ...[Register, Register, Register, Register, Register],
  ],
): void {
  const { code } = lanes;
  code.emit("vaddps", sum, x, lanes.constant("one"));
  log(lanes, sum, result, spare);
  // What the sum lost by rounding, over the slope of the logarithm.
  const [lost] = spare;
  code.emit("vsubps", lost, sum, lanes.constant("one"));
  code.emit("vsubps", lost, x, lost);
  code.emit("vdivps", lost, lost, sum);
  code.emit("vaddps", result, result, lost);
}
