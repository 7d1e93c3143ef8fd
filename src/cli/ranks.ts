/** The processes that train together, if `--distributed` says so. */
import type { Communicator } from "../distributed/communicator.ts";
import { mpi } from "../distributed/mpi.ts";
import { requireChoice } from "../checks/validate.ts";
import type { FlagValues, Option } from "./arguments.ts";

/** The option that asks for them. */
export const DISTRIBUTED_OPTION = {
  distributed: {
    value: "NAME",
    help:
      "train together with the processes that mpirun has started: mpi; with --allow-ffi",
  },
} as const satisfies Record<string, Option>;

/**
 * Joins the other processes, runs the command, and leaves them. What fails names the rank; the process has to end then, so that
 * `mpirun` ends the others.
 */
export async function withRanks(
  flags: FlagValues,
  run: (distributed: Communicator | undefined) => Promise<void>,
): Promise<void> {
  if (flags.distributed === undefined) return await run(undefined);
  requireChoice("train", "--distributed", flags.distributed, ["mpi"]);
  const distributed = await mpi();
  try {
    await run(distributed);
  } catch (error) {
    if (error instanceof Error && distributed.size > 1) {
      const { rank, size } = distributed;
      error.message = `Rank ${rank} of ${size}: ${error.message}`;
    }
    throw error;
  }
  await distributed[Symbol.asyncDispose]();
}
