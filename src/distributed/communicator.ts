/** Ranks that compute together, as the main thread of one of them sees it. */
import { StateError, SystemError } from "../checks/errors.ts";
import { MPI } from "../runtime/entries.ts";
import { startThread, type Thread } from "../runtime/thread.ts";
import {
  ASKED,
  type Collective,
  OVER,
  type Pieces,
} from "../step/collectives.ts";
import type { FromMpi, RankProcess, ToMpi } from "./mpi_thread.ts";

interface Pending {
  resolve(message: FromMpi): void;
  reject(error: Error): void;
}

/** A message of the thread by its type. */
type Answer<T extends FromMpi["type"]> = Extract<FromMpi, { type: T }>;

/** What only this module can do with a {@linkcode Communicator}. */
let make: (line: Line, opened: Answer<"opened">) => Communicator;
let lineOf: (communicator: Communicator) => Line;

/**
 * The processes (ranks) that MPI joins, on one machine or several; `mpi()` returns it. All ranks have to make the same
 * calls in the same order, and wait for each other in each call.
 *
 * @example
 * ```ts
 * import { type Communicator, mpi } from "@lockstep/lockstep";
 *
 * async function hello() {
 *   await using ranks: Communicator = await mpi();
 *   const names = await ranks.gather(Deno.hostname());
 *   if (ranks.rank === 0) console.log(ranks.size, names);
 * }
 * ```
 */
export class Communicator {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** How many ranks there are. */
  readonly size: number;
  /** Name and version of the MPI library, such as "Open MPI v4.1.4". */
  readonly version: string;
  /** The machine and process of each rank, by its number. */
  readonly processes: readonly RankProcess[];
  readonly #line: Line;

  /** Made by {@linkcode openCommunicator}. */
  private constructor(line: Line, opened: Answer<"opened">) {
    this.#line = line;
    [this.rank, this.size] = [opened.rank, opened.size];
    this.version = opened.version;
    this.processes = opened.processes;
    if (this.size === 1) return;
    for (const type of UNCAUGHT) addEventListener(type, this.#tell);
  }

  // The runtime tells the error and ends the process, and `mpirun` the others: MPICH would name no rank.
  readonly #tell = () => {
    const own = `Rank ${this.rank} of ${this.size}`;
    console.error(`${own} has an error that nothing caught`);
  };

  /** How many ranks run on this machine, including this one; by default they share its cores evenly. */
  get sizeOnMachine(): number {
    const { machine } = this.processes[this.rank];
    return this.processes.filter((other) => other.machine === machine).length;
  }

  static {
    make = (line, opened) => new Communicator(line, opened);
    lineOf = (communicator) => communicator.#line;
  }

  /** Collects a text from each rank, in the order of ranks. */
  async gather(text: string): Promise<string[]> {
    const bytes = new TextEncoder().encode(text);
    const found = await this.#line.ask("gathered", { type: "gather", bytes });
    return found.bytes.map((each) => new TextDecoder().decode(each));
  }

  /** Collects numbers from each rank, in the order of ranks. */
  async gatherDoubles(
    own: Float64Array<ArrayBuffer>,
  ): Promise<Float64Array<ArrayBuffer>[]> {
    const bytes = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
    const found = await this.#line.ask("gathered", { type: "gather", bytes });
    return found.bytes.map((each) => new Float64Array(each.slice().buffer));
  }

  /**
   * Waits for all ranks, and ends MPI: it can't be opened again in this process.
   *
   * If others wait for this rank, it must have failed: says so on stderr, and has the process end with an error, which ends all of
   * them. Nothing is thrown, as that would hide why it left.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const { together } = await this.#line.ask("closed", { type: "close" });
      if (together) return;
      console.error(
        `Rank ${this.rank} of ${this.size} leaves while others wait for it, and ends them`,
      );
      Deno.exitCode = 1;
    } finally {
      for (const type of UNCAUGHT) removeEventListener(type, this.#tell);
      this.#line.end();
    }
  }
}

/** Events of errors that end the process. */
const UNCAUGHT = ["error", "unhandledrejection"] as const;

/** MPI itself would end the process when it is opened once more. */
let isOpened = false;

/**
 * @throws {StateError} If one was opened before.
 * @throws {SystemError} If no MPI can be opened, with what was tried.
 */
export async function openCommunicator(
  path: string | undefined,
): Promise<Communicator> {
  if (isOpened) {
    throw new StateError(
      "Cannot open an MPI as that can be done once in a process: use the one that was opened",
    );
  }
  isOpened = true;
  const line = new Line();
  try {
    return make(line, await line.ask("opened", { type: "open", path }));
  } catch (error) {
    isOpened = false;
    line.end();
    throw error;
  }
}

/**
 * Does what workers ask for while they run, which sets the control block to zeros before, and calls {@linkcode endService}
 * after.
 */
export async function serve(
  communicator: Communicator,
  memory: WebAssembly.Memory,
  control: number,
  collectives: readonly Collective[],
): Promise<void> {
  const message = { type: "serve", memory, control, collectives } as const;
  await lineOf(communicator).ask("served", message);
}

/** Sends each rank its pieces, and receives those that each has for this one, while no worker runs. */
export async function exchangeFloats(
  communicator: Communicator,
  memory: WebAssembly.Memory,
  send: Pieces,
  receive: Pieces,
): Promise<void> {
  const message = { type: "exchangeFloats", memory, send, receive } as const;
  await lineOf(communicator).ask("exchangedFloats", message);
}

/** Tells the thread that nobody will ask any more in this run. */
export function endService(words: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(words, ASKED, OVER);
  Atomics.notify(words, ASKED);
}

/** A question, then its answer. */
class Line {
  readonly #thread: Thread<ToMpi>;
  #pending: Pending | undefined;
  #over: Error | undefined;

  constructor() {
    this.#thread = startThread<ToMpi, FromMpi>(MPI, "lockstep mpi", {
      message: (message) => this.#take()?.resolve(message),
      failed: (error) => this.#fail(error),
      ended: () => this.#fail(new Error("it ended")),
    });
  }

  async ask<T extends FromMpi["type"]>(
    type: T,
    message: ToMpi,
  ): Promise<Answer<T>> {
    const answer = await new Promise<FromMpi>((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over);
      this.#thread.keepAlive(true);
      this.#pending = { resolve, reject };
      this.#thread.post(message);
    });
    if (answer.type === type) return answer as Answer<T>;
    throw new SystemError(
      answer.type === "failed" ? answer.message : `MPI answered ${answer.type}`,
    );
  }

  end(): void {
    this.#thread.terminate();
  }

  #fail(error: Error): void {
    this.#over = new SystemError(
      `Cannot go on as the thread that calls MPI failed: ${error.message}`,
      { cause: error },
    );
    this.#take()?.reject(this.#over);
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#thread.keepAlive(false);
    return pending;
  }
}
