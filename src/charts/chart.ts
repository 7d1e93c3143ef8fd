/** Pictures, and how they are put into a page or a file of their own. */
import { Markup, markup } from "./markup.ts";
import { CHART_STYLE } from "./theme.ts";

/** A picture, in units that are CSS pixels where it is shown in its own size. */
export interface Chart {
  /** What it shows, in a few words, for those who can't see it too. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly content: Markup;
}

/** A picture in a page that has the style sheet of pictures. */
export function inlineSvg({ title, width, height, content }: Chart): Markup {
  return markup`<svg class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">${content}</svg>`;
}

const GAP = 16;

/** A file with pictures, two beside each other, below a title. */
export function standaloneSvg(title: string, charts: readonly Chart[]): string {
  const columns = Math.min(2, charts.length);
  const wide = Math.max(...charts.map(({ width }) => width));
  const high = Math.max(...charts.map(({ height }) => height)) + GAP;
  const width = columns * wide + (columns + 1) * GAP;
  const height = Math.ceil(charts.length / columns) * high + 3 * GAP;
  const placed = charts.map(({ content }, at) => {
    const x = GAP + (at % columns) * (wide + GAP);
    const y = 2.5 * GAP + Math.floor(at / columns) * high;
    return markup`<g transform="translate(${x} ${y})">${content}</g>\n`;
  });
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${title}</title><style>${new Markup(CHART_STYLE)}</style>
<rect class="paper" width="${width}" height="${height}"/>
<text class="title" x="${GAP}" y="${1.5 * GAP}">${title}</text>
${placed}</svg>
`.text;
}
