/** Turns columns of tables into inputs. */
import { WrongValueError } from "../checks/errors.ts";
import { nearest } from "../checks/nearest.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import { BadCells } from "./bad_cells.ts";
import { UNKNOWN } from "./column_kind.ts";
import { type Column, kindNamed, widthOf } from "./column_kinds.ts";
import type { Words } from "./missing_cells.ts";
import { requireRoom } from "./require_room.ts";
import { fitScaling, type InputScaling, type ScalingName } from "./scaling.ts";
import {
  type CellTable,
  columnIndices,
  eachCell,
  namesOf,
  placeOf,
} from "./table_cells.ts";
import type { TargetColumns } from "./encoder_options.ts";

/**
 * Finds columns in a table: by their names, or where it has none, by their order among those that may be inputs. Further
 * columns of a table with names don't count.
 *
 * @param raw Names of all columns that training had besides the targets, in their order.
 * @param targets Numbers of columns that aren't inputs, if that is known.
 * @returns Number of each column in the table, from 0.
 *
 * @throws {RangeError} If one is missing, or a table without names has more or fewer.
 */
export function findColumns(
  table: CellTable,
  columns: readonly Column[],
  raw: readonly string[],
  targets: readonly number[] = [],
): number[] {
  const places = new Map(table.columns.map((column, at) => [column, at]));
  const found = columns.map(({ name }) => places.get(name));
  const missing = found.indexOf(undefined);
  // Columns of tables without names are called alike, so that those that were trained on are found in others.
  if (missing < 0) return found as number[];
  const learned = new Set(targets);
  const rest = [...places.values()].filter((at) => !learned.has(at));
  if (!table.hasHeader) {
    if (rest.length === columns.length) return rest;
    if (rest.length === raw.length) {
      const order = new Map(raw.map((name, at) => [name, at]));
      return columns.map(({ name }) => rest[order.get(name)!]);
    }
  }
  const { name } = columns[missing];
  const wanted = table.hasHeader
    ? quotedName(name)
    : `${raw.length} columns, or names of them`;
  const meant = table.hasHeader ? nearest(name, table.columns) : undefined;
  throw new WrongValueError(
    `Cannot read '${table.name}' as there must be ${wanted}: columns are ${
      namesOf(table.columns, ", ")
    }${meant === undefined ? "" : `, is it ${quotedName(meant)}?`}`,
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

/** Cells of a column that something else stands for. */
interface Replaced {
  count: number;
  /** The first of them. */
  readonly row: number;
  readonly cell: string;
}

/**
 * Turns some columns into inputs, row after row. Timers and I/O keep running meanwhile.
 *
 * @param indices Number of each column in the table, from 0.
 * @param words What is no value.
 * @param note Is told of cells that training had none of, a note for each column.
 *
 * @throws {RangeError} If a value is missing and nothing stands for it, or is none that its column can have.
 */
export async function encodeColumns(
  table: CellTable,
  indices: readonly number[],
  columns: readonly Column[],
  words: Words,
  note: (text: string) => void = () => {},
): Promise<Float32Array<ArrayBuffer>> {
  const width = widthOf(columns);
  requireRoom(table, "inputs", width);
  let first = 0;
  const encoders = columns.map((column) => {
    const kind = kindNamed(column.kind);
    const [at, flag] = [first, first + kind.width(column)];
    first += widthOf([column]);
    return { at, flag, column, encode: kind.encoder(column) };
  });
  const bad = new BadCells(table);
  const missing = new Map<number, Replaced>();
  const unknown = new Map<number, Replaced>();
  const x = new Float32Array(table.rows.length * width);
  await eachCell(table, indices, (cell, row, n) => {
    const { at, flag, column, encode } = encoders[n];
    if (words.has(cell)) {
      if (column.fill === undefined) {
        bad.add(row, indices[n], "a value", cell);
        return;
      }
      x.set(column.fill, row * width + at);
      if (column.flag) x[row * width + flag] = 1;
      else count(missing, n, row, cell);
      return;
    }
    const wanted = encode(cell, x, row * width + at);
    if (wanted === undefined) return;
    if (wanted === UNKNOWN) count(unknown, n, row, cell);
    else bad.add(row, indices[n], wanted, cell);
  });
  bad.refuse();
  const rows = table.rows.length;
  for (const [n, { count }] of missing) {
    const shown = quotedName(columns[n].name);
    note(
      `${shown} is missing in ${count} of ${rows} rows, ${stand(columns[n])}`,
    );
  }
  for (const [n, { count, row, cell }] of unknown) {
    const { name } = columns[n];
    note(
      `${
        quotedName(name)
      } has what training had not in ${count} of ${rows} rows, such as ${
        describe(cell)
      } in ${placeOf(table, row)}, ${stand(columns[n])}`,
    );
  }
  return x;
}

function count(
  counts: Map<number, Replaced>,
  n: number,
  row: number,
  cell: string,
): void {
  const before = counts.get(n);
  if (before === undefined) counts.set(n, { count: 1, row, cell });
  else before.count++;
}

/** What stands for a cell. */
function stand(column: Column): string {
  const [value = 0] = column.fill ?? [];
  if (column.kind === "number") {
    // A float32 has seven digits; more of them would be noise.
    const shown = Number((value + (column.origin ?? 0)).toPrecision(7));
    return `taken as ${shown}`;
  }
  if (column.kind === "boolean") return `taken as ${value}`;
  if (column.kind === "ordinal") return `taken as place ${value}`;
  if (column.kind === "date") return "taken as what is usual";
  return value === 0 && !column.fill?.length
    ? "taken for none of its categories"
    : "taken as the most frequent one";
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
    return [
      ...new Array<boolean>(kind.width(column)).fill(kind.numeric),
      ...(column.flag ? [false] : []),
    ];
  });
  return {
    offset: offset.map((value, at) => scaled[at] ? value : 0),
    scale: scale.map((value, at) => scaled[at] ? value : 1),
  };
}
