/** Turns tables of text into samples. */
import { wrong } from "../validate.ts";
import { isNumber, type Table } from "./csv.ts";
import type { Samples } from "./dataset.ts";
import type { Column } from "./preprocessing.ts";
import { oneHot } from "./samples_from.ts";

/** What is to be learned from a table. */
export interface TableOptions {
  /**
   * Name of the target's column, or if there is no such name its number, from 0, or from -1 backwards; several for a
   * regression. Default: -1
   */
  readonly target?: string | number | readonly (string | number)[];
  /**
   * Whether targets are classes or numbers. `"auto"`: classes, if a target is no number, or if there are at most 20
   * different ones, all of them whole. Default: `"auto"`
   */
  readonly task?: "classify" | "regress" | "auto";
}

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
}

/** Cells that say that there is no value. */
const MISSING = new Set(["", "?", "na", "n/a", "nan", "null", "none"]);

/** Most different whole numbers that are taken for classes. */
const MOST_CLASSES = 20;

/**
 * Makes samples of a table: a column of numbers becomes one input, any other one input for each of its values (one-hot).
 *
 * @throws {RangeError} If there is no such column, a value is missing or no number, or there is no column left to learn from.
 *
 * @example
 * ```ts
 * import { readCsv } from "./csv.ts";
 * import { tableSamples } from "./table.ts";
 *
 * const table = await readCsv("size,colour,kind\n1,red,a\n2,blue,b\n", "things.csv");
 * const { samples, classNames } = tableSamples(table);
 * console.log(samples.x, classNames); // Float32Array [1, 0, 1, 2, 1, 0], ["a", "b"]
 * ```
 */
export function tableSamples(
  table: Table,
  { target = -1, task = "auto" }: TableOptions = {},
): TableSamples {
  const targets = (Array.isArray(target) ? target : [target]).map((column) =>
    columnIndex(table, column)
  );
  const inputs = table.columns.map((_, at) => at).filter((at) =>
    !targets.includes(at)
  );
  if (inputs.length === 0) {
    throw new RangeError(
      `Cannot read '${table.name}' as there must be a column besides the target`,
    );
  }
  const columns = inputs.map((at) => describeColumn(table, at));
  const x = encodeColumns(table, inputs, columns);
  const classes = targets.length === 1 && isClasses(table, targets[0], task);
  const { y, outputs, classNames } = classes
    ? classTargets(table, targets[0])
    : numberTargets(table, targets);
  return {
    samples: {
      x,
      y,
      samples: table.rows.length,
      inputs: x.length / table.rows.length,
      outputs,
    },
    columns,
    ...(classNames === undefined ? {} : { classNames }),
    targetNames: targets.map((at) => table.columns[at]),
  };
}

/**
 * Turns rows into inputs of a network that was trained on other ones: by the names of the columns if the table has them,
 * else by their order. Further columns don't count.
 *
 * @throws {RangeError} If a column or a value is missing, no number, or a category that the network doesn't know.
 */
export function encodeRows(
  table: Table,
  columns: readonly Column[],
): Float32Array<ArrayBuffer> {
  const found = columns.map(({ name }, at) => {
    const index = table.hasHeader ? table.columns.indexOf(name) : at;
    if (index >= 0 && index < table.columns.length) return index;
    const wanted = table.hasHeader ? `'${name}'` : `${columns.length} columns`;
    throw new RangeError(
      `Cannot read '${table.name}' as there must be ${wanted}: columns are ${
        table.columns.map((column) => `'${column}'`).join(", ")
      }`,
    );
  });
  return encodeColumns(table, found, columns);
}

/**
 * The numbers of classes in a column, by their names.
 *
 * @throws {RangeError} If there is no such column, or a class is unknown.
 */
export function labelsOf(
  table: Table,
  target: string | number,
  classNames: readonly string[],
): Int32Array {
  const column = columnIndex(table, target);
  const name = classNames.every(isNumber)
    ? plainNumber
    : (cell: string) => cell;
  const numbers = new Map(classNames.map((text, at) => [name(text), at]));
  return Int32Array.from(table.rows, (row, at) => {
    const cell = cellOf(table, row, at, column);
    const label = numbers.get(name(cell));
    if (label !== undefined) return label;
    return refuse(table, at, column, "a class that the model knows", cell);
  });
}

/**
 * The numbers of some columns, row after row.
 *
 * @throws {RangeError} If there is no such column, or a cell is no number.
 */
export function numbersOf(
  table: Table,
  targets: readonly (string | number)[],
): Float32Array<ArrayBuffer> {
  return numberTargets(
    table,
    targets.map((target) => columnIndex(table, target)),
  ).y;
}

/**
 * The number of a column, from 0.
 *
 * @throws {RangeError} If there is no such column.
 */
function columnIndex({ name, columns }: Table, target: unknown): number {
  let index = columns.indexOf(target as string);
  // A name counts more than a number: columns may be called after years.
  if (index < 0 && /^-?\d+$/.test(`${target}`)) {
    index = Number(target);
    if (index < 0) index += columns.length;
  }
  if (Number.isInteger(index) && index >= 0 && index < columns.length) {
    return index;
  }
  const wanted = columns.map((column) => `'${column}'`).join(" or ");
  throw new RangeError(wrong(`read '${name}'`, "target", wanted, target));
}

/** A cell that isn't missing. */
function cellOf(
  table: Table,
  row: readonly string[],
  at: number,
  column: number,
): string {
  const cell = row[column];
  if (!MISSING.has(cell.toLowerCase())) return cell;
  return refuse(table, at, column, "a value", cell);
}

function refuse(
  table: Table,
  at: number,
  column: number,
  wanted: string,
  cell: string,
): never {
  const place = `row ${at + table.firstLine}, ${table.columns[column]}`;
  throw new RangeError(wrong(`read '${table.name}'`, place, wanted, cell));
}

function describeColumn(table: Table, column: number): Column {
  const name = table.columns[column];
  const cells = table.rows.map((row, at) => cellOf(table, row, at, column));
  if (cells.every(isNumber)) return { name, kind: "number" };
  return { name, kind: "category", values: sorted(new Set(cells)) };
}

/** A number as it is written most shortly, so that `1` and `1.0` are the same class. */
function plainNumber(cell: string): string {
  return isNumber(cell) ? String(Number(cell)) : cell;
}

/** Different texts in order: as numbers if they all are, else by code units. */
function sorted(texts: Set<string>): string[] {
  const list = [...texts];
  return list.every(isNumber)
    ? list.sort((a, b) => Number(a) - Number(b))
    : list.sort();
}

function encodeColumns(
  table: Table,
  indices: readonly number[],
  columns: readonly Column[],
): Float32Array<ArrayBuffer> {
  const width = columns.reduce(
    (sum, column) =>
      sum + (column.kind === "number" ? 1 : column.values.length),
    0,
  );
  const x = new Float32Array(table.rows.length * width);
  let next = 0;
  for (const [n, column] of columns.entries()) {
    const index = indices[n];
    const places = column.kind === "number"
      ? undefined
      : new Map(column.values.map((value, at) => [value, at]));
    for (const [at, row] of table.rows.entries()) {
      const cell = cellOf(table, row, at, index);
      if (places === undefined) {
        x[at * width + next] = numberOf(table, at, index, cell);
      } else {
        const place = places.get(cell);
        if (place === undefined) {
          const wanted = "a category that was there in training";
          refuse(table, at, index, wanted, cell);
        }
        x[at * width + next + place] = 1;
      }
    }
    next += places === undefined ? 1 : places.size;
  }
  return x;
}

function numberOf(
  table: Table,
  at: number,
  column: number,
  cell: string,
): number {
  if (isNumber(cell) && Number.isFinite(Math.fround(Number(cell)))) {
    return Number(cell);
  }
  return refuse(table, at, column, "a number within ±3.4e38", cell);
}

function isClasses(
  table: Table,
  column: number,
  task: "classify" | "regress" | "auto",
): boolean {
  if (task !== "auto") return task === "classify";
  const values = new Set(table.rows.map((row) => row[column]));
  const all = [...values];
  if (!all.every(isNumber)) return true;
  return all.length <= MOST_CLASSES &&
    all.every((value) => Number.isInteger(Number(value)));
}

function classTargets(table: Table, column: number) {
  const cells = table.rows.map((row, at) => cellOf(table, row, at, column));
  const names = cells.every(isNumber) ? cells.map(plainNumber) : cells;
  const classNames = sorted(new Set(names));
  if (classNames.length < 2) {
    throw new RangeError(
      wrong(
        `read '${table.name}'`,
        `classes in ${table.columns[column]}`,
        "two or more",
        classNames,
      ),
    );
  }
  const labels = labelsOf(table, column, classNames);
  return {
    y: oneHot(labels, classNames.length),
    outputs: classNames.length,
    classNames,
  };
}

function numberTargets(table: Table, columns: readonly number[]) {
  const outputs = columns.length;
  const y = new Float32Array(table.rows.length * outputs);
  for (const [at, row] of table.rows.entries()) {
    for (const [n, column] of columns.entries()) {
      const cell = cellOf(table, row, at, column);
      y[at * outputs + n] = numberOf(table, at, column, cell);
    }
  }
  return { y, outputs, classNames: undefined };
}
