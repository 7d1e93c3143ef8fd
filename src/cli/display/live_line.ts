/** One line at the end of the terminal that is drawn again and again. It is stderr's, so that stdout can go to a file. */
import { columnsOf } from "./draw.ts";
import { type Screen, screenOf } from "./screen.ts";

/** What draws the line for so many columns. */
export type Draw = (width: number, screen: Screen) => string;

/** Milliseconds from one drawing to the next at least: more is flicker. */
const PERIOD = 50;

let screen: Screen | undefined;
let draw: Draw | undefined;
/** Columns of what stands there; 0 if nothing does. */
let columns = 0;
let last = -Infinity;

/** Shows a line, or draws it anew; on no terminal, nothing. */
export function showLive(wanted: Draw): void {
  if (screen === undefined) {
    screen = screenOf(Deno.stderr);
    if (screen.canRedraw && Deno.build.os !== "windows") {
      Deno.addSignalListener("SIGWINCH", () => draw && redraw(draw));
    }
  }
  draw = wanted;
  const now = performance.now();
  if (columns > 0 && now - last < PERIOD) return;
  last = now;
  redraw(wanted);
}

/** Takes the line away, if there is one: something else is to be printed. */
export function hideLive(): void {
  draw = undefined;
  if (columns === 0) return;
  write(erasure());
  columns = 0;
}

function redraw(wanted: Draw): void {
  if (!screen!.canRedraw) return;
  // A terminal may begin a new line as soon as the last column is full.
  const text = wanted(screen!.width() - 1, screen!);
  write(erasure() + text);
  columns = columnsOf(text);
}

/** In a window that was made smaller, the line takes several rows. */
function erasure(): string {
  const rows = Math.ceil(columns / screen!.width());
  return `\r${rows > 1 ? `\x1b[${rows - 1}A` : ""}\x1b[J`;
}

function write(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // The terminal was closed: what is computed and written must not end because of that.
  }
}
