import type { TrainingSnapshot } from "../history/snapshot.ts";
import { readSpans } from "../history/spans.ts";
import { lossOf } from "./batches.ts";
import type { Session } from "./session.ts";

/** What a training is like now. Only while no worker runs. */
export function snapshotOf(session: Session): TrainingSnapshot {
  const { engine, plan, batches, progress } = session;
  const { epoch, batch, sums } = progress;
  const isBetween = batch === 0 && sums.seconds > 0;
  const done = isBetween ? batches : batch;
  return {
    epoch: epoch + 1,
    batch,
    batches,
    losses: Float64Array.from(
      { length: done },
      (_, index) => lossOf(session, index),
    ),
    spans: readSpans(engine.arena, plan),
  };
}
