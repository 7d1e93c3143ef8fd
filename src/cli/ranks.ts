/** The processes that train together, if `--distributed` says so. */
import type { Communicator } from "../distributed/communicator.ts";
import { mpi } from "../distributed/mpi.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
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
  const distributed = await mpi();
  const { rank, size } = distributed;
  if (rank === 0 && size > 1 && flags.quiet !== true) {
    for (const text of placesOf(distributed)) note(text);
  }
  try {
    await run(ownFiles(flags, distributed), distributed);
  } catch (error) {
    if (error instanceof Error && size > 1) {
      error.message = `Rank ${rank} of ${size}: ${error.message}`;
    }
    throw error;
  }
  await distributed[Symbol.asyncDispose]();
}

/** Which process is which rank: MPICH tells of a process that was killed by its number alone. */
function placesOf({ processes }: Communicator): string[] {
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

/**
 * Refuses data of which each rank has made something else.
 *
 * @throws {UsageError} If classes, categories or scales differ.
 */
export async function requireSameEncoding(
  distributed: Communicator,
  { encoder, preprocessing }: {
    readonly encoder?: TableEncoder;
    readonly preprocessing?: Preprocessing;
  },
): Promise<void> {
  const own = JSON.stringify([encoder?.toParts(), preprocessing]);
  const [first, ...others] = await distributed.gather(own);
  if (others.every((other) => other === first)) return;
  throw new UsageError(
    "Cannot train as with '{rank}' in --dataset ranks found other classes, categories or scales: write --scale none, and give each rank samples of every class",
  );
}

/** The mean of what each rank has of so many samples. */
export async function meanOfRanks(
  distributed: Communicator,
  value: number,
  samples: number,
): Promise<number> {
  const all = await distributed.gatherDoubles(Float64Array.of(value, samples));
  const count = all.reduce((sum, [, samples]) => sum + samples, 0);
  return all.reduce((sum, [value, samples]) => sum + value * samples, 0) /
    count;
}
