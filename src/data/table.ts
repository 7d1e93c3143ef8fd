/** Tables as they are in memory, whichever format they come from. */

/**
 * Cells in rows, all rows with as many.
 *
 * @example
 * ```ts
 * import { parseCsv, type Table } from "@lockstep/lockstep";
 *
 * const table: Table = await parseCsv("size,kind\n1,a\n2,b\n");
 * console.log(table.columns, table.rows[1]); // ["size", "kind"], ["2", "b"]
 * ```
 */
export interface Table {
  /** Name of the file, for errors. */
  readonly name: string;
  /** Names of the columns; `column 1` and so on where the file has none. */
  readonly columns: readonly string[];
  /** Whether the names are from the file. */
  readonly hasHeader: boolean;
  /** Text of the cells, row after row; empty for a missing value. */
  readonly rows: readonly (readonly string[])[];
  /** The line of the file on which each row begins, from 1, as an editor counts; the row's number in a file without lines. */
  readonly lines: readonly number[];
  /** Rows of the file that are not in the table, by reason; only with the option to skip bad rows. */
  readonly leftOut?: readonly LeftOutRows[];
}

/**
 * Rows that were left out of a table for one reason.
 *
 * @example
 * ```ts
 * import { type LeftOutRows, parseCsv } from "@lockstep/lockstep";
 *
 * const table = await parseCsv("a,b\n1,2\n3\n", { badRows: "skip" });
 * const [found]: readonly LeftOutRows[] = table.leftOut ?? [];
 * console.log(found.count, found.lines, found.reason); // 1, [3], "not 2 cells"
 * ```
 */
export interface LeftOutRows {
  /** The reason, in a few words. */
  readonly reason: string;
  /** How many rows. */
  readonly count: number;
  /** The lines of the first ten. */
  readonly lines: readonly number[];
}

/** What is done with rows that can't be read. */
export const BAD_ROWS = ["refuse", "skip"] as const;

/** Lines that are named of rows that can't be read. */
export const MOST_LINES = 10;

/** The rows that were left out of two pieces of a table. */
export function mergeLeftOut(
  some: readonly LeftOutRows[],
  others: readonly LeftOutRows[],
): readonly LeftOutRows[] {
  const merged = new Map(some.map((one) => [one.reason, one]));
  for (const { reason, count, lines } of others) {
    const before = merged.get(reason) ?? { count: 0, lines: [] };
    merged.set(reason, {
      reason,
      count: before.count + count,
      lines: [...before.lines, ...lines].slice(0, MOST_LINES),
    });
  }
  return [...merged.values()];
}

/** Adds a row that is left out to those that are. */
export function leaveOut(
  all: readonly LeftOutRows[],
  reason: string,
  line: number,
): readonly LeftOutRows[] {
  const before = all.find((one) => one.reason === reason);
  if (before === undefined) {
    return [...all, { reason, count: 1, lines: [line] }];
  }
  const { count, lines } = before;
  const after = {
    reason,
    count: count + 1,
    lines: lines.length < MOST_LINES ? [...lines, line] : lines,
  };
  return all.map((one) => one === before ? after : one);
}
