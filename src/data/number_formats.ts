/** How numbers are written in a column: decimal commas, thousands, units. */
import { WrongTypeError } from "../checks/errors.ts";
import {
  requireKnownFields,
  requireObject,
  requireString,
} from "../checks/json_checks.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { type ColumnCells, everyText, refuseTexts } from "./column_cells.ts";
import { toNumber } from "./cell_numbers.ts";
import {
  COMMA,
  floatIn,
  isAnyNumber,
  type NumberFormat,
  numberIn,
  POINT,
  wantedNumber,
  written,
} from "./number_text.ts";

/** What is found out about how numbers are written. */
export interface FoundFormat {
  readonly format: NumberFormat;
  /** A number that might mean another one, such as `1,234`, or `1.234` beside `999`. */
  readonly ambiguous?: string;
}

/** Different numbers with a point, from which on it is hardly by chance that all have three digits behind it. */
const GROUPED = 5;

/**
 * How all numbers of a column are written, `undefined` if they can't all be read in one way. `1,234` is decided by the
 * others: a decimal comma if one has it (`0,5`), or if thousands stand without (`1500`), else a comma between thousands.
 *
 * @param decimal What stands before decimals, if that is known.
 */
export async function formatOf(
  cells: ColumnCells,
  decimal?: "." | ",",
): Promise<FoundFormat | undefined> {
  let [point, comma, grouped, bare] = [true, true, false, false];
  let ambiguous: string | undefined;
  const pointed: string[] = [];
  let whole = false;
  const units = new Set<string>();
  const numbers = await everyText(cells, (cell) => {
    if (!Number.isNaN(toNumber(cell))) {
      units.add("");
      // Plain as they are, points would stand between thousands where commas are decimal.
      comma &&= COMMA.test(cell.replace(/^[+-]/, ""));
      bare ||= /^[+-]?\d{4,}/.test(cell);
      if (!cell.includes(".")) whole = true;
      else if (pointed.length < GROUPED) pointed.push(cell);
      return point || comma;
    }
    const found = written(cell);
    if (found === undefined) return false;
    units.add(found.unit);
    const { digits } = found;
    const [asPoint, asComma] = [POINT.test(digits), COMMA.test(digits)];
    point &&= asPoint;
    comma &&= asComma;
    grouped ||= /[,'\u2019\s]/.test(digits);
    if (asPoint && asComma && digits.includes(",")) ambiguous ??= cell;
    bare ||= /^\d{4,}/.test(digits);
    return point || comma;
  });
  if (!numbers) return undefined;
  const [unit, ...others] = [...units].filter((unit) => unit !== "");
  if (others.length > 0 || unit === "%" && units.size > 1) return undefined;
  const both = point && comma;
  if (whole && !bare && pointed.length === GROUPED) ambiguous ??= pointed[0];
  if (decimal === "." ? !point : decimal === "," && !comma) return undefined;
  const commas = decimal === undefined
    ? both ? ambiguous !== undefined && bare : comma
    : decimal === ",";
  const format: NumberFormat = {
    ...(commas ? { decimal: "," } : grouped ? { thousands: true } : {}),
    ...(unit === undefined ? {} : { unit }),
  };
  return both && ambiguous !== undefined && decimal === undefined
    ? { format, ambiguous }
    : { format };
}

/**
 * How the numbers of a column are written that must be numbers.
 *
 * @throws {RangeError} If they can't all be read in one way.
 */
export async function requireFormat(
  cells: ColumnCells,
  decimal?: "." | ",",
): Promise<FoundFormat> {
  const found = await formatOf(cells, decimal);
  if (found !== undefined) {
    const { format } = found;
    await refuseTexts(
      cells,
      (cell) => floatIn(cell, format) === undefined,
      wantedNumber(format),
    );
    return found;
  }
  const format: NumberFormat = decimal === ","
    ? { decimal }
    : { thousands: true };
  await refuseTexts(
    cells,
    (cell) =>
      decimal === undefined
        ? !isAnyNumber(cell)
        : Number.isNaN(numberIn(cell, format)),
    decimal === undefined ? wantedNumber({}) : wantedNumber(format),
  );
  await refuseTexts(
    cells,
    () => true,
    "numbers that are all written in one way, with the same unit",
  );
  return { format };
}

/** Checks a format, as JSON.parse() returned it. */
export function parseFormat(
  value: unknown,
  path: string,
  action: string,
): NumberFormat {
  const fields = requireObject(action, path, value);
  const { decimal, thousands, unit } = fields;
  requireKnownFields(action, path, fields, ["decimal", "thousands", "unit"]);
  if (thousands !== undefined && thousands !== true) {
    throw new WrongTypeError(
      wrong(action, `${path}.thousands`, "true, or left out", thousands),
    );
  }
  return {
    ...(decimal === undefined ? {} : {
      decimal: requireChoice(
        action,
        `${path}.decimal`,
        decimal,
        [","] as const,
      ),
    }),
    ...(thousands === undefined ? {} : { thousands }),
    ...(unit === undefined
      ? {}
      : { unit: requireString(action, `${path}.unit`, unit) }),
  };
}
