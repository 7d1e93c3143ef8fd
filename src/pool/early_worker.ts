/** A worker that starts before anybody knows what it is to compute, while something else is waited for. */
import { TRAINER } from "../runtime/entries.ts";
import { mayRead } from "../runtime/files.ts";
import { WorkerHandle } from "./worker_handle.ts";

let early: WorkerHandle | undefined;

/**
 * Starts the first worker of the next pool: it loads its modules meanwhile. Without the permission for it, the pool says so.
 */
export async function startEarlyWorker(): Promise<void> {
  if (early !== undefined || !await mayRead(TRAINER)) return;
  early = new WorkerHandle(0, TRAINER);
}

/** That worker, for a pool that starts one of its kind: the first to come has it. */
export function takeEarlyWorker(
  ith: number,
  entry: URL,
): WorkerHandle | undefined {
  if (ith > 0 || entry !== TRAINER || early?.over !== false) return undefined;
  const taken = early;
  early = undefined;
  return taken;
}
