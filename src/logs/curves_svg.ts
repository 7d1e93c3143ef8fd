/** Curves over epochs as a picture, SVG without scripts; dark where its reader is. */

/** A curve: what it is called, and its points. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

const [WIDTH, HEIGHT] = [720, 400];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 20, 30, 40];

/** Colors that people who see fewer of them can tell apart, after Okabe and Ito. */
const COLORS = [
  ...["#0072b2", "#d55e00", "#009e73", "#cc79a7"],
  ...["#e69f00", "#56b4e9", "#8c8c00"],
];

const STYLE =
  "svg{background:#fff;color:#222;font:12px sans-serif}text{fill:currentColor}" +
  "@media(prefers-color-scheme:dark){svg{background:#181818;color:#ddd}}";

/** Text that is no markup. */
export function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`)
    // Characters that XML can't have.
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}

/** Draws curves over each other; values that aren't finite are left out. */
export function curvesSvg(title: string, curves: readonly Curve[]): string {
  const shown = curves.map(({ name, points }) => ({
    name,
    points: points.filter((point) => point.every(Number.isFinite)),
  }));
  const [x, y] = [0, 1].map((axis) => {
    let [from, to] = [Infinity, -Infinity];
    for (const { points } of shown) {
      for (const point of points) {
        from = Math.min(from, point[axis]);
        to = Math.max(to, point[axis]);
      }
    }
    return from > to
      ? [0, 1]
      : from === to
      ? [from - 0.5, to + 0.5]
      : [from, to];
  });
  const across = (value: number) =>
    LEFT + (value - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - RIGHT);
  const down = (value: number) =>
    HEIGHT - BOTTOM - (value - y[0]) / (y[1] - y[0]) * (HEIGHT - TOP - BOTTOM);
  const [right, bottom] = [WIDTH - RIGHT, HEIGHT - BOTTOM];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(title)}</title><style>${STYLE}</style>`,
    `<text x="${LEFT}" y="18">${escaped(title)}</text>`,
    `<path d="M${LEFT} ${TOP}V${bottom}H${right}" fill="none" stroke="currentColor"/>`,
  ];
  for (let at = 0; at <= 4; at++) {
    const value = y[0] + (y[1] - y[0]) * at / 4;
    parts.push(
      `<text x="${LEFT - 6}" y="${down(value).toFixed(1)}" text-anchor="end">${
        Number(value.toPrecision(4))
      }</text>`,
    );
  }
  for (const [at, value] of x.entries()) {
    parts.push(
      `<text x="${across(value).toFixed(1)}" y="${bottom + 18}" text-anchor="${
        at === 0 ? "start" : "end"
      }">epoch ${value}</text>`,
    );
  }
  for (const [at, { name, points }] of shown.entries()) {
    const color = COLORS[at % COLORS.length];
    const places = points.map(([epoch, value]) =>
      `${across(epoch).toFixed(1)},${down(value).toFixed(1)}`
    );
    parts.push(
      `<polyline points="${
        places.join(" ")
      }" fill="none" stroke="${color}" stroke-width="2"/>`,
      `<text x="${right}" y="${
        TOP + 16 * at
      }" text-anchor="end" style="fill:${color}">${escaped(name)}</text>`,
    );
  }
  return `${parts.join("\n")}\n</svg>\n`;
}
