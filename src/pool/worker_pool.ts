import { yieldToEventLoop } from "../runtime/event_loop.ts";
import { TRAINER } from "../runtime/entries.ts";
import { mayRead } from "../runtime/files.ts";
import { cores } from "../runtime/machine.ts";
import { NotCapable } from "../runtime/system_errors.ts";
import { explainedError, StateError, SystemError } from "../checks/errors.ts";
import type { Arena } from "../memory/arena.ts";
import type { Plan, Run } from "../plan/plan.ts";
import { SPINS_WITH_OWN_CORE, SPINS_WITH_SHARED_CORE } from "./lockstep.ts";
import {
  abortRun,
  CONTROL_BYTES,
  resetControl,
  STOPPED_AT,
  stopRun,
} from "./control.ts";
import type { InitMessage, ToWorker } from "./messages.ts";
import { takeEarlyWorker } from "./early_worker.ts";
import { within, WorkerHandle, WorkerStopped } from "./worker_handle.ts";

/** How a pool is set up. */
export interface PoolOptions {
  readonly arena: Arena;
  /** Byte offset of a control block, {@linkcode CONTROL_BYTES} long. */
  readonly control: number;
  readonly workers: number;
  /** The provider of kernels, and what opens it. */
  readonly provider: InitMessage["provider"];
  /** The module that a worker runs. Default: `workers/trainer.ts` */
  readonly entry?: URL;
  /** How long the workers may take to start. Default: {@linkcode START_SECONDS} */
  readonly startSeconds?: number;
}

/**
 * How long the workers may take to start: 56 ms each on a core of their own, 256 of them 14 s. Counted second by second, so
 * that a process that was halted meanwhile isn't too late.
 */
const START_SECONDS = 120;

/** How long `dispose()` waits for the end of a batch, and then for the end of a piece, before it terminates workers. */
const DISPOSE_MILLISECONDS = 300;

/** How long the others may go on with their pieces when a worker has failed, before they are terminated. */
const FAILURE_MILLISECONDS = 60_000;

/**
 * Asks for the permission to read the workers' file first, as otherwise each worker would print an error of its own.
 *
 * @throws {Deno.errors.NotCapable} If it is missing, and not given when asked for.
 */
export async function requireRead(entry: URL): Promise<void> {
  if (await mayRead(entry)) return;
  throw explainedError(
    new NotCapable(
      "Cannot start the workers as the permission is missing: run again with --allow-read",
    ),
  );
}

/**
 * Workers that run plans in step on one shared memory. Started once; they sleep between runs, and don't keep the process
 * alive then. A pool in which a worker failed ends all its workers and can't be used again.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #control: Int32Array<SharedArrayBuffer>;
  #handles: readonly WorkerHandle[] = [];
  /** Numbers under which the workers know their plans. */
  readonly #planIds = new Map<Plan, number>();
  #nextPlanId = 0;
  #closed = false;
  #ready = false;
  #forced = false;
  /** Whether the plan that runs calls a BLAS. */
  #inBlas = false;

  /** No worker starts yet. */
  constructor(options: PoolOptions) {
    this.#options = options;
    this.#control = options.arena.integers(
      options.control,
      CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT,
    );
  }

  /**
   * Starts the workers and waits until every one of them is ready.
   *
   * @throws {Deno.errors.NotCapable} If the permission to read the workers' file is missing.
   * @throws {SystemError} If the runtime has no workers, or they don't answer in time.
   * @throws {Error} If a worker can't be started, with its own error, or the pool is disposed meanwhile.
   */
  async start(): Promise<void> {
    const { arena, control, workers, provider } = this.#options;
    const { entry = TRAINER, startSeconds = START_SECONDS } = this.#options;
    const spins = workers <= cores()
      ? SPINS_WITH_OWN_CORE
      : SPINS_WITH_SHARED_CORE;
    const handles: WorkerHandle[] = [];
    this.#handles = handles;
    let [seconds, ready, late] = [0, 0, 0];
    const clock = setInterval(() => {
      if (++seconds < startSeconds) return;
      late = workers - ready;
      this.#close();
    }, 1000);
    try {
      await requireRead(entry);
      if (this.#closed) throw new WorkerStopped();
      for (let ith = 0; ith < workers; ith++) {
        const early = takeEarlyWorker(ith, entry);
        handles.push(early ?? new WorkerHandle(ith, entry));
        // To make one blocks this thread for some 50 ms.
        if (early === undefined) await yieldToEventLoop();
        if (this.#closed) throw new WorkerStopped();
      }
      await this.#all(async (handle) => {
        await handle.ask({
          type: "init",
          ith: handle.ith,
          nth: workers,
          memory: arena.memory,
          control,
          spins,
          provider,
        });
        ready++;
      });
      this.#ready = true;
    } catch (error) {
      // Those that didn't begin as another one couldn't be made.
      this.#close();
      if (late === 0) throw error;
      throw new SystemError(
        `Cannot start the workers as ${late} of ${workers} gave no answer within ${startSeconds} s`,
      );
    } finally {
      clearInterval(clock);
    }
  }

  /** How many workers there are. */
  get size(): number {
    return this.#options.workers;
  }

  /** Whether the pool was disposed, or a worker failed or died. */
  get closed(): boolean {
    return this.#closed || this.#handles.some(({ over }) => over);
  }

  /** Whether a worker was terminated in the middle of a run: it may still be about to stop, and write to the memory. */
  get forced(): boolean {
    return this.#forced;
  }

  /**
   * Runs a plan on its workers, and resolves when all have finished. One run at a time.
   *
   * @param signal Stops the run between two batches, or at the end of a piece in those plans that write no weights.
   * @returns How many stages were done, if the run was stopped.
   *
   * @throws {Error} If a worker throws or dies; the pool is closed then.
   */
  async run(
    plan: Plan,
    run: Run,
    signal?: AbortSignal,
  ): Promise<number | undefined> {
    // Without workers a run would be done at once, and nothing computed.
    if (this.#closed || !this.#ready) {
      throw new StateError("Cannot run a plan as the worker pool is closed");
    }
    if (signal?.aborted) return 0;
    const control = this.#control;
    resetControl(control);
    let planId = this.#planIds.get(plan);
    const known = planId !== undefined;
    if (planId === undefined) {
      planId = this.#nextPlanId++;
      this.#planIds.set(plan, planId);
    }
    const message: ToWorker = known
      ? { type: "run", planId, run }
      : { type: "run", planId, run, plan };
    const stop = () => stopRun(control);
    signal?.addEventListener("abort", stop);
    this.#inBlas = plan.blas;
    try {
      await this.#all((handle) => handle.ask(message), plan.workers);
      return undefined;
    } catch (error) {
      const stages = Atomics.load(control, STOPPED_AT);
      if (error instanceof WorkerStopped && stages >= 0 && !this.#forced) {
        return stages;
      }
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Lets the workers forget a plan. */
  forget(plan: Plan): void {
    const planId = this.#planIds.get(plan);
    if (planId === undefined || this.#closed) return;
    this.#planIds.delete(plan);
    for (const handle of this.#handles) handle.tell({ type: "forget", planId });
  }

  /**
   * Ends the workers within a second. A run in progress is stopped between two batches if that is soon enough, otherwise at
   * the end of a piece, otherwise anywhere.
   */
  async dispose(): Promise<void> {
    this.#closed = true;
    if (this.#ready) {
      stopRun(this.#control);
      if (!await within(this.#settled(), DISPOSE_MILLISECONDS)) {
        abortRun(this.#control);
        await within(this.#settled(), DISPOSE_MILLISECONDS);
      }
    }
    this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Waits until no worker runs anything. */
  async #settled(): Promise<void> {
    await Promise.all(this.#handles.map((handle) => handle.settled()));
  }

  /** Terminates the workers. */
  #close(): void {
    this.#closed = true;
    // A Web Worker that is terminated in its sleep would keep the process alive: wake it first.
    abortRun(this.#control);
    for (const handle of this.#handles) {
      const runs = this.#ready && handle.waiting;
      if (runs) this.#forced = true;
      if (runs && this.#inBlas) handle.leave();
      else if (!handle.over) handle.terminate();
    }
  }

  /** Asks the first workers; with the first failure the others are stopped and the pool is closed. */
  async #all(
    ask: (handle: WorkerHandle) => Promise<unknown>,
    workers: number = this.size,
  ) {
    let failure: unknown;
    const answers = this.#handles.slice(0, workers).map(async (handle) => {
      try {
        await ask(handle);
      } catch (error) {
        // The worker that failed may well answer after those that stopped because of it.
        if (failure === undefined || failure instanceof WorkerStopped) {
          failure = error;
        }
        if (error instanceof WorkerStopped) return;
        // Those that start can't be asked to stop.
        if (!this.#ready) return this.#close();
        abortRun(this.#control);
        if (!await within(this.#settled(), FAILURE_MILLISECONDS)) this.#close();
      }
    });
    await Promise.all(answers);
    if (failure === undefined) return;
    if (!(failure instanceof WorkerStopped)) this.#close();
    throw failure;
  }
}
