import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireArray, requireKnownFields } from "../checks/json_checks.ts";
import { requireChoice, requireDifferent, wrong } from "../checks/validate.ts";
import { describe, quotedName } from "../checks/visible.ts";
import {
  type ColumnCells,
  everyText,
  refuseTexts,
  rowOf,
} from "./column_cells.ts";
import {
  type ColumnKind,
  COMMON_FIELDS,
  type NamedColumn,
} from "./column_kind.ts";
import {
  type DateOrder,
  hasOrder,
  type Moment,
  momentOf,
  ordersOf,
} from "./dates.ts";
import { placeOf } from "./table_cells.ts";

/**
 * A part of a date: the days since the first date of training, the year, or a cyclic part, which becomes a sine and a
 * cosine.
 *
 * @example
 * ```ts
 * import { type DatePart } from "@lockstep/lockstep";
 *
 * const parts: DatePart[] = ["days", "month"];
 * console.log(parts.length); // 2 parts, 3 inputs
 * ```
 */
export type DatePart = "days" | "year" | "month" | "weekday" | "hour";

/**
 * A column of dates and times. Each becomes an input for `days` and `year`, and two for each other part.
 *
 * @example
 * ```ts
 * import { TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ day: "2024-03-01", price: 8 }, { day: new Date("2024-03-03"), price: 12.5 }];
 * const encoder = await TableEncoder.fit(rows);
 * const [column] = encoder.columns;
 * console.log(column.kind === "date" && column.parts); // ["days", "weekday"], as others don't vary
 * ```
 */
export interface DateColumn extends NamedColumn {
  /** The kind of the column. */
  readonly kind: "date";
  /** The parts that become inputs, in order: those that were not constant in training. */
  readonly parts: readonly DatePart[];
  /** The first date of training, from which days are counted, in milliseconds since 1970. */
  readonly origin: number;
  /** Whether `03/04/2024` is in April or in March. Default: no such date is taken */
  readonly order?: DateOrder;
}

const DAY = 86_400_000;

/** Parts that come again after one turn. */
const TURNS: Readonly<Record<string, (date: Date) => number>> = {
  month: (date) =>
    (date.getUTCMonth() + (date.getUTCDate() - 1) / daysIn(date)) / 12,
  weekday: (date) => (date.getUTCDay() + 6) % 7 / 7,
  hour: (date) => date.getTime() / DAY - Math.floor(date.getTime() / DAY),
};

const PARTS: readonly DatePart[] = [
  ...["days", "year", "month", "weekday", "hour"] as const,
];

function daysIn(date: Date): number {
  const next = [date.getUTCFullYear(), date.getUTCMonth() + 1, 0] as const;
  return new Date(Date.UTC(...next)).getUTCDate();
}

/** What a part is of a moment: a number, or a fraction of a turn. */
function partOf(part: DatePart, { local, instant }: Moment, origin: number) {
  if (part === "days") return (instant - origin) / DAY;
  const date = new Date(local);
  return part === "year" ? date.getUTCFullYear() : TURNS[part](date);
}

/** What has to differ for a part to be told: days within a month are none of the month. */
function wholeOf(part: DatePart, moment: Moment): number {
  return part === "month"
    ? new Date(moment.local).getUTCMonth()
    : partOf(part, moment, 0);
}

const WANTED = "a date, such as 2024-03-31 or 2024-03-31 14:30";

/** A column of dates and times. */
export const DATE: ColumnKind<DateColumn> = {
  forms: ["dmy", "mdy"],
  async describe(cells, { how }) {
    const asked = how === "dmy" || how === "mdy" ? how : undefined;
    const order = await orderOf(cells, asked, how !== undefined);
    if (order === undefined) return undefined;
    let origin = Infinity;
    let numbers = false;
    const seen = new Map(PARTS.map((part) => [part, new Set<number>()]));
    await everyText(cells, (text) => {
      const moment = momentOf(text, order)!;
      origin = Math.min(origin, moment.instant);
      numbers ||= hasOrder(text);
      for (const [part, values] of seen) {
        if (values.size < 2) values.add(wholeOf(part, moment));
      }
      return true;
    });
    const parts = PARTS.filter((part) => seen.get(part)!.size > 1);
    return {
      column: {
        ...{ name: cells.name, kind: "date", origin },
        // Dates that are all the same have to be something.
        parts: parts.length === 0 ? ["days"] : parts,
        ...(asked !== undefined || numbers ? { order } : {}),
      },
    };
  },
  width: ({ parts }) =>
    parts.reduce((sum, part) => sum + (part in TURNS ? 2 : 1), 0),
  numeric: true,
  encoder({ parts, origin, order }) {
    return (cell, x, at) => {
      const moment = momentOf(cell, order ?? "dmy");
      if (moment === undefined) return WANTED;
      if (order === undefined && hasOrder(cell)) {
        return "a date whose month is told from its day, such as 2024-03-31";
      }
      let to = at;
      for (const part of parts) {
        const value = partOf(part, moment, origin);
        if (part in TURNS) {
          x[to++] = Math.sin(2 * Math.PI * value);
          x[to++] = Math.cos(2 * Math.PI * value);
        } else x[to++] = value;
      }
    };
  },
  parse(fields, path, action) {
    const known = [...COMMON_FIELDS, "parts", "origin", "order"];
    requireKnownFields(action, path, fields, known);
    const parts = requireArray(action, `${path}.parts`, fields.parts)
      .map((part, at) =>
        requireChoice(action, `${path}.parts[${at}]`, part, PARTS)
      );
    requireDifferent(action, `${path}.parts`, parts);
    const { origin, order } = fields;
    if (typeof origin !== "number" || !Number.isFinite(origin)) {
      const wanted = "a finite number of milliseconds";
      throw new WrongTypeError(wrong(action, `${path}.origin`, wanted, origin));
    }
    if (order === undefined) return { parts, origin };
    const orders = ["dmy", "mdy"] as const;
    const name = `${path}.order`;
    return {
      ...{ parts, origin },
      order: requireChoice(action, name, order, orders),
    };
  },
};

/**
 * The order of days and months, decided by all cells; any where it doesn't matter.
 *
 * @returns `undefined` if the cells aren't dates, or those of different orders.
 *
 * @throws {RangeError} If dates can be read in both orders, or must be dates and aren't.
 */
async function orderOf(
  cells: ColumnCells,
  asked: DateOrder | undefined,
  needed: boolean,
): Promise<DateOrder | undefined> {
  let orders: readonly DateOrder[] = asked === undefined
    ? ["dmy", "mdy"]
    : [asked];
  let ambiguous: string | undefined;
  const dates = await everyText(cells, (text) => {
    const own = ordersOf(text);
    orders = orders.filter((order) => own.includes(order));
    if (own.length === 2 && hasOrder(text)) ambiguous ??= text;
    return orders.length > 0;
  });
  if (!dates) {
    if (!needed) return undefined;
    await refuseTexts(
      cells,
      (text) => !ordersOf(text).some((own) => own === (asked ?? own)),
      asked === undefined ? WANTED : `a date with ${inWords(asked)} first`,
    );
    await refuseTexts(cells, () => true, "dates that are all in one order");
  }
  if (orders.length === 1 || ambiguous === undefined) return orders[0];
  const { table, name } = cells;
  const place = placeOf(table, rowOf(cells, ambiguous));
  throw new WrongValueError(
    `Cannot read '${table.name}' as it must be known whether days or months come first in ${
      quotedName(name)
    }, where none is above 12, such as ${
      describe(ambiguous)
    } in ${place}: give its kind as date:dmy or date:mdy, such as --kind "${name}=date:dmy", or in a program kinds: { ${
      JSON.stringify(name)
    }: "date:dmy" }`,
  );
}

function inWords(order: DateOrder): string {
  return order === "dmy" ? "the day" : "the month";
}
