/** The curves of a training: one picture for the loss, and one for each metric, with the best epoch. */
import { shortNumber } from "../charts/axis.ts";
import type { Chart } from "../charts/chart.ts";
import { type Curve, xyChart } from "../charts/xy_chart.ts";
import { metricOf, summaryOfLog } from "./compare_logs.ts";
import { LEFT_OUT, type LogRow } from "./log_rows.ts";

/** What pictures are called; others are by their name in the log. */
const TITLES: Readonly<Record<string, string>> = {
  ...{ loss: "Loss", accuracy: "Accuracy", r2: "R²" },
  meanAbsoluteError: "Mean absolute error",
  meanSquaredError: "Mean squared error",
  learningRate: "Learning rate",
};

/** What is measured: `loss` of `validation.loss`. */
function measureOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Of which samples it is. */
function partOf(name: string): string {
  const part = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  return part === "" ? "training" : part;
}

/** Names of what is drawn, by what they measure: loss first. */
function measuresOf(rows: readonly LogRow[]): Map<string, string[]> {
  const measures = new Map<string, string[]>([["loss", []]]);
  for (const name of new Set(rows.flatMap((row) => [...row.keys()]))) {
    if (LEFT_OUT.test(name)) continue;
    const measure = measureOf(name);
    measures.set(measure, [...measures.get(measure) ?? [], name]);
  }
  if (new Set(rows.map((row) => row.get("learningRate"))).size < 2) {
    measures.delete("learningRate");
  }
  return measures;
}

/** That of the samples held back, where there are some. */
function judgeOf(names: readonly string[], rows: readonly LogRow[]): string {
  const judge = metricOf(rows);
  return names.includes(judge) ? judge : names.at(-1)!;
}

/** Pictures of several trainings over each other, one for each measure: of the samples held back, where there are some. */
export function chartsOfMembers(
  members: readonly (readonly LogRow[])[],
): Chart[] {
  const [first] = members;
  return [...measuresOf(first)].map(([measure, names]) => {
    const shown = judgeOf(names, first);
    const title = TITLES[measure] ?? measure;
    return xyChart({
      title: `${title} by epoch`,
      x: { label: "epoch", whole: true },
      y: { label: `${title}, ${partOf(shown)}`, pad: true },
      curves: members.map((rows, at) => ({
        name: `network ${at + 1}`,
        points: rows.map((row) => [row.get("epoch")!, row.get(shown) ?? NaN]),
      })),
    });
  });
}

/**
 * Pictures of a log: loss first, then metrics; the learning rate if it changes.
 *
 * @param bestEpoch The epoch that is marked. Default: the first of the least losses, of the validation if there is one
 */
export function chartsOfLog(
  rows: readonly LogRow[],
  bestEpoch = summaryOfLog("", rows).best.epoch,
): Chart[] {
  const measures = measuresOf(rows);
  const row = rows.find((row) => row.get("epoch") === bestEpoch);
  return [...measures].map(([measure, names]) => {
    const curves = names.map((name): Curve => ({
      name: partOf(name),
      points: rows.map((row) => [row.get("epoch")!, row.get(name) ?? NaN]),
    }));
    const value = row?.get(judgeOf(names, rows)) ?? NaN;
    const title = TITLES[measure] ?? measure;
    // One curve has no name beside it.
    const part = partOf(names[0]);
    const one = names.length === 1 && part !== "training";
    return xyChart({
      title: `${title} by epoch`,
      x: { label: "epoch", whole: true },
      y: { label: one ? `${title}, ${part}` : title, pad: true },
      curves,
      ...(measure === "learningRate" || row === undefined ? {} : {
        mark: {
          at: [bestEpoch, value] as const,
          label: `best epoch ${bestEpoch}: ${shortNumber(value)}`,
        },
      }),
    });
  });
}
