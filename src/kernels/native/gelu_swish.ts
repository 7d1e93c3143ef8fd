/** gelu, swish and their derivatives, step by step those of `src/kernels/assembly/gelu_swish.ts`. */
import { EXP, exp, MAGNITUDE, SIGN } from "./functions.ts";
import {
  COMPARE,
  type Constants,
  type Elementwise,
  type Lanes,
} from "./lanes.ts";
import type { Memory, Register } from "./operands.ts";

function define<C extends Constants>(kernel: Elementwise<C>): Elementwise<C> {
  return kernel;
}

const GELU = {
  ...EXP,
  ...SIGN,
  ...MAGNITUDE,
  half: 0.5,
  zero: 0,
  least: -12,
  most: 12,
  densityAtZero: 0.3989422804014327,
  rootTwo: 1.4142135623730951,
  halfRootHalf: 0.3535533905932738,
  tailP: 0.2316419,
  tail5: 1.330274429,
  tail4: -1.821255978,
  tail3: 1.781477937,
  tail2: -0.356563782,
  tail1: 0.319381530,
  erf13: 7.853861353153693e-5,
  erf11: -8.010193625184903e-4,
  erf9: 5.188327685732524e-3,
  erf7: -2.685381193529856e-2,
  erf5: 1.128358514861418e-1,
  erf3: -3.761262582423300e-1,
  erf1: 1.128379165726710,
} as const;

/** Makes register 1 the density of the normal distribution at register 0, and register 4 the distribution. */
function normal(lanes: Lanes<typeof GELU>): void {
  const { code } = lanes;
  const c = (name: keyof typeof GELU) => lanes.constant(name);
  const [x, d, halfSquare, y, result, t, p, size, s] = Array.from(
    { length: 9 },
    (_, r) => lanes.register(r),
  );
  code.emit("vmulps", halfSquare, x, x);
  code.emit("vmulps", halfSquare, halfSquare, c("half"));
  code.emit("vxorps", y, halfSquare, c("sign"));
  exp(lanes, y, d, [t, p]);
  code.emit("vmulps", d, d, c("densityAtZero"));
  code.emit("vandps", size, x, c("magnitude"));
  lanes.copyConstant(t, "tailP");
  code.emit("vfmadd213ps", t, size, c("one"));
  code.emit("vdivps", t, lanes.constantIn("one", s), t);
  lanes.copyConstant(p, "tail5");
  for (const name of ["tail4", "tail3", "tail2", "tail1"] as const) {
    code.emit("vfmadd213ps", p, t, c(name));
  }
  code.emit("vmulps", p, p, t);
  code.emit("vmulps", p, d, p);
  code.emit("vsubps", result, lanes.constantIn("one", s), p);
  lanes.select(result, [x, COMPARE.less, c("zero")], p, result, s);
  lanes.copyConstant(p, "erf13");
  for (
    const name of [
      ...["erf11", "erf9", "erf7", "erf5", "erf3", "erf1"] as const,
    ]
  ) code.emit("vfmadd213ps", p, halfSquare, c(name));
  code.emit("vmulps", t, x, c("halfRootHalf"));
  code.emit("vfmadd213ps", p, t, c("half"));
  lanes.select(result, [size, COMPARE.less, c("rootTwo")], p, result, s);
}

const SWISH = { ...EXP, ...SIGN, least: -100 } as const;
const SWISH_SLOPE = { ...EXP, ...SIGN, least: -80, most: 80 } as const;

/** Loads z, at most `most` and at least `least`. In this order of arguments, NaN is handed on. */
function clamp(
  lanes: Lanes<{ readonly least: number; readonly most: number } & Constants>,
  x: Register,
  z: Memory,
  spare: Register,
): void {
  lanes.code.emit("vmovups", x, z);
  lanes.code.emit("vminps", x, lanes.constantIn("most", spare), x);
  lanes.code.emit("vmaxps", x, lanes.constantIn("least", spare), x);
}

/** Buffers: Z, A. */
export const SMOOTH = {
  /** z·Φ(z) */
  gelu: define({
    buffers: 2,
    constants: GELU,
    body(lanes, [z, a]) {
      const [x, spare, result] = [0, 1, 4].map((r) => lanes.register(r));
      lanes.code.emit("vmovups", x, z);
      lanes.code.emit("vmaxps", x, lanes.constantIn("least", spare), x);
      normal(lanes);
      lanes.code.emit("vmulps", x, x, result);
      lanes.code.emit("vmovups", a, x);
    },
  }),
  /** z / (1 + e^-z) */
  swish: define({
    buffers: 2,
    constants: SWISH,
    body(lanes, [z, a]) {
      const { code } = lanes;
      const [x, y, e, s, n] = [0, 1, 2, 3, 4].map((r) => lanes.register(r));
      code.emit("vmovups", x, z);
      code.emit("vmaxps", x, lanes.constantIn("least", s), x);
      code.emit("vxorps", y, x, lanes.constant("sign"));
      exp(lanes, y, e, [s, n]);
      code.emit("vaddps", e, e, lanes.constant("one"));
      code.emit("vdivps", x, x, e);
      code.emit("vmovups", a, x);
    },
  }),
} as const;

/** Buffers: delta, Z. */
export const SMOOTH_DERIVATIVES = {
  /** Φ(z) + z·φ(z) */
  geluDerivative: define({
    buffers: 2,
    constants: GELU,
    body(lanes, [delta, z]) {
      const [x, d, slope] = [0, 1, 4].map((r) => lanes.register(r));
      clamp(lanes, x, z, d);
      normal(lanes);
      lanes.code.emit("vfmadd231ps", slope, x, d);
      lanes.code.emit("vmulps", slope, slope, delta);
      lanes.code.emit("vmovups", delta, slope);
    },
  }),
  /** σ + z·σ·(1 - σ), where 1 - σ is e^-z·σ. */
  swishDerivative: define({
    buffers: 2,
    constants: SWISH_SLOPE,
    body(lanes, [delta, z]) {
      const { code } = lanes;
      const [x, y, e, s, n] = [0, 1, 2, 3, 4].map((r) => lanes.register(r));
      clamp(lanes, x, z, s);
      code.emit("vxorps", y, x, lanes.constant("sign"));
      exp(lanes, y, e, [s, n]);
      const gate = s;
      code.emit("vaddps", gate, e, lanes.constant("one"));
      code.emit("vdivps", gate, lanes.constantIn("one", n), gate);
      code.emit("vmulps", x, x, gate);
      code.emit("vmulps", e, e, gate);
      code.emit("vmulps", x, x, e);
      code.emit("vaddps", x, gate, x);
      code.emit("vmulps", x, x, delta);
      code.emit("vmovups", delta, x);
    },
  }),
} as const;
