/** The functions of MPI that are used, called by the one thread that opened it (`MPI_THREAD_FUNNELED`). */
import { SystemError } from "../checks/errors.ts";
import { type Collective, type Pieces, startsOf } from "../step/collectives.ts";
import type { FoundMpi } from "./find_mpi.ts";
import type { RankProcess } from "./mpi_thread.ts";
import { Watch } from "./watch.ts";

const MPI_THREAD_FUNNELED = 1;
const MPI_MAX_ERROR_STRING = 1024;
/** 128 of MPICH, 256 of Open MPI. */
const MPI_MAX_PROCESSOR_NAME = 256;
const MPI_MAX_LIBRARY_VERSION_STRING = 8192;

/** How often to look whether the others have come before the thread sleeps between two looks: about 1 ms. */
const LOOKS = 2_000;
const NAP_MILLISECONDS = 0.05;

/** That of signs of life. */
const TAG = 1;

const H = "u64";
const P = "pointer";
const B = "buffer";
const I = "i32";

/** Handles and counts in the order of `mpi.h`; buffers in the shared memory are pointers. */
const SIGNATURES = {
  MPI_Init_thread: [P, P, I, B],
  MPI_Comm_set_errhandler: [H, H],
  MPI_Comm_rank: [H, B],
  MPI_Comm_size: [H, B],
  MPI_Iallgather: [B, I, H, B, I, H, H, B],
  MPI_Iallgatherv: [H, I, H, P, B, B, H, H, B],
  MPI_Ialltoallv: [P, B, B, H, P, B, B, H, H, B],
  MPI_Comm_dup: [H, B],
  MPI_Isend: [B, I, H, I, I, H, B],
  MPI_Iprobe: [I, I, H, B, H],
  MPI_Recv: [B, I, H, I, I, H, H],
  MPI_Ibarrier: [H, B],
  MPI_Abort: [H, I],
  MPI_Test: [B, B, H],
  MPI_Error_string: [I, B, B],
  MPI_Get_library_version: [B, B],
  MPI_Get_processor_name: [B, B],
  MPI_Finalize: [],
} as const satisfies Record<string, readonly Deno.NativeType[]>;

type Name = keyof typeof SIGNATURES;

/** An MPI that was initialized. */
export class MpiCalls {
  readonly rank: number;
  readonly size: number;
  /** What the library says of itself, its first line. */
  readonly version: string;
  /** Where each rank is. */
  readonly processes: readonly RankProcess[];
  readonly #mpi: FoundMpi;
  /** For what isn't part of the training; its own, so that it meets nothing else. */
  readonly #control: bigint;
  readonly #watch: Watch | undefined;
  /** Whether MPI can be called no more: it was ended, or a call failed. */
  #isOver = false;
  /** Nobody wakes who waits for it. */
  readonly #never = new Int32Array(new SharedArrayBuffer(4));
  readonly #functions = new Map<Name, (...args: unknown[]) => number>();

  /** @throws {SystemError} If it can't be initialized. */
  constructor(mpi: FoundMpi) {
    this.#mpi = mpi;
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
    const control = new BigUint64Array(1);
    this.#call("MPI_Comm_dup", world, control);
    this.#control = control[0];
    if (this.size > 1) this.#watch = this.#watchOthers();
  }

  /** Signs of life: to the next rank, and of the one before. */
  #watchOthers(): Watch {
    const { byte, ignoreStatus } = this.#mpi.abi;
    const next = (this.rank + 1) % this.size;
    const sent = new Int32Array(2);
    const received = new Int32Array(2);
    const bytes = sent.byteLength;
    let request: BigUint64Array | undefined;
    const flag = new Int32Array(1);
    const isThere = () => {
      const at = [this.#before, TAG, this.#control] as const;
      this.#call("MPI_Iprobe", ...at, flag, ignoreStatus);
      return flag[0] !== 0;
    };
    return new Watch({
      send: (numbers) => {
        if (request !== undefined && !this.#isDone(request)) return false;
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
    if (this.#isOver) return;
    const verdict = this.#watch?.look() ?? "fine";
    if (verdict === "fine") return;
    const { pid, machine } = this.processes[this.#before];
    const what = verdict === "silent"
      ? "has given no sign of life for 4 s"
      : "has left before the others";
    console.error(
      `Cannot go on as rank ${this.#before} of ${this.size}, process ${pid} on ${machine}, ${what}`,
    );
    this.#call("MPI_Abort", this.#mpi.abi.world, 1);
  }

  /** The numbers of all ranks, one after another; each gives as many. */
  gatherNumbers(own: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    const all = new Int32Array(own.length * this.size);
    const { world, byte } = this.#mpi.abi;
    const bytes = own.byteLength;
    this.#wait("MPI_Iallgather", own, bytes, byte, all, bytes, byte, world);
    return all;
  }

  /** The bytes of all ranks, by their numbers. */
  gatherBytes(own: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const counts = this.gatherNumbers(Int32Array.of(own.length));
    const places = startsOf(counts);
    const all = new Uint8Array(places.at(-1)! + counts.at(-1)!);
    all.set(own, places[this.rank]);
    const { world, byte, inPlace } = this.#mpi.abi;
    this.#wait(
      "MPI_Iallgatherv",
      ...[inPlace, 0, byte, Deno.UnsafePointer.of(all), counts, places],
      ...[byte, world],
    );
    return Array.from(
      counts,
      (count, rank) => all.slice(places[rank], places[rank] + count),
    );
  }

  /** Does what all ranks do together. */
  collect(memory: WebAssembly.Memory, collective: Collective): void {
    if (collective.kind === "gather") {
      this.#gatherFloats(memory, collective.pieces);
    } else this.#exchangeFloats(memory, collective);
  }

  /** Brings the pieces of all ranks to each of them, where each has its own already. */
  #gatherFloats(memory: WebAssembly.Memory, pieces: Pieces): void {
    const { world, float, inPlace } = this.#mpi.abi;
    this.#wait(
      "MPI_Iallgatherv",
      ...[inPlace, 0, float, at(memory, pieces.offset)],
      ...[pieces.counts, pieces.places, float, world],
    );
  }

  /** Sends each rank its piece, and receives from each rank what it has for this one. */
  #exchangeFloats(
    memory: WebAssembly.Memory,
    { send, receive }: { readonly send: Pieces; readonly receive: Pieces },
  ): void {
    const { world, float } = this.#mpi.abi;
    this.#wait(
      "MPI_Ialltoallv",
      ...[at(memory, send.offset), send.counts, send.places, float],
      ...[at(memory, receive.offset), receive.counts, receive.places],
      ...[float, world],
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
      if (this.#isOver) return false;
      watch.leave();
      const request = new BigUint64Array(1);
      this.#call("MPI_Ibarrier", this.#control, request);
      while (!this.#isDone(request)) {
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

  /**
   * Starts a call that doesn't wait by itself, and waits for its end: MPI's own waiting takes a core however long it lasts, which
   * where ranks share cores is what the others need.
   */
  #wait(name: Name, ...args: unknown[]): void {
    const request = new BigUint64Array(1);
    this.#call(name, ...args, request);
    if (this.#watch !== undefined) this.#watch.begun++;
    for (let looks = 0; !this.#isDone(request); looks++) {
      if (looks >= LOOKS) this.#nap();
    }
  }

  #isDone(request: BigUint64Array): boolean {
    const done = new Int32Array(1);
    this.#call("MPI_Test", request, done, this.#mpi.abi.ignoreStatus);
    return done[0] !== 0;
  }

  #nap(): void {
    this.look();
    Atomics.wait(this.#never, 0, 0, NAP_MILLISECONDS);
  }

  #call(name: Name, ...args: unknown[]): void {
    const code = this.#function(name)(...args);
    if (code === 0) return;
    this.#isOver = true;
    const [text, length] = [
      new Uint8Array(MPI_MAX_ERROR_STRING),
      new Int32Array(1),
    ];
    this.#function("MPI_Error_string")(code, text, length);
    throw new SystemError(
      `Cannot go on as ${name} failed: ${textOf(text) || `code ${code}`}`,
    );
  }

  #function(name: Name): (...args: unknown[]) => number {
    let found = this.#functions.get(name);
    if (found === undefined) {
      const pointer = this.#mpi.library.symbol(name);
      if (pointer === null) {
        throw new SystemError(
          `Cannot use ${this.#mpi.name} as it has no ${name}`,
        );
      }
      const parameters: readonly Deno.NativeType[] = SIGNATURES[name];
      const type = { parameters, result: I } as const;
      const native = new Deno.UnsafeFnPointer(
        pointer as Deno.PointerObject<typeof type>,
        type,
      );
      found = (...args) => native.call(...args as []) as number;
      this.#functions.set(name, found);
    }
    return found;
  }
}

/** The address of a place in the memory. */
function at(memory: WebAssembly.Memory, offset: number): Deno.PointerValue {
  return Deno.UnsafePointer.of(
    new Uint8Array(memory.buffer as unknown as ArrayBuffer, offset),
  );
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
