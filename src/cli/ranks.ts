/** The processes that train together, if `--distributed` says so. */
import type { Communicator } from "../distributed/communicator.ts";
import { requireAgreement } from "../distributed/agree.ts";
import { mpi } from "../distributed/mpi.ts";
import { requireChoice } from "../checks/validate.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import { note } from "./print.ts";

/** The option that asks for them. */
export const DISTRIBUTED_OPTION = {
  distributed: {
    value: "NAME",
    help:
      "train together with the processes that mpirun has started: mpi; with --allow-ffi; {rank} in --dataset gives each its own file",
  },
} as const satisfies Record<string, Option>;

/**
 * Joins the other processes, runs the command, and leaves them. What fails names the rank; the process has to end then, so that
 * `mpirun` ends the others.
 */
export async function withRanks(
  flags: FlagValues,
  run: (
    flags: FlagValues,
    distributed: Communicator | undefined,
  ) => Promise<void>,
): Promise<void> {
  if (flags.distributed === undefined) {
    if (!isPartitioned(flags)) return await run(flags, undefined);
    throw new UsageError(
      "Cannot train as '{rank}' in --dataset is not read without --distributed mpi",
    );
  }
  requireChoice("train", "--distributed", flags.distributed, ["mpi"]);
  const waiting = setTimeout(() => note(WAITING), WAITING_MILLISECONDS);
  const distributed = await mpi().finally(() => clearTimeout(waiting));
  const { rank, size } = distributed;
  if (rank === 0 && flags.quiet !== true) {
    for (const text of placesOf(distributed)) note(text);
  }
  try {
    await requireAgreement(distributed, "train together", shared(flags));
    await run(ownFiles(flags, distributed), distributed);
  } catch (error) {
    if (error instanceof Error && size > 1) {
      error.message = `Rank ${rank} of ${size}: ${error.message}`;
    }
    throw error;
  }
  await distributed[Symbol.asyncDispose]();
}

/** After which it is told that others don't come. */
const WAITING_MILLISECONDS = 10_000;

const WAITING =
  "Waiting for other ranks for 10 s: each of them has to be started with --distributed mpi";

/** Options that may differ between ranks: paths of files, kernels, and what only rank 0 reads. */
const OWN = new Set([
  ...["dataset", "targets", "kernels", "workers", "config"],
  ...["save", "log", "tensorboard", "trace", "report", "quiet", "json"],
  ...["dashboard", "dashboard-host", "dashboard-port", "dashboard-stay"],
]);

/** Options that must be the same on all ranks, by name; for files, whether they are given. */
function shared(flags: FlagValues): Record<string, unknown> {
  const files = ["checkpoint", "resume"];
  const facts = Object.fromEntries(
    Object.entries(flags).filter(([name]) => !OWN.has(name)).map((
      [name, value],
    ) => [`--${name}`, files.includes(name) ? "a file" : value]),
  );
  return { ...facts, [`--dataset with ${RANK}`]: isPartitioned(flags) };
}

/** For whoever forgot `mpirun`, or whose ranks don't find each other. */
const ALONE =
  "Training alone, as no other process has come: start several with 'mpirun -n 2 …'";

/** Which process is which rank: MPICH tells of a process that was killed by its number alone. */
function placesOf({ processes }: Communicator): string[] {
  if (processes.length === 1) return [ALONE];
  const machines = Map.groupBy(processes.entries(), ([, at]) => at.machine);
  return [...machines].map(([machine, all]) =>
    `Ranks on ${machine}: ${
      all.map(([rank, { pid }]) => `${rank} is process ${pid}`).join(", ")
    }`
  );
}

/** Whether each rank has files of its own. */
export function isPartitioned({ dataset }: FlagValues): boolean {
  return typeof dataset === "string" && dataset.includes(RANK);
}

/** Stands for the number of the rank in names of files. */
const RANK = "{rank}";

function ownFiles(flags: FlagValues, { rank }: Communicator): FlagValues {
  const own = { ...flags };
  for (const name of ["dataset", "targets"]) {
    const path = own[name];
    if (typeof path === "string") own[name] = path.replaceAll(RANK, `${rank}`);
  }
  return own;
}
