/** Bars of several pieces below each other, with what they are in all beside them. */
import { cut, shortNumber } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { markup, place } from "./markup.ts";

/** A piece of a bar. */
export interface Piece {
  /** Pieces of one name have one color. */
  readonly name: string;
  readonly value: number;
}

export interface Bar {
  readonly name: string;
  readonly pieces: readonly Piece[];
}

export interface StackedBars {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
  /** The class of the color of each name of pieces, in the order of the legend. */
  readonly colors: ReadonlyMap<string, string>;
}

const WIDTH = 620;
const [LEFT, RIGHT] = [90, 90];
const [ROW, HEIGHT, LINE] = [30, 20, 18];

/** Draws bars, the longest as wide as there is room. */
export function stackedBars(
  { title, unit, bars, colors }: StackedBars,
): Chart {
  const totals = bars.map(({ pieces }) =>
    pieces.reduce((sum, { value }) => sum + value, 0)
  );
  const scale = (WIDTH - LEFT - RIGHT) / (Math.max(...totals) || 1);
  let [x, y] = [LEFT, 14];
  const legend = [...colors].map(([name, color]) => {
    const width = 24 + 7 * [...name].length;
    if (x > LEFT && x + width > WIDTH) [x, y] = [LEFT, y + LINE];
    const shown = markup`<rect class="${color}" x="${x}" y="${
      y - 10
    }" width="12" height="12"/><text x="${x + 17}" y="${y}">${name}</text>`;
    x += width + 6;
    return shown;
  });
  const top = y + 14;
  const rows = bars.map(({ name, pieces }, at) => {
    let from = LEFT;
    const middle = top + ROW * at + HEIGHT / 2 + 4;
    const drawn = pieces.map((piece) => {
      const width = piece.value * scale;
      const rect = markup`<rect class="${colors.get(piece.name)!}" x="${
        place(from)
      }" y="${top + ROW * at}" width="${
        place(width)
      }" height="${HEIGHT}"><title>${name}, ${piece.name}: ${
        shortNumber(piece.value)
      } ${unit}</title></rect>`;
      from += width;
      return rect;
    });
    return markup`<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${
      cut(name, 12)
    }</text>${drawn}<text class="muted" x="${place(from + 7)}" y="${middle}">${
      shortNumber(totals[at], 3)
    } ${unit}</text>`;
  });
  const height = top + ROW * bars.length;
  return { title, width: WIDTH, height, content: markup`${legend}${rows}` };
}
