/** The functions of an MPI, by their names. */
import { SystemError } from "../checks/errors.ts";
import type { FoundMpi } from "./find_mpi.ts";

const MPI_MAX_ERROR_STRING = 1024;

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

/** Those that are used. */
export type Name = keyof typeof SIGNATURES;

/** Calls them, and throws where they fail. */
export class MpiFunctions {
  readonly #mpi: FoundMpi;
  readonly #functions = new Map<Name, (...args: unknown[]) => number>();
  /** Whether one failed, so that no other one can be relied on. */
  failed = false;

  constructor(mpi: FoundMpi) {
    this.#mpi = mpi;
  }

  /** @throws {SystemError} If it fails, or isn't there. */
  call(name: Name, ...args: unknown[]): void {
    const code = this.#function(name)(...args);
    if (code === 0) return;
    this.failed = true;
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

/** Text that ends with a zero. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
