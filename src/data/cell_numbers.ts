/** Which texts are numbers. */

/** A decimal number; `0x10` or `Infinity` are text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** `0,5` and `1.234,5` as most of Europe writes them, or `1,234.5` with commas between thousands. */
const NUMBER_WITH_COMMAS =
  /^[+-]?(\d*,\d+|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(,\d{3})+(\.\d*)?)(e[+-]?\d+)?$/i;

/** The number that text is, NaN if it is none; infinite if it is too large for a float64. */
export function toNumber(cell: string): number {
  return NUMBER.test(cell) ? Number(cell) : NaN;
}

/** Whether text is a number, of any size. */
export function isNumber(cell: string): boolean {
  return NUMBER.test(cell);
}

/** Whether text is a number but for its commas. */
export function isNumberWithCommas(cell: string): boolean {
  return cell.includes(",") && NUMBER_WITH_COMMAS.test(cell);
}

/** Digits that a float64 holds, whichever they are. */
const EXACT_DIGITS = 15;

/** Whether a number may have more digits than a float64 holds. */
export function hasManyDigits(cell: string): boolean {
  if (cell.length <= EXACT_DIGITS) return false;
  if (/^[+-]?\d+$/.test(cell) && Number.isSafeInteger(Number(cell))) {
    return false;
  }
  const [digits] = cell.replace(/^[+-]?[0.]*/, "").split(/e/i);
  return digits.replace(".", "").length > EXACT_DIGITS;
}

/** Whether text is a number that may be a code, as zeros before it tell. */
export function isPadded(cell: string): boolean {
  return /^0\d+$/.test(cell);
}

/**
 * A number as it is written most shortly, so that `1` and `1.0` are the same class; longer ones, and codes such as `007`,
 * stay as they are.
 */
export function plainNumber(cell: string): string {
  if (!NUMBER.test(cell) || isPadded(cell)) return cell;
  const number = Number(cell);
  return hasManyDigits(cell) || !Number.isFinite(number)
    ? cell
    : String(number === 0 ? 0 : number);
}

/** Orders numbers by size, those of the same size by their texts. */
function byNumber(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  // Two infinite ones differ by NaN.
  if (difference < 0 || difference > 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Different texts in order: as numbers if they all are, else by code units. */
export function sorted(texts: ReadonlySet<string>): string[] {
  const list = [...texts];
  return list.every(isNumber) ? list.sort(byNumber) : list.sort();
}
