import type { ColumnImportance } from "../insight/permutation_importance.ts";
import { type Markup, markup } from "../charts/markup.ts";
import { dependenceChart } from "../insight/dependence_svg.ts";
import type { Dependence } from "../insight/partial_dependence.ts";
import { bar, figures, type Section, table } from "./section.ts";

/** Columns that are shown. */
const MOST_ROWS = 40;

/**
 * By how much the score falls without each column, and what the network tells by one of them.
 *
 * @param found Nothing, if that isn't known.
 */
export function importanceSection(
  found: readonly ColumnImportance[],
  scoreName: string,
  dependence: Dependence | undefined,
): Section {
  return {
    ...{ name: "importance", title: "What counts" },
    content: [
      found.length === 0 ? undefined : columns(found, scoreName),
      dependence && figures([[
        dependenceChart(dependence),
        "What the network tells on average where this column is set to each of its values in all samples.",
      ]]),
    ],
  };
}

function columns(
  found: readonly ColumnImportance[],
  scoreName: string,
): Markup {
  const sorted = found.toSorted((one, other) => other.mean - one.mean);
  const most = Math.max(sorted[0].mean, 0) || 1;
  const left = Math.max(0, sorted.length - MOST_ROWS);
  return markup`<p>By how much the ${scoreName} of these samples falls where the values of a column are exchanged among them. Of columns that tell the same, each may seem unimportant.</p>${
    table(
      "Permutation importance of each column",
      ["column", "importance", "deviation"],
      sorted.slice(0, MOST_ROWS).map(({ name, mean, deviation }) => [
        ...[name, bar(mean / most, mean.toFixed(4)), deviation.toFixed(4)],
      ]),
    )
  }${
    left === 0
      ? undefined
      : markup`<p>${left} more columns are less important.</p>`
  }`;
}
