import type { Plan, Run } from "../plan/plan.ts";
import { type PoolOptions, WorkerPool } from "./worker_pool.ts";

/** What runs plans: workers, or the calling thread itself. */
export interface Pool {
  /** Whether it can't be used any more. */
  readonly closed: boolean;
  /** Whether it was ended in the middle of a run. */
  readonly forced: boolean;
  start(): Promise<void>;
  /** Runs a plan; returns how many stages were done, if it was stopped. */
  run(plan: Plan, run: Run, signal?: AbortSignal): Promise<number | undefined>;
  forget(plan: Plan): void;
  dispose(): Promise<void>;
}

let make = (options: PoolOptions): Pool => new WorkerPool(options);

/** Makes what runs the plans of a network. */
export function makePool(options: PoolOptions): Pool {
  return make(options);
}

/** Has the networks of this thread computed by something else than workers of their own, for a thread that may block. */
export function setPools(maker: (options: PoolOptions) => Pool): void {
  make = maker;
}
