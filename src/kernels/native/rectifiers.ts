/** Activations like relu, and their derivatives, step by step those of `src/kernels/assembly/rectifiers.ts`. */
import { EXP, exp, expm1, LOG, log1p, SIGN } from "./functions.ts";
import { COMPARE, type Constants, type Elementwise } from "./lanes.ts";

function define<C extends Constants>(kernel: Elementwise<C>): Elementwise<C> {
  return kernel;
}

const LEAK = { leak: 0.01 } as const;
const ZERO = { zero: 0 } as const;

/** Buffers: Z, A. */
export const RECTIFIERS = {
  leakyRelu: define({
    buffers: 2,
    constants: LEAK,
    body(lanes, [z, a]) {
      const { code } = lanes;
      const [x, leaked] = [lanes.register(0), lanes.register(1)];
      code.emit("vmovups", x, z);
      code.emit("vmulps", leaked, x, lanes.constant("leak"));
      // In this order of arguments, NaN is handed on.
      code.emit("vmaxps", x, x, leaked);
      code.emit("vmovups", a, x);
    },
  }),
  /** z where z > 0, else e^z - 1. */
  elu: define({
    buffers: 2,
    constants: { ...EXP, ...ZERO },
    body(lanes, [z, a]) {
      const { code } = lanes;
      const [x, y, e, s, n] = [0, 1, 2, 3, 4].map((r) => lanes.register(r));
      code.emit("vmovups", x, z);
      code.emit("vmovaps", y, x);
      expm1(lanes, y, e, [s, n]);
      const zero = lanes.constant("zero");
      lanes.select(e, [x, COMPARE.more, zero], x, e, s);
      code.emit("vmovups", a, e);
    },
  }),
  /** max(z, 0) + ln(1 + e^-|z|) */
  softplus: define({
    buffers: 2,
    constants: { ...EXP, ...SIGN, ...ZERO, ...LOG },
    body(lanes, [z, a]) {
      const { code } = lanes;
      const [x, y, e, rest, s, n, p, q] = Array.from(
        { length: 8 },
        (_, r) => lanes.register(r),
      );
      code.emit("vmovups", x, z);
      code.emit("vorps", y, x, lanes.constant("sign"));
      exp(lanes, y, e, [s, n]);
      log1p(lanes, e, rest, [y, s, n, p, q]);
      code.emit("vmaxps", x, lanes.constantIn("zero", s), x);
      code.emit("vaddps", x, x, rest);
      code.emit("vmovups", a, x);
    },
  }),
} as const;

/** Buffers: delta, A. */
export const RECTIFIER_DERIVATIVES = {
  /** 1 where a > 0, else 0.01. */
  leakyReluDerivative: define({
    buffers: 2,
    constants: { ...ZERO, ...LEAK, one: 1 },
    body(lanes, [delta, a]) {
      const { code } = lanes;
      const [x, slope, s, t] = [0, 1, 2, 3].map((r) => lanes.register(r));
      code.emit("vmovups", x, a);
      const [one, leak] = [
        lanes.constantIn("one", slope),
        lanes.constantIn("leak", t),
      ];
      const zero = lanes.constant("zero");
      lanes.select(slope, [x, COMPARE.more, zero], one, leak, s);
      code.emit("vmulps", slope, slope, delta);
      code.emit("vmovups", delta, slope);
    },
  }),
  /** 1 where a > 0, else a + 1. */
  eluDerivative: define({
    buffers: 2,
    constants: { ...ZERO, one: 1 },
    body(lanes, [delta, a]) {
      const { code } = lanes;
      const [x, slope, s, t] = [0, 1, 2, 3].map((r) => lanes.register(r));
      code.emit("vmovups", x, a);
      const one = lanes.constantIn("one", t);
      code.emit("vaddps", slope, x, one);
      const zero = lanes.constant("zero");
      lanes.select(slope, [x, COMPARE.more, zero], one, slope, s);
      code.emit("vmulps", slope, slope, delta);
      code.emit("vmovups", delta, slope);
    },
  }),
  /** 1 - e^-a */
  softplusDerivative: define({
    buffers: 2,
    constants: { ...EXP, ...SIGN },
    body(lanes, [delta, a]) {
      const { code } = lanes;
      const [x, e, s, n] = [0, 1, 2, 3].map((r) => lanes.register(r));
      const sign = lanes.constant("sign");
      code.emit("vmovups", x, a);
      code.emit("vxorps", x, x, sign);
      expm1(lanes, x, e, [s, n]);
      code.emit("vxorps", e, e, sign);
      code.emit("vmulps", e, e, delta);
      code.emit("vmovups", delta, e);
    },
  }),
} as const;
