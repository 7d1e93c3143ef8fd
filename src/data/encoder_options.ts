/** Options of an encoder of tables, and the parts of one. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import { type Task, TASKS } from "../units/tasks.ts";
import type { Column } from "./column_kinds.ts";
import type { Imputation } from "./impute.ts";
import type { Words } from "./missing_cells.ts";
import type { Preprocessing, TargetScaling } from "./preprocessing.ts";
import type { ScalingName } from "./scaling.ts";
import { type CellTable, columnIndices } from "./table_cells.ts";
import type { TableRows } from "./table_rows.ts";
import { type FoundTask, taskOf } from "./table_task.ts";

/**
 * A column by its name, or if no column has that name by its index, from 0, or from -1 backwards; or several of them.
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
 * What to learn from a table.
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
   * What the targets are: one of several classes; labels of which any number may apply, as columns of 0 and 1; or numbers.
   * `"auto"` means classes if the only target is text, or has at most 20 different whole numbers of which some occur more
   * than once; otherwise numbers. It refuses targets most of which are numbers and some are not, dates, and texts that
   * hardly repeat. Default: `"auto"`
   */
  readonly task?: Task | "auto";
  /**
   * More words that mark a missing value, besides an empty cell, `NA`, `NaN`, `null`, `None`, `?`, `-` and the like; case
   * is ignored. Default: none
   */
  readonly missing?: readonly string[];
}

/**
 * How to encode a table.
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
   * How numbers are scaled: to mean 0 and standard deviation 1, to the range from 0 to 1, or not at all. Categories stay 0
   * and 1. Targets that are numbers are always standardized. Default: `"standardize"`
   */
  readonly scale?: ScalingName | "none";
  /**
   * Columns to leave out, besides those from which nothing can be learned, which are always left out and listed in `notes`.
   * Default: none
   */
  readonly drop?: TargetColumns;
  /**
   * Kinds of columns by their names, where the automatic choice is wrong: `number`, or `number:comma` and `number:point`
   * for the decimal separator; `boolean`; `date`, or `date:dmy` and `date:mdy` for the order of day and month;
   * `ordinal:S<M<L` with the texts in their order; `category`. A column that would be left out is used if its kind is
   * given.
   */
  readonly kinds?: Readonly<Record<string, string>>;
  /** Columns that are not inputs, but are copied to the predictions, such as names. Default: none */
  readonly keep?: TargetColumns;
  /** What replaces a missing cell of an input. Default: `"median"` */
  readonly impute?: Imputation;
  /**
   * Whether a column with missing cells in training gets one more input that is 1 where the cell is missing, otherwise 0.
   * Default: true
   */
  readonly missingFlags?: boolean;
  /** What to do with rows whose target is missing. Default: `"leaveOut"` */
  readonly missingTargets?: "leaveOut" | "refuse";
  /**
   * Largest number of inputs for the categories of a column, from 2 to 10,000. Of more categories, the most frequent get an
   * input each, and all others share one. Default: 200
   */
  readonly maxCategories?: number;
  /**
   * The whole table that the training rows are part of. It determines the kinds of columns, how their numbers and dates are
   * written, which columns are left out, and which classes there are, as a part of the rows may look different or lack rare
   * classes. Default: the training rows
   */
  readonly whole?: TableRows;
}

/**
 * The parts of an encoder that are saved with a model.
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
  /** What the outputs are. */
  readonly task: Task;
  /** The columns that inputs are made from, and how inputs are scaled. */
  readonly preprocessing: Preprocessing & {
    readonly columns: readonly Column[];
  };
  /** Names of the target columns. */
  readonly targetNames: readonly string[];
  /** Names of the classes or labels. */
  readonly classNames?: readonly string[];
  /** How targets that are numbers are scaled. */
  readonly targets?: TargetScaling;
}

/** Names of the options. */
export const TASK_NAMES = namesOf<TaskOptions>({
  target: true,
  task: true,
  missing: true,
});

/** Names of the options. */
export const ENCODER_NAMES = namesOf<EncoderOptions>({
  target: true,
  task: true,
  scale: true,
  drop: true,
  kinds: true,
  keep: true,
  missing: true,
  impute: true,
  missingFlags: true,
  missingTargets: true,
  maxCategories: true,
  whole: true,
});

/**
 * Options for encoding rows.
 *
 * @example
 * ```ts
 * import { type RowOptions, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * const encoder = await TableEncoder.fit(rows);
 * const options: RowOptions = { onNote: (text) => console.log(text) };
 * await encoder.inputs([{ size: null }], options); // 'size' is missing in 1 of 1 rows, taken as 13
 * ```
 */
export interface RowOptions {
  /**
   * Called with a note, with counts for each column, if there are cells of a sort that training didn't have, missing ones
   * and unknown texts, or rows without a target. Default: no notes
   */
  readonly onNote?: (text: string) => void;
}

/**
 * Options for encoding rows with targets.
 *
 * @example
 * ```ts
 * import { type SampleOptions, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * const encoder = await TableEncoder.fit(rows);
 * const options: SampleOptions = { target: "sort" };
 * console.log((await encoder.samples([{ size: 7, sort: "b" }], options)).y); // 0, 1
 * ```
 */
export interface SampleOptions extends RowOptions {
  /** The target columns, if their names differ from those in training. */
  readonly target?: TargetColumns;
}

const ROW_NAMES = namesOf<RowOptions>({ onNote: true });

const SAMPLE_NAMES = namesOf<SampleOptions>({ target: true, onNote: true });

/** @throws {TypeError} If an option is unknown or of the wrong type. */
export function rowOptions(action: string, options: RowOptions) {
  requireOptions(action, options, ROW_NAMES);
  return withNote(action, options);
}

/** @throws {TypeError} If an option is unknown or of the wrong type. */
export function sampleOptions(action: string, options: SampleOptions) {
  requireOptions(action, options, SAMPLE_NAMES);
  return { ...withNote(action, options), target: options.target };
}

function withNote(action: string, { onNote = () => {} }: RowOptions) {
  if (typeof onNote === "function") return { onNote };
  const wanted = "a function that gets text";
  throw new WrongTypeError(wrong(action, "onNote", wanted, onNote));
}

/** Names among columns that are given, for rows by name. */
export function namesIn(columns: TargetColumns): string[] {
  return [columns].flat().map(String);
}

/** Numbers of the columns to learn, and what is learned of them. */
export async function whatToLearn(
  table: CellTable,
  { target = -1, task = "auto" }: TaskOptions,
  words: Words,
): Promise<FoundTask & { readonly targets: number[] }> {
  const action = `read '${table.name}'`;
  requireChoice(action, "task", task, [...TASKS, "auto"]);
  if (table.columns.length === 1) {
    throw new WrongValueError(
      `Cannot ${action} as there must be a column besides the target: ${
        quotedName(table.columns[0])
      } is the only one${
        table.lines === undefined
          ? ""
          : ", unless 'delimiter', or --delimiter, says what separates cells"
      }`,
    );
  }
  const targets = columnIndices(table, [target].flat());
  if (new Set(targets).size !== targets.length || targets.length === 0) {
    const wanted = "one column, or several that differ";
    throw new WrongValueError(wrong(action, "target", wanted, target));
  }
  return { targets, ...await taskOf(table, targets, task, words) };
}
