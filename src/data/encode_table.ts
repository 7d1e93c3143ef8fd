/** Turns columns of tables into inputs. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import { type Column, kindNamed, widthOf } from "./column_kinds.ts";
import { requireRoom } from "./require_room.ts";
import { fitScaling, type InputScaling, type ScalingName } from "./scaling.ts";
import {
  type CellTable,
  columnIndices,
  eachCell,
  namesOf,
  refuse,
} from "./table_cells.ts";
import type { TargetColumns } from "./encoder_options.ts";

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
    ? quotedName(columns[missing].name)
    : `${columns.length} columns, or names of them`;
  throw new WrongValueError(
    `Cannot read '${table.name}' as there must be ${wanted}: columns are ${
      namesOf(table.columns, ", ")
    }`,
  );
}

/**
 * Finds the columns that are learned: by their names, unless others are given.
 *
 * @throws {RangeError} If one is missing, or another number of them is given.
 */
export function findTargets(
  table: CellTable,
  names: readonly string[],
  given: TargetColumns | undefined,
): number[] {
  const read = `read '${table.name}'`;
  if (given !== undefined) {
    const found = columnIndices(table, [given].flat());
    if (found.length === names.length) return found;
    const wanted = names.length === 1 ? "1 column" : `${names.length} columns`;
    throw new WrongValueError(wrong(read, "target", wanted, given));
  }
  const places = new Map(table.columns.map((column, at) => [column, at]));
  return names.map((name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const columns = namesOf(table.columns, ", ");
    throw new WrongValueError(
      `Cannot ${read} as there must be ${
        quotedName(name)
      } to learn, or other columns given as 'target': columns are ${columns}`,
    );
  });
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

/** How inputs are scaled: those of numbers by what they show, those of categories not at all. */
export async function fitColumnScaling(
  x: Float32Array,
  columns: readonly Column[],
  method: ScalingName,
): Promise<InputScaling> {
  const { offset, scale } = await fitScaling(x, widthOf(columns), method);
  const scaled = columns.flatMap((column) => {
    const kind = kindNamed(column.kind);
    return new Array<boolean>(kind.width(column)).fill(kind.scaled);
  });
  return {
    offset: offset.map((value, at) => scaled[at] ? value : 0),
    scale: scale.map((value, at) => scaled[at] ? value : 1),
  };
}
