/**
 * The activation functions of hidden layers. To add one: an entry here, and its kernels `name` and `nameDerivative` in
 * `src/kernels/assembly`; CONTRIBUTING.md shows how. Checks, help, plans, the reference kernels, ONNX and the tests follow
 * from the entry. Until there is machine code for it in `src/kernels/native`, its WebAssembly kernels run there too.
 */
import { erf } from "./erf.ts";

/** Names of the activation functions of hidden layers. */
export type ActivationName =
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "gelu"
  | "swish"
  | "softplus"
  | "identity";

/**
 * A node of [ONNX](https://onnx.ai/onnx/operators/). It takes the value that the node before it made, the first one Z, and a
 * second input if there is one: Z again, or a constant.
 */
export interface OnnxNode {
  readonly op: string;
  readonly with?: "z" | number;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** An activation function: what the kernels of its name compute, here in float64. */
export interface Activation {
  /** A of Z. Where act(0) isn't 0, the padding of A is cleared after the kernel. */
  forward(z: number): number;
  /** What the derivative is computed from. From A, Z needs no memory of its own. */
  readonly derivativeOf: "z" | "a";
  /** dA/dZ, given Z or A as {@linkcode Activation.derivativeOf} says. */
  derivative(value: number): number;
  /** How the weights are drawn whose sums it takes, in a network with standard defaults. */
  readonly initializer: "glorot" | "he";
  /** The nodes that compute it, in operator set 17. */
  readonly onnx: readonly OnnxNode[];
}

/** Slope of leakyRelu below zero, as the kernels have it. */
const LEAK = Math.fround(0.01);

/** The activation functions by name. */
export const ACTIVATIONS: Readonly<Record<ActivationName, Activation>> = {
  sigmoid: {
    forward: sigmoid,
    derivativeOf: "a",
    derivative: (a) => a * (1 - a),
    initializer: "glorot",
    onnx: [{ op: "Sigmoid" }],
  },
  tanh: {
    forward: Math.tanh,
    derivativeOf: "a",
    derivative: (a) => 1 - a * a,
    initializer: "glorot",
    onnx: [{ op: "Tanh" }],
  },
  relu: {
    forward: (z) => z < 0 ? 0 : z,
    derivativeOf: "a",
    derivative: (a) => a > 0 ? 1 : 0,
    initializer: "he",
    onnx: [{ op: "Relu" }],
  },
  /** `z` where it is positive, else `0.01·z`. */
  leakyRelu: {
    forward: (z) => z > 0 ? z : LEAK * z,
    derivativeOf: "a",
    derivative: (a) => a > 0 ? 1 : LEAK,
    initializer: "he",
    onnx: [{ op: "LeakyRelu", attributes: { alpha: LEAK } }],
  },
  /** `z` where it is positive, else `e^z - 1`: [Clevert et al. 2015](https://arxiv.org/abs/1511.07289) with α = 1. */
  elu: {
    forward: (z) => z > 0 ? z : Math.expm1(z),
    derivativeOf: "a",
    derivative: (a) => a > 0 ? 1 : a + 1,
    initializer: "he",
    onnx: [{ op: "Elu", attributes: { alpha: 1 } }],
  },
  /** `z·Φ(z)` with the normal distribution itself: [Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415). */
  gelu: {
    // Its limit is 0, as the product of infinite and 0 isn't.
    forward: (z) => z === -Infinity ? 0 : z * normalDistribution(z),
    derivativeOf: "z",
    derivative(z) {
      if (Math.abs(z) > 40) return z > 0 ? 1 : 0;
      const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
      return normalDistribution(z) + z * density;
    },
    initializer: "he",
    onnx: [
      { op: "Mul", with: Math.SQRT1_2 },
      { op: "Erf" },
      { op: "Add", with: 1 },
      { op: "Mul", with: "z" },
      { op: "Mul", with: 0.5 },
    ],
  },
  /** `z·sigmoid(z)`, also known as SiLU: [Ramachandran et al. 2017](https://arxiv.org/abs/1710.05941). */
  swish: {
    forward: (z) => z === -Infinity ? 0 : z * sigmoid(z),
    derivativeOf: "z",
    derivative(z) {
      if (Math.abs(z) > 700) return z > 0 ? 1 : 0;
      return sigmoid(z) * (1 + z * sigmoid(-z));
    },
    initializer: "he",
    onnx: [{ op: "Sigmoid" }, { op: "Mul", with: "z" }],
  },
  /** `ln(1 + e^z)`, a smooth relu: [Dugas et al. 2000](https://papers.nips.cc/paper/1920). */
  softplus: {
    forward: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    derivativeOf: "a",
    derivative: (a) => -Math.expm1(-a),
    initializer: "he",
    onnx: [{ op: "Softplus" }],
  },
  /** Z itself: it has no kernels. */
  identity: {
    forward: (z) => z,
    derivativeOf: "a",
    derivative: () => 1,
    initializer: "glorot",
    onnx: [],
  },
};

/** All names of activation functions. */
export const ACTIVATION_NAMES: readonly ActivationName[] = Object.keys(
  ACTIVATIONS,
) as ActivationName[];

/** The activation functions that have kernels. */
export type ComputedActivation = Exclude<ActivationName, "identity">;

/** Whether there is anything to compute. */
export function isComputed(name: ActivationName): name is ComputedActivation {
  return name !== "identity";
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

function normalDistribution(z: number): number {
  return 0.5 * (1 + erf(z / Math.SQRT2));
}
