import { tellsClasses } from "../units/outputs.ts";
import { STATISTICS } from "../step/statistics.ts";
import { batchRange } from "../step/split.ts";
import type { Engine } from "../engine/engine.ts";
import type { BatchEvent, EpochEvent } from "../history/events.ts";
import type { BatchStatistics, Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import { readTimings } from "../history/timings.ts";
import type { TrainSettings } from "./options/train_settings.ts";

/**
 * How long workers compute before the main thread looks whether it is told to stop: to start them costs 0.2 ms, and nobody
 * minds a twentieth of a second.
 */
const SEGMENT_MILLISECONDS = 50;

/** What an epoch needs besides the session. */
export interface EpochContext {
  readonly engine: Engine;
  readonly session: Session;
  readonly progress: Progress;
  readonly samples: number;
  /** What chance depends on. */
  readonly seed: number;
  /** Whether every batch is to be told of. */
  readonly everyBatch: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs what is left of the epoch, and yields every batch if that is asked for. With a signal, workers are told of a few
 * batches at a time. Progress is up to date whenever nothing runs.
 */
export async function* runEpoch(
  context: EpochContext,
): AsyncGenerator<BatchEvent, void, undefined> {
  const { engine, session, progress, signal, everyBatch } = context;
  const { batches } = session;
  const inParts = everyBatch || signal !== undefined;
  let size = inParts ? 1 : batches;
  while (progress.batch < batches) {
    signal?.throwIfAborted();
    const from = progress.batch;
    const to = Math.min(from + size, batches);
    const milliseconds = await engine.exclusive(() =>
      runBatches(context, from, to)
    );
    // Stopped: the next look at the signal, or the next run, says why.
    if (progress.batch < to) continue;
    if (everyBatch) {
      yield batchEvent(context, from);
    } else if (inParts) {
      const each = milliseconds / (to - from);
      size = Math.max(1, Math.min(2 * size, SEGMENT_MILLISECONDS / each | 0));
    }
  }
  signal?.throwIfAborted();
}

/** Runs the batches `[from, to)`, or fewer if it is stopped, and returns how long that took. */
async function runBatches(
  { engine, session, progress, samples, seed, signal }: EpochContext,
  from: number,
  to: number,
): Promise<number> {
  const { learningRate, settings } = progress;
  const before = performance.now();
  const run = {
    samples,
    batches: session.batches,
    from,
    to,
    learningRate,
    steps: engine.steps,
    seed,
    timings: settings.timings,
  };
  const end = from + await engine.train(session.plan, run, signal);
  const milliseconds = performance.now() - before;
  let { loss, correct, last } = progress.sums;
  for (let index = from; index < end; index++) {
    last = statisticsOf(engine, session, index);
    loss += last.loss;
    correct += last.correct;
  }
  const seconds = progress.sums.seconds + milliseconds / 1000;
  progress.sums = { loss, correct, seconds, last };
  progress.batch = end;
  return milliseconds;
}

/** What the workers found out about a batch. */
function statisticsOf(
  engine: Engine,
  { data }: Session,
  index: number,
): BatchStatistics {
  const [loss, error, correct, squares, magnitudes] = engine.arena.doubles(
    data.statistics + 8 * STATISTICS.length * index,
    STATISTICS.length,
  );
  return { loss, error, correct, squares, magnitudes };
}

function batchEvent(
  { engine, session, progress, samples }: EpochContext,
  index: number,
): BatchEvent {
  const [from, to] = batchRange(samples, session.batches, index);
  const { loss, correct } = statisticsOf(engine, session, index);
  return {
    epoch: progress.epoch + 1,
    batch: index + 1,
    batches: session.batches,
    samples: to - from,
    loss: loss / (to - from),
    ...(tellsClasses(engine.network.output)
      ? { accuracy: correct / (to - from) }
      : {}),
  };
}

/** What is known after the last batch of an epoch. */
export function epochEvent(
  { engine, session, progress, samples }: EpochContext,
): EpochEvent {
  const { settings, learningRate, sums } = progress;
  const { batches, data } = session;
  const { last } = sums;
  const [from, to] = batchRange(samples, batches, batches - 1);
  const regularization = penaltyOf(settings, last);
  const loss = settings.reduction === "mean"
    ? last.loss / (to - from)
    : last.loss;
  const cost = loss + regularization;
  return {
    epoch: progress.epoch + 1,
    seconds: sums.seconds,
    learningRate,
    loss: sums.loss / samples,
    ...(tellsClasses(engine.network.output)
      ? { accuracy: sums.correct / samples }
      : {}),
    cost,
    regularizationShare: cost === 0 ? 0 : regularization / cost,
    meanError: last.error / ((to - from) * data.y.rows),
    ...(tellsClasses(engine.network.output)
      ? { batchAccuracy: last.correct / (to - from) }
      : {}),
    ...(settings.timings
      ? {
        timings: readTimings(engine.arena, session.plan),
        kernels: session.kernels,
      }
      : {}),
  };
}

function penaltyOf(
  { l1, l2 }: TrainSettings,
  { squares, magnitudes }: BatchStatistics,
): number {
  return 0.5 * l2 * squares + l1 * magnitudes;
}
