import { locks } from "./locks.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** The runtime's own: onnxruntime-web, for one, puts something else in its place when it computes. */
const { Worker } = globalThis;

/** An answer that is awaited. */
interface Pending {
  resolve(message: FromWorker): void;
  reject(error: Error): void;
}

/** The answer of a worker that stopped because of another one, or because it was told to. */
export class WorkerStopped extends Error {
  constructor() {
    super("The run was stopped as the worker pool is closed");
    this.name = "WorkerStopped";
  }
}

/** One worker as the main thread sees it: a question, then an answer, a failure, or its death. */
export class WorkerHandle {
  readonly ith: number;
  /** The Web Lock that the worker holds as long as it lives. */
  readonly lock: string = `lockstep-worker-${crypto.randomUUID()}`;
  readonly #worker: InstanceType<typeof Worker>;
  #pending: Pending | undefined;
  /** Resolves when the watched worker is gone. */
  #gone: Promise<void> = Promise.resolve();
  #dead = false;

  constructor(ith: number, entry: URL) {
    this.ith = ith;
    this.#worker = new Worker(entry, {
      type: "module",
      name: `lockstep ${ith}`,
    });
    this.#worker.addEventListener("message", ({ data }) => this.#answer(data));
    this.#worker.addEventListener("error", (event) => {
      // Otherwise Deno ends the whole process.
      event.preventDefault();
      this.#fail(
        new Error(`Worker ${ith} failed: ${event.message}`, {
          cause: event.error,
        }),
      );
    });
    this.#worker.addEventListener("messageerror", () => {
      this.#fail(new Error(`Worker ${ith} sent an answer that can't be read`));
    });
  }

  /** Sends a message that has no answer. */
  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /**
   * Sends a message and waits for its answer.
   *
   * @throws {Error} If the worker fails, dies or was aborted.
   */
  ask(message: ToWorker): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      if (this.#dead) {
        reject(new Error(`Worker ${this.ith} is gone`));
        return;
      }
      this.#pending = { resolve, reject };
      this.#worker.postMessage(message);
    });
  }

  /** From now on a worker that dies without a word is noticed: only then is its lock to be had. */
  watch(): void {
    this.#gone = locks.request(this.lock, () => {
      this.#dead = true;
      this.#fail(new Error(`Worker ${this.ith} died`));
    }).then(() => {});
  }

  /** Ends the worker. An answer that is awaited is rejected. */
  async end(): Promise<void> {
    // The worker may be at work; it is told to stop by the abort flag, and answers.
    await this.#settled();
    this.#dead = true;
    this.#worker.terminate();
    await this.#gone;
  }

  /** Waits for the answer that is under way, if any. */
  async #settled(): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    await new Promise<void>((settle) => {
      this.#pending = {
        resolve: (message) => (pending.resolve(message), settle()),
        reject: (error) => (pending.reject(error), settle()),
      };
    });
  }

  #answer(message: FromWorker): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    if (message.type === "failed") {
      const error = new Error(message.message);
      error.name = message.name;
      error.stack = message.stack;
      this.#fail(error);
    } else if (message.type === "aborted") {
      this.#fail(new WorkerStopped());
    } else {
      this.#pending = undefined;
      pending.resolve(message);
    }
  }

  #fail(error: Error): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }
}
