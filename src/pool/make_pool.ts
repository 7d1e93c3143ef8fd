import { sharesMemory } from "../runtime/shared.ts";
import { OwnPool } from "./own_pool.ts";
import type { Pool } from "./pool.ts";
import { type PoolOptions, WorkerPool } from "./worker_pool.ts";

let make = (options: PoolOptions): Pool =>
  sharesMemory() ? new WorkerPool(options) : new OwnPool(options, true);

/** Makes what runs the plans of a network: workers, where they can share its memory. */
export function makePool(options: PoolOptions): Pool {
  return make(options);
}

/** Has the networks of this thread computed by something else than workers of their own, for a thread that may block. */
export function setPools(maker: (options: PoolOptions) => Pool): void {
  make = maker;
}
