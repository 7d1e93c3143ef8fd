/**
 * The thread that calls MPI, as both ends know it. It has a thread of its own, so that the main one answers timers while ranks
 * wait for each other, and so that MPI is called by one thread alone.
 */
import type { Collective, Pieces } from "../step/collectives.ts";

/**
 * Where a rank runs.
 *
 * @example
 * ```ts
 * import type { RankProcess } from "@lockstep/lockstep";
 *
 * const told = ({ machine, pid }: RankProcess) => `process ${pid} on ${machine}`;
 * ```
 */
export interface RankProcess {
  /** The name of its machine. */
  readonly machine: string;
  /** Its process id there. */
  readonly pid: number;
}

export type ToMpi =
  | { readonly type: "open"; readonly path: string | undefined }
  | { readonly type: "gather"; readonly bytes: Uint8Array<ArrayBuffer> }
  | {
    readonly type: "serve";
    readonly memory: WebAssembly.Memory;
    /** Byte offset of the control block. */
    readonly control: number;
    readonly collectives: readonly Collective[];
  }
  | {
    readonly type: "exchangeFloats";
    readonly memory: WebAssembly.Memory;
    readonly send: Pieces;
    readonly receive: Pieces;
  }
  | { readonly type: "close" };

export type FromMpi =
  | {
    readonly type: "opened";
    readonly rank: number;
    readonly size: number;
    readonly version: string;
    readonly processes: readonly RankProcess[];
  }
  | {
    readonly type: "gathered";
    readonly bytes: readonly Uint8Array<ArrayBuffer>[];
  }
  | { readonly type: "served" }
  | { readonly type: "exchangedFloats" }
  | {
    readonly type: "closed";
    /** Not if others wait for this rank. */
    readonly together: boolean;
  }
  | {
    readonly type: "failed";
    readonly name: string;
    readonly message: string;
  };
