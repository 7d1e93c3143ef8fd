import { StateError } from "../checks/errors.ts";
import type { Plan, Run } from "../plan/plan.ts";
import { CONTROL_BYTES, resetControl, STOPPED_AT, stopRun } from "./control.ts";
import { Lockstep, RunAborted } from "./lockstep.ts";
import type { Pool } from "./pool.ts";
import type { PoolOptions } from "./worker_pool.ts";
import { PROVIDERS } from "../providers/providers.ts";
import { turnTaker } from "../slices/in_slices.ts";
import { type Context, runPlan } from "./run_plan.ts";

/**
 * Runs plans in the calling thread: for small networks in a thread of a search, where starting a worker would take longer,
 * and for pages whose workers can't share memory.
 */
export class OwnPool implements Pool {
  readonly #options: PoolOptions;
  readonly #control: Int32Array<SharedArrayBuffer>;
  #context: Context | undefined;
  #closed = false;
  readonly #turns: boolean;
  readonly forced = false;

  /** @param turns Whether the event loop runs between batches; otherwise the thread is blocked. */
  constructor(options: PoolOptions, turns = false) {
    this.#options = options;
    this.#turns = turns;
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

  async run(
    plan: Plan,
    run: Run,
    signal?: AbortSignal,
  ): Promise<number | undefined> {
    if (this.#closed || this.#context === undefined) {
      throw new StateError("Cannot run a plan as the pool is closed");
    }
    const turn = turnTaker();
    const step = this.#turns ? 1 : run.to - run.from;
    try {
      for (let from = run.from; from < run.to; from += step) {
        if (from > run.from) await turn();
        // Not in the middle of a batch, which nobody interrupts here.
        if (signal?.aborted && from > run.from) {
          return (from - run.from) * plan.stages.length;
        }
        resetControl(this.#control);
        if (signal?.aborted) stopRun(this.#control);
        const steps = run.steps + from - run.from;
        runPlan(this.#context, plan, { ...run, steps, from, to: from + step });
      }
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
