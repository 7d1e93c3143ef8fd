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
  const least = new Float64Array(width).fill(Infinity);
  const most = new Float64Array(width).fill(-Infinity);
  const moved = new Float64Array(width);
  const worst = new Float64Array(width);
  const look = (column: number, value: number, at: number) => {
    if (value < least[column]) least[column] = value;
    if (value > most[column]) most[column] = value;
    const by = Math.abs(value - values[at]);
    if (by > moved[column]) [moved[column], worst[column]] = [by, value];
  };
  if (typeof numbers[0] === "number") {
    const flat = numbers as ArrayLike<number>;
    for (let at = 0; at < values.length; at++) look(at % width, flat[at], at);
  } else {
    for (const [sample, row] of (numbers as Rows).entries()) {
      for (let at = 0; at < width; at++) look(at, row[at], sample * width + at);
    }
  }
  const lost = moved.findIndex((by, at) => {
    const range = most[at] - least[at];
    return by > MOST_MOVED * range && range > NOISE * Math.abs(worst[at]);
  });
  if (lost < 0) return;
  throw new WrongValueError(
    `Cannot ${action} as numbers in column ${lost} of '${name}' must differ by more than a float32 rounds off, such as their differences from ${
      least[lost]
    }: ${worst[lost]} would be ${Math.fround(worst[lost])}`,
  );
}

/** Whether all numbers of a type are float32s. */
function isSmall(
  { BYTES_PER_ELEMENT }: FlatNumbers & { BYTES_PER_ELEMENT?: number },
) {
  return BYTES_PER_ELEMENT! < 4;
}
