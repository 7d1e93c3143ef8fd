/** Cells of tables, and what is wrong with them. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { didYouMean, wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import type { Table } from "./table.ts";
import { inSlices } from "../slices/in_slices.ts";

/** A table, or rows of the caller, which have no lines. */
export type CellTable = Omit<Table, "lines"> & Partial<Pick<Table, "lines">> & {
  /** Numbers of the caller's rows before some were left out. */
  readonly numbers?: readonly number[];
};

/** Columns that are looked for one by one. */
const FEW_COLUMNS = 20;

/** Names of columns that a message has. */
const MOST_SHOWN = 20;

/** Cells that are looked at between two looks at the clock. */
export const SLICE_CELLS = 5_000;

/** @throws {TypeError} If a table is none. */
export function requireTable(action: string, table: Table): void {
  const { name, rows, columns, lines } = (table ?? {}) as Partial<Table>;
  if (
    typeof name === "string" && Array.isArray(columns) &&
    columns.every((column) => typeof column === "string") &&
    Array.isArray(lines) && Array.isArray(rows) && rows.length > 0
  ) {
    const at = rows.findIndex((row) =>
      !Array.isArray(row) || row.length !== columns.length
    );
    if (at < 0) return;
    const wanted = `an array of ${columns.length} texts`;
    throw new WrongTypeError(
      wrong(action, `table.rows[${at}]`, wanted, rows[at]),
    );
  }
  const wanted = (table as unknown) instanceof Promise
    ? "a table: write await before it"
    : isOneRow(table)
    ? "a table, or an array of rows: write [row] for one"
    : "a table, as readTable() and parseCsv() make it, or an array of rows";
  throw new WrongTypeError(wrong(action, "table", wanted, table));
}

/** Whether a value may be a row by itself: cells by names. */
function isOneRow(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    !("rows" in value || "columns" in value) &&
    [null, Object.prototype].includes(Object.getPrototypeOf(value));
}

/**
 * The numbers of columns, from 0: in one go, as there may be thousands.
 *
 * @param option That names them, for errors.
 *
 * @throws {RangeError} If there is no such column.
 */
export function columnIndices(
  table: CellTable,
  targets: readonly unknown[],
  option = "target",
): number[] {
  const { columns } = table;
  let placeOf = (target: unknown) => columns.indexOf(target as string);
  // To make a map takes longer than to look for a few.
  if (targets.length > FEW_COLUMNS) {
    const places = new Map(columns.map((column, at) => [column, at]));
    placeOf = (target) => places.get(target as string) ?? -1;
  }
  // Not map(), which leaves out what is missing.
  return Array.from(
    targets,
    (target) => indexOf(table, placeOf(target), target, option),
  );
}

function indexOf(
  { name, columns }: CellTable,
  place: number,
  target: unknown,
  option: string,
): number {
  let index = place;
  // A name counts more than a number: columns may be called after years.
  const counted = typeof target === "string" || typeof target === "number";
  if (index < 0 && counted && /^-?\d+$/.test(`${target}`)) {
    index = Number(target);
    if (index < 0) index += columns.length;
  }
  if (Number.isInteger(index) && index >= 0 && index < columns.length) {
    return index;
  }
  const wanted = namesOf(columns, " or ");
  throw new WrongValueError(
    wrong(`read '${name}'`, option, wanted, target) +
      didYouMean(target, columns),
  );
}

/** Names in messages: the first ones of many. */
export function namesOf(names: readonly string[], between: string): string {
  const shown = names.slice(0, MOST_SHOWN).map(quotedName);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(between);
}

/**
 * Calls `use` with each cell of some columns, one column after another, and lets timers and I/O have their turn.
 *
 * @param indices Numbers of the columns, from 0.
 * @param use Gets a cell, its row from 0, and the place of its column in `indices`.
 *
 * @throws {TypeError} If a cell is no text.
 */
export async function eachCell(
  table: CellTable,
  indices: readonly number[],
  use: (cell: string, row: number, place: number) => void,
): Promise<void> {
  const { rows } = table;
  // One range over all columns, as there may be many of few rows.
  await inSlices(indices.length * rows.length, SLICE_CELLS, (from, to) => {
    let row = from % rows.length;
    let place = (from - row) / rows.length;
    for (let at = from; at < to; at++) {
      use(cellOf(table, row, indices[place]), row, place);
      if (++row === rows.length) {
        row = 0;
        place++;
      }
    }
  });
}

/**
 * A cell.
 *
 * @throws {TypeError} If it is no text.
 */
export function cellOf(table: CellTable, row: number, column: number): string {
  const cell: unknown = table.rows[row][column];
  if (typeof cell === "string") return cell;
  const name = `table.rows[${row}][${column}]`;
  throw new WrongTypeError(
    wrong(`read '${table.name}'`, name, "text, even of a number", cell),
  );
}

/** Where a row is: the line of its file, or its place among the caller's rows. */
export function placeOf({ lines, numbers }: CellTable, row: number): string {
  return lines === undefined
    ? `rows[${numbers?.[row] ?? row}]`
    : `line ${lines[row]}`;
}
