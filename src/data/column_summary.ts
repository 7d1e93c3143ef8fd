/** What was found in the columns of a table, as people read it. */
import {
  requireArray,
  requireKnownFields,
  requireObject,
  requireString,
} from "../checks/json_checks.ts";
import { requireInteger } from "../checks/validate.ts";
import { visibleName } from "../checks/visible.ts";

/**
 * A column of a table as it was in training.
 *
 * @example
 * ```ts
 * import { type ColumnSummary, TableEncoder } from "@lockstep/lockstep";
 *
 * const rows = [{ size: 7, kind: "a" }, { size: 19, kind: "b" }];
 * const [size]: readonly ColumnSummary[] = (await TableEncoder.fit(rows)).table.columns;
 * console.log(size.kind, size.distinct); // number, 2
 * ```
 */
export interface ColumnSummary {
  /** Of the column. */
  readonly name: string;
  /**
   * The kind of an input column; for others `target`, `kept` or `dropped` as requested, or the reason why the column is
   * left out: `constant`, `empty`, `id`, `index` or `text`.
   */
  readonly kind: string;
  /** Number of missing cells. */
  readonly missing: number;
  /** Number of distinct cells. */
  readonly distinct: number;
  /** Number of inputs that the column becomes. */
  readonly inputs: number;
  /** The first cell that has a value. */
  readonly example: string;
}

/** Columns that are shown: a table may have thousands. */
const MOST_SHOWN = 50;

/** Characters of an example that are shown. */
const EXAMPLE = 24;

/** Kinds that make no inputs because nobody asked for them. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...["constant", "empty", "id", "index", "text"],
]);

/** Whether a column is left out though nobody asked for it. */
export function isLeftOut({ kind }: ColumnSummary): boolean {
  return LEFT_OUT.has(kind);
}

/** What a column is, in words. */
export function kindText(column: ColumnSummary): string {
  return isLeftOut(column) ? `${column.kind}, left out` : column.kind;
}

/** A table of columns, in lines. */
export function summaryText(columns: readonly ColumnSummary[]): string {
  const head = ["column", "kind", "missing", "distinct", "inputs", "example"];
  const rows = columns.slice(0, MOST_SHOWN).map((column) => [
    visibleName(column.name),
    kindText(column),
    `${column.missing}`,
    `${column.distinct}`,
    column.kind === "target" ? "" : `${column.inputs}`,
    shortened(column.example),
  ]);
  const widths = head.map((name, at) =>
    rows.reduce((most, row) => Math.max(most, row[at].length), name.length)
  );
  const lines = [head, ...rows].map((row) =>
    row.map((cell, at) =>
      at >= 2 && at <= 4 ? cell.padStart(widths[at]) : cell.padEnd(widths[at])
    ).join("  ").trimEnd()
  );
  const more = columns.length - MOST_SHOWN;
  if (more > 0) lines.push(`and ${more} more columns`);
  return lines.join("\n");
}

function shortened(text: string): string {
  const characters = [...text];
  return visibleName(
    characters.length <= EXAMPLE
      ? text
      : `${characters.slice(0, EXAMPLE - 1).join("")}…`,
  );
}

/** Checks what is kept of columns, as JSON.parse() returned it. */
export function parseSummaries(
  value: unknown,
  path: string,
  action: string,
): ColumnSummary[] {
  return requireArray(action, path, value).map((item, at) => {
    const own = `${path}[${at}]`;
    const fields = requireObject(action, own, item);
    const counts = ["missing", "distinct", "inputs"] as const;
    const texts = ["name", "kind", "example"] as const;
    requireKnownFields(action, own, fields, [...texts, ...counts]);
    const text = (name: typeof texts[number]) =>
      requireString(action, `${own}.${name}`, fields[name]);
    const count = (name: typeof counts[number]) =>
      requireInteger(action, `${own}.${name}`, fields[name], 0, Infinity);
    return {
      ...{ name: text("name"), kind: text("kind"), missing: count("missing") },
      ...{ distinct: count("distinct"), inputs: count("inputs") },
      example: text("example"),
    };
  });
}
