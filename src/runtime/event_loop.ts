/** Turns of the event loop. */
import { builtin } from "./builtins.ts";

/** Calls a function after timers and I/O had their turn. Pages have no `setImmediate`: a message to oneself is as soon. */
const soon: (call: () => void) => unknown =
  builtin("node:timers")?.setImmediate ?? ((call) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      call();
    };
    port2.postMessage(0);
  });

/**
 * Lets timers and I/O of the calling thread have their turn. `setTimeout` would wait for a millisecond each time: with turns
 * after 3 ms of work, `setImmediate` leaves 91 % of the time to work, `setTimeout` 64 %.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => soon(resolve));
}
