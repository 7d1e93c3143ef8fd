import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { Task } from "../units/tasks.ts";

/** Outputs that are looked at between two looks at the clock. */
const SLICE_OUTPUTS = 5_000;

/**
 * What a network makes of a row, by what it was trained to tell: one of classes, labels, or numbers.
 *
 * @example
 * ```ts
 * import type { TablePrediction } from "@lockstep/lockstep";
 *
 * function inWords(found: TablePrediction): string {
 *   if (found.task === "classes") return found.label;
 *   if (found.task === "labels") return found.labels.join(", ");
 *   return Object.entries(found.values).map(([name, value]) => `${name} ${value}`).join(", ");
 * }
 * console.log(inWords({ task: "numbers", values: { price: 123.5 } })); // price 123.5
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
function predictionOf(
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

/**
 * What the outputs of rows mean, row after row. Timers and I/O get their turn meanwhile.
 *
 * @param names Of the outputs.
 *
 * @throws {RangeError} If the number of outputs doesn't fit, or one is NaN.
 */
export async function predictionsOf(
  task: Task,
  names: readonly string[],
  outputs: ArrayLike<number>,
): Promise<TablePrediction[]> {
  const { length: width } = names;
  if (outputs.length % width !== 0) {
    const wanted = `a multiple of ${width}`;
    throw new WrongValueError(
      wrong("decode", "outputs.length", wanted, outputs.length),
    );
  }
  const rows: TablePrediction[] = [];
  const slice = Math.max(1, Math.floor(SLICE_OUTPUTS / width));
  await inSlices(outputs.length / width, slice, (from, to) => {
    for (let first = from * width; first < to * width; first += width) {
      const values = names.map((_, at) => outputs[first + at]);
      const at = values.findIndex(Number.isNaN);
      if (at >= 0) {
        const name = `outputs[${first + at}]`;
        throw new WrongValueError(wrong("decode", name, "a number", NaN));
      }
      rows.push(predictionOf(task, names, values));
    }
  });
  return rows;
}
