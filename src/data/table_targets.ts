/** Turns columns of tables into targets. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import { BadCells } from "./bad_cells.ts";
import { isNumber, plainNumber, sorted } from "./cell_numbers.ts";
import { cellsOf } from "./column_cells.ts";
import { missingClasses, MissingWords, type Words } from "./missing_cells.ts";
import { requireFormat } from "./number_formats.ts";
import {
  floatIn,
  type NumberFormat,
  numberIn,
  wantedNumber,
} from "./number_text.ts";
import { requireNoOrigin } from "./origins.ts";
import { requireRoom } from "./require_room.ts";
import { type CellTable, eachCell, placeOf } from "./table_cells.ts";
import type { Task } from "../units/tasks.ts";

/** What is found out about targets. */
interface Targets {
  /** Names of the outputs. */
  readonly names: string[];
  /** How the numbers of each target are written. */
  readonly formats?: NumberFormat[];
  /** Numbers that might mean others. */
  readonly notes?: string[];
}

/** How the targets of one task are made. Numbers of columns are from 0; no target is missing. */
interface TargetKind {
  /**
   * Looks at the targets.
   *
   * @throws {RangeError} If they can't be learned.
   */
  describe(table: CellTable, columns: readonly number[]): Promise<Targets>;
  /**
   * Turns them into values, row after row, one for each output.
   *
   * @throws {RangeError} If a cell is none that the outputs can tell.
   */
  encode(
    table: CellTable,
    columns: readonly number[],
    names: readonly string[],
    formats: readonly NumberFormat[],
  ): Promise<Float32Array<ArrayBuffer>>;
}

/** No cell is missing here: those that were are left out. */
const NOTHING = { has: () => false };

/** The targets of each task. */
export const TARGETS: Readonly<Record<Task, TargetKind>> = {
  classes: {
    describe: async (table, columns) => ({
      names: await classNames(table, columns),
    }),
    encode: encodeClasses,
  },
  labels: {
    describe: async (table, columns) => {
      await encodeLabels(table, columns);
      return { names: columns.map((column) => table.columns[column]) };
    },
    encode: encodeLabels,
  },
  numbers: { describe: describeNumbers, encode: encodeNumbers },
};

/** How numbers to learn are written. */
async function describeNumbers(
  table: CellTable,
  columns: readonly number[],
): Promise<Targets> {
  const formats: NumberFormat[] = [];
  const notes: string[] = [];
  for (const column of columns) {
    const cells = await cellsOf(table, column, NOTHING);
    const { format, ambiguous } = await requireFormat(cells);
    await requireNoOrigin(cells, (cell) => numberIn(cell, format));
    formats.push(format);
    if (ambiguous === undefined) continue;
    notes.push(
      `${describe(ambiguous)} in ${
        quotedName(table.columns[column])
      } is taken for ${
        numberIn(ambiguous, format)
      }: if that is wrong, write decimal points and nothing between thousands`,
    );
  }
  const names = columns.map((column) => table.columns[column]);
  return { names, formats, notes };
}

/** What tells rows without a target: `None` may be a class. */
export function targetWords(task: Task, missing: readonly string[]): Words {
  return task === "classes"
    ? missingClasses(missing)
    : new MissingWords(missing);
}

/**
 * Leaves out rows without a target.
 *
 * @param words What is no value.
 * @param refuse Whether they are refused instead.
 * @param note Is told how many.
 *
 * @throws {RangeError} If a target is missing and is to be refused, or all are missing.
 */
export async function withTargets<T extends CellTable>(
  table: T,
  targets: readonly number[],
  words: Words,
  refuse: boolean,
  note: (text: string) => void = () => {},
): Promise<T> {
  const missing = new Set<number>();
  const bad = new BadCells(table);
  await eachCell(table, targets, (cell, row, n) => {
    if (!words.has(cell)) return;
    missing.add(row);
    if (refuse) bad.add(row, targets[n], "a value", cell);
  });
  bad.refuse();
  if (missing.size === 0) return table;
  const { rows, lines } = table;
  const names = targets.map((at) => quotedName(table.columns[at])).join(", ");
  if (missing.size === rows.length) {
    throw new WrongValueError(
      `Cannot read '${table.name}' as there must be a row with a value to learn: all are missing in ${names}`,
    );
  }
  note(
    `${missing.size} of ${rows.length} rows are left out, as ${names} is missing, first in ${
      placeOf(table, Math.min(...missing))
    }`,
  );
  const kept = rows.flatMap((_, row) => missing.has(row) ? [] : [row]);
  return {
    ...table,
    rows: kept.map((row) => rows[row]),
    ...(lines === undefined
      ? { numbers: kept }
      : { lines: kept.map((row) => lines[row]) }),
  };
}

/** Tells of a first line that may have names of columns, though some are numbers, such as years. */
export function notesOfFirst(table: CellTable, target: number): string[] {
  const { hasHeader, lines, rows: [first, ...others] } = table;
  const name = first[target];
  if (
    lines === undefined || hasHeader ||
    !first.some(isNumber) || others.length < 2 ||
    others.some((row) =>
      row[target] === name || isNumber(name) && isNumber(row[target])
    )
  ) return [];
  return [
    `${describe(name)} is a class of ${
      placeOf(table, 0)
    } alone: if that line has the names of the columns, set 'header' to true, or --header yes`,
  ];
}

async function classNames(
  table: CellTable,
  [column]: readonly number[],
): Promise<string[]> {
  const cells = new Set<string>();
  await eachCell(table, [column], (cell) => cells.add(cell));
  const name = quotedName(table.columns[column]);
  requireRoom(
    table,
    "targets",
    cells.size,
    `a class for each text in ${name}: 'target' must be another column`,
  );
  const all = [...cells];
  // 1 and 1.0 are the same class.
  const names = all.every(isNumber) ? all.map(plainNumber) : all;
  const classes = sorted(new Set(names));
  if (classes.length > 1) return classes;
  throw new WrongValueError(
    wrong(
      `read '${table.name}'`,
      `classes in ${table.columns[column]}`,
      "two or more",
      classes,
    ),
  );
}

async function encodeClasses(
  table: CellTable,
  columns: readonly number[],
  names: readonly string[],
): Promise<Float32Array<ArrayBuffer>> {
  const outputs = names.length;
  requireRoom(table, "targets", outputs);
  const textOf = names.every(isNumber) ? plainNumber : (cell: string) => cell;
  const places = new Map(names.map((name, at) => [textOf(name), at]));
  const bad = new BadCells(table);
  const y = new Float32Array(table.rows.length * outputs);
  await eachCell(table, columns, (cell, row) => {
    const place = places.get(textOf(cell));
    if (place !== undefined) y[row * outputs + place] = 1;
    else bad.add(row, columns[0], "a class that the model knows", cell);
  });
  bad.refuse();
  return y;
}

/** A label applies, doesn't, or does with a probability. */
async function encodeLabels(
  table: CellTable,
  columns: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  return await encodeCells(table, columns, (cell) => {
    const value = floatIn(cell, {});
    return value === undefined
      ? wantedNumber({}, cell)
      : value >= 0 && value <= 1
      ? value
      : "0 or 1, or a probability between them";
  });
}

async function encodeNumbers(
  table: CellTable,
  columns: readonly number[],
  _: readonly string[],
  formats: readonly NumberFormat[],
): Promise<Float32Array<ArrayBuffer>> {
  return await encodeCells(table, columns, (cell, n) => {
    const format = formats[n] ?? {};
    return floatIn(cell, format) ?? wantedNumber(format, cell);
  });
}

/** Turns each cell into a number, or into what is wanted instead. */
async function encodeCells(
  table: CellTable,
  columns: readonly number[],
  valueOf: (cell: string, n: number) => number | string,
): Promise<Float32Array<ArrayBuffer>> {
  const outputs = columns.length;
  const bad = new BadCells(table);
  const y = new Float32Array(table.rows.length * outputs);
  await eachCell(table, columns, (cell, row, n) => {
    const value = valueOf(cell, n);
    if (typeof value === "string") bad.add(row, columns[n], value, cell);
    else y[row * outputs + n] = value;
  });
  bad.refuse();
  return y;
}
