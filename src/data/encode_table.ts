/** Turns columns of tables into inputs. */
import { WrongValueError } from "../checks/errors.ts";
import { type Column, kindNamed, widthOf } from "./column_kinds.ts";
import { requireRoom } from "./require_room.ts";
import { type CellTable, eachCell, namesOf, refuse } from "./table_cells.ts";

/**
 * Finds columns in a table: by their names, or where it has none, by their order among those that may be inputs. Further
 * columns of a table with names don't count.
 *
 * @param targets Numbers of columns that aren't inputs, if that is known.
 * @returns Number of each column in the table, from 0.
 *
 * @throws {RangeError} If one is missing, or a table without names has more or fewer.
 */
export function findColumns(
  table: CellTable,
  columns: readonly Column[],
  targets: readonly number[] = [],
): number[] {
  const places = new Map(table.columns.map((column, at) => [column, at]));
  const found = columns.map(({ name }) => places.get(name));
  const missing = found.indexOf(undefined);
  // Columns of tables without names are called alike, so that those that were trained on are found in others.
  if (missing < 0) return found as number[];
  const learned = new Set(targets);
  const rest = [...places.values()].filter((at) => !learned.has(at));
  if (!table.hasHeader && rest.length === columns.length) return rest;
  const wanted = table.hasHeader
    ? `'${columns[missing].name}'`
    : `${columns.length} columns, or names of them`;
  throw new WrongValueError(
    `Cannot read '${table.name}' as there must be ${wanted}: columns are ${
      namesOf(table.columns, ", ")
    }`,
  );
}

/**
 * Turns some columns into inputs, row after row. Timers and I/O get their turn meanwhile.
 *
 * @param indices Number of each column in the table, from 0.
 *
 * @throws {RangeError} If a value is missing, or is none that its column can have.
 */
export async function encodeColumns(
  table: CellTable,
  indices: readonly number[],
  columns: readonly Column[],
): Promise<Float32Array<ArrayBuffer>> {
  const width = widthOf(columns);
  requireRoom(table, "inputs", width);
  let first = 0;
  const encoders = columns.map((column) => {
    const kind = kindNamed(column.kind);
    const at = first;
    first += kind.width(column);
    return { at, encode: kind.encoder(column) };
  });
  const x = new Float32Array(table.rows.length * width);
  await eachCell(table, indices, (cell, row, n) => {
    const { at, encode } = encoders[n];
    const wanted = encode(cell, x, row * width + at);
    if (wanted !== undefined) refuse(table, row, indices[n], wanted, cell);
  });
  return x;
}
