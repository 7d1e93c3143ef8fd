/** The functions of MPI that are used, called by the one thread that opened it (`MPI_THREAD_FUNNELED`). */
import { type Collective, type Pieces, startsOf } from "../step/collectives.ts";
import { giveWay } from "./c_library.ts";
import type { FoundMpi } from "./find_mpi.ts";
import { MpiFunctions, type Name, textOf } from "./mpi_functions.ts";
import type { RankProcess } from "./mpi_thread.ts";
import { Watch } from "./watch.ts";

const MPI_THREAD_FUNNELED = 1;
/** 128 of MPICH, 256 of Open MPI. */
const MPI_MAX_PROCESSOR_NAME = 256;
const MPI_MAX_LIBRARY_VERSION_STRING = 8192;

/** How often to look whether the others have come before the thread sleeps between two looks: about 1 ms. */
export const LOOKS = 2_000;
export const NAP_MILLISECONDS = 0.05;

/** From a last message to the end of all ranks. */
const SAYING_MILLISECONDS = 200;

/** That of signs of life. */
const TAG = 1;

/** What was begun and may not be done. */
export type MpiRequest = BigUint64Array<ArrayBuffer>;

/** What goes from each rank to each. */
type Exchanged = Pick<
  Extract<Collective, { kind: "exchange" }>,
  "send" | "receive"
>;

/** What is told of the rank before this one. */
const FAILURES = {
  silent: "has given no sign of life for 4 s",
  "left early": "has left before the others",
  elsewhere:
    "and this one wait for different things: call 'saveCheckpoint' in all of them",
} as const;

/** An MPI that was initialized. */
export class MpiCalls {
  readonly rank: number;
  readonly size: number;
  /** What the library says of itself, its first line. */
  readonly version: string;
  /** Where each rank is. */
  readonly processes: readonly RankProcess[];
  readonly #mpi: FoundMpi;
  /** Ranks once more, for signs of life, and for what is done between batches: what has its own meets nothing else. */
  readonly #control: bigint;
  readonly #between: bigint;
  readonly #watch: Watch | undefined;
  #isOver = false;
  /** Nobody wakes who waits for it. */
  readonly #never = new Int32Array(new SharedArrayBuffer(4));
  readonly #functions: MpiFunctions;

  /** @throws {SystemError} If it can't be initialized. */
  constructor(mpi: FoundMpi) {
    this.#mpi = mpi;
    this.#functions = new MpiFunctions(mpi);
    const { world, errorsReturn } = mpi.abi;
    this.#call(
      "MPI_Init_thread",
      null,
      null,
      MPI_THREAD_FUNNELED,
      new Int32Array(1),
    );
    // Else it ends the process, and no message says at what.
    this.#call("MPI_Comm_set_errhandler", world, errorsReturn);
    const number = new Int32Array(1);
    this.#call("MPI_Comm_rank", world, number);
    this.rank = number[0];
    this.#call("MPI_Comm_size", world, number);
    this.size = number[0];
    const text = new Uint8Array(MPI_MAX_LIBRARY_VERSION_STRING);
    this.#call("MPI_Get_library_version", text, number);
    this.version = textOf(text).split("\n")[0].trim().replace(/\s+/g, " ");
    const name = new Uint8Array(MPI_MAX_PROCESSOR_NAME);
    this.#call("MPI_Get_processor_name", name, number);
    const own: RankProcess = { machine: textOf(name), pid: Deno.pid };
    this.processes = this.gatherBytes(
      new TextEncoder().encode(JSON.stringify(own)),
    ).map((bytes) => JSON.parse(textOf(bytes)));
    const copy = new BigUint64Array(1);
    this.#call("MPI_Comm_dup", world, copy);
    this.#control = copy[0];
    this.#call("MPI_Comm_dup", world, copy);
    this.#between = copy[0];
    if (this.size > 1) this.#watch = this.#watchOthers();
  }

  /** Signs of life: to the next rank, and of the one before. */
  #watchOthers(): Watch {
    const { byte, ignoreStatus } = this.#mpi.abi;
    const next = (this.rank + 1) % this.size;
    const sent = new Int32Array(3);
    const received = new Int32Array(3);
    const bytes = sent.byteLength;
    let request: MpiRequest | undefined;
    const flag = new Int32Array(1);
    const isThere = () => {
      const at = [this.#before, TAG, this.#control] as const;
      this.#call("MPI_Iprobe", ...at, flag, ignoreStatus);
      return flag[0] !== 0;
    };
    return new Watch({
      send: (numbers) => {
        if (request !== undefined && !this.isDone(request)) return false;
        request = new BigUint64Array(1);
        sent.set(numbers);
        const to = [next, TAG, this.#control] as const;
        this.#call("MPI_Isend", sent, bytes, byte, ...to, request);
        return true;
      },
      receive: () => {
        let found: number[] | undefined;
        while (isThere()) {
          const from = [this.#before, TAG, this.#control] as const;
          const into = [received, bytes, byte] as const;
          this.#call("MPI_Recv", ...into, ...from, ignoreStatus);
          found = [...received];
        }
        return found;
      },
    });
  }

  get #before(): number {
    return (this.rank + this.size - 1) % this.size;
  }

  /** Tells the others that this rank lives, and ends all ranks if another one doesn't. */
  look(): void {
    if (!this.#isUsable) return;
    const verdict = this.#watch?.look() ?? "fine";
    if (verdict === "fine") return;
    const { pid, machine } = this.processes[this.#before];
    const what = FAILURES[verdict];
    console.error(
      `Cannot go on as rank ${this.#before} of ${this.size}, process ${pid} on ${machine}, ${what}`,
    );
    // Else mpirun may end before it has passed that on.
    Atomics.wait(this.#never, 0, 0, SAYING_MILLISECONDS);
    this.#call("MPI_Abort", this.#mpi.abi.world, 1);
  }

  /** The numbers of all ranks, one after another; each gives as many. */
  gatherNumbers(own: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    const all = new Int32Array(own.length * this.size);
    const { world, byte } = this.#mpi.abi;
    const bytes = own.byteLength;
    const sent = [own, bytes, byte] as const;
    this.#wait(
      this.#begin("MPI_Iallgather", ...sent, all, bytes, byte, world),
    );
    return all;
  }

  /** The bytes of all ranks, by their numbers. */
  gatherBytes(own: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const counts = this.gatherNumbers(Int32Array.of(own.length));
    const places = startsOf(counts);
    const all = new Uint8Array(places.at(-1)! + counts.at(-1)!);
    all.set(own, places[this.rank]);
    const { world, byte, inPlace } = this.#mpi.abi;
    this.#wait(this.#begin(
      "MPI_Iallgatherv",
      ...[inPlace, 0, byte, Deno.UnsafePointer.of(all), counts, places],
      ...[byte, world],
    ));
    return Array.from(
      counts,
      (count, rank) => all.slice(places[rank], places[rank] + count),
    );
  }

  /** Begins what all ranks do together in a training. */
  begin(memory: WebAssembly.Memory, collective: Collective): MpiRequest {
    const { world } = this.#mpi.abi;
    switch (collective.kind) {
      case "wait":
        return this.#begin("MPI_Ibarrier", world);
      case "gather":
        return this.#gatherFloats(memory, collective.pieces);
      case "exchange":
        return this.#exchangeFloats(memory, collective, world);
    }
  }

  /** The same between batches, which a rank may have asked for alone by mistake. */
  exchangeBetween(memory: WebAssembly.Memory, pieces: Exchanged): void {
    this.#wait(this.#exchangeFloats(memory, pieces, this.#between));
  }

  /** Brings the pieces of all ranks to each of them, where each has its own already. */
  #gatherFloats(memory: WebAssembly.Memory, pieces: Pieces): MpiRequest {
    const { float, inPlace, world } = this.#mpi.abi;
    return this.#begin(
      "MPI_Iallgatherv",
      ...[inPlace, 0, float, at(memory, pieces.offset)],
      ...[pieces.counts, pieces.places, float, world],
    );
  }

  /** Sends each rank its piece, and receives from each rank what it has for this one. */
  #exchangeFloats(
    memory: WebAssembly.Memory,
    { send, receive }: Exchanged,
    ranks: bigint,
  ): MpiRequest {
    const { float } = this.#mpi.abi;
    return this.#begin(
      "MPI_Ialltoallv",
      ...[at(memory, send.offset), send.counts, send.places, float],
      ...[at(memory, receive.offset), receive.counts, receive.places],
      ...[float, ranks],
    );
  }

  /**
   * Waits for all ranks, and ends MPI. Not as MPI does it, which would wait forever for a rank that waits for this one.
   *
   * @returns Whether it came to that: not if others go on, who wait for this one.
   */
  finalize(): boolean {
    const watch = this.#watch;
    if (watch !== undefined) {
      if (!this.#isUsable) return false;
      watch.leave();
      const request = new BigUint64Array(1);
      this.#call("MPI_Ibarrier", this.#control, request);
      while (!this.isDone(request)) {
        if (watch.isEarly) return false;
        this.#nap();
      }
      watch.go();
      while (!watch.isOver) this.#nap();
    }
    this.#call("MPI_Finalize");
    this.#isOver = true;
    return true;
  }

  /** Begins what doesn't wait by itself. */
  #begin(name: Name, ...args: unknown[]): MpiRequest {
    const request = new BigUint64Array(1);
    this.#call(name, ...args, request);
    if (this.#watch !== undefined) {
      this.#watch.begun[args.at(-1) === this.#between ? 1 : 0]++;
    }
    return request;
  }

  /** MPI's own waiting takes a core however long it lasts, which where ranks share cores is what the others need. */
  #wait(request: MpiRequest): void {
    for (let looks = 0; !this.isDone(request); looks++) {
      if (looks >= LOOKS) this.#nap();
      else giveWay();
    }
  }

  /** Whether it has come to its end. */
  isDone(request: MpiRequest): boolean {
    const done = new Int32Array(1);
    this.#call("MPI_Test", request, done, this.#mpi.abi.ignoreStatus);
    return done[0] !== 0;
  }

  #nap(): void {
    this.look();
    Atomics.wait(this.#never, 0, 0, NAP_MILLISECONDS);
  }

  #call(name: Name, ...args: unknown[]): void {
    this.#functions.call(name, ...args);
  }

  /** Whether MPI can be called: not once it was ended, or a call failed. */
  get #isUsable(): boolean {
    return !this.#isOver && !this.#functions.failed;
  }
}

/** The address of a place in the memory. */
function at(memory: WebAssembly.Memory, offset: number): Deno.PointerValue {
  return Deno.UnsafePointer.of(
    new Uint8Array(memory.buffer as unknown as ArrayBuffer, offset),
  );
}
