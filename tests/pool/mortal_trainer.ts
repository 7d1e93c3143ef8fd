/** The real worker, but for number 1: it ends itself without a word as soon as it is to run something. */
import type { ToWorker } from "../../src/pool/messages.ts";

let mortal = false;

self.addEventListener("message", (event) => {
  const { data } = event as MessageEvent<ToWorker>;
  if (data.type === "init") mortal = data.ith === 1;
  if (data.type === "run" && mortal) {
    event.stopImmediatePropagation();
    self.close();
  }
});

await import("../../workers/trainer.ts");
