/** Cells of tables, and what is wrong with them. */
import { WrongValueError } from "../errors.ts";
import { wrong } from "../validate.ts";
import { type Table, toNumber } from "./csv.ts";
import { inSlices } from "./in_slices.ts";

/** Cells that say that there is no value. */
const MISSING = new Set(["", "?", "na", "n/a", "nan", "null", "none"]);

/** Length of the longest of them. */
const LONGEST_MISSING = 4;

/** Cells that are looked at between two looks at the clock. */
export const SLICE_CELLS = 5_000;

/**
 * The number of a column, from 0.
 *
 * @throws {RangeError} If there is no such column.
 */
export function columnIndex({ name, columns }: Table, target: unknown): number {
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
  throw new WrongValueError(wrong(`read '${name}'`, "target", wanted, target));
}

/**
 * Calls `use` with each cell of some columns, one column after another, and lets timers and I/O have their turn.
 *
 * @param indices Numbers of the columns, from 0.
 * @param use Gets a cell, its row from 0, and the place of its column in `indices`.
 *
 * @throws {RangeError} If a value is missing.
 */
export async function eachCell(
  table: Table,
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
 * A cell that isn't missing.
 *
 * @throws {RangeError} If it is.
 */
export function cellOf(table: Table, row: number, column: number): string {
  const cell = table.rows[row][column];
  if (cell.length > LONGEST_MISSING || !MISSING.has(cell.toLowerCase())) {
    return cell;
  }
  return refuse(table, row, column, "a value", cell);
}

/**
 * The number in a cell.
 *
 * @throws {RangeError} If it is none, or too large for a float32.
 */
export function numberOf(
  table: Table,
  row: number,
  column: number,
  cell: string,
): number {
  const number = toNumber(cell);
  if (Number.isFinite(Math.fround(number))) return number;
  return refuse(table, row, column, "a number within ±3.4e38", cell);
}

/** Throws an error that says which cell is wrong. */
export function refuse(
  table: Table,
  row: number,
  column: number,
  wanted: string,
  cell: string,
): never {
  const place = `line ${table.lines[row]}, ${table.columns[column]}`;
  throw new WrongValueError(wrong(`read '${table.name}'`, place, wanted, cell));
}
