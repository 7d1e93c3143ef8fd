/** What the output layer does with its logits. */
import type { ActivationName } from "./activations.ts";

/** The functions of the output layer. */
export type OutputName = "sigmoid" | "softmax" | "linear";

/** What there is to know of an output. */
export interface Output {
  /** What computes each of its nodes; a softmax has a kernel of its own, as its nodes depend on each other. */
  readonly activation: ActivationName | "softmax";
}

/** The outputs by name. */
export const OUTPUTS: Readonly<Record<OutputName, Output>> = {
  /** A probability for each output. */
  sigmoid: { activation: "sigmoid" },
  /** A probability for each of the classes, which exclude each other. */
  softmax: { activation: "softmax" },
  /** The logits themselves, for regression. */
  linear: { activation: "identity" },
};

/** All names of outputs. */
export const OUTPUT_NAMES: readonly OutputName[] = Object.keys(
  OUTPUTS,
) as OutputName[];
