/** A worker that starts early, while the program waits for something else, before it is known what it will compute. */
import { TRAINER } from "../runtime/entries.ts";
import { mayRead } from "../runtime/files.ts";
import { WorkerHandle } from "./worker_handle.ts";

let early: WorkerHandle | undefined;

/**
 * Starts the first worker of the next pool, so that it loads its modules meanwhile. A missing permission is reported later,
 * by the pool.
 */
export async function startEarlyWorker(): Promise<void> {
  if (early !== undefined || !await mayRead(TRAINER)) return;
  early = new WorkerHandle(0, TRAINER);
}

/** Gives the early worker to the first pool that starts a worker of its kind. */
export function takeEarlyWorker(
  ith: number,
  entry: URL,
): WorkerHandle | undefined {
  if (ith > 0 || entry !== TRAINER || early?.over !== false) return undefined;
  const taken = early;
  early = undefined;
  return taken;
}
