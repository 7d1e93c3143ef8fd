/** What the output layer does with its logits. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { ActivationName } from "./activations.ts";

/** Names of what the output layer does with its logits. */
export type OutputName = "sigmoid" | "softmax" | "linear";

/** What there is to know of an output. */
export interface Output {
  /** What computes each of its nodes; a softmax has a kernel of its own, as its nodes depend on each other. */
  readonly activation: ActivationName | "softmax";
  /** Whether it tells classes or labels, rather than numbers. */
  readonly tellsClasses: boolean;
}

/** The outputs by name. */
export const OUTPUTS: Readonly<Record<OutputName, Output>> = {
  /** A probability for each output. */
  sigmoid: { activation: "sigmoid", tellsClasses: true },
  /** A probability for each of the classes, which exclude each other. */
  softmax: { activation: "softmax", tellsClasses: true },
  /** The logits themselves, for regression. */
  linear: { activation: "identity", tellsClasses: false },
};

/** All names of outputs. */
export const OUTPUT_NAMES: readonly OutputName[] = Object.keys(
  OUTPUTS,
) as OutputName[];

/** Whether an output tells classes or labels, rather than numbers. */
export function tellsClasses(output: OutputName): boolean {
  return OUTPUTS[output].tellsClasses;
}

/** @throws {RangeError} If the last layer, or scaled targets, need another output. */
export function requireOutputOf(
  action: string,
  output: OutputName,
  layers: readonly number[],
  scaled: boolean,
): void {
  if (scaled && output !== "linear") {
    const wanted = "'linear' where 'targets' are given";
    throw new WrongValueError(wrong(action, "output", wanted, output));
  }
  if (output === "softmax" && layers.at(-1) === 1) {
    const name = `layers[${layers.length - 1}]`;
    const wanted = "2 or more for the output 'softmax'";
    throw new WrongValueError(wrong(action, name, wanted, 1));
  }
}
