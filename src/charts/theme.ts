/** How pictures look: classes for text, lines and areas, light and dark as the reader prefers, light on paper. */

/** Colors that people who see fewer of them can tell apart, after Okabe and Ito, dark enough for text on white. */
const LIGHT = [
  ...["#0067a3", "#c14a00", "#007a5a", "#a63e83", "#7d6000", "#4b5fc4"],
  "#6b6b00",
];

/** The same, light enough for text on black. */
const DARK = [
  ...["#58b4ee", "#f58a4b", "#3ecb9d", "#e392c6", "#e3b947", "#a3b1ff"],
  "#c9c94a",
];

/** How many colors there are. */
export const COLORS = LIGHT.length;

/** Colors of what isn't data. */
interface Tones {
  readonly paper: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  /** Of text on an area of the first colors. */
  readonly on: string;
}

/** Also those of pages with pictures. */
export const LIGHT_TONES: Tones = {
  ...{ paper: "#ffffff", text: "#1c2126", muted: "#59626b" },
  ...{ grid: "#dde2e7", on: "#ffffff" },
};

export const DARK_TONES: Tones = {
  ...{ paper: "#14171a", text: "#e3e7ea", muted: "#9ea8b1" },
  ...{ grid: "#343b42", on: "#0c0e10" },
};

export const FONT =
  "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif";

function colorRules({ paper, text, muted, grid, on }: Tones, all: string[]) {
  return [
    `.paper{fill:${paper}}.chart text{fill:${text}}.chart .muted{fill:${muted}}`,
    `.chart .on{fill:${on}}.grid{stroke:${grid}}.axis{stroke:${muted}}`,
    `.wait{fill:${muted}}.rest{fill:${grid}}`,
    ...all.map((color, at) =>
      `.l${at}{stroke:${color}}.chart .f${at}{fill:${color}}`
    ),
  ].join("");
}

/** The style sheet of pictures. */
export const CHART_STYLE = [
  `.chart text{font-family:${FONT};font-size:12px}.chart .title{font-size:14px;font-weight:600}`,
  ".line{fill:none;stroke-width:2;stroke-linejoin:round}.grid,.axis{fill:none}",
  colorRules(LIGHT_TONES, LIGHT),
  `@media screen and (prefers-color-scheme:dark){${
    colorRules(DARK_TONES, DARK)
  }}`,
].join("");
