import { markup } from "../charts/markup.ts";
import type { History } from "../history/events.ts";
import { summaryOfLog } from "../logs/compare_logs.ts";
import { chartsOfLog, chartsOfMembers } from "../logs/curve_charts.ts";
import { rowsOf } from "../logs/log_rows.ts";
import { figures, type Section } from "./section.ts";

/** What is known of how a training went: of one that was interrupted, its epochs alone. */
export type Course =
  & Pick<History, "epochs">
  & Partial<Pick<History, "bestEpoch" | "monitor" | "hasBestWeights">>
  & {
    /** Of an ensemble: the epochs of each network. */
    readonly members?: readonly History["epochs"][];
  };

/** Largest number of curves in a chart that can be distinguished. */
const MOST_CURVES = 6;

/** What early stopping may look at, in words. */
const MONITORS: Readonly<Record<string, string>> = {
  loss: "loss of the training",
  "validation.loss": "loss of the samples held back",
  validationLoss: "loss of the samples held back",
  accuracy: "accuracy of the training",
  validationAccuracy: "accuracy of the samples held back",
};

const HEADING = { name: "curves", title: "Course of the training" };

/** Loss and metrics by epoch. */
export function curvesSection(course: Course): Section {
  if (course.members !== undefined) return membersSection(course.members);
  const rows = rowsOf(course.epochs);
  const { metric, best } = summaryOfLog("", rows);
  const { bestEpoch = best.epoch, monitor = metric, hasBestWeights } = course;
  const last = course.epochs.at(-1)!.epoch;
  return {
    ...HEADING,
    content:
      markup`<p>The line marks epoch ${bestEpoch} of ${last}, the best by the ${
        MONITORS[monitor]
      }.${
        hasBestWeights === true
          ? " The network has the weights of that epoch."
          : ""
      }</p>
${figures(chartsOfLog(rows, bestEpoch).map((chart) => [chart]))}`,
  };
}

/** Those of the networks of an ensemble, over each other. */
function membersSection(members: readonly History["epochs"][]): Section {
  const shown = members.slice(0, MOST_CURVES);
  const some = shown.length < members.length
    ? `: the first ${shown.length} of them`
    : "";
  const charts = chartsOfMembers(shown.map(rowsOf));
  return {
    ...HEADING,
    content:
      markup`<p>The ${members.length} networks were trained one after another${some}.</p>
${figures(charts.map((chart) => [chart]))}`,
  };
}
