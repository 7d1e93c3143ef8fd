import { shortNumber } from "../charts/axis.ts";
import { barChart } from "../charts/bar_chart.ts";
import { type Chart, standaloneSvg } from "../charts/chart.ts";
import { WrongTypeError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { xyChart } from "../charts/xy_chart.ts";
import type { Dependence } from "./partial_dependence.ts";

/** What stands for cells without a value. */
export const MISSING = "(missing)";

/**
 * Draws a partial dependence: curves for a column of numbers, bars for any other, with a color for each output. The picture
 * follows the reader's light or dark color scheme.
 *
 * @param found What {@linkcode partialDependence} returned.
 * @returns The text of an SVG file.
 *
 * @throws {TypeError} If it is something else.
 *
 * @example
 * ```ts
 * import { type Dependence, dependenceSvg } from "@lockstep/lockstep";
 *
 * const found: Dependence = {
 *   column: "age",
 *   grid: ["20", "30", "40"],
 *   numbers: [20, 30, 40],
 *   task: "numbers",
 *   outputs: ["income"],
 *   values: [[2100], [2900], [3300]],
 * };
 * console.log(dependenceSvg(found).startsWith("<svg")); // true
 * ```
 */
export function dependenceSvg(found: Dependence): string {
  if (!Array.isArray(found?.grid) || !Array.isArray(found.outputs)) {
    const wanted = "what partialDependence() gives, once it is awaited";
    throw new WrongTypeError(
      wrong("draw a dependence", "found", wanted, found),
    );
  }
  const chart = dependenceChart(found);
  return standaloneSvg(chart.title, [chart]);
}

/** The picture, for a page. */
export function dependenceChart(found: Dependence): Chart {
  const { column, task, outputs } = found;
  const what = task === "numbers"
    ? `mean ${outputs.length === 1 ? outputs[0] : "prediction"}`
    : "mean probability";
  const title = `${what[0].toUpperCase()}${what.slice(1)} by ${column}`;
  return chartOf(found, title, what);
}

function chartOf(
  { column, grid, numbers, outputs, values }: Dependence,
  title: string,
  label: string,
): Chart {
  if (numbers === undefined) {
    return barChart({
      ...{ title, label: column, axis: { label }, bars: outputs },
      groups: grid.map((value, at) => ({
        name: value === "" ? MISSING : `${value}`,
        values: values[at],
      })),
    });
  }
  const without = values[numbers.findIndex(Number.isNaN)];
  const shown = outputs.length === 1 && without !== undefined
    ? `; ${MISSING} ${shortNumber(without[0])}`
    : "";
  return xyChart({
    title,
    x: { label: column },
    y: { label: `${label}${shown}`, pad: true },
    curves: outputs.map((name, output) => ({
      ...{ name, style: "both" as const },
      points: numbers.map((number, at) =>
        [number, values[at][output]] as const
      ),
      titles: numbers.map((number, at) =>
        `${shortNumber(number)}: ${shortNumber(values[at][output])}`
      ),
    })),
  });
}
