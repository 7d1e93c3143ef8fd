import { markup } from "../charts/markup.ts";
import type { EpochEvent } from "../history/events.ts";
import { chartsOfLog, rowsOf } from "../logs/curve_charts.ts";
import { summaryOfLog } from "../logs/compare_logs.ts";
import { figures, type Section } from "./section.ts";

/** Loss and metrics by epoch. */
export function curvesSection(epochs: readonly EpochEvent[]): Section {
  const rows = rowsOf(epochs);
  const { metric, best } = summaryOfLog("", rows);
  const judged = metric === "loss"
    ? "the training's loss"
    : "the loss of the samples held back";
  return {
    ...{ name: "curves", title: "Course of the training" },
    content: markup`<p>The line marks epoch ${best.epoch} of ${
      epochs.at(-1)!.epoch
    }, the best by ${judged}.</p>
${figures(chartsOfLog(rows).map((chart) => [chart]))}`,
  };
}
