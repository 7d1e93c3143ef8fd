import { SystemError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireString } from "../checks/json_checks.ts";
import { IN_DENO } from "../runtime/builtins.ts";
import { type Communicator, openCommunicator } from "./communicator.ts";

/**
 * How {@linkcode mpi} finds its library.
 *
 * @example
 * ```ts
 * import { mpi, type MpiOptions } from "@lockstep/lockstep";
 *
 * const options: MpiOptions = { library: "/opt/mpich/lib/libmpi.so" };
 * const join = () => mpi(options);
 * ```
 */
export interface MpiOptions {
  /** The library, such as `/opt/mpich/lib/libmpi.so`. Default: the one of the `mpirun` that started the process */
  readonly library?: string;
}

/**
 * Joins the processes that `mpirun` started, so that they train networks together: see the option `distributed` of a network.
 * Works with Open MPI, and with MPICH and libraries that have its binary interface, on Linux with `--allow-ffi`. Call it
 * once in a process. Without `mpirun`, the process is the only rank.
 *
 * A separate thread calls MPI, so that this one is never blocked. All ranks have to reach the end of the block with `await
 * using`, where MPI ends for all together. If a rank gets there early because of an error, or doesn't respond for 4 s, all
 * ranks end.
 *
 * @throws {TypeError} If an option is unknown or of the wrong type.
 * @throws {SystemError} If this isn't Deno, or no MPI can be opened, with what was tried.
 * @throws {StateError} If this process has opened one before.
 *
 * @example Train on as many processes as `mpirun -n` says
 * ```ts
 * import { loadDataset, Mlp, mpi } from "@lockstep/lockstep";
 *
 * async function trainTogether() {
 *   await using distributed = await mpi();
 *   const { train } = await loadDataset("mnist-60k");
 *   await using mlp = new Mlp({ layers: [784, 70, 10], distributed });
 *   await mlp.fit(train, { epochs: 5 });
 *   if (distributed.rank === 0) await mlp.save("model.json");
 * }
 * ```
 */
export async function mpi(options: MpiOptions = {}): Promise<Communicator> {
  const action = "open an MPI";
  requireOptions(action, options, ["library"]);
  if (!IN_DENO) {
    throw new SystemError(
      "Cannot open an MPI as only Deno can call it: train with Lockstep's package for Deno",
    );
  }
  const { library } = options;
  if (library !== undefined) requireString(action, "library", library);
  return await openCommunicator(library);
}
