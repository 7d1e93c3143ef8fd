/** The shortest turn of a training, so that many short calls don't hold it up. */
const TURN_MILLISECONDS = 50;

/** Runs calls that overlap one after another. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** Called when another call waits, if the current one can give way. */
  #giveWay: (() => void) | undefined;
  #taken = false;

  /** Whether a call has the turn. */
  get taken(): boolean {
    return this.#taken;
  }

  /** Waits for all earlier calls, then has the turn until `use` is done. */
  take<T>(use: () => Promise<T>): Promise<T> {
    this.#waiting++;
    this.#giveWay?.();
    const result = this.#last.then(async () => {
      this.#waiting--;
      this.#taken = true;
      try {
        return await use();
      } finally {
        this.#taken = false;
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }

  /**
   * Does within a turn what ends when it is told to: once somebody waits, or the signal says so. The rest is for another turn.
   */
  async giveWay<T>(
    signal: AbortSignal | undefined,
    run: (end: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ending = new AbortController();
    const end = () => ending.abort();
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end);
    const timer = setTimeout(() => {
      this.#giveWay = end;
      if (this.#waiting > 0) end();
    }, TURN_MILLISECONDS);
    try {
      return await run(ending.signal);
    } finally {
      clearTimeout(timer);
      this.#giveWay = undefined;
      signal?.removeEventListener("abort", end);
    }
  }
}
