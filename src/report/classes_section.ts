import { confusionChart } from "../charts/heat_map.ts";
import { markup } from "../charts/markup.ts";
import type { ClassScores } from "../metrics/class_report.ts";
import type { ClassesReport } from "./sample_report.ts";
import { bar, score, type Section, table, wideFigure } from "./section.ts";

/** Classes whose matrix can be looked at; of more there are the pairs that are confused most. */
const MOST_DRAWN = 40;

/** Rows of a table, the worst first. */
const MOST_ROWS = 40;

/** Which classes are taken for which. */
export function confusionSection(
  { report, confusion }: ClassesReport,
): Section {
  const names = report.classes.map(({ name }) => name);
  const content = names.length <= MOST_DRAWN
    ? wideFigure(
      confusionChart(names, confusion),
      "Samples of each class by what they were taken for; the darker, the larger the fraction of their class.",
    )
    : confusedPairs(names, confusion);
  return { name: "confusion", title: "What is taken for what", content };
}

function confusedPairs(
  names: readonly string[],
  confusion: ClassesReport["confusion"],
) {
  const pairs = confusion.flatMap((row, actual) =>
    row.flatMap((count, predicted) =>
      count === 0 || actual === predicted ? [] : [{ actual, predicted, count }]
    )
  ).toSorted((one, other) => other.count - one.count);
  return table(
    "Pairs of classes that are confused most",
    ["true class", "predicted class", "samples"],
    pairs.slice(0, MOST_ROWS).map(({ actual, predicted, count }) => [
      ...[names[actual], names[predicted], count],
    ]),
  );
}

/** Precision, recall and F1 of each class or label. */
export function scoresSection(
  scores: readonly (ClassScores & { readonly name: string })[],
  what: "class" | "label",
): Section {
  const shown = scores.length <= MOST_ROWS
    ? scores
    : scores.toSorted((one, other) => one.f1 - other.f1).slice(0, MOST_ROWS);
  const left = scores.length - shown.length;
  return {
    ...{ name: "classes", title: `Scores of each ${what}` },
    content: [
      table(
        `Precision, recall and F1 of each ${what}`,
        [what, "precision", "recall", "F1", "samples"],
        shown.map(({ name, precision, recall, f1, support }) => [
          name,
          ...[precision, recall, f1].map((value, at) =>
            bar(value, score(value), at)
          ),
          support,
        ]),
      ),
      left === 0
        ? undefined
        : markup`<p>Those with the least F1; ${left} more are better.</p>`,
    ],
  };
}
