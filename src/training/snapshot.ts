import type {
  LayerValues,
  SnapshotOptions,
  TrainingSnapshot,
} from "../history/snapshot.ts";
import { clearSpans, readSpans } from "../plan/spans.ts";
import { batchRange } from "../step/split.ts";
import { lossOf } from "./batches.ts";
import type { Session } from "./session.ts";

/** Samples of a batch whose activations are copied: enough to see how they are spread. */
const MOST_SAMPLES = 256;

/** What a training is like now. Only while no worker runs. */
export function snapshotOf(
  session: Session,
  { spans = true, values = false, note }: SnapshotOptions,
): TrainingSnapshot {
  const { engine, plan, batches, progress } = session;
  const { epoch, batch } = progress;
  const { pieces } = session;
  const own = lossesOf(session);
  // Between two epochs it is the next one, but not between two pieces.
  const place = pieces === undefined
    ? { epoch: epoch + 1, batch, batches, losses: Float64Array.from(own) }
    : {
      ...{ epoch: pieces.epoch, batch: pieces.losses.length + own.length },
      batches: Math.max(pieces.batches, pieces.losses.length + batches),
      losses: Float64Array.from([...pieces.losses, ...own]),
    };
  const found = {
    ...place,
    spans: spans ? readSpans(engine.arena, plan) : [],
    ...(values ? { values: valuesOf(session) } : {}),
  };
  if (note === true && !session.noting) clearSpans(engine.arena, plan);
  session.noting = note ?? session.noting;
  return found;
}

/** How many batches are done of an epoch; between two epochs, all of the last one. */
export function batchesDone({ batches, progress }: Session): number {
  const { batch, sums } = progress;
  return batch === 0 && sums.seconds > 0 ? batches : batch;
}

/** The loss of each of them. */
export function lossesOf(session: Session): number[] {
  const length = batchesDone(session);
  return Array.from({ length }, (_, index) => lossOf(session, index));
}

function valuesOf(session: Session): LayerValues[] {
  const { engine, batch, batches, progress } = session;
  const { arena, weights } = engine;
  const { trainable } = progress.settings;
  // Before the first batch, buffers have numbers of others.
  const isDone = progress.sums.seconds > 0;
  const last = (progress.batch === 0 ? batches : progress.batch) - 1;
  const [from, to] = batchRange(progress.samples, batches, last);
  const columns = Math.min(to - from, MOST_SAMPLES);
  return weights.map(({ w, grad }, n) => {
    const some = { ...batch.whole[n + 1], columns };
    return {
      weights: arena.matrix(w).toPacked(),
      ...(isDone && trainable[n]
        ? { gradients: arena.matrix(grad).toPacked() }
        : {}),
      ...(isDone ? { activations: arena.matrix(some).toPacked() } : {}),
    };
  });
}
