import {
  type ActivationName,
  ACTIVATIONS,
  type ComputedActivation,
  isComputed,
} from "../../units/activations.ts";
import type {
  ActivationKernel,
  ActivationKernels,
  DerivativeKernel,
} from "../elementwise.ts";
import type { Views } from "./views.ts";

/** Activations and their derivatives. */
export function referenceActivations(views: Views): ActivationKernels {
  const forward = (name: ComputedActivation): ActivationKernel => {
    const { forward } = ACTIVATIONS[name];
    return (z, a, count) => {
      const f = views.floats;
      for (let n = 0; n < count; n++) f[a / 4 + n] = forward(f[z / 4 + n]);
    };
  };
  const derivative = (name: ComputedActivation): DerivativeKernel => {
    const { derivative, derivativeOf } = ACTIVATIONS[name];
    return (delta, z, a, count) => {
      const f = views.floats;
      const from = derivativeOf === "z" ? z : a;
      for (let n = 0; n < count; n++) {
        f[delta / 4 + n] *= derivative(f[from / 4 + n]);
      }
    };
  };
  const names = (Object.keys(ACTIVATIONS) as ActivationName[])
    .filter(isComputed);
  return Object.fromEntries(names.flatMap((name) => [
    [name, forward(name)],
    [`${name}Derivative`, derivative(name)],
  ])) as ActivationKernels;
}
