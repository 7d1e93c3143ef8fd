/** The entry of the thread that calls MPI: it opens it once, then does what the main thread, or in a run the workers, ask for. */
import { findMpi } from "../src/distributed/find_mpi.ts";
import { MpiCalls } from "../src/distributed/mpi_calls.ts";
import type { FromMpi, ToMpi } from "../src/distributed/mpi_thread.ts";
import {
  ASKED,
  COLLECTIVE_CONTROL_BYTES,
  DONE,
  OVER,
  WHICH,
} from "../src/step/collectives.ts";

/** The main thread, under the type that both ends of a worker share. Node's workers have no `self`. */
const main = globalThis as unknown as Pick<
  Worker,
  "postMessage" | "addEventListener"
>;

/** How often the others are thought of while nothing is asked for. */
const IDLE_MILLISECONDS = 250;

let mpi: MpiCalls;

function answer(message: ToMpi): FromMpi {
  switch (message.type) {
    case "open": {
      mpi = new MpiCalls(findMpi(message.path));
      setInterval(() => mpi.look(), IDLE_MILLISECONDS);
      const { rank, size, version, processes } = mpi;
      return { type: "opened", rank, size, version, processes };
    }
    case "gather":
      return { type: "gathered", bytes: mpi.gatherBytes(message.bytes) };
    case "serve":
      return { type: "served", milliseconds: serve(message) };
    case "gatherFloats":
      for (const each of message.pieces) {
        mpi.gatherBetween(message.memory, each);
      }
      return { type: "gatheredFloats" };
    case "close":
      return { type: "closed", together: mpi.finalize() };
  }
}

/** Does what the workers ask for until nobody will ask any more; returns how long that took. */
function serve(
  { memory, control, collectives }: Extract<ToMpi, { type: "serve" }>,
): number {
  const words = new Int32Array(
    memory.buffer as unknown as SharedArrayBuffer,
    control,
    COLLECTIVE_CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT,
  );
  let milliseconds = 0;
  try {
    for (let done = 0;; done++) {
      while (Atomics.load(words, ASKED) === done) {
        Atomics.wait(words, ASKED, done, IDLE_MILLISECONDS);
        mpi.look();
      }
      if (Atomics.load(words, ASKED) === OVER) return milliseconds;
      const before = performance.now();
      mpi.collect(memory, collectives[words[WHICH]]);
      milliseconds += performance.now() - before;
      Atomics.store(words, DONE, done + 1);
      Atomics.notify(words, DONE);
    }
  } catch (error) {
    Atomics.store(words, DONE, OVER);
    Atomics.notify(words, DONE);
    throw error;
  }
}

main.addEventListener("message", ({ data }: MessageEvent<ToMpi>) => {
  try {
    main.postMessage(answer(data));
  } catch (error) {
    const { name, message } = error as Error;
    main.postMessage({ type: "failed", name, message } satisfies FromMpi);
  }
});
