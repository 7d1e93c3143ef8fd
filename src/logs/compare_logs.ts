/** Logs beside each other: the last and the best epoch of each, and its losses as a line of bars. */
import type { Curve } from "../charts/xy_chart.ts";
import type { LogRow } from "./log_rows.ts";

/** What is known of a log. */
export interface LogSummary {
  readonly name: string;
  /** By what the best epoch is found: the validation's loss where the log has it, else the training's. */
  readonly metric: string;
  readonly epochs: number;
  readonly last: Readonly<Record<string, number>>;
  readonly best: Readonly<Record<string, number>>;
}

/** What tables show of an epoch, as far as a log has it. */
const SHOWN = [
  ...["epoch", "loss", "accuracy", "validation.loss", "validation.accuracy"],
  "validation.r2",
];

const BARS = "▁▂▃▄▅▆▇█";

/** Most bars of a line. */
const MOST_BARS = 40;

/** The loss that a log is judged by. */
export function metricOf(rows: readonly LogRow[]): string {
  return rows.every((row) => row.has("validation.loss"))
    ? "validation.loss"
    : "loss";
}

/** Tells of a log; the best epoch is the first of the least losses. */
export function summaryOfLog(
  name: string,
  rows: readonly LogRow[],
): LogSummary {
  const metric = metricOf(rows);
  const best = rows.reduce((best, row) =>
    // NaN is no better than anything.
    row.get(metric)! < best.get(metric)! || Number.isNaN(best.get(metric))
      ? row
      : best
  );
  const shown = (row: LogRow) =>
    Object.fromEntries(
      SHOWN.flatMap((name) => row.has(name) ? [[name, row.get(name)!]] : []),
    );
  return {
    ...{ name, metric, epochs: rows.length },
    ...{ last: shown(rows.at(-1)!), best: shown(best) },
  };
}

/** A log's loss by its epochs. */
export function curveOf(name: string, rows: readonly LogRow[]): Curve {
  const metric = metricOf(rows);
  return {
    name: `${name} ${metric}`,
    points: rows.map((row) => [row.get("epoch")!, row.get(metric)!] as const),
  };
}

/** Bars from the least to the greatest of all curves; of a long one, epochs at equal distances. */
export function barsOf(curves: readonly Curve[]): string[] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const { points } of curves) {
    for (const [, value] of points) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  const range = greatest - least || 1;
  return curves.map(({ points }) => {
    const count = Math.min(MOST_BARS, points.length);
    return Array.from({ length: count }, (_, at) => {
      const step = count === 1 ? 0 : at * (points.length - 1) / (count - 1);
      const [, value] = points[Math.round(step)];
      if (!Number.isFinite(value)) return "?";
      return BARS[Math.round((value - least) / range * (BARS.length - 1))];
    }).join("");
  });
}

/** Two rows for each log: its last epoch, and its best. */
export function compareTable(logs: readonly LogSummary[]): string {
  const names = SHOWN.filter((name) => logs.some(({ last }) => name in last));
  const rows = [["log", "", ...names]];
  for (const log of logs) {
    for (const which of ["last", "best"] as const) {
      const cells = names.map((name) => {
        const value = log[which][name];
        return value === undefined ? "" : `${Number(value.toPrecision(5))}`;
      });
      rows.push([which === "last" ? log.name : "", which, ...cells]);
    }
  }
  const widths = rows[0].map((_, at) =>
    Math.max(...rows.map((row) => row[at].length))
  );
  return rows.map((row) =>
    row.map((cell, at) =>
      at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])
    ).join("  ").trimEnd()
  ).join("\n");
}
