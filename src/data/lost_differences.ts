/** Refuses numbers of the caller whose differences are lost when they are rounded to float32. */
import { WrongValueError } from "../checks/errors.ts";
import type { FlatNumbers, Flattened, Rows } from "./flatten.ts";

/** Fraction of a column's range by which rounding may move its numbers. */
const MOST_MOVED = 2 ** -10;

/** Differences of less than this fraction of the numbers are what computing left of equal ones. */
const NOISE = 2 ** -40;

/**
 * Refuses columns whose numbers differ by little beside their size, such as 1,000,000,001 and 1,000,000,002, which are
 * one float32: nothing could be learned of what tells them apart.
 *
 * @param numbers What `values` were made of.
 *
 * @throws {RangeError} If there is such a column.
 */
export function requireDifferences(
  action: string,
  name: string,
  numbers: Rows | FlatNumbers | readonly number[],
  { values, width }: Flattened,
): void {
  if (numbers === values || ArrayBuffer.isView(numbers) && isSmall(numbers)) {
    return;
  }
  const flat = typeof numbers[0] === "number"
    ? numbers as ArrayLike<number>
    : undefined;
  const valueAt = (sample: number, column: number) =>
    flat?.[sample * width + column] ?? (numbers as Rows)[sample][column];
  const samples = values.length / width;
  const least = Float64Array.from({ length: width }, (_, at) => valueAt(0, at));
  const most = least.slice();
  // Most columns are done with after two samples: what is safe stays so, as the range grows at least as much as the numbers.
  let unsure = Array.from({ length: width }, (_, column) => column);
  for (let sample = 1; sample < samples && unsure.length > 0; sample++) {
    let safe = 0;
    for (const column of unsure) {
      const value = valueAt(sample, column);
      if (value < least[column]) least[column] = value;
      else if (value > most[column]) most[column] = value;
      if (isSafe(least[column], most[column])) safe++;
    }
    if (safe === 0) continue;
    unsure = unsure.filter((at) => !isSafe(least[at], most[at]));
  }
  for (const column of unsure) {
    const range = most[column] - least[column];
    if (range === 0) continue;
    let [moved, worst] = [0, 0];
    for (let sample = 0; sample < samples; sample++) {
      const value = valueAt(sample, column);
      const by = Math.abs(value - values[sample * width + column]);
      if (by > moved) [moved, worst] = [by, value];
    }
    if (moved <= MOST_MOVED * range || range <= NOISE * Math.abs(worst)) {
      continue;
    }
    throw new WrongValueError(
      `Cannot ${action} as numbers in column ${column} of '${name}' must differ by more than a float32 rounds off, such as their differences from ${
        least[column]
      }: ${worst} would be ${Math.fround(worst)}`,
    );
  }
}

/** Whether rounding moves none of a column's numbers by {@linkcode MOST_MOVED} of its range: it moves them by 2⁻²⁴ at most. */
function isSafe(least: number, most: number): boolean {
  // Or by 2⁻¹⁵⁰, what is smaller than the least float32 of full precision.
  const largest = Math.max(-least, most, 2 ** -126);
  return most - least > largest * 2 ** -24 / MOST_MOVED;
}

/** Whether all numbers of a type are float32s. */
function isSmall(
  { BYTES_PER_ELEMENT }: FlatNumbers & { BYTES_PER_ELEMENT?: number },
) {
  return BYTES_PER_ELEMENT! < 4;
}
