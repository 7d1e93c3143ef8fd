import { cut, shortNumber } from "../charts/axis.ts";
import type { Chart } from "../charts/chart.ts";
import { markup } from "../charts/markup.ts";
import { xyChart } from "../charts/xy_chart.ts";
import { turnTaker } from "../slices/in_slices.ts";
import { figures, type Section, type Tested } from "./section.ts";

/** Targets, dots of each, and bars. */
const [MOST_TARGETS, MOST_DOTS, BARS] = [6, 800, 24];

/** What was predicted of numbers beside what is true, and how far off it is. */
export async function residualsSection(
  { mlp, samples, found }: Tested,
): Promise<Section> {
  const { y, outputs, count } = samples;
  const shown = Math.min(outputs, MOST_TARGETS);
  const turn = turnTaker();
  const charts: [Chart][] = [];
  for (let target = 0; target < shown; target++) {
    const name = mlp.targetNames?.[target] ??
      (outputs === 1 ? "the target" : `target ${target}`);
    const actual = new Float64Array(count);
    const predicted = new Float64Array(count);
    for (let s = 0; s < count; s++) {
      actual[s] = y[s * outputs + target];
      predicted[s] = found[s * outputs + target];
    }
    charts.push([scatter(name, actual, predicted)]);
    charts.push([histogram(name, predicted.map((p, s) => p - actual[s]))]);
    await turn();
  }
  const left = outputs - shown;
  const some = count > MOST_DOTS
    ? ` Of ${count} samples, ${MOST_DOTS} at equal distances are shown as dots.`
    : "";
  return {
    ...{ name: "residuals", title: "Predicted and true numbers" },
    content:
      markup`<p>A dot on the dotted line is predicted exactly. Errors are what is predicted less what is true.${some}${
        left === 0 ? "" : ` There are ${left} more targets.`
      }</p>
${figures(charts)}`,
  };
}

function scatter(
  name: string,
  actual: Float64Array,
  predicted: Float64Array,
) {
  const step = Math.max(1, actual.length / MOST_DOTS);
  const count = Math.floor(actual.length / step);
  const at = Array.from({ length: count }, (_, n) => Math.floor(n * step));
  return xyChart({
    title: `Predicted and true ${name}`,
    x: { label: `true ${name}`, pad: true },
    y: { label: `predicted ${name}`, pad: true },
    diagonal: true,
    curves: [{
      ...{ name, style: "dots" },
      points: at.map((s) => [actual[s], predicted[s]] as const),
      titles: at.map((s) =>
        `true ${shortNumber(actual[s])}, predicted ${shortNumber(predicted[s])}`
      ),
    }],
  });
}

function histogram(name: string, errors: Float64Array) {
  const most = errors.reduce((most, one) => Math.max(most, Math.abs(one)), 0) ||
    1;
  const wide = 2 * most / BARS;
  const counts = new Array<number>(BARS).fill(0);
  for (const error of errors) {
    counts[Math.min(BARS - 1, Math.floor((error + most) / wide))]++;
  }
  const middles = counts.map((_, at) => -most + wide * (at + 0.5));
  return xyChart({
    title: `Errors of ${name}`,
    x: { label: `error of ${cut(name, 30)}`, range: [-most, most] },
    y: { label: "samples", range: [0, 1], whole: true },
    curves: [{
      ...{ name, style: "bars" },
      points: counts.map((count, at) => [middles[at], count] as const),
      titles: counts.map((count, at) =>
        `${count} from ${shortNumber(middles[at] - wide / 2, 3)} to ${
          shortNumber(middles[at] + wide / 2, 3)
        }`
      ),
    }],
  });
}
