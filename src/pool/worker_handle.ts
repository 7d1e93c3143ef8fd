import type { FromWorker, ToWorker } from "./messages.ts";
import { startThread, type Thread } from "../runtime/thread.ts";

/** An answer that is awaited. */
interface Pending {
  resolve(message: FromWorker): void;
  reject(error: Error): void;
}

/** The answer of a worker that stopped because another one failed, or on request. */
export class WorkerStopped extends Error {
  constructor() {
    super("The run was stopped as the worker pool is closed");
    this.name = "WorkerStopped";
  }
}

/** Workers that are still in a call of a BLAS. */
const leaving = new Set<Promise<void>>();

/** Waits until the process can be ended by force: it must not while a BLAS computes. */
export async function workersLeft(): Promise<void> {
  await Promise.all(leaving);
}

/** The main thread's side of one worker: each request gets an answer, a failure, or the worker dies. */
export class WorkerHandle {
  readonly ith: number;
  readonly #thread: Thread<ToWorker>;
  #pending: Pending | undefined;
  /** Resolves once nothing is awaited. */
  #settled: Promise<unknown> = Promise.resolve();
  /** Why it takes no more requests. */
  #over: Error | undefined;
  /** What is still to be done when it answers that nobody waits for. */
  #left: (() => void) | undefined;

  constructor(ith: number, entry: URL) {
    this.ith = ith;
    this.#thread = startThread<ToWorker, FromWorker>(entry, `lockstep ${ith}`, {
      message: (message) => this.#answer(message),
      failed: (error) =>
        this.#end(
          new Error(`Worker ${ith} failed: ${error.message}`, { cause: error }),
        ),
      ended: () => {
        this.#left?.();
        this.#end(new Error(`Worker ${ith} died`));
      },
    });
    this.#thread.keepAlive(false);
  }

  /** Whether it has ended, for any reason. */
  get over(): boolean {
    return this.#over !== undefined;
  }

  /** Whether an answer is awaited. */
  get waiting(): boolean {
    return this.#pending !== undefined;
  }

  /** Waits for the pending answer, if any, even if it is a failure. */
  settled(): Promise<unknown> {
    return this.#settled;
  }

  /** Sends a message that has no answer. */
  tell(message: ToWorker): void {
    if (this.#over === undefined) this.#thread.post(message);
  }

  /**
   * Sends a message and waits for its answer. Meanwhile the worker keeps the process alive, and only then.
   *
   * @throws {Error} If the worker fails, dies or was aborted.
   */
  ask(message: ToWorker): Promise<FromWorker> {
    const answer = new Promise<FromWorker>((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over);
      this.#thread.keepAlive(true);
      this.#pending = { resolve, reject };
      this.#thread.post(message);
    });
    this.#settled = answer.catch(() => {});
    return answer;
  }

  /** Ends the worker wherever it is. An answer that is awaited is rejected. */
  terminate(): void {
    this.#end(new WorkerStopped());
    this.#thread.terminate();
  }

  /**
   * Ends a worker that may be in a call of a BLAS, once it has answered: if the process ended during such a call, the
   * library would free memory that the call still uses. The pending answer is rejected at once; the process waits.
   */
  leave(): void {
    const left = new Promise<void>((resolve) => {
      this.#left = () => {
        this.#thread.terminate();
        leaving.delete(left);
        resolve();
      };
    });
    leaving.add(left);
    this.#end(new WorkerStopped());
    this.#thread.keepAlive(true);
  }

  #answer(message: FromWorker): void {
    this.#left?.();
    if (message.type === "failed") {
      const error = new Error(message.message);
      error.name = message.name;
      error.stack = message.stack;
      this.#take()?.reject(error);
    } else if (message.type === "aborted") {
      this.#take()?.reject(new WorkerStopped());
    } else {
      this.#take()?.resolve(message);
    }
  }

  #end(error: Error): void {
    this.#over ??= error;
    this.#take()?.reject(error);
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#thread.keepAlive(false);
    return pending;
  }
}

/** Waits for a promise for a limited time and returns whether it settled. The promise must not reject. */
export async function within(
  promise: Promise<unknown>,
  milliseconds: number,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
