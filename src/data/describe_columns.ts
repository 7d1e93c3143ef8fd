/** Tells which columns of a table are numbers, and which are categories. */
import { describe, quotedName } from "../checks/visible.ts";
import { byNumber, isNumber, isNumberWithCommas } from "./cell_numbers.ts";
import type { Table } from "./csv.ts";
import { originsOf } from "./origins.ts";
import type { Column } from "./preprocessing.ts";
import { requireRoom } from "./require_room.ts";
import { eachCell, refuse, WITHOUT_COMMAS } from "./table_cells.ts";

/** Columns that notes tell of one by one: a table may have thousands of them. */
const MOST_NOTES = 10;

/** Rows from which on texts that are all different are told of. */
const ROWS_OF_NAMES = 20;

/** What the cells of a column are. */
interface Counts {
  readonly numbers: Uint32Array;
  /** Numbers with commas. */
  readonly commas: Uint32Array;
  /** The first row with such a number. */
  readonly firstCommas: Int32Array;
  /** The first row with a cell that is no number. */
  readonly firstTexts: Int32Array;
}

/**
 * Looks at all cells of some columns: where they are all numbers, the column is one, else it is categories. Timers and
 * I/O get their turn meanwhile.
 *
 * @param indices Numbers of the columns in the table, from 0.
 * @returns What the columns are, and notes about those that may not be what they seem.
 *
 * @throws {RangeError} If a value is missing, or most cells of a column are numbers and some have commas.
 */
export async function describeColumns(
  table: Table,
  indices: readonly number[],
): Promise<{ readonly columns: Column[]; readonly notes: string[] }> {
  const rows = table.rows.length;
  const counts = await countNumbers(table, indices);
  requirePoints(table, indices, counts);
  const { numbers, firstTexts } = counts;
  const categories = indices.flatMap((_, n) => numbers[n] === rows ? [] : [n]);
  const values = categories.map(() => new Set<string>());
  await eachCell(
    table,
    categories.map((n) => indices[n]),
    (cell, _, place) => values[place].add(cell),
  );
  requireRoomFor(table, indices, categories, values);
  const notes = categories.flatMap((n, place) => {
    const name = quotedName(table.columns[indices[n]]);
    const { size } = values[place];
    if (2 * numbers[n] > rows) {
      const first = firstTexts[n];
      return [
        `${name} is taken for categories, ${size} of them, as line ${
          table.lines[first]
        } has ${describe(table.rows[first][indices[n]])}`,
      ];
    }
    return size === rows && rows > ROWS_OF_NAMES
      ? [
        `${name} has another text in each of ${rows} rows, an input each: nothing can be learned from a text that never comes again`,
      ]
      : [];
  });
  const columns: Column[] = indices.map((index) => ({
    name: table.columns[index],
    kind: "number",
  }));
  for (const [place, n] of categories.entries()) {
    const { name } = columns[n];
    columns[n] = { name, kind: "category", values: sorted(values[place]) };
  }
  const numeric = indices.flatMap((_, n) => numbers[n] === rows ? [n] : []);
  const origins = await originsOf(table, numeric.map((n) => indices[n]));
  for (const [at, n] of numeric.entries()) {
    const origin = origins[at];
    if (origin === undefined) continue;
    columns[n] = { name: columns[n].name, kind: "number", origin };
  }
  return {
    columns,
    notes: shortened(notes),
  };
}

async function countNumbers(
  table: Table,
  indices: readonly number[],
): Promise<Counts> {
  const { length } = indices;
  const numbers = new Uint32Array(length);
  const commas = new Uint32Array(length);
  const firstCommas = new Int32Array(length);
  const firstTexts = new Int32Array(length);
  await eachCell(table, indices, (cell, row, n) => {
    if (isNumber(cell)) {
      numbers[n]++;
      return;
    }
    // All before were numbers.
    if (numbers[n] === row) firstTexts[n] = row;
    if (!isNumberWithCommas(cell)) return;
    if (commas[n]++ === 0) firstCommas[n] = row;
  });
  return { numbers, commas, firstCommas, firstTexts };
}

/** Refuses columns of numbers some of which have commas: as categories they would mean nothing. */
function requirePoints(
  table: Table,
  indices: readonly number[],
  { numbers, commas, firstCommas }: Counts,
): void {
  for (const [n, index] of indices.entries()) {
    if (
      commas[n] === 0 || 2 * (numbers[n] + commas[n]) <= table.rows.length
    ) continue;
    const row = firstCommas[n];
    refuse(table, row, index, WITHOUT_COMMAS, table.rows[row][index]);
  }
}

/** Refuses categories that make too many inputs, naming the column that makes most of them. */
function requireRoomFor(
  table: Table,
  indices: readonly number[],
  categories: readonly number[],
  values: readonly ReadonlySet<string>[],
): void {
  let width = indices.length - categories.length;
  let widest = 0;
  for (const [place, { size }] of values.entries()) {
    width += size;
    if (size > values[widest].size) widest = place;
  }
  const reason = values.length === 0
    ? undefined
    : `${values[widest].size} of them for the different texts in ${
      quotedName(table.columns[indices[categories[widest]]])
    }: leave that column out of the file`;
  requireRoom(table, "inputs", width, reason);
}

function shortened(notes: readonly string[]): string[] {
  if (notes.length <= MOST_NOTES) return [...notes];
  const more = notes.length - MOST_NOTES;
  return [...notes.slice(0, MOST_NOTES), `${more} more columns are like these`];
}

/** Different texts in order: as numbers if they all are, else by code units. */
export function sorted(texts: Set<string>): string[] {
  const list = [...texts];
  return list.every(isNumber) ? list.sort(byNumber) : list.sort();
}
