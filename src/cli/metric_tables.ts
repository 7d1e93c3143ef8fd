import { visibleName } from "../checks/visible.ts";
import type { ClassReport, ClassScores } from "../metrics/class_report.ts";
import type { Interval } from "../metrics/wilson_interval.ts";

/** Rows of cells, the first column to the left and all others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])
    ).join("  ")
  ).join("\n");
}

const fixed = (value: number) => value.toFixed(4);

/** A score, where its true value lies with a confidence of 95 %, and what guessing reaches. */
export interface ScoreRow {
  readonly name: string;
  readonly value: number | undefined;
  readonly interval?: Interval;
  readonly baseline?: number;
}

/** Scores, one a line; those that are `undefined` are left out. */
export function numberTable(rows: readonly ScoreRow[]): string {
  const cells = rows.flatMap(({ name, value, interval, baseline }) =>
    value === undefined ? [] : [[
      name,
      Number.isInteger(value) ? `${value}` : fixed(value),
      interval ? `${fixed(interval.low)} to ${fixed(interval.high)}` : "",
      baseline === undefined ? "" : fixed(baseline),
    ]]
  );
  return aligned([["", "score", "95 % interval", "baseline"], ...cells])
    .replaceAll(/ +$/gm, "");
}

/** Precision, recall and F1 of each class, and on average. */
export function classTable({ classes, macro, weighted }: ClassReport): string {
  return scoreTable("class", [
    ...classes,
    { name: "macro average", ...macro },
    { name: "weighted average", ...weighted },
  ]);
}

/**
 * Precision, recall and F1 by name.
 *
 * @param of What the names are of.
 */
export function scoreTable(
  of: string,
  rows: readonly (ClassScores & { readonly name: string })[],
): string {
  return aligned([
    [of, "precision", "recall", "f1", "support"],
    ...rows.map(({ name, precision, recall, f1, support }) => [
      visibleName(`${name}`),
      ...[precision, recall, f1].map(fixed),
      `${support}`,
    ]),
  ]);
}

/** A row for each class, a column for each class that it was taken for. */
export function confusionTable(
  { classes }: ClassReport,
  confusion: readonly (readonly number[])[],
): string {
  const names = classes.map(({ name }) => visibleName(`${name}`));
  return aligned([
    ["is \\ found", ...names],
    ...confusion.map((row, at) => [names[at], ...row.map(String)]),
  ]);
}
