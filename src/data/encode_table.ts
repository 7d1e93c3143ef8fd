/** Turns rows of tables into inputs. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Table } from "./csv.ts";
import type { Column } from "./preprocessing.ts";
import { requireRoom } from "./require_room.ts";
import {
  eachCell,
  namesOf,
  numberOf,
  refuse,
  requireTable,
} from "./table_cells.ts";

/**
 * Turns rows into inputs of a network that was trained on other ones: by the names of the columns if the table has them,
 * else by their order. Further columns don't count. Timers and I/O get their turn meanwhile.
 *
 * @throws {TypeError} If the table or the columns are none.
 * @throws {RangeError} If a column or a value is missing, no number, or a category that the network doesn't know.
 *
 * @example
 * ```ts
 * import { parseCsv } from "./csv.ts";
 * import { encodeRows } from "./encode_table.ts";
 *
 * const table = await parseCsv("kind,size\n?,7\n", { name: "new.csv" });
 * const x = await encodeRows(table, [{ name: "size", kind: "number" }]);
 * console.log(x); // Float32Array [7]
 * ```
 */
export async function encodeRows(
  table: Table,
  columns: readonly Column[],
): Promise<Float32Array<ArrayBuffer>> {
  const action = "encode rows";
  requireTable(action, table);
  if (!isColumns(columns)) {
    const wanted =
      "an array of columns, as tableSamples() returns and preprocessing has it";
    throw new WrongTypeError(wrong(action, "columns", wanted, columns));
  }
  const places = new Map(table.columns.map((column, at) => [column, at]));
  const found = columns.map(({ name }, at) => {
    const index = table.hasHeader ? places.get(name) : at;
    if (index !== undefined && index < table.columns.length) return index;
    const wanted = table.hasHeader ? `'${name}'` : `${columns.length} columns`;
    throw new WrongValueError(
      `Cannot read '${table.name}' as there must be ${wanted}: columns are ${
        namesOf(table.columns, ", ")
      }`,
    );
  });
  return await encodeColumns(table, found, columns);
}

/** Whether `value` is an array of columns, one or more. */
function isColumns(value: unknown): value is readonly Column[] {
  return Array.isArray(value) && value.length > 0 &&
    // Not every(), which leaves out what is missing.
    Array.from(value as Partial<Column & { values: unknown }>[]).every((
      column,
    ) =>
      typeof column?.name === "string" &&
      (column.kind === "number" ||
        column.kind === "category" && Array.isArray(column.values))
    );
}

/**
 * Turns some columns into inputs, row after row.
 *
 * @param indices Number of each column in the table, from 0.
 *
 * @throws {RangeError} If a value is missing, no number, or a category that is not among the column's.
 */
export async function encodeColumns(
  table: Table,
  indices: readonly number[],
  columns: readonly Column[],
): Promise<Float32Array<ArrayBuffer>> {
  let width = 0;
  const inputs = columns.map((column) => {
    const first = width;
    width += column.kind === "number" ? 1 : column.values.length;
    const places = column.kind === "number"
      ? undefined
      : new Map(column.values.map((value, at) => [value, at]));
    const origin = column.kind === "number" ? column.origin : undefined;
    return { first, places, origin };
  });
  requireRoom(table, "inputs", width);
  const x = new Float32Array(table.rows.length * width);
  await eachCell(table, indices, (cell, row, n) => {
    const { first, places, origin } = inputs[n];
    if (places === undefined) {
      x[row * width + first] = numberOf(table, row, indices[n], cell, origin);
      return;
    }
    const place = places.get(cell);
    if (place === undefined) {
      const wanted = "a category that was there in training";
      refuse(table, row, indices[n], wanted, cell);
    }
    x[row * width + first + place] = 1;
  });
  return x;
}
