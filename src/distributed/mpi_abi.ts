/**
 * What the two families of MPI call their communicators and types: MPICH, with all that keep to its binary interface (Intel
 * MPI, MVAPICH, Cray MPT), has numbers of 32 bits, Open MPI addresses of symbols. Both are passed in a whole register, of which
 * MPICH reads the lower half. From their `mpi.h`.
 */
import type { CLibrary } from "./c_library.ts";

/** The handles that are used, each as what is passed to a call. */
export interface MpiAbi {
  readonly family: "MPICH" | "Open MPI";
  readonly world: bigint;
  readonly byte: bigint;
  readonly float: bigint;
  readonly errorsReturn: bigint;
  /** Instead of a buffer to send: what is sent lies where the result goes. */
  readonly inPlace: bigint;
  /** Instead of a place for what is known of a call that ended. */
  readonly ignoreStatus: bigint;
}

const MPICH: MpiAbi = {
  family: "MPICH",
  world: 0x4400_0000n,
  byte: 0x4c00_010dn,
  float: 0x4c00_040an,
  errorsReturn: 0x5400_0001n,
  inPlace: 0xffff_ffff_ffff_ffffn,
  ignoreStatus: 1n,
};

/** Finds out to which family a library belongs; `undefined` if it is no MPI. */
export function abiOf(library: CLibrary): MpiAbi | undefined {
  if (library.symbol("MPI_Init_thread") === null) return undefined;
  const address = (name: string) =>
    Deno.UnsafePointer.value(library.symbol(name));
  const world = address("ompi_mpi_comm_world");
  if (world === 0n) return MPICH;
  return {
    family: "Open MPI",
    world,
    byte: address("ompi_mpi_byte"),
    float: address("ompi_mpi_float"),
    errorsReturn: address("ompi_mpi_errors_return"),
    inPlace: 1n,
    ignoreStatus: 0n,
  };
}
