import { yieldToEventLoop } from "../runtime/event_loop.ts";

/** Milliseconds of work after which timers and I/O get their turn: few, so that a timer of 10 ms isn't late. */
const SLICE_MILLISECONDS = 3;

/**
 * Calls `use` with one range `[from, to)` after another, from 0 to `count`, and lets the event loop have its turn every few
 * milliseconds.
 *
 * @param size Length of a range. The clock is read after each, so a range should take well under a millisecond.
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

/** Makes a function that lets the event loop have its turn when the work since the last turn took some milliseconds. */
export function turnTaker(): () => Promise<void> {
  let before = performance.now();
  return async () => {
    if (performance.now() - before <= SLICE_MILLISECONDS) return;
    await yieldToEventLoop();
    before = performance.now();
  };
}
