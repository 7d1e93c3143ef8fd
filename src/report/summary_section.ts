import { type Markup, markup } from "../charts/markup.ts";
import type { Interval } from "../metrics/wilson_interval.ts";
import type { SampleReport } from "./sample_report.ts";
import { score, type Section } from "./section.ts";

/** A score with what it is to be compared with. */
interface Tile {
  readonly name: string;
  readonly value: number | undefined;
  readonly interval?: Interval;
  readonly baseline?: number;
}

function tilesOf(found: SampleReport): Tile[] {
  if ("r2" in found) {
    return [
      {
        ...{ name: "R²", interval: found.r2Interval },
        value: found.samples > 1 ? found.r2 : undefined,
        baseline: 0,
      },
      {
        ...{ name: "Mean absolute error", value: found.meanAbsoluteError },
        baseline: found.baselineMeanAbsoluteError,
      },
      {
        name: "Root mean squared error",
        value: found.rootMeanSquaredError,
        baseline: found.baselineRootMeanSquaredError,
      },
    ];
  }
  const accuracy = {
    ...{ name: "Accuracy", value: found.accuracy },
    ...{ interval: found.accuracyInterval, baseline: found.baselineAccuracy },
  };
  return "labels" in found ? [accuracy] : [
    accuracy,
    { name: "Macro F1", value: found.report.macro.f1 },
    { name: "ROC AUC", value: found.rocAuc },
    { name: "Log loss", value: found.logLoss },
    { name: "Calibration error", value: found.calibrationError },
  ];
}

function tile({ name, value, interval, baseline }: Tile): Markup | undefined {
  if (value === undefined) return undefined;
  return markup`<div><dt>${name}</dt><dd><strong>${score(value)}</strong>${
    interval &&
    markup`<small>95 %: ${score(interval.low)} to ${
      score(interval.high)
    }</small>`
  }${
    baseline === undefined
      ? undefined
      : markup`<small>guessing: ${score(baseline)}</small>`
  }</dd></div>`;
}

/** The scores that matter most, and what is to be looked at. */
export function summarySection(
  found: SampleReport | undefined,
  notes: readonly string[],
): Section {
  return {
    ...{ name: "summary", title: "Result" },
    content: [
      found === undefined
        ? markup`<p>There were no samples to test with.</p>`
        : markup`<dl class="scores">${
          tilesOf(found).map(tile)
        }</dl><p>Of ${found.samples} samples to test with. The true score lies between the two numbers with a confidence of 95 %. Guessing is to tell always the same: the most frequent class, or the mean.</p>`,
      notes.length === 0
        ? undefined
        : markup`<ul class="notes">${
          notes.map((text) => markup`<li>${text}</li>`)
        }</ul>`,
    ],
  };
}
