/** Turns columns of tables into targets. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import { isNumber, plainNumber, sorted } from "./cell_numbers.ts";
import { requireNoOrigins } from "./origins.ts";
import { requireRoom } from "./require_room.ts";
import {
  type CellTable,
  eachCell,
  numberOf,
  placeOf,
  refuse,
} from "./table_cells.ts";
import type { Task } from "../units/tasks.ts";

/** How the targets of one task are made. Numbers of columns are from 0. */
interface TargetKind {
  /**
   * Looks at the targets and names the outputs.
   *
   * @throws {RangeError} If they can't be learned.
   */
  nameOutputs(table: CellTable, columns: readonly number[]): Promise<string[]>;
  /**
   * Turns them into values, row after row, one for each output.
   *
   * @throws {RangeError} If a cell is none that the outputs can tell.
   */
  encode(
    table: CellTable,
    columns: readonly number[],
    names: readonly string[],
  ): Promise<Float32Array<ArrayBuffer>>;
}

/** The targets of each task. */
export const TARGETS: Readonly<Record<Task, TargetKind>> = {
  classes: { nameOutputs: classNames, encode: encodeClasses },
  labels: {
    nameOutputs: async (table, columns) => {
      await encodeNumbers(table, columns, requireProbability);
      return columns.map((column) => table.columns[column]);
    },
    encode: (table, columns) =>
      encodeNumbers(table, columns, requireProbability),
  },
  numbers: {
    nameOutputs: async (table, columns) => {
      await requireNoOrigins(table, columns);
      return columns.map((column) => table.columns[column]);
    },
    encode: (table, columns) => encodeNumbers(table, columns),
  },
};

/** Tells of a first line that may have names of columns, though some are numbers, such as years. */
export function notesOfFirst(table: CellTable, target: number): string[] {
  const { hasHeader, lines, rows: [first, ...others] } = table;
  const name = first[target];
  if (
    lines === undefined || hasHeader || isNumber(name) ||
    !first.some(isNumber) || others.length < 2 ||
    others.some((row) => row[target] === name)
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
  const y = new Float32Array(table.rows.length * outputs);
  await eachCell(table, columns, (cell, row) => {
    const place = places.get(textOf(cell)) ??
      refuse(table, row, columns[0], "a class that the model knows", cell);
    y[row * outputs + place] = 1;
  });
  return y;
}

async function encodeNumbers(
  table: CellTable,
  columns: readonly number[],
  check?: (
    table: CellTable,
    row: number,
    column: number,
    cell: string,
    value: number,
  ) => void,
): Promise<Float32Array<ArrayBuffer>> {
  const outputs = columns.length;
  const y = new Float32Array(table.rows.length * outputs);
  await eachCell(table, columns, (cell, row, n) => {
    const value = numberOf(table, row, columns[n], cell);
    check?.(table, row, columns[n], cell, value);
    y[row * outputs + n] = value;
  });
  return y;
}

/** A label applies, doesn't, or does with a probability. */
function requireProbability(
  table: CellTable,
  row: number,
  column: number,
  cell: string,
  value: number,
): void {
  if (value >= 0 && value <= 1) return;
  const wanted = "0 or 1, or a probability between them";
  refuse(table, row, column, wanted, cell);
}
