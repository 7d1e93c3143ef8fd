/** Epoch after epoch: order, rate, early stopping. */
import type { Communicator } from "../distributed/communicator.ts";
import type { EpochEvent, StopReason } from "../history/events.ts";
import { isBetterHigh, monitored } from "../history/monitored.ts";
import { clearTimings } from "../plan/timings.ts";
import { evaluate } from "../inference/evaluate.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import type { Xoshiro128 } from "../units/random.ts";
import { Schedule } from "../units/schedules.ts";
import { epochEvent, runBatches } from "./batches.ts";
import { endingOf } from "./ending.ts";
import { EarlyStopping } from "./early_stopping.ts";
import type { TrainOptions } from "./options/train_options.ts";
import { NO_SUMS } from "./progress.ts";
import type { Session } from "./session.ts";
import type { RunLink } from "./training_run.ts";

/**
 * Trains all epochs that are not completed yet, and reports an event after each. The session's progress is up to date at
 * any time.
 *
 * @throws {DOMException} If the signal is aborted; any other reason of the signal is thrown as it is.
 */
export async function trainEpochs(
  session: Session,
  shuffles: Xoshiro128,
  { left, tell, ready, takeRate, signal, onBatch, onEpoch, validation, others }:
    & RunLink
    & {
      readonly signal: TrainOptions["signal"];
      readonly onBatch: TrainOptions["onBatch"];
      readonly onEpoch: TrainOptions["onEpoch"];
      readonly validation: PreparedSamples | undefined;
      /** The ranks, where each has samples of its own to validate with. */
      readonly others: Communicator | undefined;
    },
): Promise<StopReason> {
  const { engine, plan, data, progress } = session;
  const { settings, order } = progress;
  const { patience } = settings;
  const schedule = new Schedule(settings);
  schedule.state = progress.schedule;
  const stopping = new EarlyStopping({
    patience: Math.max(1, patience),
    minDelta: settings.minDelta,
    mode: isBetterHigh(settings.monitor) ? "max" : "min",
  });
  stopping.state = progress.stopping;
  shuffles.state = progress.shuffles;
  const wish = signal === undefined ? left : AbortSignal.any([signal, left]);
  const ending = await endingOf(
    engine.communicator,
    wish,
    onBatch !== undefined,
  );
  const gather = () => engine.exclusive(() => engine.optimizer.gather());
  const isLeft = async () => {
    if (!ending.signal.aborted) return false;
    await gather();
    signal?.throwIfAborted();
    return true;
  };

  let stop = patience > 0 && progress.stopping.badEpochs >= patience;
  while (!stop && progress.epoch < settings.epochs) {
    // Before the schedule goes on: what is aborted here has no rate yet.
    await ending.share(session, 0, 0);
    if (await isLeft()) return "left";
    begin();
    await runBatches(session, ending, onBatch, ready);
    if (await isLeft()) return "left";
    const event = {
      ...epochEvent(session),
      ...(validation === undefined ? {} : {
        validation: await evaluate(engine, validation, undefined, others),
      }),
    };
    stop = learnFrom(event);
    await onEpoch?.(event);
    await tell(event);
  }
  if (left.aborted && engine.communicator === undefined) return "left";
  await gather();
  await putBackBest(session);
  return progress.epoch < settings.epochs ? "early" : "finished";

  /** Draws the sample order and the learning rate of the next epoch, unless it was begun before. */
  function begin(): void {
    if (settings.shuffle === "epoch" && progress.epoch >= progress.orders) {
      shuffles.shuffle(order);
      engine.arena.integers(data.indices, order.length).set(order);
      progress.orders++;
      progress.shuffles = shuffles.state;
    }
    if (progress.batch === 0) progress.sums = NO_SUMS;
    // Even if none of its batches was done.
    if (schedule.state.epoch === progress.epoch) {
      const rate = takeRate();
      if (rate !== undefined) schedule.changeNext(rate);
      progress.learningRate = schedule.next();
      progress.schedule = schedule.state;
    }
    if (settings.timings) clearTimings(engine.arena, plan);
  }

  /** Updates the progress after an epoch; returns whether it is the last one. */
  function learnFrom(event: EpochEvent): boolean {
    const value = monitored(event, settings.monitor);
    schedule.observe(isBetterHigh(settings.monitor) ? -value : value);
    const { improved, stop } = stopping.observe(value);
    if (patience > 0 && improved) {
      const weights = settings.restoreBestWeights
        ? { weights: engine.readWeights() }
        : {};
      progress.best = { epoch: event.epoch, ...weights };
    }
    progress.schedule = schedule.state;
    progress.stopping = stopping.state;
    progress.epoch++;
    progress.batch = 0;
    return patience > 0 && stop;
  }
}

/** Restores the best weights. If they are the last ones, the training can continue from them. */
async function putBackBest({ engine, progress }: Session): Promise<void> {
  const best = progress.best?.weights;
  if (best === undefined) return;
  await engine.exclusive(() => {
    const last = engine.readWeights();
    const areLast = last.every((layer, n) =>
      layer.every((value, at) => value === best[n][at])
    );
    if (!areLast) {
      engine.writeWeights(best);
      progress.putBack = true;
    }
    return Promise.resolve();
  });
}
