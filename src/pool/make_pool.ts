import { sharesMemory } from "../runtime/shared.ts";
import { OwnPool } from "./own_pool.ts";
import type { Pool } from "./pool.ts";
import { type PoolOptions, WorkerPool } from "./worker_pool.ts";

let make = (options: PoolOptions): Pool =>
  sharesMemory() ? new WorkerPool(options) : new OwnPool(options, true);

/**
 * Makes the pool that runs the plans of a network: worker threads if they can share its memory, otherwise the calling
 * thread.
 */
export function makePool(options: PoolOptions): Pool {
  return make(options);
}

/** Sets how networks of this thread are computed, for threads that may block and need no workers of their own. */
export function setPools(maker: (options: PoolOptions) => Pool): void {
  make = maker;
}
