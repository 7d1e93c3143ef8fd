import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { decideClasses, decideLabels } from "../metrics/decide.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { Task } from "../units/tasks.ts";

/** Outputs that are looked at between two looks at the clock. */
const SLICE_OUTPUTS = 5_000;

/**
 * The prediction for a row of a table: a class, labels or numbers, depending on the task.
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
    /** The network predicts one of several classes. */
    readonly task: "classes";
    /**
     * Name of the most probable class, the first one of equals; of two classes, the second if its probability reaches the
     * threshold.
     */
    readonly label: string;
    /** Probability of that class, from 0 to 1. */
    readonly probability: number;
    /** Probability of each class by its name, from 0 to 1. */
    readonly probabilities: Readonly<Record<string, number>>;
    /** Cells of the columns that are carried along, by their names; left out where there are none. */
    readonly kept?: Readonly<Record<string, string>>;
  }
  | {
    /** The network predicts labels of which any number may apply. */
    readonly task: "labels";
    /** Names of all labels whose probability reaches their threshold, 0.5 unless another was chosen. */
    readonly labels: readonly string[];
    /** Probability of each label by its name, from 0 to 1. */
    readonly probabilities: Readonly<Record<string, number>>;
    /** Cells of the columns that are carried along, by their names; left out where there are none. */
    readonly kept?: Readonly<Record<string, string>>;
  }
  | {
    /** The network predicts numbers. */
    readonly task: "numbers";
    /** Predicted number of each target by its name, in the units of the table. */
    readonly values: Readonly<Record<string, number>>;
    /** Prediction interval of each target by its name, if the network has intervals. */
    readonly intervals?: Readonly<
      Record<string, readonly [low: number, high: number]>
    >;
    /** Cells of the columns that are carried along, by their names; left out where there are none. */
    readonly kept?: Readonly<Record<string, string>>;
  };

/**
 * How to decode outputs.
 *
 * @example
 * ```ts
 * import { type DecodeOptions, TableEncoder } from "@lockstep/lockstep";
 *
 * const encoder = await TableEncoder.fit([[1, "no"], [2, "yes"]]);
 * const options: DecodeOptions = { thresholds: [0.2] };
 * const [found] = await encoder.decode([0.7, 0.3], options);
 * console.log(found.task === "classes" && found.label); // yes
 * ```
 */
export interface DecodeOptions {
  /**
   * The probability from which a label applies, one for each label; for two classes a single one, from which it is the
   * second class. Default: 0.5
   */
  readonly thresholds?: readonly number[];
  /** Half the width of the interval of each number. Default: no intervals */
  readonly halfWidths?: readonly number[];
}

/** What the outputs of one row mean. */
function predictionOf(
  task: Task,
  names: readonly string[],
  outputs: readonly number[],
  { thresholds, halfWidths }: DecodeOptions,
): TablePrediction {
  const byName = <T>(valueOf: (value: number, at: number) => T) =>
    Object.fromEntries(
      names.map((name, at) => [name, valueOf(outputs[at], at)]),
    );
  const values = byName((value) => value);
  if (task === "numbers") {
    if (halfWidths === undefined) return { task, values };
    const intervals = byName((value, at) =>
      [value - halfWidths[at], value + halfWidths[at]] as const
    );
    return { task, values, intervals };
  }
  if (task === "labels") {
    const applies = decideLabels(outputs, names.length, thresholds);
    const labels = names.filter((_, at) => applies[at] === 1);
    return { task, labels, probabilities: values };
  }
  // A lone probability is that of the class that has a name.
  const [chosen] = names.length === 1
    ? [0]
    : decideClasses(outputs, names.length, thresholds);
  return {
    task,
    label: names[chosen],
    probability: outputs[chosen],
    probabilities: values,
  };
}

/**
 * What the outputs of rows mean, row after row. Timers and I/O keep running meanwhile.
 *
 * @param names Of the outputs.
 *
 * @throws {RangeError} If the number of outputs doesn't fit, or one is NaN.
 */
export async function predictionsOf(
  task: Task,
  names: readonly string[],
  outputs: ArrayLike<number>,
  options: DecodeOptions,
): Promise<TablePrediction[]> {
  const { length: width } = names;
  if (typeof outputs !== "object" || typeof outputs?.length !== "number") {
    const wanted = "an array of numbers, as from Mlp.predict() once awaited";
    throw new WrongTypeError(wrong("decode", "outputs", wanted, outputs));
  }
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
      rows.push(predictionOf(task, names, values, options));
    }
  });
  return rows;
}
