import { erf } from "../../src/kernels/reference/erf.ts";

/** An activation in float64, with what tests expect of it. */
export interface ExactActivation {
  readonly exact: (z: number) => number;
  /** Values at -Infinity and Infinity. */
  readonly limits: readonly [number, number];
}

/** All activations, by the name of their kernel. */
export const EXACT = {
  sigmoid: { exact: (z) => 1 / (1 + Math.exp(-z)), limits: [0, 1] },
  tanh: { exact: Math.tanh, limits: [-1, 1] },
  relu: { exact: (z) => Math.max(z, 0), limits: [0, Infinity] },
  leakyRelu: {
    exact: (z) => z < 0 ? 0.01 * z : z,
    limits: [-Infinity, Infinity],
  },
  elu: {
    exact: (z) => z < 0 ? Math.expm1(z) : z,
    limits: [-1, Infinity],
  },
  gelu: {
    exact: (z) => 0.5 * z * (1 + erf(z / Math.SQRT2)),
    limits: [0, Infinity],
  },
  swish: { exact: (z) => z / (1 + Math.exp(-z)), limits: [0, Infinity] },
} satisfies Record<string, ExactActivation>;

export type ExactName = keyof typeof EXACT;

export const EXACT_NAMES = Object.keys(EXACT) as ExactName[];

/** Numbers of all magnitudes, dense around zero and out to ±120. A multiple of 4 of them. */
export function manyArguments(): Float32Array {
  const tiny = Array.from({ length: 400 }, (_, n) => 2 ** (n / 4 - 90));
  const even = Array.from({ length: 96_004 }, (_, n) => (n - 48_002) / 400);
  return Float32Array.from([...tiny, ...tiny.map((z) => -z), ...even]);
}
