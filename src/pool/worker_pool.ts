import { explainedError, StateError } from "../errors.ts";
import type { Arena } from "../memory/arena.ts";
import type { Plan, Run } from "../step/plan.ts";
import { SPINS_WITH_OWN_CORE, SPINS_WITH_SHARED_CORE } from "./lockstep.ts";
import { abortRun, CONTROL_BYTES, resetControl } from "./control.ts";
import type { FromWorker, KernelSetName, ToWorker } from "./messages.ts";
import { WorkerHandle, WorkerStopped } from "./worker_handle.ts";

/** The most workers that a pool may have. */
export const MAXIMUM_WORKERS = 256;

/** How a pool is set up. */
export interface PoolOptions {
  readonly arena: Arena;
  /** Byte offset of a control block, {@linkcode CONTROL_BYTES} long. */
  readonly control: number;
  readonly workers: number;
  readonly kernels: KernelSetName;
  /** Path of the BLAS, if plans may need it. */
  readonly blas?: string;
  /** The module that a worker runs. Default: `workers/trainer.ts` */
  readonly entry?: URL;
}

const TRAINER = new URL("../../workers/trainer.ts", import.meta.url);

/**
 * A worker from a file needs the permission to read it: without, each would print an error of its own.
 *
 * @throws {Deno.errors.NotCapable} If it is missing, and not given when asked for.
 */
async function requireRead(entry: URL): Promise<void> {
  if (entry.protocol !== "file:") return;
  const { state } = await Deno.permissions.request({
    name: "read",
    path: entry,
  });
  if (state === "granted") return;
  throw explainedError(
    new Deno.errors.NotCapable(
      "Cannot start the workers as the permission is missing: run again with --allow-read",
    ),
  );
}

/**
 * Workers that run plans in step on one shared memory. Started once; they sleep between runs. A pool in which a worker
 * failed ends all its workers and can't be used again.
 */
export class WorkerPool {
  readonly #handles: WorkerHandle[];
  readonly #control: Int32Array<SharedArrayBuffer>;
  /** Numbers under which the workers know their plans. */
  readonly #planIds = new Map<Plan, number>();
  #nextPlanId = 0;
  #closed = false;

  private constructor(
    handles: WorkerHandle[],
    control: Int32Array<SharedArrayBuffer>,
  ) {
    this.#handles = handles;
    this.#control = control;
  }

  /**
   * Starts the workers and waits until every one of them is ready.
   *
   * @throws {Deno.errors.NotCapable} If the permission to read the workers' file is missing.
   * @throws {Error} If a worker can't be started, with its own error.
   */
  static async start(options: PoolOptions): Promise<WorkerPool> {
    const { arena, workers, kernels, blas, entry = TRAINER } = options;
    await requireRead(entry);
    const control = arena.integers(
      options.control,
      CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT,
    );
    const spins = workers <= navigator.hardwareConcurrency
      ? SPINS_WITH_OWN_CORE
      : SPINS_WITH_SHARED_CORE;
    const handles = Array.from(
      { length: workers },
      (_, ith) => new WorkerHandle(ith, entry),
    );
    const pool = new WorkerPool(handles, control);
    await pool.#all((handle) =>
      handle.ask({
        type: "init",
        ith: handle.ith,
        nth: workers,
        memory: arena.memory,
        control: options.control,
        spins,
        kernels,
        ...(blas === undefined ? {} : { blas }),
        lock: handle.lock,
      })
    );
    for (const handle of handles) handle.watch();
    return pool;
  }

  /** How many workers there are. */
  get size(): number {
    return this.#handles.length;
  }

  /** Whether the pool was disposed, or a worker failed. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Runs a plan on all workers, and resolves once the last one is done. One run at a time.
   *
   * @throws {Error} If a worker throws or dies; the pool is closed then.
   */
  async run(plan: Plan, run: Run): Promise<void> {
    if (this.#closed) {
      throw new StateError("Cannot run a plan as the worker pool is closed");
    }
    resetControl(this.#control);
    let planId = this.#planIds.get(plan);
    const known = planId !== undefined;
    if (planId === undefined) {
      planId = this.#nextPlanId++;
      this.#planIds.set(plan, planId);
    }
    const message: ToWorker = known
      ? { type: "run", planId, run }
      : { type: "run", planId, run, plan };
    await this.#all((handle) => handle.ask(message));
  }

  /** Lets the workers forget a plan. */
  forget(plan: Plan): void {
    const planId = this.#planIds.get(plan);
    if (planId === undefined || this.#closed) return;
    this.#planIds.delete(plan);
    for (const handle of this.#handles) handle.tell({ type: "forget", planId });
  }

  /** Ends the workers, and resolves once they are gone. A run under way rejects. */
  async dispose(): Promise<void> {
    this.#closed = true;
    // A worker that is ended in its sleep would keep the process alive: wake it first.
    abortRun(this.#control);
    await Promise.all(this.#handles.map((handle) => handle.end()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Asks every worker; with the first failure the others are stopped and the pool is closed. */
  async #all(ask: (handle: WorkerHandle) => Promise<FromWorker>) {
    let failure: unknown;
    await Promise.all(this.#handles.map(async (handle) => {
      try {
        await ask(handle);
      } catch (error) {
        // The worker that failed may well answer after those that stopped because of it.
        if (failure === undefined || failure instanceof WorkerStopped) {
          failure = error;
        }
        abortRun(this.#control);
      }
    }));
    if (failure !== undefined) {
      await this.dispose();
      throw failure;
    }
  }
}
