/** Bars beside names: a group of them for each name, from 0 to the right. */
import { axisOf, type AxisOptions, cut, shortNumber } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { markup, place } from "./markup.ts";
import { COLORS } from "./theme.ts";
import { legend } from "./xy_chart.ts";

export interface BarOptions {
  readonly title: string;
  /** What the names are names of. */
  readonly label: string;
  /** Of the numbers. */
  readonly axis: AxisOptions;
  /** Names of the bars of each group. */
  readonly bars: readonly string[];
  readonly groups: readonly {
    readonly name: string;
    /** Of each bar; none is drawn of what isn't finite. */
    readonly values: readonly number[];
  }[];
}

const WIDTH = 440;
const [LEFT, RIGHT, BOTTOM] = [120, 52, 40];

/** Of a bar, and between groups. */
const [BAR, GAP] = [14, 10];

/** Letters of a name, and of a label. */
const [NAME, LABEL] = [17, 40];

/** Draws groups of bars below each other, with the names of their bars above if there are several. */
export function barChart(
  { title, label, axis, bars, groups }: BarOptions,
): Chart {
  const all = groups.flatMap(({ values }) => values);
  const x = axisOf([0, ...all], axis);
  const names = legend(bars.map((name) => ({ name, style: "bars" as const })));
  const top = 24 + names.height;
  const high = bars.length * BAR + GAP;
  const bottom = top + groups.length * high;
  const across = (value: number) =>
    LEFT + (value - x.from) / (x.to - x.from) * (WIDTH - LEFT - RIGHT);
  const frame = x.ticks.map((value) => {
    const at = place(across(value));
    return [
      markup`<path class="grid" d="M${at} ${top}V${bottom}"/>`,
      markup`<text class="muted" x="${at}" y="${
        bottom + 16
      }" text-anchor="middle">${shortNumber(value)}</text>`,
    ];
  });
  const drawn = groups.map(({ name, values }, group) => {
    const y = top + group * high + GAP / 2;
    const middle = y + bars.length * BAR / 2 + 4;
    const shown = values.map((value, at) => {
      if (!Number.isFinite(value)) return undefined;
      const [from, to] = [
        across(Math.min(0, value)),
        across(Math.max(0, value)),
      ];
      const down = y + at * BAR;
      return markup`<rect class="f${at % COLORS}" x="${place(from)}" y="${
        down + 1
      }" width="${place(Math.max(0.5, to - from))}" height="${
        BAR - 2
      }"><title>${name}${bars.length > 1 ? `, ${bars[at]}` : ""}: ${
        shortNumber(value)
      }</title></rect><text class="muted" x="${place(to + 4)}" y="${
        down + BAR - 3
      }">${shortNumber(value, 3)}</text>`;
    });
    return markup`<text x="${LEFT - 7}" y="${middle}" text-anchor="end">${
      cut(name, NAME)
    }</text>${shown}`;
  });
  return {
    ...{ title, width: WIDTH, height: bottom + BOTTOM },
    content: markup`${names.content}${frame}${drawn}<path class="axis" d="M${
      place(across(0))
    } ${top}V${bottom}"/><text class="muted" x="${
      (LEFT + WIDTH - RIGHT) / 2
    }" y="${bottom + 33}" text-anchor="middle">${
      cut(axis.label, LABEL)
    }</text><text class="muted" x="2" y="12">${cut(label, LABEL)}</text>`,
  };
}
