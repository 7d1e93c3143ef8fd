/** The modules that threads run. A package for other runtimes has its own in place of these. */

/** Runs plans: a worker of a network. */
export const TRAINER: URL = new URL(
  "../../workers/trainer.ts",
  import.meta.url,
);

/** Trains small networks by itself. */
export const TRIALS: URL = new URL("../../workers/trials.ts", import.meta.url);

/** Calls MPI. */
export const MPI: URL = new URL("../../workers/mpi.ts", import.meta.url);
