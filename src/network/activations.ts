import type { Kernels } from "../kernels/kernels.ts";

/** Names of the activation functions. */
export type ActivationName = "sigmoid" | "tanh" | "relu";

/** How an activation is computed, looked up once when a plan is made. */
export interface ActivationKernels {
  /** Z → A. */
  readonly forward: "sigmoid" | "tanh" | "relu";
  /** delta → delta ⊙ act'. */
  readonly derivative:
    | "sigmoidDerivative"
    | "tanhDerivative"
    | "reluDerivative";
  /** Whether act(0) differs from 0, so that padding has to be cleared after it. */
  readonly fillsPadding: boolean;
}

/** The activation functions by name. Each name of a kernel is one of {@linkcode Kernels}. */
export const ACTIVATIONS: Readonly<Record<ActivationName, ActivationKernels>> =
  {
    sigmoid: {
      forward: "sigmoid",
      derivative: "sigmoidDerivative",
      fillsPadding: true,
    },
    tanh: {
      forward: "tanh",
      derivative: "tanhDerivative",
      fillsPadding: false,
    },
    relu: {
      forward: "relu",
      derivative: "reluDerivative",
      fillsPadding: false,
    },
  } satisfies Record<
    ActivationName,
    { forward: keyof Kernels; derivative: keyof Kernels; fillsPadding: boolean }
  >;

/** Names of the loss functions. */
export type LossName = "logloss" | "mse";

/** The kernel that computes a loss per sample. */
export const LOSSES: Readonly<Record<LossName, "logLoss" | "squaredLoss">> = {
  logloss: "logLoss",
  mse: "squaredLoss",
};
