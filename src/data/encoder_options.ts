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
   * `"auto"`: classes, if the only target is text, or has at most 20 different numbers, all of them whole and not each of
   * them once; else numbers. If most targets are numbers and some are not, they are refused, and so are dates and texts that
   * hardly come again. Default: `"auto"`
   */
  readonly task?: Task | "auto";
  /**
   * Words for no value, besides an empty cell, `NA`, `NaN`, `null`, `None`, `?`, `-` and the like; capitals don't matter.
   * Default: none
   */
  readonly missing?: readonly string[];
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
  /** Columns that are left out. Default: none but those from which nothing can be learned, which notes tell of */
  readonly drop?: TargetColumns;
  /**
   * Kinds of columns by their names, where they aren't what they look like: `number`, or `number:comma` and `number:point`
   * by what stands before decimals; `boolean`; `date`, or `date:dmy` and `date:mdy` by whether the day or the month comes
   * first; `ordinal:S<M<L` with the texts in their order; `category`. A column that would be left out is taken if its kind
   * is given.
   */
  readonly kinds?: Readonly<Record<string, string>>;
  /** Columns that are no inputs and that predictions carry along, such as names. Default: none */
  readonly keep?: TargetColumns;
  /** What stands for a missing cell of an input. Default: `"median"` */
  readonly impute?: Imputation;
  /** Whether a column that had missing cells in training gets an input that tells of them, 1 or 0. Default: true */
  readonly missingFlags?: boolean;
  /** What is done with rows whose target is missing. Default: `"leaveOut"` */
  readonly missingTargets?: "leaveOut" | "refuse";
  /**
   * Most inputs for the texts of a column, from 2 to 10,000: of more, the most frequent get one each, and all others one
   * together. Default: 200
   */
  readonly maxCategories?: number;
  /**
   * The table of which the rows to train with are some. It tells what kinds columns are and how their numbers and dates are
   * written, which are left out, and which classes there are: some rows may look like something else, and lack rare classes.
   * Default: the training rows
   */
  readonly whole?: TableRows;
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
 * Options of what an encoder makes of rows.
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
   * Is told of cells that training had none of, counted for each column: missing ones, and texts that aren't known; and of rows
   * without a target. Default: nobody is
   */
  readonly onNote?: (text: string) => void;
}

/**
 * Options of what an encoder makes of rows whose targets are known.
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
  /** The columns of the targets, where they aren't called as in training. */
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
