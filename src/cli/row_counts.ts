/** How many rows of a table were read, used and left out. */
import { type LeftOutRows, mergeLeftOut, type Table } from "../data/table.ts";
import { note } from "./print.ts";

/** How many rows of a table were read and used, and why others were not. */
export interface RowCounts {
  readonly read: number;
  readonly used: number;
  readonly leftOut: readonly LeftOutRows[];
}

/** Rows of a table, of which some became samples. */
export function rowCounts(
  { rows, leftOut = [] }: Table,
  used: number,
): RowCounts {
  const lost = leftOut.reduce((sum, { count }) => sum + count, 0);
  const without = rows.length - used;
  return {
    ...{ read: rows.length + lost, used },
    leftOut: without === 0
      ? leftOut
      : [...leftOut, { reason: "no target", count: without, lines: [] }],
  };
}

/** The rows of two pieces of a table. */
export function sumOfCounts(one: RowCounts, other: RowCounts): RowCounts {
  return {
    read: one.read + other.read,
    used: one.used + other.used,
    leftOut: mergeLeftOut(one.leftOut, other.leftOut),
  };
}

/** Tells which rows of a table were left out, if any. */
export function tellLeftOut({ name, rows, leftOut = [] }: Table): void {
  const all = leftOut.reduce((sum, { count }) => sum + count, rows.length);
  for (const { reason, count, lines } of leftOut) {
    const more = count > lines.length ? ", …" : "";
    note(
      `Note: '${name}' has ${all} rows, of which ${count} ${
        count === 1 ? "was" : "were"
      } left out (${reason}): line${lines.length === 1 ? "" : "s"} ${
        lines.join(", ")
      }${more}`,
    );
  }
}
