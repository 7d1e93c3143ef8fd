import { setImmediate } from "node:timers";

/** Milliseconds of work after which timers and I/O get their turn: well under a timer of 10 ms. */
const SLICE_MILLISECONDS = 3;

/**
 * Calls `use` with the ranges `[from, to)` of 0 … `count`, and lets the event loop have its turn every few milliseconds.
 *
 * @param size Length of a range: what takes well under a millisecond, as the clock is read after each.
 */
export async function inSlices(
  count: number,
  size: number,
  use: (from: number, to: number) => void,
): Promise<void> {
  let before = performance.now();
  for (let from = 0; from < count; from += size) {
    use(from, Math.min(from + size, count));
    if (performance.now() - before > SLICE_MILLISECONDS) {
      await yieldToEventLoop();
      before = performance.now();
    }
  }
}

/**
 * Lets timers and I/O of the calling thread have their turn. Not by `setTimeout`, which waits for a millisecond: of 3 ms of
 * work and a turn, 91 % were work then instead of 64 %.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
