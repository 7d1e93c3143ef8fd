// deno-lint-ignore-file no-explicit-any -- reasons of rejections are, as in every promise
import { requireOptions } from "../checks/options.ts";
import { requireBoolean, requireNonNegative } from "../checks/validate.ts";
import type { EpochEvent, History } from "../history/events.ts";
import type { SnapshotOptions, TrainingSnapshot } from "../history/snapshot.ts";

/** How a run hears of its training, and the training of what its caller wants. */
export interface RunLink {
  /** Aborted once the caller has left: the training then ends between two batches. */
  readonly left: AbortSignal;
  /** Tells of an epoch, and waits until the next one may start. */
  readonly tell: (event: EpochEvent) => Promise<void>;
  /** Waits while the run is paused, and no longer than until it is to end. */
  readonly ready: (end: AbortSignal) => Promise<void>;
  /** The rate that was asked for since it was last taken. */
  readonly takeRate: () => number | undefined;
}

/** What a run asks of the network that it trains. */
export interface RunAccess {
  /** Asks the workers to stop between two batches. */
  giveWay(): void;
  /** What the training is like between two batches. */
  snapshot(parts: SnapshotOptions): Promise<TrainingSnapshot>;
  /** Refuses what has to be done in all processes that train together. */
  requireAlone(action: string): void;
}

const END = { value: undefined, done: true } as const;

/**
 * A training in progress, see {@linkcode Mlp.fit}: a promise of its {@linkcode History}, and an async iterable of its
 * epochs.
 *
 * Without a loop, it runs until its end. In a `for await` loop, each epoch starts when the loop requests it, so the network
 * doesn't change during the loop body, which may read, save and set its weights. Leaving the loop stops the training
 * between two batches; the network keeps what it learned. A loop that starts late receives the past epochs first. Await the
 * run after the loop, not in its body, where each would wait for the other.
 *
 * An error rejects the promise; in a loop, it is thrown by the loop instead.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const run = mlp.fit(samples, { epochs: 1000, optimizer: "adam" });
 * for await (const { epoch, loss } of run) {
 *   if (epoch === 20 || loss < 0.1) break;
 * }
 * const { epochs, stopReason } = await run;
 * console.log(epochs.length, stopReason); // 20 left
 * ```
 */
export class TrainingRun
  implements Promise<History>, AsyncIterable<EpochEvent> {
  /** What the run is called where objects are shown. */
  readonly [Symbol.toStringTag] = "TrainingRun";
  readonly #epochs: EpochEvent[] = [];
  readonly #leaving = new AbortController();
  /** Loops under way, and how many epochs each has asked for. */
  readonly #loops = new Set<{ asked: number }>();
  readonly #history: Promise<History>;
  readonly #access: RunAccess;
  #paused = false;
  #rate: number | undefined;
  #isOver = false;
  /** Called at the next change. */
  readonly #waiting: (() => void)[] = [];

  /** Starts in a microtask, so that whoever iterates at once is there before the first epoch. */
  constructor(
    train: (link: RunLink) => Promise<Omit<History, "epochs">>,
    access: RunAccess,
  ) {
    this.#access = access;
    const link: RunLink = {
      ready: (end) => this.#ready(end),
      takeRate: () => {
        const rate = this.#rate;
        this.#rate = undefined;
        return rate;
      },
      left: this.#leaving.signal,
      tell: (event) => this.#tell(event),
    };
    this.#history = Promise.resolve()
      .then(() => train(link))
      .then((outcome) => ({ epochs: [...this.#epochs], ...outcome }))
      .finally(() => {
        this.#isOver = true;
        this.#changed();
      });
  }

  /**
   * Ends the training between two batches, without an error. The run resolves to the history so far, and the network keeps
   * what it learned. The weights of the best epoch are not restored.
   */
  stop(): void {
    this.#leaving.abort();
    this.#changed();
  }

  /** Whether the training waits, or is about to wait, for {@linkcode TrainingRun.resume}. */
  get paused(): boolean {
    return this.#paused;
  }

  /**
   * Pauses the training between two batches, until {@linkcode TrainingRun.resume} or {@linkcode TrainingRun.stop}. The
   * network can predict meanwhile. The results of the training don't change.
   *
   * @throws {StateError} If several processes train the network together.
   */
  pause(): void {
    this.#access.requireAlone("pause the training");
    this.#paused = true;
    this.#access.giveWay();
  }

  /** Continues a paused training. */
  resume(): void {
    this.#paused = false;
    this.#changed();
  }

  /**
   * Sets the learning rate from the next epoch on, whose event reports it. The schedule and its smallest rate continue in
   * proportion; a schedule that has reached 0 stays there.
   *
   * @throws {TypeError} If the rate isn't a number.
   * @throws {RangeError} If it isn't 0 or more.
   * @throws {StateError} If several processes train the network together.
   */
  setLearningRate(rate: number): void {
    const action = "set the learning rate";
    this.#rate = requireNonNegative(action, "rate", rate);
    this.#access.requireAlone(action);
  }

  /**
   * Takes a snapshot of the training between two batches. It interrupts a long epoch for a moment, without changing its
   * results.
   *
   * @param options What it contains; copying all values of a large network takes a while.
   *
   * @throws {TypeError} If an option is unknown or of the wrong type.
   * @throws {StateError} If the training hasn't started, or has ended.
   */
  async snapshot(options: SnapshotOptions = {}): Promise<TrainingSnapshot> {
    const action = "take a snapshot";
    requireOptions(action, options, ["note", "spans", "values"]);
    for (const [name, value] of Object.entries(options)) {
      if (value !== undefined) requireBoolean(action, name, value);
    }
    return await this.#access.snapshot(options);
  }

  /** Waits for the end of the training. */
  then<T = History, E = never>(
    onFulfilled?: ((history: History) => T | PromiseLike<T>) | null,
    onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#history.then(onFulfilled, onRejected);
  }

  /** Waits for a failure of the training. */
  catch<E = never>(
    onRejected?: ((reason: any) => E | PromiseLike<E>) | null,
  ): Promise<History | E> {
    return this.#history.catch(onRejected);
  }

  /** Waits for the end of the training, whatever it is. */
  finally(onFinally?: (() => void) | null): Promise<History> {
    return this.#history.finally(onFinally);
  }

  /** The epochs of the training, from its first; see the class for what that means to it. */
  [Symbol.asyncIterator](): AsyncIterator<EpochEvent, undefined, undefined> {
    // The loop is told.
    this.#history.catch(() => {});
    const epochs = this.#epochs;
    const loop = { asked: 0 };
    this.#loops.add(loop);
    return {
      next: async () => {
        if (!this.#loops.has(loop)) return END;
        const at = loop.asked++;
        this.#changed();
        await this.#until(() => at < epochs.length || this.#isOver);
        if (at < epochs.length) return { value: epochs[at], done: false };
        this.#loops.delete(loop);
        await this.#history;
        return END;
      },
      return: async () => {
        if (!this.#loops.delete(loop)) return END;
        this.stop();
        await this.#history;
        return END;
      },
    };
  }

  async #tell(event: EpochEvent): Promise<void> {
    this.#epochs.push(event);
    this.#changed();
    await this.#until(() =>
      this.#leaving.signal.aborted ||
      [...this.#loops].every(({ asked }) => asked > this.#epochs.length)
    );
  }

  async #ready(end: AbortSignal): Promise<void> {
    if (!this.#paused) return;
    const ended = () => this.#changed();
    end.addEventListener("abort", ended);
    try {
      await this.#until(() => !this.#paused || end.aborted);
    } finally {
      end.removeEventListener("abort", ended);
    }
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
