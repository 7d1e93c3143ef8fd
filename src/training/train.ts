import type { Xoshiro128 } from "../units/random.ts";
import { EarlyStopping } from "./early_stopping.ts";
import type { Engine } from "../engine/engine.ts";
import { type EpochContext, epochEvent, runEpoch } from "./epoch.ts";
import type { BatchEvent, EpochEvent } from "../history/events.ts";
import { evaluate } from "../inference/infer.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import { NO_SUMS, type Progress } from "./progress.ts";
import { Schedule } from "../units/schedules.ts";
import { identity, type Session } from "./session.ts";
import { clearTimings } from "../history/timings.ts";
import type { MonitorName, TrainOptions } from "./options/train_options.ts";
import type { TrainSettings } from "./options/train_settings.ts";

/** What is trained, besides the network in the engine. */
export interface Task {
  readonly samples: PreparedSamples;
  readonly validation?: PreparedSamples;
  readonly seed: number;
  readonly everyBatch: boolean;
  readonly signal?: TrainOptions["signal"];
}

/** What a training tells of. */
export type TrainingEvent =
  | { readonly type: "batch"; readonly batch: BatchEvent }
  | { readonly type: "epoch"; readonly epoch: EpochEvent };

/** Where a training starts that doesn't go on from another one. */
export function newProgress(
  settings: TrainSettings,
  samples: number,
  random: Xoshiro128,
): Progress {
  const order = identity(samples);
  random.shuffle(order);
  return {
    settings,
    samples,
    shuffles: random.state,
    order,
    orders: 1,
    epoch: 0,
    batch: 0,
    learningRate: 0,
    sums: NO_SUMS,
    schedule: new Schedule(settings).state,
    stopping: { best: null, badEpochs: 0 },
  };
}

/**
 * Trains all epochs that `progress` doesn't have yet, and yields what is known after each. `progress` tells at any time
 * where the training stands.
 */
export async function* train(
  engine: Engine,
  session: Session,
  task: Task,
  progress: Progress,
  random: Xoshiro128,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { settings } = progress;
  const { samples, validation, seed, everyBatch, signal } = task;
  const { count } = samples;
  const schedule = new Schedule(settings);
  schedule.state = progress.schedule;
  const stopping = new EarlyStopping({
    patience: Math.max(1, settings.patience),
    minDelta: settings.minDelta,
    mode: isBetterHigh(settings.monitor) ? "max" : "min",
  });
  stopping.state = progress.stopping;

  random.state = progress.shuffles;
  const { order } = progress;
  engine.useOptimizer(settings.optimizer);
  const indices = engine.arena.integers(session.data.indices, count);
  const shuffleFor = (epoch: number) => {
    // An epoch that was broken off has its order already.
    if (settings.shuffle === "once" || epoch < progress.orders) return;
    random.shuffle(order);
    indices.set(order);
    progress.orders++;
    progress.shuffles = random.state;
  };
  const context: EpochContext = {
    ...{ engine, session, progress, samples: count, seed, everyBatch },
    ...(signal === undefined ? {} : { signal }),
  };
  const { patience } = settings;
  let stop = patience > 0 && progress.stopping.badEpochs >= patience;
  while (!stop && progress.epoch < settings.epochs) {
    // Before the schedule goes on: what is aborted here has no rate yet.
    signal?.throwIfAborted();
    shuffleFor(progress.epoch);
    if (progress.batch === 0) progress.sums = NO_SUMS;
    // An epoch that was broken off has its rate already, even if none of its batches was done.
    if (schedule.state.epoch === progress.epoch) {
      progress.learningRate = schedule.next();
      progress.schedule = schedule.state;
    }
    if (settings.timings) clearTimings(engine.arena, session.plan);
    for await (const batch of runEpoch(context)) {
      yield { type: "batch", batch };
    }
    const event = {
      ...epochEvent(context),
      ...(validation === undefined
        ? {}
        : { validation: await evaluate(engine, validation) }),
    };
    stop = learnFrom(event);
    yield { type: "epoch", epoch: event };
  }
  const best = progress.best?.weights;
  if (best !== undefined) {
    await engine.exclusive(() => {
      // If they are the last ones, a training can go on from them.
      if (!areEqual(engine.readWeights(), best)) {
        engine.writeWeights(best);
        progress.putBack = true;
      }
      return Promise.resolve();
    });
  }

  /** Brings progress up to date after an epoch; says whether it is the last. */
  function learnFrom(event: EpochEvent): boolean {
    const value = monitored(event, settings.monitor);
    schedule.observe(isBetterHigh(settings.monitor) ? -value : value);
    const { improved, stop } = stopping.observe(value);
    if (settings.patience > 0 && improved) {
      const weights = settings.restoreBestWeights
        ? { weights: engine.readWeights() }
        : {};
      progress.best = { epoch: event.epoch, ...weights };
    }
    progress.schedule = schedule.state;
    progress.stopping = stopping.state;
    progress.epoch++;
    progress.batch = 0;
    return settings.patience > 0 && stop;
  }
}

function areEqual(
  some: readonly Float32Array[],
  others: readonly Float32Array[],
): boolean {
  return some.every((layer, n) =>
    layer.every((value, at) => value === others[n][at])
  );
}

function isBetterHigh(monitor: MonitorName): boolean {
  return monitor === "accuracy" || monitor === "validationAccuracy";
}

function monitored(event: EpochEvent, monitor: MonitorName): number {
  switch (monitor) {
    case "loss":
      return event.loss;
    case "accuracy":
      return event.accuracy!;
    case "validationLoss":
      return event.validation!.loss;
    case "validationAccuracy":
      return event.validation!.accuracy!;
  }
}
