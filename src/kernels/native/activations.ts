/** Activations and their derivatives, step by step those of `src/kernels/assembly/activations.ts`. */
import { EXP, exp, MAGNITUDE, SIGN } from "./functions.ts";
import { COMPARE, type Constants, type Elementwise } from "./lanes.ts";

const ZERO = { zero: 0 } as const;
const ONE = { one: 1 } as const;

function define<C extends Constants>(kernel: Elementwise<C>): Elementwise<C> {
  return kernel;
}

const TANH = {
  limit: 0.625,
  two: 2,
  tanh11: -5.70498872745e-3,
  tanh9: 2.06390887954e-2,
  tanh7: -5.37397155531e-2,
  tanh5: 1.33314422036e-1,
  tanh3: -3.33332819422e-1,
} as const;

/** Buffers: Z, A. */
export const ACTIVATIONS = {
  /** 1 / (1 + e^-z) */
  sigmoid: define({
    buffers: 2,
    constants: { ...EXP, ...SIGN },
    body(lanes, [z, a]) {
      const { code } = lanes;
      const [x, e, s, n] = [0, 1, 2, 3].map((r) => lanes.register(r));
      code.emit("vmovups", x, z);
      code.emit("vxorps", x, x, lanes.constant("sign"));
      exp(lanes, x, e, [s, n]);
      code.emit("vaddps", e, e, lanes.constant("one"));
      code.emit("vdivps", e, lanes.constantIn("one", s), e);
      code.emit("vmovups", a, e);
    },
  }),
  /** Small arguments by a polynomial, others by 1 - 2 / (e^2|z| + 1). */
  tanh: define({
    buffers: 2,
    constants: { ...EXP, ...TANH, ...SIGN, ...MAGNITUDE },
    body(lanes, [z, a]) {
      const { code } = lanes;
      const c = (name: keyof typeof TANH) => lanes.constant(name);
      const [x, size, square, small, e, s, n, y] = Array.from(
        { length: 8 },
        (_, r) => lanes.register(r),
      );
      code.emit("vmovups", x, z);
      code.emit("vandps", size, x, lanes.constant("magnitude"));
      code.emit("vmulps", square, x, x);
      lanes.copyConstant(small, "tanh11");
      for (const name of ["tanh9", "tanh7", "tanh5", "tanh3"] as const) {
        code.emit("vfmadd213ps", small, square, c(name));
      }
      code.emit("vmulps", small, small, square);
      code.emit("vfmadd213ps", small, x, x);
      code.emit("vaddps", y, size, size);
      exp(lanes, y, e, [s, n]);
      code.emit("vaddps", e, e, lanes.constant("one"));
      code.emit("vdivps", e, lanes.constantIn("two", s), e);
      code.emit("vsubps", e, lanes.constantIn("one", s), e);
      code.emit("vandps", x, x, lanes.constant("sign"));
      code.emit("vorps", e, e, x);
      lanes.select(e, [size, COMPARE.less, c("limit")], small, e, s);
      code.emit("vmovups", a, e);
    },
  }),
  relu: define({
    buffers: 2,
    constants: ZERO,
    body(lanes, [z, a]) {
      const [x, spare] = [lanes.register(0), lanes.register(1)];
      lanes.code.emit("vmovups", x, z);
      // In this order of arguments, NaN is handed on.
      lanes.code.emit("vmaxps", x, lanes.constantIn("zero", spare), x);
      lanes.code.emit("vmovups", a, x);
    },
  }),
} as const;

/** Buffers: delta, A. */
export const DERIVATIVES = {
  /** a·(1 - a) */
  sigmoidDerivative: define({
    buffers: 2,
    constants: ONE,
    body(lanes, [delta, a]) {
      const { code } = lanes;
      const [x, slope] = [lanes.register(0), lanes.register(1)];
      code.emit("vmovups", x, a);
      code.emit("vsubps", slope, lanes.constantIn("one", slope), x);
      code.emit("vmulps", slope, x, slope);
      code.emit("vmulps", slope, slope, delta);
      code.emit("vmovups", delta, slope);
    },
  }),
  /** 1 - a² */
  tanhDerivative: define({
    buffers: 2,
    constants: ONE,
    body(lanes, [delta, a]) {
      const { code } = lanes;
      const [x, slope] = [lanes.register(0), lanes.register(1)];
      code.emit("vmovups", x, a);
      code.emit("vmulps", x, x, x);
      code.emit("vsubps", slope, lanes.constantIn("one", slope), x);
      code.emit("vmulps", slope, slope, delta);
      code.emit("vmovups", delta, slope);
    },
  }),
  /** 1 where a > 0, else 0. */
  reluDerivative: define({
    buffers: 2,
    constants: ZERO,
    body(lanes, [delta, a]) {
      const { code } = lanes;
      const [x, d, spare] = [0, 1, 2].map((r) => lanes.register(r));
      code.emit("vmovups", x, a);
      code.emit("vmovups", d, delta);
      const zero = lanes.constant("zero");
      lanes.keep(d, [x, COMPARE.more, zero], spare);
      code.emit("vmovups", delta, d);
    },
  }),
} as const;
