/** What workers do together with those of other ranks. */
import {
  type Communicator,
  endService,
  serve,
} from "../distributed/communicator.ts";
import type { Arena } from "../memory/arena.ts";
import {
  type Collective,
  COLLECTIVE_CONTROL_BYTES,
} from "../step/collectives.ts";
import type { Ranks } from "../step/ranks.ts";

/** The processes that train a network together, as its engine knows them. */
interface Together {
  readonly arena: Arena;
  readonly communicator: Communicator | undefined;
  readonly ranks: Ranks;
}

/** Does what the workers ask for with the other ranks, as long as they run. */
export async function withOthers<T>(
  { communicator, arena, ranks: { control } }: Together,
  collectives: readonly Collective[],
  run: () => Promise<T>,
): Promise<T> {
  if (communicator === undefined || collectives.length === 0) {
    return await run();
  }
  const count = COLLECTIVE_CONTROL_BYTES / Int32Array.BYTES_PER_ELEMENT;
  const words = arena.integers(control, count).fill(0);
  const served = serve(
    ...[communicator, arena.memory, control, collectives] as const,
  );
  // It is awaited below, where the run's own error goes first.
  served.catch(() => {});
  try {
    return await run();
  } finally {
    endService(words);
    await served;
  }
}
