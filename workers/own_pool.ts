import { StateError } from "../src/checks/errors.ts";
import type { Plan, Run } from "../src/plan/plan.ts";
import {
  CONTROL_BYTES,
  resetControl,
  STOPPED_AT,
  stopRun,
} from "../src/pool/control.ts";
import { Lockstep, RunAborted } from "../src/pool/lockstep.ts";
import type { Pool } from "../src/pool/pool.ts";
import type { PoolOptions } from "../src/pool/worker_pool.ts";
import { PROVIDERS } from "../src/providers/providers.ts";
import { type Context, runPlan } from "./run_plan.ts";

/** Runs plans in the calling thread, which it blocks: for small networks in a worker, where to start another takes longer. */
export class OwnPool implements Pool {
  readonly #options: PoolOptions;
  readonly #control: Int32Array<SharedArrayBuffer>;
  #context: Context | undefined;
  #closed = false;
  readonly forced = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#control = options.arena.integers(
      options.control,
      CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT,
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  async start(): Promise<void> {
    const { arena: { memory }, provider: { name, setup } } = this.#options;
    this.#context = {
      ...await PROVIDERS[name].open(memory, setup),
      ...{ ith: 0, memory, lockstep: new Lockstep(this.#control, 1, 0, 0) },
    };
  }

  // deno-lint-ignore require-await -- what fails rejects, as that of workers does
  async run(
    plan: Plan,
    run: Run,
    signal?: AbortSignal,
  ): Promise<number | undefined> {
    if (this.#closed || this.#context === undefined) {
      throw new StateError("Cannot run a plan as the pool is closed");
    }
    resetControl(this.#control);
    if (signal?.aborted) stopRun(this.#control);
    try {
      runPlan(this.#context, plan, run);
      return undefined;
    } catch (error) {
      if (!(error instanceof RunAborted)) throw error;
      return Atomics.load(this.#control, STOPPED_AT);
    }
  }

  forget(_: Plan): void {}

  dispose(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}
