import { StateError } from "../checks/errors.ts";
import { CLibrary, setDefault, variable } from "./c_library.ts";
import { abiOf, type MpiAbi } from "./mpi_abi.ts";

/** What a family's `mpirun` tells the processes that it starts, and its libraries, the first that can be opened is used. */
const FAMILIES = {
  "Open MPI": {
    variables: ["OMPI_COMM_WORLD_SIZE"],
    libraries: ["libmpi.so.40", "libmpi.so.80", "libmpi.so"],
  },
  "MPICH": {
    variables: ["PMI_SIZE", "PMI_RANK"],
    libraries: ["libmpich.so.12", "libmpi.so.12", "libmpich.so", "libmpi.so"],
  },
} as const satisfies Record<MpiAbi["family"], unknown>;

/** Slurm and others start processes of both families; then it is the first one that is there. */
const ORDER = ["MPICH", "Open MPI"] as const;

/** An MPI that was found. */
export interface FoundMpi {
  readonly library: CLibrary;
  readonly abi: MpiAbi;
  /** As it was opened. */
  readonly name: string;
}

/**
 * Opens the MPI whose `mpirun` started this process, as one of another family would make it a world of its own.
 *
 * @param path The library, where it isn't found by its name.
 *
 * @throws {StateError} If none can be opened, with all that were tried.
 */
export function findMpi(path?: string): FoundMpi {
  const starter = ORDER.find((family) =>
    FAMILIES[family].variables.some((name) => variable(name) !== undefined)
  );
  const families = starter === undefined ? ORDER : [starter];
  const names = path === undefined
    ? families.flatMap((family) => FAMILIES[family].libraries)
    : [path];
  // Debian's MPICH sends through UCX, which patches the code of `mmap` to see when memory is unmapped. A thread of the runtime
  // that runs that code meanwhile crashes the process.
  setDefault("UCX_MEM_MMAP_HOOK_MODE", "none");
  const failures: string[] = [];
  for (const name of new Set(names)) {
    try {
      const library = new CLibrary(name);
      const abi = abiOf(library);
      if (abi === undefined) failures.push(`${name}: it is no MPI`);
      else if (starter !== undefined && abi.family !== starter) {
        failures.push(
          `${name}: it is ${abi.family}, and ${starter} started this process`,
        );
      } else return { library, abi, name };
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new StateError(
    `Cannot open an MPI as none of ${names.length} can be used: ${
      failures.join("; ")
    }`,
  );
}
