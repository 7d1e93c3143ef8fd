import type { ElementwiseKernels } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** The least normal float. */
const LEAST_NORMAL = 2 ** -126;

const { fround, sqrt } = Math;

/** Updates of weights, rounded to float32 after each operation. */
export function referenceOptimisers(
  views: Views,
): Pick<ElementwiseKernels, "sgdUpdate" | "rmspropUpdate" | "adamUpdate"> {
  return {
    sgdUpdate(w, grad, velocity, count, rate, momentum, nesterov) {
      const f = views.floats;
      const carried = (v: number) => fround(fround(momentum) * v);
      for (let n = 0; n < count; n++) {
        const g = f[grad / 4 + n];
        const v = flush(fround(carried(f[velocity / 4 + n]) + g));
        const move = nesterov !== 0 ? fround(g + carried(v)) : v;
        f[w / 4 + n] -= fround(fround(rate) * move);
        f[velocity / 4 + n] = v;
      }
    },

    rmspropUpdate(w, grad, square, count, rate, rho, epsilon) {
      const f = views.floats;
      for (let n = 0; n < count; n++) {
        const g = f[grad / 4 + n];
        const s = average(f[square / 4 + n], fround(g * g), rho);
        const root = fround(fround(sqrt(s)) + fround(epsilon));
        f[w / 4 + n] -= fround(fround(fround(rate) * g) / root);
        f[square / 4 + n] = s;
      }
    },

    adamUpdate(
      w,
      grad,
      mean,
      square,
      count,
      stepSize,
      beta1,
      beta2,
      epsilon,
      rootCorrection,
      decay,
    ) {
      const f = views.floats;
      for (let n = 0; n < count; n++) {
        const g = f[grad / 4 + n];
        const m = average(f[mean / 4 + n], g, beta1);
        const s = average(f[square / 4 + n], fround(g * g), beta2);
        const root = fround(fround(sqrt(s)) * fround(rootCorrection));
        const step = fround(
          fround(fround(stepSize) * m) / fround(root + fround(epsilon)),
        );
        const shrunk = fround(fround(decay) * f[w / 4 + n]);
        f[w / 4 + n] -= fround(shrunk + step);
        f[mean / 4 + n] = m;
        f[square / 4 + n] = s;
      }
    },
  };
}

/** A moving average, `rate·old + (1 - rate)·value`. */
function average(old: number, value: number, rate: number): number {
  const kept = fround(fround(rate) * old);
  const added = fround(fround(1 - rate) * value);
  return flush(fround(kept + added));
}

/** Zero instead of what is smaller than a normal float. */
function flush(x: number): number {
  return Math.abs(x) < LEAST_NORMAL ? 0 : x;
}
