/**
 * The real worker, but number 1 has the fault that an environment variable says: it ends, throws, stalls, sleeps or stays
 * silent while its module loads, when it is set up, or when it is to run something. Not what stands behind a `?`: each of
 * those would be checked for types anew.
 */
import type { ToWorker } from "../../src/pool/messages.ts";

const [when, how] = Deno.env.get("LOCKSTEP_FAULT")!.split("-");

/** Tells the test that it is about to happen, and does it. */
function fault(): void {
  const channel = new BroadcastChannel("lockstep fault");
  channel.postMessage("now");
  channel.close();
  if (how === "ends") globalThis.close();
  if (how === "throws") throw new Error("out of order");
  // Longer than any test waits, and not for ever: a module that loads can't be terminated, and would take a core from others.
  const end = performance.now() + 5_000;
  while (how === "stalls" && performance.now() < end);
  if (how === "sleeps") {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}

let mine = false;

globalThis.addEventListener("message", (event) => {
  const { data } = event as MessageEvent<ToWorker>;
  if (data.type === "init") mine = data.ith === 1;
  if (data.type !== when || !mine) return;
  event.stopImmediatePropagation();
  fault();
});

// Which one it is isn't known yet: all of them have it.
if (when === "load") fault();
await import("../../workers/trainer.ts");
