/** Numbers that differ by less than a float32 shows, such as Unix times and dates. */
import { hasManyDigits } from "./cell_numbers.ts";
import { type ColumnCells, everyText, refuseTexts } from "./column_cells.ts";

/** Fraction of a column's range by which rounding may move a number: of the 24 bits of a float32, a network learns less than 20. */
const MOST_MOVED = 2 ** -20;

/** From this fraction of the range on, rounding matters even where all numbers stay different. */
const FAR_MOVED = 2 ** -10;

/** What rounding does to a column. */
interface Range {
  least: number;
  most: number;
  /** How far the number is moved that is moved farthest, and its text. */
  moved: number;
  text: string;
  /** Whether there are texts that a float64 may not hold. */
  digits: boolean;
}

/**
 * The number to subtract from a column before it is rounded to float32: the least one if differences would be lost,
 * `undefined` if not. Timers and I/O keep running meanwhile.
 *
 * @param numberOf The number that a text is.
 *
 * @throws {RangeError} If numbers are too large, too small, or too long for their differences to be kept.
 */
export async function originOf(
  cells: ColumnCells,
  numberOf: (text: string) => number,
): Promise<number | undefined> {
  const refuse = (text: string, wanted: string) =>
    refuseTexts(cells, (cell) => cell === text, wanted);
  const range = await rangeOf(cells, numberOf, 0);
  const { least, most, text, digits, moved } = range;
  const largest = Math.max(Math.abs(least), Math.abs(most));
  if (
    digits && cells.counts.size > 1 &&
    largest * 2 ** -53 > MOST_MOVED * (most - least)
  ) {
    await refuse(
      text,
      "a number that differs from others in its first 15 digits, or its kind category, or the column dropped",
    );
  }
  if (moved <= MOST_MOVED * (most - least) || most === least) return undefined;
  const doubles = new Set<number>();
  const floats = new Set<number>();
  await everyText(cells, (cell) => {
    doubles.add(numberOf(cell));
    floats.add(Math.fround(numberOf(cell)));
    return true;
  });
  if (floats.size === doubles.size && moved <= FAR_MOVED * (most - least)) {
    return undefined;
  }
  const after = await rangeOf(cells, numberOf, least);
  if (after.moved > MOST_MOVED * (after.most - after.least)) {
    await refuse(after.text, "0 or a number of 1e-38 or more");
  }
  return least;
}

/**
 * Refuses targets some of whose numbers a float32 doesn't tell apart: what is predicted are float32s too.
 *
 * @throws {RangeError} If there is one.
 */
export async function requireNoOrigin(
  cells: ColumnCells,
  numberOf: (text: string) => number,
): Promise<void> {
  const origin = await originOf(cells, numberOf);
  if (origin === undefined) return;
  const other = [...cells.counts.keys()].find((text) =>
    numberOf(text) !== origin
  );
  await refuseTexts(
    cells,
    (text) => text === other,
    `a number that a float32 tells from the others, such as its difference from ${origin}`,
  );
}

async function rangeOf(
  cells: ColumnCells,
  numberOf: (text: string) => number,
  origin: number,
): Promise<Range> {
  const range: Range = {
    ...{ least: Infinity, most: -Infinity, moved: 0 },
    ...{ text: cells.counts.keys().next().value!, digits: false },
  };
  await everyText(cells, (text) => {
    const number = numberOf(text) - origin;
    if (number < range.least) range.least = number;
    if (number > range.most) range.most = number;
    const moved = Math.abs(number - Math.fround(number));
    if (moved > range.moved) {
      range.moved = moved;
      range.text = text;
    }
    range.digits ||= hasManyDigits(text);
    return true;
  });
  return range;
}
