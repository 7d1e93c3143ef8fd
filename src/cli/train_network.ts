/** One training of `train`: shown and checked epoch by epoch, and kept when it ends or is interrupted. */
import { WrongValueError } from "../checks/errors.ts";
import type { EpochEvent, History, StartEvent } from "../history/events.ts";
import type { Span } from "../plan/spans.ts";
import { keptCurves } from "../logs/log_rows.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { TRAIN_OPTION_TABLE } from "../training/options/option_table.ts";
import { defaultOf, optimizerOf } from "../training/options/train_settings.ts";
import { chosenDefaults } from "./chosen_defaults.ts";
import { cannotPrint, tell } from "./command.ts";
import { Interrupted, listenForSignals } from "./interrupt.ts";
import type { TrainingData } from "./training_data.ts";
import { countsOfRanks } from "./partitioned.ts";
import { counted } from "./print.ts";
import { TRACED_SPANS, writeTrace } from "./trace.ts";
import { SHOWN_SPANS } from "./train_dashboard.ts";
import { finish, partsOf } from "./train_end.ts";
import type { TrainCommand } from "./train_options.ts";
import type { Done, Files, How } from "./train_run.ts";
import { showEpochProgress } from "./epoch_progress.ts";

/** The exit status where another rank was interrupted: that of Ctrl-C. */
const STOPPED_BY_OTHERS = 130;

/**
 * Trains, shows and checks every epoch, and writes what is to be kept: checkpoints, and at the end or when a signal comes.
 *
 * @returns What was done; `undefined` if a signal came.
 */
export async function trainNetwork(
  mlp: Mlp,
  command: TrainCommand,
  data: TrainingData,
  { resume, otherData, member, files, report, others }: How,
): Promise<Done | undefined> {
  // Until all is written, so that a second signal doesn't end what the first one has begun.
  using signals = listenForSignals();
  const { signal } = signals;
  const counts = others === undefined
    ? { testSamples: data.test?.count ?? 0, rows: data.rows }
    : await countsOfRanks(others, data);
  let seconds = 0;
  let history: History;
  const told: EpochEvent[] = [];
  let spans: readonly Span[] = [];
  const onStart = (event: StartEvent) => {
    const { samples, validationSamples, batchSize } = event;
    const { columns = [] } = data.encoder?.table ?? {};
    const { task, classNames, targetNames } = mlp;
    const facts = {
      ...(member === undefined ? {} : { member }),
      task,
      // The names of labels are the columns that are learned.
      ...(data.target === undefined || targetNames === undefined
        ? {}
        : { target: targetNames }),
      ...(classNames === undefined ? {} : { classes: classNames }),
      layers: mlp.layers,
      parameters: mlp.layers.slice(1).reduce(
        (sum, outputs, n) => sum + outputs * (mlp.layers[n] + 1),
        0,
      ),
      workers: mlp.workers,
      batchSize,
      trainSamples: samples,
      ...(validationSamples === 0 ? {} : { validationSamples }),
      testSamples: counts.testSamples,
      seed: mlp.seed,
      defaults: chosenDefaults(mlp, command, data, {
        samples: data.stream === undefined ? samples : data.train.count,
        batchSize,
      }),
      ...(counts.rows === undefined ? {} : { rows: counts.rows }),
      ...(columns.length === 0 ? {} : { columns }),
    };
    report.start(facts);
    files.logs.start(facts);
  };
  try {
    const { training } = command;
    const partitioned = others !== undefined;
    const traced = files.trace !== undefined
      ? { spans: TRACED_SPANS }
      : files.dashboard !== undefined
      ? { spans: SHOWN_SPANS }
      : {};
    if (data.stream !== undefined) startOfStream(command, data, onStart);
    const run = data.stream === undefined
      ? mlp.fit(data.train, {
        ...{ ...training, ...traced, partitioned, signal, resume, onStart },
        ...{ otherData },
      })
      : mlp.fit(data.stream, { ...training, ...traced, signal });
    using _ = showEpochProgress(run, report.within);
    files.dashboard?.watch(run, files.trace !== undefined);
    for await (const epoch of run) {
      if (files.trace !== undefined) spans = (await run.snapshot()).spans;
      // At the end, early stopping may put the best weights back: a training goes on from the last ones.
      const last = epoch.epoch === training.epochs || training.patience! > 0;
      const kept = files.checkpoint !== undefined &&
        (last || epoch.epoch % files.every === 0);
      requireFinite(epoch, last || kept ? mlp.weights : []);
      report.epoch(epoch);
      told.push(epoch);
      await files.logs.epoch(epoch, mlp);
      files.page?.epoch(epoch);
      if (kept) await mlp.saveCheckpoint(files.checkpoint!);
      seconds += epoch.seconds;
    }
    history = await run;
    const byPage = files.dashboard?.stopped === true;
    if (byPage && files.checkpoint !== undefined) {
      await mlp.saveCheckpoint(files.checkpoint);
    }
    const { epoch, batch } = mlp.position;
    if (history.stopReason === "left" && (!byPage || epoch + batch === 0)) {
      const written = await keep(mlp, files, told);
      report.stop();
      if (!byPage) Deno.exitCode = STOPPED_BY_OTHERS;
      const by = byPage ? "on the page" : "with another rank";
      if (files.isFirst) tell(`Stopped ${by} after ${doneBy(mlp)}${written}`);
      return undefined;
    }
    const { epochs, ...reason } = history;
    report.stopped({
      ...reason,
      epoch: epochs.at(-1)?.epoch ?? mlp.position.epoch,
    });
  } catch (error) {
    // With its terminal, a process loses its output before it gets the signal that says so.
    const lost = cannotPrint(error);
    if (!lost && !(error instanceof Interrupted)) throw error;
    const written = await keep(mlp, files, told);
    const page = await keepPage(mlp, files);
    report.stop();
    const stopped: unknown = signal.aborted ? signal.reason : error;
    if (!(stopped instanceof Interrupted)) throw error;
    Deno.exitCode = stopped.status;
    if (!lost) report.stopped({ signal: stopped.signal, ...mlp.position });
    if (files.isFirst) {
      const by = stopped.signal;
      tell(`Stopped by ${by} after ${doneBy(mlp)}${written}${page}`);
    }
    return undefined;
  } finally {
    if (files.trace !== undefined) await writeTrace(files.trace, spans);
  }
  if (command.members > 1) return { seconds, history };
  const parts = await partsOf(command, data, mlp.seed);
  mlp.training = { ...mlp.training, curves: keptCurves(told) };
  await finish(mlp, command, parts, { files, report });
  return { seconds, history, parts };
}

/** Tells of a training on pieces before it begins. */
function startOfStream(
  { training }: TrainCommand,
  { train, test, rows }: TrainingData,
  onStart: (event: StartEvent) => void,
): void {
  const optimizer = optimizerOf(training);
  const batchSize = training.batchSize ??
    defaultOf(TRAIN_OPTION_TABLE.batchSize, optimizer, train.count) as number;
  onStart({
    samples: rows!.used - (test?.count ?? 0),
    validationSamples: 0,
    batchSize,
  } as StartEvent);
}

/**
 * Writes where an interrupted training stands, or if that isn't asked for the model as it is.
 *
 * @returns What to tell of it.
 */
async function keep(
  mlp: Mlp,
  { save, checkpoint }: Files,
  epochs: readonly EpochEvent[],
): Promise<string> {
  const { epoch, batch } = mlp.position;
  if (checkpoint !== undefined) {
    await mlp.saveCheckpoint(checkpoint);
    return `, wrote '${checkpoint}'`;
  }
  // An older model isn't given up for one that has learned nothing.
  if (save === undefined || epoch + batch === 0) return "";
  mlp.training = { ...mlp.training, curves: keptCurves(epochs) };
  await mlp.save(save);
  return `, wrote the model as it stands to '${save}'`;
}

/** Writes the report of what was learned until an interruption. */
async function keepPage(mlp: Mlp, { page }: Files): Promise<string> {
  if (page === undefined) return "";
  await page.write(mlp, [`The training was stopped after ${doneBy(mlp)}.`]);
  return `, wrote '${page.path}'`;
}

function doneBy({ position: { epoch, batch } }: Mlp): string {
  return `${counted(epoch, "epoch")} and ${counted(batch, "batch", "batches")}`;
}

/**
 * Refuses to go on where numbers have grown beyond all bounds.
 *
 * @param weights Those that are about to be kept: the last step of an epoch doesn't show in its cost.
 */
function requireFinite(
  { epoch, lastBatch: { cost } }: EpochEvent,
  weights: readonly Float32Array[],
): void {
  if (
    Number.isFinite(cost) &&
    weights.every((layer) => layer.every(Number.isFinite))
  ) return;
  throw new WrongValueError(
    `Cannot go on as the training has diverged in epoch ${epoch}: try a smaller --learning-rate`,
  );
}
