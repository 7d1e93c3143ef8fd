import { WrongValueError } from "../checks/errors.ts";
import { TRIALS } from "../runtime/entries.ts";
import { startThread, type Thread } from "../runtime/thread.ts";
import { requireRead } from "../pool/worker_pool.ts";
import { yieldToEventLoop } from "../runtime/event_loop.ts";
import type { Candidate, Part } from "./candidate.ts";
import type { Done, FromTrials, ToTrials } from "./trial.ts";

/** A training that waits for a thread or is running. */
interface Job {
  readonly part: number;
  readonly candidate: Candidate;
  resolve(done: Done): void;
  reject(error: unknown): void;
}

/** A thread, and what it is busy with. */
interface Slot {
  readonly thread: Thread<ToTrials>;
  job: Job | undefined;
}

/**
 * Threads that train networks, each of them one after another: several small trainings at a time are done sooner than the
 * same ones on all cores in turn. What a training comes to doesn't depend on how many threads there are.
 */
export class TrialPool {
  readonly #parts: readonly Part[];
  readonly #most: number;
  readonly #slots: Slot[] = [];
  readonly #queue: Job[] = [];
  #starting = false;
  #over: { readonly reason: unknown } | undefined;

  /** No thread starts yet. */
  constructor(parts: readonly Part[], threads: number) {
    this.#parts = parts;
    this.#most = threads;
  }

  /**
   * Trains a candidate on a part, when its turn comes.
   *
   * @throws {RangeError} If its options are to blame, or its numbers grew beyond all bounds.
   * @throws {Error} If a thread fails, or the pool is ended.
   */
  train(part: number, candidate: Candidate): Promise<Done> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ part, candidate, resolve, reject });
      this.#next();
    });
  }

  /** Ends all threads wherever they are; what isn't done is rejected with the reason. */
  end(why: unknown): void {
    // The first one counts: that threads end is what it leads to.
    const { reason } = this.#over ??= { reason: why };
    for (const { thread, job } of this.#slots) {
      thread.terminate();
      job?.reject(reason);
    }
    for (const job of this.#queue) job.reject(reason);
    this.#slots.length = this.#queue.length = 0;
  }

  #next(): void {
    if (this.#over !== undefined) return this.end(this.#over.reason);
    for (const slot of this.#slots) {
      if (slot.job !== undefined) continue;
      const job = this.#queue.shift();
      slot.job = job;
      slot.thread.keepAlive(job !== undefined);
      if (job === undefined) continue;
      const { part, candidate } = job;
      slot.thread.post({ type: "train", part, candidate });
    }
    if (this.#queue.length > 0 && this.#slots.length < this.#most) {
      this.#start();
    }
  }

  /** Starts one more thread, and has it take its turn. */
  async #start(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    try {
      await requireRead(TRIALS);
      // To make one blocks this thread for some 50 ms.
      await yieldToEventLoop();
      if (this.#over === undefined) this.#add();
    } catch (error) {
      this.end(error);
    } finally {
      this.#starting = false;
    }
    this.#next();
  }

  #add(): void {
    const name = `trials ${this.#slots.length}`;
    const thread = startThread<ToTrials, FromTrials>(TRIALS, name, {
      message: (message) => this.#answer(slot, message),
      failed: (cause) =>
        this.end(
          new Error(`A thread of trials failed: ${cause.message}`, { cause }),
        ),
      ended: () => this.end(new Error("A thread of trials died")),
    });
    const slot: Slot = { thread, job: undefined };
    thread.post({ type: "parts", parts: this.#parts });
    this.#slots.push(slot);
  }

  #answer(slot: Slot, message: FromTrials): void {
    const { job } = slot;
    slot.job = undefined;
    if (message.type === "done") job?.resolve(message.done);
    else if (message.mistake) job?.reject(new WrongValueError(message.message));
    else {
      const error = new Error(message.message);
      if (message.stack !== undefined) error.stack = message.stack;
      job?.reject(error);
    }
    this.#next();
  }
}
