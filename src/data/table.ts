/** Turns tables of text into samples. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { namesOf, requireOptions } from "../checks/options.ts";
import { describe, quotedName } from "../checks/visible.ts";
import { requireChoice, requireDifferent, wrong } from "../checks/validate.ts";
import { isNumber, isNumberWithCommas, plainNumber } from "./cell_numbers.ts";
import type { Table } from "./csv.ts";
import type { Samples } from "./dataset.ts";
import { describeColumns, sorted } from "./describe_columns.ts";
import { encodeColumns } from "./encode_table.ts";
import { inSlices } from "../slices/in_slices.ts";
import { requireNoOrigins } from "./origins.ts";
import type { Column } from "./preprocessing.ts";
import { requireRoom } from "./require_room.ts";
import {
  cellOf,
  columnIndex,
  columnIndices,
  eachCell,
  numberOf,
  refuse,
  requireTable,
  SLICE_CELLS,
  WITHOUT_COMMAS,
} from "./table_cells.ts";

/** What is to be learned from a table. */
export interface TableOptions {
  /**
   * Name of the target's column, or if there is no such name its number, from 0, or from -1 backwards; several for a
   * regression. Default: -1
   */
  readonly target?: string | number | readonly (string | number)[];
  /**
   * Whether targets are classes or numbers. `"auto"`: classes, if they are no numbers, or if there are at most 20
   * different ones, all of them whole; if most are numbers and some are not, they are refused. Default: `"auto"`
   */
  readonly task?: "classify" | "regress" | "auto";
}

const NAMES = namesOf<TableOptions>({ target: true, task: true });

/** Samples made of a table, and what their numbers mean. */
export interface TableSamples {
  /** The numbers. */
  readonly samples: Samples;
  /** What the inputs are made of. */
  readonly columns: readonly Column[];
  /** What each output stands for, if targets are classes. */
  readonly classNames?: readonly string[];
  /** Names of the targets' columns. */
  readonly targetNames: readonly string[];
  /** What to look at: columns of categories most of whose cells are numbers, and texts that never come again. */
  readonly notes: readonly string[];
}

const TASKS = ["classify", "regress", "auto"] as const;

/** Cells that are named where some targets are no numbers. */
const MOST_NAMED = 3;

/** Most different whole numbers that are taken for classes. */
const MOST_CLASSES = 20;

/**
 * Makes samples of a table: a column of numbers becomes one input, any other one input for each of its values (one-hot).
 * Numbers whose differences a float32 doesn't hold, such as Unix times, become their differences from the least, which is
 * the column's `origin`: `encodeRows` makes the same of other rows. Timers and I/O get their turn meanwhile.
 *
 * @throws {TypeError} If the table is none.
 * @throws {RangeError} If there is no such column, a value is missing or no number, a target can't be told to be a class or
 * a number, the inputs take more than 1 GiB, or there is no column left to learn from.
 *
 * @example
 * ```ts
 * import { parseCsv } from "./csv.ts";
 * import { tableSamples } from "./table.ts";
 *
 * const table = await parseCsv("size,color,kind\n1,red,a\n2,blue,b\n", { name: "things.csv" });
 * const { samples, classNames } = await tableSamples(table);
 * console.log(samples.x, classNames); // Float32Array [1, 0, 1, 2, 1, 0], ["a", "b"]
 * ```
 */
export async function tableSamples(
  table: Table,
  options: TableOptions = {},
): Promise<TableSamples> {
  requireTable("make samples", table);
  requireOptions(`read '${table.name}'`, options, NAMES);
  const { target = -1, task = "auto" } = options;
  requireChoice(`read '${table.name}'`, "task", task, TASKS);
  const targets = columnIndices(
    table,
    Array.isArray(target) ? target : [target],
  );
  const learned = new Set(targets);
  if (learned.size !== targets.length || targets.length === 0) {
    const wanted = "one column, or several that differ";
    throw new WrongValueError(
      wrong(`read '${table.name}'`, "target", wanted, target),
    );
  }
  if (targets.length > 1 && task === "classify") {
    const wanted = `'regress' or 'auto' for ${targets.length} targets`;
    throw new WrongValueError(
      wrong(`read '${table.name}'`, "task", wanted, task),
    );
  }
  const inputs = table.columns.map((_, at) => at).filter((at) =>
    !learned.has(at)
  );
  if (inputs.length === 0) {
    throw new WrongValueError(
      `Cannot read '${table.name}' as there must be a column besides the target`,
    );
  }
  const { columns, notes } = await describeColumns(table, inputs);
  const x = await encodeColumns(table, inputs, columns);
  const classes = targets.length === 1 &&
    await isClasses(table, targets[0], task);
  if (!classes) await requireNoOrigins(table, targets);
  const { y, outputs, classNames } = classes
    ? await classTargets(table, targets[0])
    : await numberTargets(table, targets);
  return {
    samples: {
      x,
      y,
      count: table.rows.length,
      inputs: x.length / table.rows.length,
      outputs,
    },
    columns,
    ...(classNames === undefined ? {} : { classNames }),
    targetNames: targets.map((at) => table.columns[at]),
    notes: classes ? [...notes, ...notesOfFirst(table, targets[0])] : notes,
  };
}

/** Tells of a first line that may have names of columns, though some are numbers, such as years. */
function notesOfFirst(table: Table, target: number): string[] {
  const { hasHeader, rows: [first, ...others] } = table;
  const name = first[target];
  if (
    hasHeader || isNumber(name) || !first.some(isNumber) ||
    others.length < 2 || others.some((row) => row[target] === name)
  ) return [];
  return [
    `${describe(name)} is a class of line ${
      table.lines[0]
    } alone: if that line has the names of the columns, set 'header' to true, or --header yes`,
  ];
}

/**
 * The numbers of classes in a column, by their names. Timers and I/O get their turn meanwhile.
 *
 * @throws {TypeError} If the table or the names are none.
 * @throws {RangeError} If there is no such column, a class is unknown, or two of the names are the same.
 *
 * @example
 * ```ts
 * import { parseCsv } from "./csv.ts";
 * import { labelsOf } from "./table.ts";
 *
 * const table = await parseCsv("size,kind\n1,b\n2,a\n", { name: "things.csv" });
 * console.log(await labelsOf(table, "kind", ["a", "b"])); // Int32Array [1, 0]
 * ```
 */
export async function labelsOf(
  table: Table,
  target: string | number,
  classNames: readonly string[],
): Promise<Int32Array> {
  const action = "find labels";
  requireTable(action, table);
  if (!isTexts(classNames)) {
    const wanted = "an array of the names of the classes";
    throw new WrongTypeError(wrong(action, "classNames", wanted, classNames));
  }
  const column = columnIndex(table, target);
  const name = classNames.every(isNumber)
    ? plainNumber
    : (cell: string) => cell;
  const names = classNames.map(name);
  requireDifferent(action, "classNames", names);
  const numbers = new Map(names.map((text, at) => [text, at]));
  const labels = new Int32Array(table.rows.length);
  await eachCell(table, [column], (cell, row) => {
    labels[row] = numbers.get(name(cell)) ??
      refuse(table, row, column, "a class that the model knows", cell);
  });
  return labels;
}

/**
 * The numbers of some columns, row after row. Timers and I/O get their turn meanwhile.
 *
 * @throws {TypeError} If the table is none, or the targets are no array of columns.
 * @throws {RangeError} If there is no such column, or a cell is no number.
 *
 * @example
 * ```ts
 * import { parseCsv } from "./csv.ts";
 * import { numbersOf } from "./table.ts";
 *
 * const table = await parseCsv("a,b,c\n1,2,3\n4,5,6\n", { name: "things.csv" });
 * console.log(await numbersOf(table, ["c", "a"])); // Float32Array [3, 1, 6, 4]
 * ```
 */
export async function numbersOf(
  table: Table,
  targets: readonly (string | number)[],
): Promise<Float32Array<ArrayBuffer>> {
  requireTable("find numbers", table);
  if (!Array.isArray(targets) || targets.length === 0) {
    const wanted = "an array of one column or more";
    throw new WrongTypeError(
      wrong("find numbers", "targets", wanted, targets),
    );
  }
  return (await numberTargets(table, columnIndices(table, targets))).y;
}

/** Whether `value` is an array of texts. */
function isTexts(value: unknown): boolean {
  return Array.isArray(value) &&
    // Not every(), which leaves out what is missing.
    Array.from(value).every((text) => typeof text === "string");
}

async function isClasses(
  table: Table,
  column: number,
  task: "classify" | "regress" | "auto",
): Promise<boolean> {
  if (task !== "auto") return task === "classify";
  const texts: number[] = [];
  let numbers = 0;
  let commas = 0;
  const values = new Set<string>();
  await eachCell(table, [column], (cell, row) => {
    if (isNumber(cell)) {
      numbers++;
      if (values.size <= MOST_CLASSES) values.add(cell);
      return;
    }
    if (isNumberWithCommas(cell)) commas++;
    if (texts.length < MOST_NAMED) texts.push(row);
  });
  const rows = table.rows.length;
  if (numbers === rows) {
    return values.size <= MOST_CLASSES &&
      [...values].every((value) => Number.isInteger(Number(value)));
  }
  if (2 * (numbers + commas) <= rows) return true;
  return refuseTexts(table, column, texts, numbers);
}

/** Refuses targets most of which are numbers: as classes each number would be one. */
function refuseTexts(
  table: Table,
  column: number,
  texts: readonly number[],
  numbers: number,
): never {
  const [first] = texts;
  const cell = table.rows[first][column];
  if (isNumberWithCommas(cell)) {
    refuse(table, first, column, WITHOUT_COMMAS, cell);
  }
  const found = texts.map((row) =>
    `line ${table.lines[row]} has ${describe(table.rows[row][column])}`
  );
  const rows = table.rows.length;
  throw new WrongValueError(
    `Cannot read '${table.name}' as targets in ${
      quotedName(table.columns[column])
    } must be numbers as ${numbers} of ${rows} are, or 'task' must be 'classify' to take each text for a class: ${
      found.join(", ")
    }${rows - numbers > found.length ? ", …" : ""}`,
  );
}

async function classTargets(table: Table, column: number) {
  const cells = new Set<string>();
  await eachCell(table, [column], (cell) => cells.add(cell));
  const reason = `a class for each text in ${
    quotedName(table.columns[column])
  }: 'target' must be another column`;
  requireRoom(table, "targets", cells.size, reason);
  const all = [...cells];
  const names = all.every(isNumber) ? all.map(plainNumber) : all;
  const classNames = sorted(new Set(names));
  const outputs = classNames.length;
  if (outputs < 2) {
    throw new WrongValueError(
      wrong(
        `read '${table.name}'`,
        `classes in ${table.columns[column]}`,
        "two or more",
        classNames,
      ),
    );
  }
  const labels = await labelsOf(table, column, classNames);
  const y = new Float32Array(labels.length * outputs);
  await inSlices(labels.length, SLICE_CELLS, (from, to) => {
    for (let row = from; row < to; row++) y[row * outputs + labels[row]] = 1;
  });
  return { y, outputs, classNames };
}

async function numberTargets(table: Table, columns: readonly number[]) {
  const outputs = columns.length;
  const y = new Float32Array(table.rows.length * outputs);
  const slice = Math.max(1, Math.floor(SLICE_CELLS / outputs));
  await inSlices(table.rows.length, slice, (from, to) => {
    for (let row = from; row < to; row++) {
      for (const [n, column] of columns.entries()) {
        const cell = cellOf(table, row, column);
        y[row * outputs + n] = numberOf(table, row, column, cell);
      }
    }
  });
  return { y, outputs, classNames: undefined };
}
