import type {
  Activation,
  ActivationDerivative,
  ElementwiseKernels,
} from "../elementwise.ts";
import { erf } from "./erf.ts";
import type { Views } from "./views.ts";

/** Slope of leakyRelu below zero. */
const LEAK = Math.fround(0.01);

/** Activations, and their derivatives from their output or their input. */
export function referenceActivations(
  views: Views,
): Pick<
  ElementwiseKernels,
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "gelu"
  | "swish"
  | "sigmoidDerivative"
  | "tanhDerivative"
  | "reluDerivative"
  | "leakyReluDerivative"
  | "eluDerivative"
  | "geluDerivative"
  | "swishDerivative"
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
  const multiplyByInput =
    (slope: (z: number) => number): ActivationDerivative =>
    (delta, z, _a, count) => multiply(slope)(delta, z, z, count);
  return {
    sigmoid: map(sigmoid),
    tanh: map(Math.tanh),
    relu: map((z) => z < 0 ? 0 : z),
    leakyRelu: map((z) => z > 0 ? z : LEAK * z),
    elu: map((z) => z > 0 ? z : Math.expm1(z)),
    // Their limit is 0, as the product of infinite and 0 isn't.
    gelu: map((z) => z === -Infinity ? 0 : z * distribution(z)),
    swish: map((z) => z === -Infinity ? 0 : z * sigmoid(z)),
    sigmoidDerivative: multiply((a) => a * (1 - a)),
    tanhDerivative: multiply((a) => 1 - a * a),
    reluDerivative: multiply((a) => a > 0 ? 1 : 0),
    leakyReluDerivative: multiply((a) => a > 0 ? 1 : LEAK),
    eluDerivative: multiply((a) => a > 0 ? 1 : a + 1),
    geluDerivative: multiplyByInput((z) => {
      if (Math.abs(z) > 40) return z > 0 ? 1 : 0;
      const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
      return distribution(z) + z * density;
    }),
    swishDerivative: multiplyByInput((z) => {
      if (Math.abs(z) > 700) return z > 0 ? 1 : 0;
      return sigmoid(z) * (1 + z * sigmoid(-z));
    }),
  };
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** The normal distribution. */
function distribution(z: number): number {
  return 0.5 * (1 + erf(z / Math.SQRT2));
}
