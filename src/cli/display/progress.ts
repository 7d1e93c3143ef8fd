/** How far something is that takes more than a second: one line on stderr, if that is a terminal. */
import { bar, columnsOf, duration, fitted, type Style } from "./draw.ts";
import { hideLive, showLive } from "./live_line.ts";
import { screenOf } from "./screen.ts";

/** Milliseconds until the line is there, and from one look to the next. */
const PATIENCE = 1000;
const PERIOD = 200;

/** Columns of the bar. */
const LEAST = 6;
const MOST = 24;

/** How far it is. */
interface Done {
  /** From 0 to 1. */
  readonly fraction: number;
  /** More text for the line. */
  readonly text: string;
}

/**
 * Shows the progress of something until it is disposed. Printing anything removes the line for a moment.
 *
 * @example
 * ```ts
 * import { Progress } from "./progress.ts";
 *
 * using line = new Progress("Folds");
 * for (let fold = 1; fold <= 5; fold++) line.update(fold / 5, `${fold} of 5`);
 * ```
 */
export class Progress implements Disposable {
  static #current: Progress | undefined;
  readonly #what: string;
  readonly #began = performance.now();
  readonly #timer?: ReturnType<typeof setInterval>;
  /** What was under way already, and isn't shown meanwhile. */
  readonly #outer: Progress | undefined;
  #done: Done | undefined;

  /**
   * @param what Is under way, without what a terminal would obey.
   * @param isShown Whether anything is to be shown.
   */
  constructor(what: string, isShown = true) {
    this.#what = what;
    this.#outer = Progress.#current;
    Progress.#current = this;
    if (isShown && screenOf(Deno.stderr).canRedraw) {
      this.#timer = setInterval(() => this.#show(), PERIOD);
    }
  }

  /** Takes how much is done, from 0 to 1, and what else there is to tell. */
  update(fraction: number, text = ""): void {
    this.#done = { fraction, text };
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    Progress.#current = this.#outer;
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    hideLive();
  }

  #show(): void {
    const time = performance.now() - this.#began;
    if (time < PATIENCE || Progress.#current !== this) return;
    showLive((width, screen) =>
      progressText(this.#what, this.#done, time / 1000, width, screen)
    );
  }
}

/** Shows what is under way until it is done. */
export async function during<T>(
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  using _ = new Progress(what);
  return await work();
}

/**
 * The line: what is under way, with a bar and the time that is left if that can be told, else the time that it takes so far.
 *
 * @param seconds Since it began.
 */
export function progressText(
  what: string,
  done: Done | undefined,
  seconds: number,
  width: number,
  style: Style,
): string {
  if (done === undefined) {
    return fitted(`${what}  ${duration(seconds)}`, width, style);
  }
  const { fraction, text } = done;
  const left = fraction > 0 && fraction < 1
    ? `${duration(seconds / fraction * (1 - fraction))} left`
    : "";
  const percent = `${Math.floor(100 * Math.min(1, fraction))} %`;
  const told = [text || percent, left].filter((one) => one !== "").join("  ");
  const room = width - columnsOf(what) - columnsOf(told) - 4;
  if (room < LEAST) return fitted(`${what}  ${told}`, width, style);
  return `${what}  ${bar(fraction, Math.min(room, MOST), style)}  ${told}`;
}
