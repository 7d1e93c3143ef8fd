/** A confusion matrix as a picture: what is right in one color, what is wrong in another, as dark as it is frequent. */
import { cut } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { markup, place } from "./markup.ts";

const WIDTH = 520;

/** What stands above the names of true classes has room too. */
const LEAST_LEFT = 84;

/** Cells that are too small for a number are without. */
const LEAST_CELL = 20;

/** Most of a cell, as large as it is for few classes. */
const MOST_CELL = 56;

/** Letters that a name has room for. */
const LETTERS = 13;

/** Draws counts by the true class, downwards, and the predicted one. */
export function confusionChart(
  names: readonly string[],
  counts: readonly (readonly number[])[],
): Chart {
  const longest = Math.max(
    ...names.map((name) => [...cut(name, LETTERS)].length),
  );
  const left = Math.max(LEAST_LEFT, 16 + 7.5 * longest);
  const cell = Math.min(MOST_CELL, (WIDTH - left - 4) / names.length);
  const numbers = cell >= LEAST_CELL;
  // Names that are wider than their column lean.
  const lean = names.some((name) => 7 * [...name].length > cell - 4);
  // The sine of 40 degrees of it.
  const top = lean ? 40 + 4.6 * longest : 44;
  const step = Math.ceil(14 / cell);
  const size = cell * names.length;
  const labels = names.map((name, at) => {
    if (at % step !== 0) return undefined;
    const middle = cell * (at + 0.5);
    const text = cut(name, LETTERS);
    const [x, y] = [left + middle, top - 8];
    return markup`<text x="${left - 8}" y="${
      place(top + middle + 4)
    }" text-anchor="end">${text}</text>${
      lean
        ? markup`<text transform="translate(${
          place(x)
        } ${y}) rotate(-40)">${text}</text>`
        : markup`<text x="${
          place(x)
        }" y="${y}" text-anchor="middle">${text}</text>`
    }`;
  });
  const cells = counts.flatMap((row, actual) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => {
      const fraction = all === 0 ? 0 : count / all;
      const [x, y] = [left + cell * predicted, top + cell * actual];
      const color = actual === predicted ? "f0" : "f1";
      const share = `${(100 * fraction).toFixed(1)} %`;
      // A single one among many must not look like none.
      const shade = count === 0 ? 0 : 0.12 + 0.88 * fraction;
      return markup`<rect class="${color}" fill-opacity="${
        shade.toFixed(2)
      }" x="${place(x + 0.5)}" y="${place(y + 0.5)}" width="${
        place(cell - 1)
      }" height="${place(cell - 1)}"><title>${names[actual]} as ${
        names[predicted]
      }: ${count}, ${share} of its samples</title></rect>${
        numbers && (count > 0 || cell > 30)
          ? markup`<text class="${
            shade > 0.75 ? "on" : count === 0 ? "muted" : ""
          }" pointer-events="none" x="${place(x + cell / 2)}" y="${
            place(y + cell / 2 + 4)
          }" text-anchor="middle">${brief(count)}</text>`
          : undefined
      }`;
    });
  });
  return {
    title: "Confusion matrix",
    width: Math.max(left + size + (lean ? 60 : 4), 300),
    height: top + size + 4,
    content:
      markup`<text class="muted" x="${left}" y="12">predicted class →</text><text class="muted" x="2" y="${
        top - 8
      }">true class ↓</text>${labels}${cells}<rect class="grid" x="${left}" y="${top}" width="${
        place(size)
      }" height="${place(size)}"/>`,
  };
}

/** A count that a cell has room for. */
function brief(count: number): string {
  return count < 10_000 ? `${count}` : `${Math.round(count / 1000)}k`;
}
