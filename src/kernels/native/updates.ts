/** Optimizers and penalties, step by step those of `src/kernels/assembly/optimizers.ts` and `update.ts`. */
import { MAGNITUDE, SIGN } from "./functions.ts";
import {
  COMPARE,
  type Constants,
  type Elementwise,
  type Lanes,
  scalar,
} from "./lanes.ts";
import type { Memory, Register } from "./operands.ts";

function define<C extends Constants>(kernel: Elementwise<C>): Elementwise<C> {
  return kernel;
}

/** The least normal float. */
const FLUSH = { ...MAGNITUDE, leastNormal: 1.1754943508222875e-38 } as const;

/** Zero instead of what is smaller than a normal float. */
function flush(
  lanes: Lanes<typeof FLUSH>,
  x: Register,
  [size, spare]: readonly [Register, Register],
): void {
  lanes.code.emit("vandps", size, x, lanes.constant("magnitude"));
  const least = lanes.constant("leastNormal");
  lanes.keep(x, [size, COMPARE.unlessLess, least], spare);
}

/** A moving average in memory: `average = flush(kept · average + added)`; `added` is lost, the average is in `to` as well. */
function average(
  lanes: Lanes<typeof FLUSH>,
  to: Register,
  memory: Memory,
  kept: Register,
  added: Register,
  spare: readonly [Register, Register],
): void {
  const { code } = lanes;
  code.emit("vmulps", to, kept, memory);
  code.emit("vaddps", to, to, added);
  flush(lanes, to, spare);
  code.emit("vmovups", memory, to);
}

/** Buffers: W, its gradient, and what the optimizer keeps of those two, as far as it keeps something. */
export const UPDATES = {
  /** Scalars: rate, momentum. */
  article: define({
    ...{ buffers: 3, scalars: 2, constants: {} },
    body(lanes, [w, grad, previous]) {
      const { code } = lanes;
      const [step, move] = [lanes.register(0), lanes.register(1)];
      const [rate, momentum] = [scalar(lanes, 0), scalar(lanes, 1)];
      code.emit("vmulps", step, rate, grad);
      code.emit("vmulps", move, momentum, previous);
      code.emit("vaddps", move, step, move);
      code.emit("vmovups", previous, step);
      code.emit("vmovups", step, w);
      code.emit("vsubps", step, step, move);
      lanes.stream(w, step);
    },
  }),
  /** Scalars: step size, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, correction of the root, decay. */
  adam: define({
    ...{ buffers: 4, scalars: 8, constants: FLUSH },
    body(lanes, [w, grad, mean, square]) {
      const { code } = lanes;
      const [g, m, s, a, b, c] = [0, 1, 2, 3, 4, 5].map((n) =>
        lanes.register(n)
      );
      const [
        ...[size, kept1, added1, kept2, added2, least, correction, decay]
      ] = Array.from({ length: 8 }, (_, n) => scalar(lanes, n));
      code.emit("vmovups", g, grad);
      code.emit("vmulps", a, added1, g);
      average(lanes, m, mean, kept1, a, [b, c]);
      code.emit("vmulps", a, g, g);
      code.emit("vmulps", a, added2, a);
      average(lanes, s, square, kept2, a, [b, c]);
      code.emit("vmulps", m, size, m);
      code.emit("vsqrtps", s, s);
      code.emit("vmulps", s, s, correction);
      code.emit("vaddps", s, s, least);
      code.emit("vdivps", m, m, s);
      code.emit("vmovups", a, w);
      code.emit("vmulps", b, decay, a);
      code.emit("vaddps", b, b, m);
      code.emit("vsubps", a, a, b);
      lanes.stream(w, a);
    },
  }),
  /** Scalars: step of the gradient, step of the mean, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, correction of the root. */
  nadam: define({
    ...{ buffers: 4, scalars: 8, constants: FLUSH },
    body(lanes, [w, grad, mean, square]) {
      const { code } = lanes;
      const [g, m, s, a, b, c] = [0, 1, 2, 3, 4, 5].map((n) =>
        lanes.register(n)
      );
      const [
        ...[gradStep, meanStep, kept1, added1, kept2, added2, least, correction]
      ] = Array.from({ length: 8 }, (_, n) => scalar(lanes, n));
      code.emit("vmovups", g, grad);
      code.emit("vmulps", a, added1, g);
      average(lanes, m, mean, kept1, a, [b, c]);
      code.emit("vmulps", a, g, g);
      code.emit("vmulps", a, added2, a);
      average(lanes, s, square, kept2, a, [b, c]);
      code.emit("vmulps", g, gradStep, g);
      code.emit("vmulps", m, meanStep, m);
      code.emit("vaddps", m, g, m);
      code.emit("vsqrtps", s, s);
      code.emit("vmulps", s, s, correction);
      code.emit("vaddps", s, s, least);
      code.emit("vdivps", m, m, s);
      code.emit("vmovups", a, w);
      code.emit("vsubps", a, a, m);
      lanes.stream(w, a);
    },
  }),
  /** Buffers: W, its gradient, the mean square; scalars: rate, rho, 1 - rho, epsilon. */
  rmsprop: define({
    ...{ buffers: 3, scalars: 4, constants: FLUSH },
    body(lanes, [w, grad, square]) {
      const { code } = lanes;
      const [g, s, a, b, c] = [0, 1, 2, 3, 4].map((n) => lanes.register(n));
      const [rate, kept, added, least] = [0, 1, 2, 3].map((n) =>
        scalar(lanes, n)
      );
      code.emit("vmovups", g, grad);
      code.emit("vmulps", a, g, g);
      code.emit("vmulps", a, added, a);
      average(lanes, s, square, kept, a, [b, c]);
      code.emit("vmulps", g, rate, g);
      code.emit("vsqrtps", s, s);
      code.emit("vaddps", s, s, least);
      code.emit("vdivps", g, g, s);
      code.emit("vmovups", a, w);
      code.emit("vsubps", a, a, g);
      lanes.stream(w, a);
    },
  }),
  /** Scalars: rate, momentum. */
  sgd: sgd(false),
  /** The same, looking ahead. */
  nesterov: sgd(true),
} as const;

function sgd(nesterov: boolean) {
  return define({
    ...{ buffers: 3, scalars: 2, constants: FLUSH },
    body(lanes, [w, grad, velocity]) {
      const { code } = lanes;
      const [g, v, move, b, c] = [0, 1, 2, 3, 4].map((n) => lanes.register(n));
      const [rate, momentum] = [scalar(lanes, 0), scalar(lanes, 1)];
      code.emit("vmovups", g, grad);
      average(lanes, v, velocity, momentum, g, [b, c]);
      if (nesterov) {
        code.emit("vmulps", move, momentum, v);
        code.emit("vaddps", v, g, move);
      }
      code.emit("vmulps", v, rate, v);
      code.emit("vmovups", move, w);
      code.emit("vsubps", move, move, v);
      lanes.stream(w, move);
    },
  });
}

/** `grad += l2·w + l1·sign(w)`. Buffers: the gradient, W; scalars: l1, l2. */
export const REGULARIZE = define({
  ...{ buffers: 2, scalars: 2, constants: { zero: 0, ...SIGN } },
  body(lanes, [grad, w]) {
    const { code } = lanes;
    const [weight, signed, spare] = [0, 1, 2].map((n) => lanes.register(n));
    const [lasso, ridge] = [scalar(lanes, 0), scalar(lanes, 1)];
    code.emit("vmovups", weight, w);
    code.emit("vandps", signed, weight, lanes.constant("sign"));
    code.emit("vxorps", signed, lasso, signed);
    const zero = lanes.constant("zero");
    lanes.keep(signed, [weight, COMPARE.unequal, zero], spare);
    code.emit("vmulps", weight, ridge, weight);
    code.emit("vaddps", weight, weight, signed);
    code.emit("vaddps", weight, weight, grad);
    code.emit("vmovups", grad, weight);
  },
});

/** `result = a - y`. Buffers: a, y, the result. */
export const DIFFERENCE = define({
  ...{ buffers: 3, constants: {} },
  body(lanes, [a, y, result]) {
    const x = lanes.register(0);
    lanes.code.emit("vmovups", x, a);
    lanes.code.emit("vsubps", x, x, y);
    lanes.code.emit("vmovups", result, x);
  },
});

/** `result = min(max(a - y, -1), 1)`. Buffers: a, y, the result. */
export const CLAMPED_DIFFERENCE = define({
  ...{ buffers: 3, constants: { one: 1, minusOne: -1 } },
  body(lanes, [a, y, result]) {
    const [x, spare] = [lanes.register(0), lanes.register(1)];
    lanes.code.emit("vmovups", x, a);
    lanes.code.emit("vsubps", x, x, y);
    // In this order of arguments, NaN is handed on.
    lanes.code.emit("vmaxps", x, lanes.constantIn("minusOne", spare), x);
    lanes.code.emit("vminps", x, lanes.constantIn("one", spare), x);
    lanes.code.emit("vmovups", result, x);
  },
});

/** `values += others`. Buffers: the values, the others. */
export const ADD = define({
  ...{ buffers: 2, constants: {} },
  body(lanes, [values, others]) {
    const x = lanes.register(0);
    lanes.code.emit("vmovups", x, values);
    lanes.code.emit("vaddps", x, x, others);
    lanes.code.emit("vmovups", values, x);
  },
});

/** `values *= factor`. Buffers: the values; scalars: the factor. */
export const SCALE = define({
  ...{ buffers: 1, scalars: 1, constants: {} },
  body(lanes, [values]) {
    const x = lanes.register(0);
    lanes.code.emit("vmulps", x, scalar(lanes, 0), values);
    lanes.code.emit("vmovups", values, x);
  },
});
