/** Numbers that differ by less than a float32 shows, such as Unix times and dates. */
import { hasManyDigits } from "./cell_numbers.ts";
import { type CellTable, eachCell, numberOf, refuse } from "./table_cells.ts";

/** Fraction of a column's range by which rounding may move a number: of the 24 bits of a float32, a network learns less than 20. */
const MOST_MOVED = 2 ** -20;

/** From this fraction of the range on, rounding matters even where all numbers stay different. */
const FAR_MOVED = 2 ** -10;

/** What rounding does to a column. */
interface Range {
  least: number;
  most: number;
  /** How far the number is moved that is moved farthest, and its row. */
  moved: number;
  row: number;
  /** Whether there are different texts, and some that a float64 may not hold. */
  different: boolean;
  digits: boolean;
}

/**
 * Numbers to subtract from columns before they are rounded to float32: the least of a column whose differences would be
 * lost, `undefined` for any other. Timers and I/O get their turn meanwhile.
 *
 * @param indices Numbers of columns of numbers alone, from 0.
 *
 * @throws {RangeError} If numbers are too large, too small, or too long for their differences to be kept.
 */
export async function originsOf(
  table: CellTable,
  indices: readonly number[],
): Promise<(number | undefined)[]> {
  const before = await rangesOf(table, indices, indices.map(() => 0));
  for (const [n, range] of before.entries()) {
    requireDigits(table, indices[n], range);
  }
  const moved = await blurred(table, indices, before);
  const origins = moved.map((n) => before[n].least);
  const columns = moved.map((n) => indices[n]);
  const after = await rangesOf(table, columns, origins);
  for (const [n, { least, most, moved, row }] of after.entries()) {
    if (moved <= MOST_MOVED * (most - least)) continue;
    const wanted = "0 or a number of 1e-38 or more";
    refuse(table, row, columns[n], wanted, table.rows[row][columns[n]]);
  }
  const result = new Array<number | undefined>(indices.length).fill(undefined);
  for (const [at, n] of moved.entries()) result[n] = origins[at];
  return result;
}

/**
 * Refuses targets some of whose numbers a float32 doesn't tell apart: what is predicted are float32s too.
 *
 * @throws {RangeError} If there is one.
 */
export async function requireNoOrigins(
  table: CellTable,
  indices: readonly number[],
): Promise<void> {
  const origins = await originsOf(table, indices);
  const n = origins.findIndex((origin) => origin !== undefined);
  if (n < 0) return;
  const index = indices[n];
  const row = table.rows.findIndex((row) => Number(row[index]) !== origins[n]);
  const wanted =
    `a number that a float32 tells from the others, such as its difference from ${
      origins[n]
    }`;
  refuse(table, row, index, wanted, table.rows[row][index]);
}

async function rangesOf(
  table: CellTable,
  indices: readonly number[],
  origins: readonly number[],
): Promise<Range[]> {
  const ranges = indices.map((): Range => ({
    ...{ least: Infinity, most: -Infinity, moved: 0, row: 0 },
    ...{ different: false, digits: false },
  }));
  await eachCell(table, indices, (cell, row, n) => {
    const range = ranges[n];
    const number = numberOf(table, row, indices[n], cell) - origins[n];
    if (number < range.least) range.least = number;
    if (number > range.most) range.most = number;
    const moved = Math.abs(number - Math.fround(number));
    if (moved > range.moved) {
      range.moved = moved;
      range.row = row;
    }
    range.different ||= cell !== table.rows[0][indices[n]];
    range.digits ||= hasManyDigits(cell);
  });
  return ranges;
}

/** Refuses numbers that differ in digits alone that a float64 doesn't hold. */
function requireDigits(table: CellTable, index: number, range: Range): void {
  const { least, most, different, digits, row } = range;
  if (!digits || !different) return;
  const largest = Math.max(Math.abs(least), Math.abs(most));
  if (largest * 2 ** -53 <= MOST_MOVED * (most - least)) return;
  const wanted = "a number that differs from others in its first 15 digits";
  refuse(table, row, index, wanted, table.rows[row][index]);
}

/** Places of the columns whose differences would be lost: some numbers would become the same, or move far. */
async function blurred(
  table: CellTable,
  indices: readonly number[],
  ranges: readonly Range[],
): Promise<number[]> {
  const places = ranges.flatMap(({ least, most, moved }, n) =>
    moved > MOST_MOVED * (most - least) && most > least ? [n] : []
  );
  const doubles = places.map(() => new Set<number>());
  const floats = places.map(() => new Set<number>());
  await eachCell(
    table,
    places.map((n) => indices[n]),
    (cell, _, place) => {
      doubles[place].add(Number(cell));
      floats[place].add(Math.fround(Number(cell)));
    },
  );
  return places.filter((n, at) => {
    const { least, most, moved } = ranges[n];
    return floats[at].size < doubles[at].size ||
      moved > FAR_MOVED * (most - least);
  });
}
