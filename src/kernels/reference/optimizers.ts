import { type KernelOwner, OPTIMIZERS } from "../../units/optimizers.ts";
import type { UpdateKernel, UpdateKernels } from "../elementwise.ts";
import type { Views } from "./views.ts";

/** Updates of weights, as the optimizers say what happens to one. */
export function referenceOptimizers(views: Views): UpdateKernels {
  const kernels = Object.entries(OPTIMIZERS).flatMap(([name, { update }]) =>
    update === undefined ? [] : [[`${name}Update`, kernel(update)]]
  );
  return Object.fromEntries(kernels) as UpdateKernels;

  function kernel(
    update: NonNullable<typeof OPTIMIZERS[KernelOwner]["update"]>,
  ): UpdateKernel {
    return (w, grad, first, second, count, ...args) => {
      const f = views.floats;
      for (let n = 0; n < count; n++) {
        const state = {
          w: f[w / 4 + n],
          grad: f[grad / 4 + n],
          first: f[first / 4 + n],
          second: f[second / 4 + n],
        };
        update(state, ...args);
        f[w / 4 + n] = state.w;
        f[first / 4 + n] = state.first;
        f[second / 4 + n] = state.second;
      }
    };
  }
}
