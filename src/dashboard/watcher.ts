/** Looks into a training for the pages that are open, seldom enough that it costs no more than a fiftieth. */
import type { TrainingSnapshot } from "../history/snapshot.ts";
import type { TrainingRun } from "../training/training_run.ts";

/** Milliseconds from one look to the next. */
const [SOONEST, LATEST] = [1_000, 4_000];

/** Looks take at most one part in so many of the time. */
const LEAST_BETWEEN = 100;

/** Milliseconds in which workers note what they do, before a look: that takes a tenth of their time. */
const NOTED = 60;

/** Every how many looks all numbers are copied. */
const VALUES_EVERY = 4;

/** Who watches. */
export interface Watching {
  /** Whether a page waits for updates. */
  awaited(): boolean;
  /** Told what a look found. */
  see(snapshot: TrainingSnapshot): void;
}

/** Looks again and again, as long as it isn't stopped. */
export class Watcher {
  readonly #run: TrainingRun;
  readonly #watching: Watching;
  #looks = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  readonly #always: boolean;

  /** @param always Whether workers are to note what they do all the time, as others want to know too. */
  constructor(run: TrainingRun, watching: Watching, always: boolean) {
    this.#run = run;
    this.#always = always;
    this.#watching = watching;
    // They note from the start.
    this.#later(NOTED, () => this.look("losses", false));
  }

  /**
   * Looks at once.
   *
   * @param note Whether workers note what they do from then on. Default: as before
   */
  async look(at: "all" | "spans" | "losses", note?: boolean): Promise<void> {
    try {
      const snapshot = await this.#run.snapshot({
        spans: at !== "losses",
        values: at === "all",
        ...(note === undefined || this.#always ? {} : { note }),
      });
      this.#watching.see(snapshot);
    } catch {
      // The training is over, or hasn't begun: who trains tells.
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Lets workers note for a moment, if anybody waits to see it, and looks at that. */
  async #lookAtWork(): Promise<void> {
    if (!this.#watching.awaited()) return;
    await this.look("losses", true);
    await new Promise((resolve) => setTimeout(resolve, NOTED));
    const at = this.#looks++ % VALUES_EVERY === 0 ? "all" : "spans";
    await this.look(at, false);
  }

  #later(milliseconds: number, act: () => Promise<void>): void {
    this.#timer = setTimeout(async () => {
      const before = performance.now();
      await act();
      const took = performance.now() - before - NOTED;
      if (this.#stopped) return;
      const wanted = Math.max(SOONEST, LEAST_BETWEEN * took);
      this.#later(Math.min(wanted, LATEST), () => this.#lookAtWork());
    }, milliseconds);
  }
}
