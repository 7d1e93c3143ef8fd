import type { Task } from "./array_samples.ts";

/**
 * What a network makes of a row, by what it was trained to tell: one of classes, labels, or numbers.
 *
 * @example
 * ```ts
 * import { type TablePrediction } from "@lockstep/lockstep";
 *
 * const textOf = (prediction: TablePrediction) =>
 *   prediction.task === "classes" ? prediction.label : JSON.stringify(prediction);
 * console.log(textOf({ task: "classes", label: "a", probabilities: { a: 0.9, b: 0.1 } })); // "a"
 * ```
 */
export type TablePrediction =
  | {
    /** The network tells one of several classes. */
    readonly task: "classes";
    /** Name of the class that is most probable, the first of equals. */
    readonly label: string;
    /** Of each class by its name, from 0 to 1. */
    readonly probabilities: Readonly<Record<string, number>>;
  }
  | {
    /** The network tells labels that don't exclude each other. */
    readonly task: "labels";
    /** Names of all that have a probability of 0.5 or more. */
    readonly labels: readonly string[];
    /** Of each label by its name, from 0 to 1. */
    readonly probabilities: Readonly<Record<string, number>>;
  }
  | {
    /** The network tells numbers. */
    readonly task: "numbers";
    /** Of each target by its name, in the units of the table. */
    readonly values: Readonly<Record<string, number>>;
  };

/** What the outputs of one row mean. */
export function predictionOf(
  task: Task,
  names: readonly string[],
  outputs: ArrayLike<number>,
): TablePrediction {
  const values = Object.fromEntries(
    names.map((name, at) => [name, outputs[at]]),
  );
  if (task === "numbers") return { task, values };
  if (task === "labels") {
    const labels = names.filter((_, at) => outputs[at] >= 0.5);
    return { task, labels, probabilities: values };
  }
  let most = 0;
  for (let at = 1; at < names.length; at++) {
    if (outputs[at] > outputs[most]) most = at;
  }
  return { task, label: names[most], probabilities: values };
}
