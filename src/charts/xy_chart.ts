/** Curves, dots and bars between two axes of numbers. */
import {
  type Axis,
  axisOf,
  type AxisOptions,
  cut,
  shortNumber,
} from "./axis.ts";
import type { Chart } from "./chart.ts";
import { type Markup, markup, place } from "./markup.ts";
import { COLORS } from "./theme.ts";

export type Point = readonly [x: number, y: number];

/** What is drawn in one color. */
export interface Curve {
  readonly name: string;
  /** Those that aren't finite are left out. */
  readonly points: readonly Point[];
  /** A line from point to point, dots alone, a line with dots, or bars from 0 as wide as their distance. Default: a line */
  readonly style?: "line" | "dots" | "both" | "bars";
  /** Of dots. Default: 3 */
  readonly radii?: readonly number[];
  /** What is said of each dot to who points at it, of a thousand at most. */
  readonly titles?: readonly string[];
}

export interface XyOptions {
  readonly title: string;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly curves: readonly Curve[];
  /** Whether there is a line where both axes are the same. */
  readonly diagonal?: boolean;
  /** A place to look at, with a line through it. */
  readonly mark?: { readonly at: Point; readonly label: string };
}

const [WIDTH, HEIGHT] = [400, 264];
const [LEFT, RIGHT, BOTTOM] = [50, 14, 40];

/** Of a line of text. */
const LINE = 17;

/** Of a letter on average, as the font isn't known. */
const LETTER = 7;

/** Characters of a name, and points of a curve: more than can be seen apart. */
const MOST_LETTERS = 40;
const MOST_POINTS = 1000;

/** Dashes, so that curves differ on paper without color as well. */
const DASHES = ["", "6 3", "2 3", "9 3 2 3"];

/** Draws curves over each other, with their names above if there are several. */
export function xyChart(options: XyOptions): Chart {
  const { title, curves, diagonal = false, mark } = options;
  const shown = curves.map(finite);
  const all = shown.flatMap(({ points }) => points);
  const x = axisOf(all.map(([x]) => x), options.x, 6);
  const y = axisOf(all.map(([, y]) => y), options.y);
  const names = legend(curves);
  const top = 24 + names.height;
  const [right, bottom] = [WIDTH - RIGHT, HEIGHT + names.height - BOTTOM];
  const across = (value: number) =>
    LEFT + portion(value, x) * (WIDTH - LEFT - RIGHT);
  const down = (value: number) => bottom - portion(value, y) * (bottom - top);
  const frame = [
    y.ticks.map((value) => {
      const at = down(value);
      return [
        markup`<path class="grid" d="M${LEFT} ${place(at)}H${right}"/>`,
        markup`<text class="muted" x="${LEFT - 7}" y="${
          place(at + 4)
        }" text-anchor="end">${shortNumber(value)}</text>`,
      ];
    }),
    x.ticks.map((value) =>
      markup`<text class="muted" x="${place(across(value))}" y="${
        bottom + 16
      }" text-anchor="middle">${shortNumber(value)}</text>`
    ),
    markup`<path class="axis" d="M${LEFT} ${top}V${bottom}H${right}"/>`,
    markup`<text class="muted" x="${(LEFT + right) / 2}" y="${
      bottom + 33
    }" text-anchor="middle">${cut(x.label, MOST_LETTERS)}</text>`,
    markup`<text class="muted" x="2" y="12">${
      cut(y.label, MOST_LETTERS)
    }</text>`,
    diagonal ? [diagonalOf(x, y, across, down)] : [],
  ];
  return {
    ...{ title, width: WIDTH, height: HEIGHT + names.height },
    content: markup`${names.content}${frame}${
      shown.map((curve, at) => drawn(curve, at, across, down))
    }${mark && marked(mark, across, down, top, bottom)}`,
  };
}

/** The points of a curve that have a place, with what belongs to them. */
function finite({ points, radii, titles, ...curve }: Curve): Curve {
  const at = points.flatMap((point, at) =>
    point.every(Number.isFinite) ? [at] : []
  );
  const own = <T>(values: readonly T[]) => at.map((n) => values[n]);
  return {
    ...{ ...curve, points: fewer(own(points)) },
    ...(radii && { radii: own(radii) }),
    ...(titles && { titles: own(titles) }),
  };
}

function portion(value: number, { from, to }: Axis): number {
  // Halves, as the range of floats may be larger than a float.
  return (value / 2 - from / 2) / (to / 2 - from / 2);
}

/** Of many points the least and the greatest of each stretch, so that no peak is lost. */
export function fewer(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const length = Math.ceil(points.length / (MOST_POINTS / 2));
  const kept: Point[] = [];
  for (let from = 0; from < points.length; from += length) {
    const some = points.slice(from, from + length);
    const sorted = some.toSorted((one, other) => one[1] - other[1]);
    const ends = [sorted[0], sorted.at(-1)!];
    kept.push(...ends.sort((one, other) => one[0] - other[0]));
  }
  return kept;
}

/** Names of curves with their colors, in lines. */
export function legend(
  curves: readonly Pick<Curve, "name" | "style">[],
): { readonly height: number; readonly content: Markup } {
  if (curves.length < 2) return { height: 0, content: markup`` };
  let [x, y] = [LEFT, 32];
  const content = curves.map(({ name, style = "line" }, at) => {
    const text = cut(name, MOST_LETTERS);
    const width = 26 + LETTER * [...text].length;
    if (x > LEFT && x + width > WIDTH) [x, y] = [LEFT, y + LINE];
    const color = at % COLORS;
    const sign = style === "line" || style === "both"
      ? markup`<path class="line l${color}" stroke-dasharray="${
        dashOf(at)
      }" d="M${x} ${y - 4}h18"/>`
      : markup`<circle class="f${color}" cx="${x + 9}" cy="${y - 4}" r="4"/>`;
    const shown = markup`${sign}<text x="${x + 23}" y="${y}">${text}</text>`;
    x += width + 8;
    return shown;
  });
  return { height: y - 32 + LINE, content: markup`${content}` };
}

function dashOf(at: number): string {
  return DASHES[at % DASHES.length] || "none";
}

type Placing = (value: number) => number;

function drawn(
  { points, style = "line", radii = [], titles = [] }: Curve,
  at: number,
  across: Placing,
  down: Placing,
): Markup {
  const color = at % COLORS;
  if (style === "bars") {
    const wide = points.length < 2
      ? 20
      : across(points[1][0]) - across(points[0][0]);
    return markup`${
      points.map(([x, y], at) =>
        markup`<rect class="f${color}" x="${
          place(across(x) - wide / 2 + 0.5)
        }" y="${place(Math.min(down(0), down(y)))}" width="${
          place(Math.max(0.5, wide - 1))
        }" height="${place(Math.abs(down(y) - down(0)))}">${
          tooltip(titles[at])
        }</rect>`
      )
    }`;
  }
  const line = markup`<polyline class="line l${color}" stroke-dasharray="${
    dashOf(at)
  }" points="${
    points.map(([x, y]) => `${place(across(x))},${place(down(y))}`).join(" ")
  }"/>`;
  const dots = points.map(([x, y], at) =>
    markup`<circle class="f${color}" fill-opacity="${
      style === "dots" ? 0.55 : 1
    }" cx="${place(across(x))}" cy="${place(down(y))}" r="${
      place(radii[at] ?? 3)
    }">${tooltip(titles[at])}</circle>`
  );
  return markup`${style === "dots" ? undefined : line}${
    // A line of one point can't be seen.
    style === "line" && points.length > 1 ? undefined : dots}`;
}

function tooltip(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : markup`<title>${text}</title>`;
}

function diagonalOf(x: Axis, y: Axis, across: Placing, down: Placing): Markup {
  const [from, to] = [Math.max(x.from, y.from), Math.min(x.to, y.to)];
  return markup`<path class="axis" stroke-dasharray="3 4" d="M${
    place(across(from))
  } ${place(down(from))}L${place(across(to))} ${place(down(to))}"/>`;
}

function marked(
  { at: [x, y], label }: NonNullable<XyOptions["mark"]>,
  across: Placing,
  down: Placing,
  top: number,
  bottom: number,
): Markup {
  const line = across(x);
  return markup`<path class="axis" stroke-dasharray="2 3" d="M${
    place(line)
  } ${top}V${bottom}"/>${
    Number.isFinite(y)
      ? markup`<circle class="paper axis" stroke-width="2" cx="${
        place(line)
      }" cy="${place(down(y))}" r="4.5"/>`
      : undefined
  }<text class="muted" x="${
    WIDTH - RIGHT
  }" y="12" text-anchor="end">${label}</text>`;
}
