import assert from "node:assert/strict";
import fc from "fast-check";
import type { Kernels } from "../../src/kernels/kernels.ts";
import {
  type KernelOwner,
  OPTIMIZER_NAMES,
  type OptimizerName,
  OPTIMIZERS,
  type OptimizerSettings,
} from "../../src/units/optimizers.ts";
import { assertSameBits, Image, noise } from "./references.ts";

const EPSILON = 1e-8;
const count = fc.constantFrom(4, 8, 12, 20, 72, 784, 5_624);
const share = fc.double({ min: 0, max: 0.9999, noNaN: true });
const rate = fc.double({ min: 0, max: 2, noNaN: true });

/** Where the weights, the gradient and up to two averages are, and how many floats of each. */
interface Buffers {
  readonly w: number;
  readonly grad: number;
  readonly first: number;
  readonly second: number;
  readonly count: number;
}

const SETTINGS: OptimizerSettings = {
  momentum: 0.9,
  nesterov: false,
  rho: 0.99,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: EPSILON,
  weightDecay: 0.05,
};

/** The optimizers, and their further settings. */
const CASES: Record<string, [OptimizerName, Partial<OptimizerSettings>?]> = {
  ...Object.fromEntries(OPTIMIZER_NAMES.map((name) => [name, [name]])),
  nesterov: ["sgd", { nesterov: true }],
};

/** Update `step` = 1, 2, … of an optimizer, with common settings, but larger ones. */
function updateBy(
  [name, settings]: [OptimizerName, Partial<OptimizerSettings>?],
  kernels: Kernels,
  { w, grad, first, second, count }: Buffers,
  step: number,
  rate = 0.1,
): void {
  const { kernel = name as KernelOwner, ...rule } = OPTIMIZERS[name];
  const args = rule.arguments({ ...SETTINGS, ...settings }, rate, step);
  kernels[`${kernel}Update`](w, grad, first, second, count, ...args);
}

/** The same in float64, as in the papers: the weight after each gradient. */
const EXACT: Record<string, (w: number, gradients: number[]) => number> = {
  article(w, gradients) {
    let previous = 0;
    for (const g of gradients) {
      const step = 0.1 * g;
      w -= step + 0.9 * previous;
      previous = step;
    }
    return w;
  },
  sgd(w, gradients) {
    let v = 0;
    for (const g of gradients) {
      v = 0.9 * v + g;
      w -= 0.1 * v;
    }
    return w;
  },
  nesterov(w, gradients) {
    let v = 0;
    for (const g of gradients) {
      v = 0.9 * v + g;
      w -= 0.1 * (g + 0.9 * v);
    }
    return w;
  },
  rmsprop(w, gradients) {
    let s = 0;
    for (const g of gradients) {
      s = 0.99 * s + 0.01 * g * g;
      w -= 0.1 * g / (Math.sqrt(s) + EPSILON);
    }
    return w;
  },
  adam: (w, gradients) => exactAdam(w, gradients, 0),
  adamw: (w, gradients) => exactAdam(w, gradients, 0.05),
  nadam(w, gradients) {
    let [m, v, product] = [0, 0, 1];
    const momentum = (t: number) => 0.9 * (1 - 0.5 * 0.96 ** (0.004 * t));
    for (const [n, g] of gradients.entries()) {
      const [now, next] = [momentum(n + 1), momentum(n + 2)];
      product *= now;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const root = Math.sqrt(v / (1 - 0.999 ** (n + 1))) + EPSILON;
      w -= 0.1 * (1 - now) / (1 - product) * g / root;
      w -= 0.1 * next / (1 - product * next) * m / root;
    }
    return w;
  },
};

function exactAdam(w: number, gradients: number[], decay: number): number {
  let [m, v] = [0, 0];
  for (const [n, g] of gradients.entries()) {
    w -= 0.1 * decay * w;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const corrected = v / (1 - 0.999 ** (n + 1));
    w -= 0.1 * m / (1 - 0.9 ** (n + 1)) / (Math.sqrt(corrected) + EPSILON);
  }
  return w;
}

function place(
  image: Image,
  w: ArrayLike<number>,
  grad: ArrayLike<number>,
): Buffers {
  const count = w.length;
  const buffers = {
    w: image.place(w),
    grad: image.place(grad),
    first: image.place(new Float32Array(count)),
    second: image.place(new Float32Array(count)),
    count,
  };
  for (const offset of [buffers.w, buffers.first, buffers.second]) {
    image.allow(offset, count);
  }
  return buffers;
}

function read(after: Float32Array, offset: number, count: number): number[] {
  return [...after.slice(offset / 4, offset / 4 + count)];
}

Deno.test("updates: same bits as their references for any settings", () => {
  fc.assert(
    fc.property(
      count,
      rate,
      share,
      share,
      fc.constantFrom(1e-8, 1e-3, 1),
      (count, rate, beta1, beta2, epsilon) => {
        const image = new Image();
        // Gradients of all magnitudes, some of whose squares are subnormal or 0.
        const grad = noise(count, 2).map((g, n) => g * 10 ** (5 - n % 30));
        const { w, first, second } = place(image, noise(count, 1), grad);
        image.floats.set(noise(count, 3), first / 4);
        image.floats.set(noise(count, 4).map(Math.abs), second / 4);
        const g = image.place(grad);
        const settings = {
          ...{ momentum: beta1, rho: beta2, beta1, beta2, epsilon },
          weightDecay: 0.1,
        };
        const buffers = { w, grad: g, first, second, count };
        for (const [name, more] of Object.values(CASES)) {
          const rule = [name, { ...settings, ...more }] as const;
          image.compare((k) => updateBy([...rule], k, buffers, 3, rate), 0);
        }
      },
    ),
    { seed: 20, numRuns: 30 },
  );
});

for (const [name, rule] of Object.entries(CASES)) {
  const update = (kernels: Kernels, buffers: Buffers, step: number) =>
    updateBy(rule, kernels, buffers, step);

  Deno.test(`${name}: 20 updates as in float64, within 1e-5`, () => {
    const [count, steps] = [72, 20];
    const image = new Image();
    const weights = noise(count, 5);
    const buffers = place(image, weights, noise(count, 6));
    // A gradient of its own for each step.
    const gradients = Array.from({ length: steps }, (_, t) => {
      return noise(count, 7 + t);
    });
    const places = gradients.map((gradient) => image.place(gradient));
    const after = image.run("wasm", (k) => {
      for (const [n, grad] of places.entries()) {
        update(k, { ...buffers, grad }, n + 1);
      }
    });
    for (const [n, w] of read(after, buffers.w, count).entries()) {
      const exact = EXACT[name](weights[n], gradients.map((g) => g[n]));
      assert.ok(Math.abs(w - exact) < 1e-5, `${w} instead of ${exact}`);
    }
  });

  Deno.test(`${name}: padding stays zero, NaN stays NaN, extremes stay finite`, () => {
    const image = new Image();
    const weights = [0, 0, 1, 2, 3, 1e4, -1e4, 1];
    const grad = [0, -0, NaN, 1e4, -1e4, 1e-40, 1e-22, 1e-30];
    const buffers = place(image, weights, grad);
    const twice = (k: Kernels) => {
      update(k, buffers, 1);
      update(k, buffers, 2);
    };
    const after = image.compare(twice, 0);
    for (const offset of [buffers.w, buffers.first, buffers.second]) {
      const values = read(after, offset, 8);
      assert.deepEqual(values.slice(0, 2).map((x) => x + 0), [0, 0]);
      assert.ok(values.slice(3).every(Number.isFinite), `${values}`);
      // The article's step doesn't decay, so that it needn't be kept from growing small.
      assert.ok(
        name === "article" ||
          values.every((x) => x === 0 || !(Math.abs(x) < 2 ** -126)),
      );
    }
    assert.ok(Number.isNaN(read(after, buffers.w, 8)[2]), "NaN is lost");
  });

  Deno.test(`${name}: any pieces give the same bits`, () => {
    const image = new Image();
    const buffers = place(image, noise(72, 8), noise(72, 9));
    const whole = image.run("wasm", (k) => update(k, buffers, 1));
    const pieces = image.run("wasm", (k) => {
      for (const [from, count] of [[40, 32], [0, 4], [4, 36]]) {
        const { w, grad, first, second } = buffers;
        const shifted = [w, grad, first, second].map((at) => at + 4 * from);
        const piece = {
          w: shifted[0],
          grad: shifted[1],
          first: shifted[2],
          second: shifted[3],
          count,
        };
        update(k, piece, 1);
      }
    });
    assertSameBits(pieces, whole);
  });
}

Deno.test("averages: die out instead of staying subnormal", () => {
  const image = new Image();
  const buffers = place(image, [1, 1, 1, 1], [0, 0, 0, 0]);
  for (const offset of [buffers.first, buffers.second]) {
    image.floats.fill(1.2e-38, offset / 4, offset / 4 + 4);
  }
  const after = image.compare((k) => updateBy(["adam"], k, buffers, 9), 0);
  assert.deepEqual(read(after, buffers.first, 4), [0, 0, 0, 0]);
  // 0.999 of it is still normal.
  assert.ok(read(after, buffers.second, 4).every((x) => x > 1.17e-38));
});

Deno.test("adamw: a small decay is exact on average", () => {
  const image = new Image();
  const weights = noise(5_000, 10).map((x) => 0.75 + x / 4);
  const buffers = place(image, weights, new Float32Array(weights.length));
  // In float32, 1 - 1e-6 is 1 - 1.0133e-6.
  const after = image.run(
    "wasm",
    (k) => updateBy(["adamw", { weightDecay: 1e-5 }], k, buffers, 1),
  );
  const updated = read(after, buffers.w, weights.length);
  const decays = updated.map((w, n) => 1 - w / weights[n]);
  const mean = decays.reduce((sum, x) => sum + x, 0) / decays.length;
  assert.ok(Math.abs(mean / 1e-6 - 1) < 2e-3, `The decay is ${mean}`);
});
