/** How well a model does as tables for people: the same after `train` as by `evaluate`. */
import type { SampleReport } from "../report/sample_report.ts";
import {
  classTable,
  confusionTable,
  numberTable,
  scoreTable,
} from "./metric_tables.ts";

/**
 * What is known as tables.
 *
 * @param most Classes of which each is shown; of more there are means, and no confusion matrix.
 */
export function reportTables(found: SampleReport, most = Infinity): string[] {
  const { samples } = found;
  const count = { name: "samples", value: samples };
  if ("r2" in found) {
    return [numberTable([
      count,
      {
        // Of a lone sample it says nothing.
        ...{ name: "r2", value: samples > 1 ? found.r2 : undefined },
        ...{ interval: found.r2Interval, baseline: 0 },
      },
      ...(["meanAbsoluteError", "rootMeanSquaredError"] as const).map(
        (name) => ({
          ...{ name, value: found[name] },
          baseline: name === "meanAbsoluteError"
            ? found.baselineMeanAbsoluteError
            : found.baselineRootMeanSquaredError,
        }),
      ),
    ])];
  }
  const accuracy = {
    ...{ name: "accuracy", value: found.accuracy },
    ...{ interval: found.accuracyInterval, baseline: found.baselineAccuracy },
  };
  if ("labels" in found) {
    return [
      numberTable([count, accuracy]),
      scoreTable("label", found.labels.slice(0, most)),
    ];
  }
  const { report, confusion } = found;
  const few = confusion.length <= most;
  return [
    numberTable([
      ...[count, accuracy],
      { name: "top3Accuracy", value: found.top3Accuracy },
      { name: "logLoss", value: found.logLoss },
      { name: "calibrationError", value: found.calibrationError },
      { name: "rocAuc", value: found.rocAuc },
    ]),
    classTable(few ? report : { ...report, classes: [] }),
    ...(few ? [confusionTable(report, confusion)] : []),
  ];
}
