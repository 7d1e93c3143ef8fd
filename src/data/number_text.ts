/** Numbers as text: decimal commas, thousands, units. */
import { toNumber } from "./cell_numbers.ts";

/**
 * How the numbers of a column are written; without fields as `-1234.5` or `1e3`.
 *
 * @example
 * ```ts
 * import { type NumberFormat } from "@lockstep/lockstep";
 *
 * const format: NumberFormat = { decimal: ",", unit: "€" };
 * console.log(format.unit); // € of "1.234,50 €"
 * ```
 */
export interface NumberFormat {
  /** A comma before decimals, so that points may stand between thousands. Default: a point */
  readonly decimal?: ",";
  /** Whether commas may stand between thousands. Default: false */
  readonly thousands?: true;
  /** A per cent sign that all cells must have, or a currency that they may have. */
  readonly unit?: string;
}

/** Marks of currencies. */
const CURRENCY =
  "\\p{Sc}|USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|BRL|MXN|ZAR|KRW";

/** A sign, a currency before or a unit behind, and between them digits with their separators. */
const WHOLE = new RegExp(
  `^([+\\-\u2212]?)\\s*(${CURRENCY})?\\s*([+\\-\u2212]?)([\\d.,'\u2019\\s]*(?:e[+-]?\\d+)?)(${CURRENCY}|%)?$`,
  "iu",
);

const POWER = "(?:e[+-]?\\d+)?$";

/** Thousands in groups: the first one doesn't begin with 0, as in `0,123`. */
const groups = (separators: string) =>
  `[1-9]\\d{0,2}([${separators}'\u2019\\s])\\d{3}(?:\\1\\d{3})*`;

/** Digits without a sign that have a point before decimals. */
export const POINT = new RegExp(
  `^(?:\\d*|${groups(",")})(?:\\.\\d*)?${POWER}`,
  "i",
);

/** Digits without a sign that have a comma before decimals. */
export const COMMA = new RegExp(
  `^(?:\\d*|${groups(".")})(?:,\\d*)?${POWER}`,
  "i",
);

/** What a cell is made of. */
interface Written {
  readonly negative: boolean;
  readonly digits: string;
  readonly unit: string;
}

/** Takes a cell apart, `undefined` if it can't be a number. */
export function written(cell: string): Written | undefined {
  const found = WHOLE.exec(cell);
  if (found === null) return undefined;
  const [, before, currency, after, body, unit] = found;
  const digits = body.trim();
  // Two signs, two units, or no digit at all.
  if ((before && after) || (currency && unit) || !/^[.,]?\d/.test(digits)) {
    return undefined;
  }
  return {
    negative: /[-\u2212]/.test(before + after),
    digits,
    unit: (currency ?? unit ?? "").toUpperCase(),
  };
}

/** Whether a cell may be a number, written in one way or another. */
export function isAnyNumber(cell: string): boolean {
  if (!Number.isNaN(toNumber(cell))) return true;
  const found = written(cell);
  return found !== undefined &&
    (POINT.test(found.digits) || COMMA.test(found.digits));
}

/** The number in a cell; NaN if it isn't written like that. */
export function numberIn(cell: string, format: NumberFormat): number {
  const { decimal, thousands, unit } = format;
  if (unit === undefined && decimal === undefined && !thousands) {
    return toNumber(cell.replace(/^\u2212/, "-"));
  }
  const found = written(cell);
  if (found === undefined) return NaN;
  // Per cent and not per cent differ by a factor of 100; a price without its currency is the same price.
  const fits = found.unit === (unit ?? "") || unit !== "%" && found.unit === "";
  const body = decimal === undefined ? POINT : COMMA;
  if (!fits || !body.test(found.digits)) return NaN;
  const separator = decimal === undefined ? /[,'\u2019\s]/g : /[.'\u2019\s]/g;
  const plain = found.digits.replace(separator, "").replace(",", ".");
  const number = toNumber(plain);
  return found.negative ? -number : number;
}

/** The number in a cell, less an origin; `undefined` if it is none, or too large for a float32. */
export function floatIn(
  cell: string,
  format: NumberFormat,
  origin = 0,
): number | undefined {
  const number = numberIn(cell, format) - origin;
  return Number.isFinite(Math.fround(number)) ? number : undefined;
}

/** What a cell is to be that is no such number. */
export function wantedNumber(
  { decimal, thousands, unit = "" }: NumberFormat,
  cell = "",
): string {
  const example = decimal === undefined
    ? thousands ? "1,234.5" : "1234.5"
    : "1.234,5";
  if (decimal !== undefined || thousands || unit !== "") {
    return `a number within ±3.4e38, written as ${example}${unit}`;
  }
  return cell.includes(",") && isAnyNumber(cell)
    ? "a number with a point for decimals and nothing between thousands, such as 1234.5"
    : "a number within ±3.4e38";
}
