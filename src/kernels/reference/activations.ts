import type { Activation, ActivationDerivative, Kernels } from "../kernels.ts";
import type { Views } from "./views.ts";

/** Activations, and their derivatives from their output. */
export function referenceActivations(
  views: Views,
): Pick<
  Kernels,
  | "sigmoid"
  | "tanh"
  | "relu"
  | "sigmoidDerivative"
  | "tanhDerivative"
  | "reluDerivative"
> {
  const map = (act: (z: number) => number): Activation => (z, a, count) => {
    const f = views.floats;
    for (let n = 0; n < count; n++) f[a / 4 + n] = act(f[z / 4 + n]);
  };
  const multiply =
    (slope: (a: number) => number): ActivationDerivative =>
    (delta, _z, a, count) => {
      const f = views.floats;
      for (let n = 0; n < count; n++) f[delta / 4 + n] *= slope(f[a / 4 + n]);
    };
  return {
    sigmoid: map((z) => 1 / (1 + Math.exp(-z))),
    tanh: map(Math.tanh),
    relu: map((z) => z < 0 ? 0 : z),
    sigmoidDerivative: multiply((a) => a * (1 - a)),
    tanhDerivative: multiply((a) => 1 - a * a),
    reluDerivative: multiply((a) => a > 0 ? 1 : 0),
  };
}
