/** An axis of numbers: from where to where, and which of them are named. */

/** The range of an axis, and the numbers that stand at it. */
export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

/** How an axis is to be. */
export interface AxisOptions {
  readonly label: string;
  /** What it goes from and to at least. */
  readonly range?: readonly [from: number, to: number];
  /** Whether there is room beyond the values. */
  readonly pad?: boolean;
  /** Whether whole numbers alone are named, as of epochs. */
  readonly whole?: boolean;
}

/** A step of 1, 2 or 5 times a power of ten, of which about `count` are in a range. */
function stepOf(range: number, count: number): number {
  const least = range / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((one) => one * power >= least * 0.999)!;
  return step * power;
}

/** An axis on which all values have a place; those that aren't finite have none. */
export function axisOf(
  values: Iterable<number>,
  { label, range, pad = false, whole = false }: AxisOptions,
  count = 5,
): Axis {
  let [from, to] = range ?? [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  if (from > to) [from, to] = [0, 1];
  if (from === to) {
    const around = whole ? 0.5 : Math.abs(from) / 10 || 0.5;
    [from, to] = [from - around, to + around];
  }
  if (pad) {
    const room = (to / 2 - from / 2) * 0.08;
    [from, to] = [from - room, to + room];
  }
  // Of numbers as large as floats can be there is no range.
  const step = stepOf(Math.min(to - from, Number.MAX_VALUE), count);
  const wide = whole ? Math.max(1, Math.round(step)) : step;
  const ticks: number[] = [];
  const first = Math.ceil(from / wide - 1e-9);
  for (let at = first; at * wide <= to + wide * 1e-9; at++) {
    ticks.push(Number((at * wide).toPrecision(12)));
    if (ticks.length > 2 * count) break;
  }
  return { label, from, to, ticks };
}

/** A number as short as it can be told from the others at its axis. */
export function shortNumber(value: number, digits = 4): string {
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? rounded.toExponential().replace("e+", "e")
    : `${rounded}`;
}

/** Text that is cut so that it takes no more characters. */
export function cut(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most
    ? text
    : `${letters.slice(0, most - 1).join("")}…`;
}
