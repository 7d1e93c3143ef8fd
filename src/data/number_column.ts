import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireKnownFields } from "../checks/json_checks.ts";
import { wrong } from "../checks/validate.ts";
import { isNumber } from "./cell_numbers.ts";
import type { ColumnKind } from "./column_kind.ts";
import { originsOf } from "./origins.ts";
import { floatOf, wantedNumber } from "./table_cells.ts";

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
export interface NumberColumn {
  /** Of the column. */
  readonly name: string;
  /** What tells it from other columns. */
  readonly kind: "number";
  /** What is subtracted from each number before it is rounded to float32. Default: 0 */
  readonly origin?: number;
}

/** A column of numbers alone. */
export const NUMBER: ColumnKind<NumberColumn> = {
  matches: isNumber,
  async describe(table, indices) {
    const origins = await originsOf(table, indices);
    const columns = indices.map((index, n): NumberColumn => {
      const column = { name: table.columns[index], kind: "number" } as const;
      const origin = origins[n];
      return origin === undefined ? column : { ...column, origin };
    });
    return { columns, notes: new Map() };
  },
  width: () => 1,
  scaled: true,
  encoder({ origin }) {
    return (cell, x, at) => {
      const number = floatOf(cell, origin);
      if (number === undefined) return wantedNumber(cell);
      x[at] = number;
    };
  },
  parse(name, fields, path, action) {
    // An older program must not leave out what it doesn't know.
    requireKnownFields(action, path, fields, ["name", "kind", "origin"]);
    const { origin } = fields;
    if (origin === undefined) return { name, kind: "number" };
    if (typeof origin === "number" && Number.isFinite(origin)) {
      return { name, kind: "number", origin };
    }
    const message = wrong(action, `${path}.origin`, "a finite number", origin);
    throw typeof origin === "number"
      ? new WrongValueError(message)
      : new WrongTypeError(message);
  },
};
