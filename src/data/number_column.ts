import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireKnownFields } from "../checks/json_checks.ts";
import { wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import {
  type ColumnKind,
  COMMON_FIELDS,
  type NamedColumn,
} from "./column_kind.ts";
import { isPadded } from "./cell_numbers.ts";
import type { ColumnCells } from "./column_cells.ts";
import {
  formatOf,
  type FoundFormat,
  parseFormat,
  requireFormat,
} from "./number_formats.ts";
import {
  floatIn,
  type NumberFormat,
  numberIn,
  wantedNumber,
} from "./number_text.ts";
import { originOf } from "./origins.ts";

/**
 * A column of numbers. Each becomes one input, less the `origin` if there is one: in float64, for numbers such as Unix times
 * whose differences a float32 doesn't hold.
 *
 * @example
 * ```ts
 * import { type NumberColumn } from "@lockstep/lockstep";
 *
 * const column: NumberColumn = { name: "time", kind: "number", origin: 1_700_000_000 };
 * console.log(1_700_000_060 - column.origin!); // 60, the input
 * ```
 */
export interface NumberColumn extends NamedColumn {
  /** The kind of the column. */
  readonly kind: "number";
  /** How numbers are written. Default: as `-1234.5` or `1e3` */
  readonly format?: NumberFormat;
  /** What is subtracted from each number before it is rounded to float32. Default: 0 */
  readonly origin?: number;
}

/** A column of numbers alone. */
export const NUMBER: ColumnKind<NumberColumn> = {
  forms: ["point", "comma"],
  async describe(cells, { how }) {
    if (how === undefined && await formatOf(cells) === undefined) {
      return undefined;
    }
    const decimal = how === "comma" ? "," : how === "point" ? "." : undefined;
    const found = await requireFormat(cells, decimal);
    const { name } = cells;
    const { format } = found;
    const origin = await originOf(cells, (cell) => numberIn(cell, format));
    const column: NumberColumn = {
      ...{ name, kind: "number" },
      ...(Object.keys(format).length === 0 ? {} : { format }),
      ...(origin === undefined ? {} : { origin }),
    };
    const note = noteOf(name, found) ?? noteOfCodes(cells);
    return note === undefined ? { column } : { column, note };
  },
  width: () => 1,
  numeric: true,
  encoder({ origin, format = {} }) {
    return (cell, x, at) => {
      const number = floatIn(cell, format, origin);
      if (number === undefined) return wantedNumber(format, cell);
      x[at] = number;
    };
  },
  parse(fields, path, action) {
    // An older program must not leave out what it doesn't know.
    const known = [...COMMON_FIELDS, "format", "origin"];
    requireKnownFields(action, path, fields, known);
    const { origin, format } = fields;
    const kept = format === undefined
      ? {}
      : { format: parseFormat(format, `${path}.format`, action) };
    if (origin === undefined) return kept;
    if (typeof origin === "number" && Number.isFinite(origin)) {
      return { ...kept, origin };
    }
    const message = wrong(action, `${path}.origin`, "a finite number", origin);
    throw typeof origin === "number"
      ? new WrongValueError(message)
      : new WrongTypeError(message);
  },
};

/** A day as eight digits, from 1900 to 2099. */
const DAY = /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;

/** Tells of numbers that may be codes, such as those of places, or days. */
function noteOfCodes({ name, counts }: ColumnCells): string | undefined {
  const texts = [...counts.keys()];
  const code = texts.find(isPadded);
  if (code !== undefined) {
    return `${describe(code)} in ${quotedName(name)} is taken for ${
      Number(code)
    }: if it is a code, give the kind category`;
  }
  if (!texts.every((text) => DAY.test(text))) return undefined;
  const [first] = texts;
  return `${describe(first)} in ${
    quotedName(name)
  } is taken for a number: if it is a day, write ${
    first.replace(/(..)(..)$/, "-$1-$2")
  }`;
}

/** Tells how a number was taken that might have been another one. */
function noteOf(
  name: string,
  { format, ambiguous }: FoundFormat,
): string | undefined {
  if (ambiguous === undefined) return undefined;
  const other = format.decimal === undefined ? "comma" : "point";
  const mark = ambiguous.includes(",") ? "commas" : "points";
  return `${describe(ambiguous)} in ${quotedName(name)} is taken for ${
    numberIn(ambiguous, format)
  }: if its ${mark} are ${
    (other === "comma") === (mark === "commas")
      ? "for decimals"
      : "between thousands"
  }, overrule it by kind number:${other}`;
}
