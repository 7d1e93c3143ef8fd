import type { Kernels } from "../kernels/kernels.ts";

/** Names of the activation functions of hidden layers. */
export type ActivationName =
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "gelu"
  | "swish"
  | "identity";

/** How an activation is computed, looked up once when a plan is made. */
export interface ActivationKernels {
  /** Z → A; none where A is Z. */
  readonly forward?:
    | "sigmoid"
    | "tanh"
    | "relu"
    | "leakyRelu"
    | "elu"
    | "gelu"
    | "swish";
  /** delta → delta ⊙ act'; none where the slope is 1. */
  readonly derivative?:
    | "sigmoidDerivative"
    | "tanhDerivative"
    | "reluDerivative"
    | "leakyReluDerivative"
    | "eluDerivative"
    | "geluDerivative"
    | "swishDerivative";
  /** Whether act(0) differs from 0, so that padding has to be cleared after it. */
  readonly fillsPadding: boolean;
  /** Whether the derivative needs Z, so that A can't take its place. */
  readonly needsInput: boolean;
}

/**
 * The activation functions of hidden layers by name. leakyRelu has slope 0.01 below 0, elu is `e^z - 1` there, gelu is
 * `z·Φ(z)` with the normal distribution itself, swish (or SiLU) is `z·sigmoid(z)`.
 */
export const ACTIVATIONS: Readonly<Record<ActivationName, ActivationKernels>> =
  {
    sigmoid: {
      forward: "sigmoid",
      derivative: "sigmoidDerivative",
      fillsPadding: true,
      needsInput: false,
    },
    tanh: {
      forward: "tanh",
      derivative: "tanhDerivative",
      fillsPadding: false,
      needsInput: false,
    },
    relu: {
      forward: "relu",
      derivative: "reluDerivative",
      fillsPadding: false,
      needsInput: false,
    },
    leakyRelu: {
      forward: "leakyRelu",
      derivative: "leakyReluDerivative",
      fillsPadding: false,
      needsInput: false,
    },
    elu: {
      forward: "elu",
      derivative: "eluDerivative",
      fillsPadding: false,
      needsInput: false,
    },
    gelu: {
      forward: "gelu",
      derivative: "geluDerivative",
      fillsPadding: false,
      needsInput: true,
    },
    swish: {
      forward: "swish",
      derivative: "swishDerivative",
      fillsPadding: false,
      needsInput: true,
    },
    identity: { fillsPadding: false, needsInput: false },
  } satisfies Record<
    ActivationName,
    & ActivationKernels
    & { forward?: keyof Kernels; derivative?: keyof Kernels }
  >;

/** All names of activation functions. */
export const ACTIVATION_NAMES: readonly ActivationName[] = Object.keys(
  ACTIVATIONS,
) as ActivationName[];
