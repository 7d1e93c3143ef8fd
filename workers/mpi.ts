/** The entry of the thread that calls MPI: it opens it once, then does what the main thread, or in a run the workers, ask for. */
import { giveWay } from "../src/distributed/c_library.ts";
import { findMpi } from "../src/distributed/find_mpi.ts";
import {
  LOOKS,
  MpiCalls,
  type MpiRequest,
  NAP_MILLISECONDS,
} from "../src/distributed/mpi_calls.ts";
import type { FromMpi, ToMpi } from "../src/distributed/mpi_thread.ts";
import {
  ASKED,
  COLLECTIVE_CONTROL_BYTES,
  DONE,
  OVER,
  WHICH,
  WHICH_SLOTS,
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
      serve(message);
      return { type: "served" };
    case "exchangeFloats":
      mpi.exchangeBetween(message.memory, message);
      return { type: "exchangedFloats" };
    case "close":
      return { type: "closed", together: mpi.finalize() };
  }
}

/** Begins what the workers ask for and tells them when it is done, until nobody will ask any more. */
function serve(
  { memory, control, collectives }: Extract<ToMpi, { type: "serve" }>,
): void {
  const words = new Int32Array(
    memory.buffer as unknown as SharedArrayBuffer,
    control,
    COLLECTIVE_CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT,
  );
  const begun: MpiRequest[] = [];
  let looks = 0;
  try {
    for (let [asked, done] = [0, 0];;) {
      const wanted = Atomics.load(words, ASKED);
      if (wanted === OVER) return;
      for (; asked < wanted; asked++) {
        const which = words[WHICH + asked % WHICH_SLOTS];
        begun.push(mpi.begin(memory, collectives[which]));
        looks = 0;
      }
      if (begun.length === 0) {
        Atomics.wait(words, ASKED, asked, IDLE_MILLISECONDS);
        mpi.look();
      } else if (mpi.isDone(begun[0])) {
        begun.shift();
        looks = 0;
        Atomics.store(words, DONE, ++done);
        Atomics.notify(words, DONE);
      } else if (looks++ >= LOOKS) {
        mpi.look();
        Atomics.wait(words, ASKED, asked, NAP_MILLISECONDS);
      } else giveWay();
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
