/** Batch after batch: runs the workers, and reads their statistics. */
import type { BatchEvent, EpochEvent } from "../history/events.ts";
import { readTimings } from "../plan/timings.ts";
import { batchRange } from "../step/split.ts";
import { STATISTICS } from "../step/statistics.ts";
import type { TrainOptions } from "./options/train_options.ts";
import type { BatchStatistics } from "./progress.ts";
import type { Ending } from "./ending.ts";
import type { Session } from "./session.ts";
import type { RunLink } from "./training_run.ts";

/**
 * Runs the rest of the epoch: at once, or batch by batch if each has to be reported. The progress is up to date whenever
 * nothing runs.
 */
export async function runBatches(
  session: Session,
  ending: Ending,
  onBatch: TrainOptions["onBatch"],
  ready: RunLink["ready"],
): Promise<void> {
  const { engine, plan, seed, batches, samplesOfRanks, progress } = session;
  const { samples, learningRate, settings: { timings } } = progress;
  while (progress.batch < batches) {
    await ready(ending.signal);
    if (ending.signal.aborted) return;
    const from = progress.batch;
    const to = Math.min(batches, from + ending.mostBatches);
    await engine.exclusive(async () => {
      const before = performance.now();
      const done = await engine.train(plan, {
        ...{ samples, batches, from, to, learningRate, seed, timings },
        notes: session.noting,
        steps: engine.optimizer.steps,
        ...(samplesOfRanks === undefined ? {} : { samplesOfRanks }),
      }, ending.signal);
      await ending.share(session, from, from + done);
      addSums(session, from + done, (performance.now() - before) / 1000);
    });
    if (progress.batch === to) await onBatch?.(batchEvent(session, from));
  }
}

/** Adds completed batches to the sums of the epoch. */
function addSums(session: Session, end: number, seconds: number): void {
  const { progress } = session;
  let { loss, correct, last } = progress.sums;
  for (let index = progress.batch; index < end; index++) {
    last = statisticsOf(session, index);
    loss += last.loss;
    correct += last.correct;
  }
  seconds += progress.sums.seconds;
  progress.sums = { loss, correct, seconds, last };
  progress.batch = end;
}

/** The statistics of a batch: the sums over its shards, in their order, and the penalties. */
function statisticsOf(
  { engine, data, progress: { settings: { shards } } }: Session,
  index: number,
): BatchStatistics {
  const columns = STATISTICS.length;
  const rows = engine.arena.doubles(
    data.statistics + 8 * columns * shards * index,
    columns * shards,
  );
  let [loss, error, correct, squares, magnitudes] = rows;
  for (let shard = 1; shard < shards; shard++) {
    loss += rows[columns * shard];
    error += rows[columns * shard + 1];
    correct += rows[columns * shard + 2];
  }
  return { loss, error, correct, squares, magnitudes };
}

/** Samples of a batch, with those of other ranks. */
function batchSize(
  { batches, progress, samplesOfRanks }: Session,
  index: number,
): number {
  return (samplesOfRanks ?? [progress.samples]).reduce((sum, samples) => {
    const [from, to] = batchRange(samples, batches, index);
    return sum + to - from;
  }, 0);
}

/** Mean loss of a sample of a batch. */
export function lossOf(session: Session, index: number): number {
  const { batches, progress: { samples } } = session;
  const [from, to] = batchRange(samples, batches, index);
  return statisticsOf(session, index).loss / (to - from);
}

function batchEvent(session: Session, index: number): BatchEvent {
  const { engine, batches, progress } = session;
  const samples = batchSize(session, index);
  const { loss, correct } = statisticsOf(session, index);
  return {
    ...{ epoch: progress.epoch + 1, batch: index + 1, batches },
    samples,
    loss: loss / samples,
    ...(engine.network.task !== "numbers"
      ? { accuracy: correct / samples }
      : {}),
  };
}

/** What is known after the last batch of an epoch. */
export function epochEvent(session: Session): EpochEvent {
  const { engine, plan, data, kernels, scaledTargets, progress } = session;
  const { settings, learningRate, sums: { last, ...sums } } = progress;
  const { l1, l2, reduction, timings } = settings;
  const samples = session.totalSamples;
  const size = batchSize(session, session.batches - 1);
  const penalty = 0.5 * l2 * last.squares + l1 * last.magnitudes;
  const cost = (reduction === "mean" ? last.loss / size : last.loss) + penalty;
  const classes = engine.network.task !== "numbers";
  return {
    epoch: progress.epoch + 1,
    seconds: sums.seconds,
    learningRate,
    loss: sums.loss / samples,
    ...(classes ? { accuracy: sums.correct / samples } : {}),
    lastBatch: {
      cost,
      regularizationFraction: cost === 0 ? 0 : penalty / cost,
      ...(scaledTargets
        ? {}
        : { meanAbsoluteError: last.error / (size * data.y.rows) }),
      ...(classes ? { accuracy: last.correct / size } : {}),
    },
    ...(timings ? { timings: readTimings(engine.arena, plan), kernels } : {}),
  };
}
