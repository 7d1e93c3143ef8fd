/** Rows of the caller, brought to the form of a table. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { nearest } from "../checks/nearest.ts";
import { quotedName } from "../checks/visible.ts";
import { wrong } from "../checks/validate.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { Table } from "./table.ts";
import { type CellTable, requireTable, SLICE_CELLS } from "./table_cells.ts";

/**
 * A cell of your own row: text, a number, true or false, or a date. `undefined`, `null` and `NaN` mean a missing value.
 *
 * @example
 * ```ts
 * import { type Cell } from "@lockstep/lockstep";
 *
 * const cells: Cell[] = [5.1, "blue", true, new Date("2024-03-01"), null];
 * console.log(cells.length); // 5
 * ```
 */
export type Cell = string | number | boolean | Date | null | undefined;

/**
 * A row of your own: an array of cells in the order of the columns, or an object with cells by the names of columns.
 *
 * @example
 * ```ts
 * import { type TableRow } from "@lockstep/lockstep";
 *
 * const byOrder: TableRow = [5.1, "blue"];
 * const byName: TableRow = { size: 5.1, color: "blue" };
 * console.log(byOrder, byName);
 * ```
 */
export type TableRow = readonly Cell[] | Readonly<Record<string, Cell>>;

/**
 * A table from a file, or rows of your own, all of the same form.
 *
 * @example
 * ```ts
 * import { TableEncoder, type TableRows } from "@lockstep/lockstep";
 *
 * const rows: TableRows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * console.log((await TableEncoder.fit(rows)).inputCount); // 1
 * ```
 */
export type TableRows = Table | readonly TableRow[];

/** Columns that rows by name must have, and others that they may have. */
export interface RowNames {
  /** Names that no row may be without. */
  readonly needed: readonly string[];
  /** Names of what isn't looked at. */
  readonly allowed: readonly string[];
  /** Names that all rows may be without, though they are looked at. Default: none */
  readonly absent?: readonly string[];
}

/** Name of rows that don't come from a file, for errors. */
const NAME = "rows";
const ACTION = `read '${NAME}'`;

/** Whether a value is a table, rather than rows. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && "rows" in value &&
    "columns" in value;
}

/** Whether a value may be rows of a table, rather than inputs: those are typed arrays, or arrays of them. */
export function isRows(value: unknown): value is TableRows {
  return isTable(value) ||
    Array.isArray(value) && !ArrayBuffer.isView(value[0]);
}

/**
 * Brings rows to the form of a table; one that is given stays what it is. Timers and I/O keep running meanwhile.
 *
 * @param names Of the columns of rows by name. Default: those of all rows
 *
 * @throws {TypeError} If it is neither a table nor rows, or a cell is nothing that a cell can be.
 * @throws {RangeError} If there is no row, a number is infinite, or a row has other columns than it must have.
 */
export async function tableOf(
  action: string,
  source: TableRows,
  names?: RowNames,
): Promise<CellTable> {
  if (!Array.isArray(source)) {
    requireTable(action, source as Table);
    return source as Table;
  }
  if (source.length === 0) {
    throw new WrongValueError(wrong(ACTION, "rows.length", "1 or more", 0));
  }
  return Array.isArray(source[0])
    ? await fromArrays(source)
    : await fromObjects(source, names ?? namesOf(source));
}

async function fromArrays(source: readonly unknown[]): Promise<CellTable> {
  const { length: width } = source[0] as readonly unknown[];
  if (width === 0) {
    throw new WrongValueError(wrong(ACTION, "rows[0].length", "1 or more", 0));
  }
  const columns = Array.from({ length: width }, (_, at) => `column ${at + 1}`);
  const rows = await mapRows(source, width, (row, at) => {
    if (!Array.isArray(row)) {
      const wanted = "an array of cells, as the first one";
      throw new WrongTypeError(wrong(ACTION, `rows[${at}]`, wanted, row));
    }
    if (row.length !== width) {
      const wanted = `${width} as in the first`;
      throw new WrongValueError(
        wrong(ACTION, `rows[${at}].length`, wanted, row.length),
      );
    }
    // Not map(), which leaves out what is missing.
    return Array.from(row, (cell, n) => textOf(cell, at, columns[n]));
  });
  return { name: NAME, columns, hasHeader: false, rows };
}

/** Names of the columns, in the order in which they come up: not each row need have all of them. */
function namesOf(source: readonly unknown[]): RowNames {
  const names = new Set<string>();
  for (const [at, row] of source.entries()) {
    for (const name of Object.keys(requireFields(row, at))) names.add(name);
  }
  if (names.size > 0) return { needed: [...names], allowed: [] };
  const wanted = "an object with a cell for each column";
  throw new WrongTypeError(wrong(ACTION, "rows[0]", wanted, source[0]));
}

async function fromObjects(
  source: readonly unknown[],
  { needed, allowed, absent = [] }: RowNames,
): Promise<CellTable> {
  const known = new Set([...needed, ...allowed]);
  const there = new Set<string>();
  const rows = await mapRows(source, needed.length, (row, at) => {
    const fields = requireFields(row, at);
    for (const name of Object.keys(fields)) {
      if (!known.has(name)) refuseName(name, at, [...known]);
      there.add(name);
    }
    return needed.map((name) =>
      textOf(Object.hasOwn(fields, name) ? fields[name] : undefined, at, name)
    );
  });
  const lacking = needed.find((name) =>
    !there.has(name) && !absent.includes(name)
  );
  if (lacking === undefined) {
    return { name: NAME, columns: needed, hasHeader: true, rows };
  }
  const columns = [...there].map(quotedName).join(", ") || "none";
  throw new WrongValueError(
    `Cannot ${ACTION} as a row must have ${
      quotedName(lacking)
    }, if only as null: columns are ${columns}`,
  );
}

async function mapRows(
  source: readonly unknown[],
  width: number,
  use: (row: unknown, at: number) => string[],
): Promise<string[][]> {
  const rows = new Array<string[]>(source.length);
  const slice = Math.max(1, Math.floor(SLICE_CELLS / width));
  await inSlices(source.length, slice, (from, to) => {
    for (let at = from; at < to; at++) rows[at] = use(source[at], at);
  });
  return rows;
}

function requireFields(
  row: unknown,
  at: number,
): Readonly<Record<string, unknown>> {
  if (
    typeof row === "object" && row !== null && !Array.isArray(row) &&
    // Typed arrays and maps have no names.
    !(Symbol.iterator in row)
  ) return row as Record<string, unknown>;
  const wanted = at === 0
    ? "an array of cells, or an object of them by the names of the columns"
    : "an object of cells by the names of the columns, as the first one";
  throw new WrongTypeError(wrong(ACTION, `rows[${at}]`, wanted, row));
}

function refuseName(name: string, at: number, known: readonly string[]): never {
  const meant = nearest(name, known);
  throw new WrongValueError(
    `Cannot ${ACTION} as ${quotedName(name)} in 'rows[${at}]' is no column${
      meant === undefined ? "" : `: did you mean ${quotedName(meant)}?`
    }`,
  );
}

/** The text of a cell, from which a number comes back as it was; none of what is missing. */
function textOf(cell: unknown, at: number, column: string): string {
  if (typeof cell === "string") return cell;
  if (cell === undefined || cell === null || Number.isNaN(cell)) return "";
  if (Number.isFinite(cell) || typeof cell === "boolean") return String(cell);
  if (cell instanceof Date) {
    return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  }
  const place = `rows[${at}], ${column}`;
  const wanted = "text, a finite number, true or false, a date, or null";
  const message = wrong(ACTION, place, wanted, cell);
  throw typeof cell === "number"
    ? new WrongValueError(message)
    : new WrongTypeError(message);
}
