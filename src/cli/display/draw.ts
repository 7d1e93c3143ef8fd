/** Pieces of lines for people: bars, curves, times, and text that fits. */

/** How something is drawn. */
export interface Style {
  readonly hasColor: boolean;
  readonly hasUnicode: boolean;
}

const LEVELS = "▁▂▃▄▅▆▇█";

/** Characters that take two columns, and those that take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NONE = /[\p{Mn}\p{Me}\u200c\u200d]/u;

// deno-lint-ignore no-control-regex -- what colors a text takes no column
const COLORS = /\x1b\[[\d;]*m/g;

/** Columns that a text takes on a terminal. */
export function columnsOf(text: string): number {
  let sum = 0;
  for (const character of text.replaceAll(COLORS, "")) {
    sum += WIDE.test(character) ? 2 : NONE.test(character) ? 0 : 1;
  }
  return sum;
}

/** The beginning of a text that isn't colored, no wider than so many columns. */
export function fitted(
  text: string,
  width: number,
  { hasUnicode }: Style,
): string {
  if (columnsOf(text) <= width) return text;
  const mark = hasUnicode ? "…" : "...";
  let shown = "";
  for (const character of text) {
    if (columnsOf(shown + character) > width - mark.length) break;
    shown += character;
  }
  return shown + mark;
}

/** Lines of whole words, no wider than so many columns unless a word is; all but the first begin with `indent`. */
export function wrapped(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const [at, word] of text.split(" ").entries()) {
    const longer = at === 0 ? word : `${line} ${word}`;
    if (line.trim() === "" || columnsOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

/** How much of all is done, as a bar of so many columns. */
export function bar(fraction: number, width: number, style: Style): string {
  const [full, empty] = style.hasUnicode ? ["█", "░"] : ["#", "-"];
  const inner = style.hasUnicode ? width : width - 2;
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * inner);
  const drawn = full.repeat(done);
  const colored = style.hasColor && done > 0 ? `\x1b[36m${drawn}\x1b[m` : drawn;
  const rest = empty.repeat(inner - done);
  return style.hasUnicode ? colored + rest : `[${colored}${rest}]`;
}

/** The course of values as a curve of at most so many columns: each is the mean of as many values. Empty in ASCII. */
export function sparkline(
  values: readonly number[],
  width: number,
  { hasUnicode }: Style,
): string {
  const finite = values.filter(Number.isFinite);
  const count = Math.min(width, finite.length);
  if (!hasUnicode || count < 2) return "";
  const means = Array.from({ length: count }, (_, at) => {
    const from = Math.floor(at * finite.length / count);
    const to = Math.floor((at + 1) * finite.length / count);
    const some = finite.slice(from, to);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
  const [low, high] = [Math.min(...means), Math.max(...means)];
  return means.map((mean) =>
    LEVELS[high === low ? 0 : Math.round(7 * (mean - low) / (high - low))]
  ).join("");
}

/** A time for people: `4.2 ms`, `0.42 s`, `12 s`, `3 min 20 s`, `1 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.0995) return `${Number((1000 * seconds).toPrecision(2))} ms`;
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => `${value}`.padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
