/** Options of an encoder of tables, and the parts of one. */
import { WrongValueError } from "../checks/errors.ts";
import { namesOf } from "../checks/options.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { type Task, TASKS } from "../units/tasks.ts";
import type { Column } from "./column_kinds.ts";
import type { Preprocessing, TargetScaling } from "./preprocessing.ts";
import type { ScalingName } from "./scaling.ts";
import { type CellTable, columnIndices } from "./table_cells.ts";
import type { TableRows } from "./table_rows.ts";
import { taskOf } from "./table_task.ts";

/**
 * A column by its name, or if there is no such name by its number, from 0, or from -1 backwards; or several of them.
 *
 * @example
 * ```ts
 * import { TableEncoder, type TargetColumns } from "@lockstep/lockstep";
 *
 * const target: TargetColumns = ["length", "width"];
 * const rows = [{ age: 1, length: 50, width: 20 }, { age: 2, length: 80, width: 30 }];
 * console.log((await TableEncoder.fit(rows, { target })).targetNames); // ["length", "width"]
 * ```
 */
export type TargetColumns = string | number | readonly (string | number)[];

/**
 * What is to be learned from a table.
 *
 * @example
 * ```ts
 * import { TableEncoder, type TaskOptions } from "@lockstep/lockstep";
 *
 * const rows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * const options: TaskOptions = { target: "kind" };
 * console.log(await TableEncoder.taskOf(rows, options)); // "classes"
 * ```
 */
export interface TaskOptions {
  /** The column to learn, or several for labels or numbers. Default: -1, the last one */
  readonly target?: TargetColumns;
  /**
   * What the targets are: one of several classes; labels of which any number may apply, columns of 0 and 1; or numbers.
   * `"auto"`: classes, if the only target is text, or has at most 20 different numbers, all of them whole; else numbers. If
   * most targets are numbers and some are not, they are refused. Default: `"auto"`
   */
  readonly task?: Task | "auto";
}

/**
 * How a table is encoded.
 *
 * @example
 * ```ts
 * import { type EncoderOptions, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * const options: EncoderOptions = { target: "kind", scale: "minmax" };
 * console.log((await TableEncoder.fit(rows, options)).inputScaling?.offset); // [7]
 * ```
 */
export interface EncoderOptions extends TaskOptions {
  /**
   * How numbers are scaled: to mean 0 and deviation 1, to the range from 0 to 1, or not at all. Categories stay 0 and 1.
   * Targets that are numbers are always brought to mean 0 and deviation 1. Default: `"standardize"`
   */
  readonly scale?: ScalingName | "none";
  /**
   * A table that tells which columns are numbers, and which texts and classes there are, such as the whole file: for texts so
   * rare that the rows to test may have some that the others haven't. Means and ranges are of the training rows all the same.
   * Default: the training rows
   */
  readonly valuesFrom?: TableRows;
}

/**
 * What a model keeps of an encoder.
 *
 * @example
 * ```ts
 * import { type EncoderParts, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * const parts: EncoderParts = (await TableEncoder.fit(rows)).toParts();
 * console.log(parts.classNames, TableEncoder.from(parts).outputCount); // ["a", "b"], 2
 * ```
 */
export interface EncoderParts {
  /** What the outputs tell. */
  readonly task: Task;
  /** The columns that inputs are made of, and how those are scaled. */
  readonly preprocessing: Preprocessing & {
    readonly columns: readonly Column[];
  };
  /** Names of the columns that are learned. */
  readonly targetNames: readonly string[];
  /** Names of the classes or labels. */
  readonly classNames?: readonly string[];
  /** How numbers that are learned are scaled. */
  readonly targets?: TargetScaling;
}

/** Names of the options. */
export const TASK_NAMES = namesOf<TaskOptions>({ target: true, task: true });

/** Names of the options. */
export const ENCODER_NAMES = namesOf<EncoderOptions>({
  target: true,
  task: true,
  scale: true,
  valuesFrom: true,
});

/** Names among columns that are given, for rows by name. */
export function namesIn(columns: TargetColumns): string[] {
  return [columns].flat().map(String);
}

/** Numbers of the columns to learn, and what is learned of them. */
export async function whatToLearn(
  table: CellTable,
  { target = -1, task = "auto" }: TaskOptions,
): Promise<{ targets: number[]; task: Task }> {
  const action = `read '${table.name}'`;
  requireChoice(action, "task", task, [...TASKS, "auto"]);
  const targets = columnIndices(table, [target].flat());
  if (new Set(targets).size !== targets.length || targets.length === 0) {
    const wanted = "one column, or several that differ";
    throw new WrongValueError(wrong(action, "target", wanted, target));
  }
  return { targets, task: await taskOf(table, targets, task) };
}

/** Numbers of the columns that aren't learned. */
export function others(table: CellTable, targets: readonly number[]): number[] {
  const learned = new Set(targets);
  const rest = table.columns.flatMap((_, at) => learned.has(at) ? [] : [at]);
  if (rest.length > 0) return rest;
  throw new WrongValueError(
    `Cannot read '${table.name}' as there must be a column besides the target`,
  );
}
