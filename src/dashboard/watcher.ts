/** Looks into a training for the pages that are open, seldom enough that it costs no more than a fiftieth. */
import type { TrainingSnapshot } from "../history/snapshot.ts";
import type { TrainingRun } from "../training/training_run.ts";

/** Milliseconds from one look to the next. */
const [SOONEST, LATEST] = [500, 4_000];

/** Looks take at most one part in so many of the time. */
const LEAST_BETWEEN = 100;

/** Every how many looks all numbers are copied. */
const VALUES_EVERY = 4;

/** Who watches. */
export interface Watching {
  /** Whether somebody waits to be told. */
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
  #looking = false;
  #stopped = false;

  constructor(run: TrainingRun, watching: Watching) {
    this.#run = run;
    this.#watching = watching;
    this.#later(SOONEST);
  }

  /** Looks at once, but not while it does. */
  async look(at: "all" | "spans" | "losses"): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const snapshot = await this.#run.snapshot({
        spans: at !== "losses",
        values: at === "all",
      });
      this.#watching.see(snapshot);
    } catch {
      // The training is over, or hasn't begun: who trains tells.
    } finally {
      this.#looking = false;
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #later(milliseconds: number): void {
    this.#timer = setTimeout(async () => {
      const before = performance.now();
      if (this.#watching.awaited()) {
        await this.look(this.#looks++ % VALUES_EVERY === 0 ? "all" : "spans");
      }
      const took = performance.now() - before;
      const wanted = Math.max(SOONEST, LEAST_BETWEEN * took);
      if (!this.#stopped) this.#later(Math.min(wanted, LATEST));
    }, milliseconds);
  }
}
