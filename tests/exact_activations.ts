import type { ActivationName } from "../src/units/activations.ts";
import { erf } from "../src/units/erf.ts";

type Scalar = (z: number) => number;

/** An activation in float64, written independently from its definition, with what tests expect of it. */
export interface ExactActivation {
  readonly exact: Scalar;
  /** Its derivative, from Z. */
  readonly slope: Scalar;
  /** Values at -Infinity and Infinity. */
  readonly limits: readonly [number, number];
}

const sigmoid: Scalar = (z) => 1 / (1 + Math.exp(-z));
const normal: Scalar = (z) => (1 + erf(z / Math.SQRT2)) / 2;
const density: Scalar = (z) => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);

/** All activations by name. */
export const EXACT: Readonly<Record<ActivationName, ExactActivation>> = {
  sigmoid: {
    exact: sigmoid,
    slope: (z) => sigmoid(z) * (1 - sigmoid(z)),
    limits: [0, 1],
  },
  tanh: {
    exact: Math.tanh,
    slope: (z) => 1 - Math.tanh(z) ** 2,
    limits: [-1, 1],
  },
  relu: {
    exact: (z) => Math.max(z, 0),
    slope: (z) => z > 0 ? 1 : 0,
    limits: [0, Infinity],
  },
  leakyRelu: {
    exact: (z) => z < 0 ? 0.01 * z : z,
    slope: (z) => z > 0 ? 1 : 0.01,
    limits: [-Infinity, Infinity],
  },
  elu: {
    exact: (z) => z < 0 ? Math.expm1(z) : z,
    slope: (z) => z > 0 ? 1 : Math.exp(z),
    limits: [-1, Infinity],
  },
  gelu: {
    exact: (z) => z * normal(z),
    slope: (z) => normal(z) + z * density(z),
    limits: [0, Infinity],
  },
  swish: {
    exact: (z) => z * sigmoid(z),
    slope: (z) => sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z)),
    limits: [0, Infinity],
  },
  softplus: {
    exact: (z) => z > 30 ? z + Math.exp(-z) : Math.log1p(Math.exp(z)),
    slope: sigmoid,
    limits: [0, Infinity],
  },
  identity: {
    exact: (z) => z,
    slope: () => 1,
    limits: [-Infinity, Infinity],
  },
};

/** Those that have kernels. */
export type ExactName = Exclude<ActivationName, "identity">;

export const EXACT_NAMES = Object.keys(EXACT).filter((name) =>
  name !== "identity"
) as ExactName[];

/** Numbers of all magnitudes, dense around zero and out to ±120. A multiple of 4 of them. */
export function manyArguments(): Float32Array {
  const tiny = Array.from({ length: 400 }, (_, n) => 2 ** (n / 4 - 90));
  const even = Array.from({ length: 96_004 }, (_, n) => (n - 48_002) / 400);
  return Float32Array.from([...tiny, ...tiny.map((z) => -z), ...even]);
}
