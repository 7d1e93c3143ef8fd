/** When a training ends early: as its caller wants; with several ranks, when they have agreed on it. */
import type { Communicator } from "../distributed/communicator.ts";
import { shardsOfRank } from "../step/shards.ts";
import { STATISTICS } from "../step/statistics.ts";
import type { Session } from "./session.ts";

/** The end of a training, and what ranks exchange between two runs of batches. */
export interface Ending {
  /** Aborted once it is to end. */
  readonly signal: AbortSignal;
  /** Batches of a run at most. */
  readonly mostBatches: number;
  /** Brings what the ranks found out about the batches `[from, to)` of the epoch to all of them, and their wish to end. */
  share(session: Session, from: number, to: number): Promise<void>;
}

/**
 * Batches after which ranks tell each other whether one wants to end: with 0.2 ms for a step of the article's on two ranks, and
 * 0.1 ms for the talk, 1 % of the time.
 */
const BATCHES_BETWEEN = 64;

/**
 * @param wish Aborted by the caller.
 * @param single Whether somebody wants to hear of each batch: where one rank's caller does, all make runs of one.
 */
export async function endingOf(
  communicator: Communicator | undefined,
  wish: AbortSignal,
  single: boolean,
): Promise<Ending> {
  if (communicator === undefined) {
    const share = () => Promise.resolve();
    return { signal: wish, mostBatches: single ? 1 : Infinity, share };
  }
  const wanted = await communicator.gatherDoubles(
    Float64Array.of(single ? 1 : 0),
  );
  const agreed = new AbortController();
  return {
    signal: agreed.signal,
    mostBatches: wanted.some(([single]) => single === 1) ? 1 : BATCHES_BETWEEN,
    async share(session, from, to) {
      const own = rowsOf(session, communicator.rank, from, to);
      const wishes = wish.aborted ? 1 : 0;
      const sent = Float64Array.from([
        wishes,
        ...own.flatMap((row) => [...row]),
      ]);
      const all = await communicator.gatherDoubles(sent);
      for (const [rank, [wishes, ...received]] of all.entries()) {
        if (wishes === 1) agreed.abort();
        for (const [n, row] of rowsOf(session, rank, from, to).entries()) {
          row.set(received.slice(SHARED * n, SHARED * (n + 1)));
        }
      }
    },
  };
}

/** Loss, error and correct samples: the first columns. The others are the same for all ranks. */
const SHARED = 3;

/** The rows of statistics of a rank's shards, batch after batch. */
function rowsOf(
  { engine, data, plan: { shards: { count } } }: Session,
  rank: number,
  from: number,
  to: number,
): Float64Array[] {
  const shards = shardsOfRank(count, engine.ranks.size, rank);
  const rows: Float64Array[] = [];
  for (let batch = from; batch < to; batch++) {
    for (let shard = shards.from; shard < shards.to; shard++) {
      const row = count * batch + shard;
      const at = data.statistics + 8 * STATISTICS.length * row;
      rows.push(engine.arena.doubles(at, SHARED));
    }
  }
  return rows;
}
