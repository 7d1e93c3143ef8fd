/** `deno task train`: trains a network on images or a table, and says how well it does. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { Mlp } from "../mlp/mlp.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { EpochEvent, History, StartEvent } from "../history/events.ts";
import { trainingNotes } from "../history/training_notes.ts";
import { cut } from "../training/prepare.ts";
import { formatOf } from "../model_files/model_formats.ts";
import type { Communicator } from "../distributed/communicator.ts";
import {
  isPartitioned,
  meanOfRanks,
  requireSameEncoding,
  withRanks,
} from "./ranks.ts";
import { type FlagValues, textOf, UsageError } from "./arguments.ts";
import { cannotPrint, runCommand } from "./command.ts";
import { ensembleOf } from "../ensemble/train_ensemble.ts";
import { fitAfter, requireFitting } from "./fit_after.ts";
import { onnxNotes } from "./onnx_notes.ts";
import { counted, note } from "./print.ts";
import { Interrupted, listenForSignals } from "./interrupt.ts";
import { loadTrainingData, type TrainingData } from "./load_data.ts";
import {
  keptOptions,
  requireSameData,
  resumedOptions,
} from "./resume_options.ts";
import { requireWritable } from "./require_writable.ts";
import { requireLogs, type TrainLogs, trainLogs } from "./train_logs.ts";
import {
  jsonReport,
  noReport,
  type Report,
  type Scores,
  textReport,
} from "./report.ts";
import { reportOn, testScore } from "./sample_report.ts";
import {
  TRAIN_OPTIONS,
  type TrainCommand,
  trainCommand,
} from "./train_options.ts";
import { computeOptionsOf } from "./common_options.ts";
import { TRAIN_OPTION_TABLE } from "../training/options/option_table.ts";
import { defaultOf, optimizerOf } from "../training/options/train_settings.ts";
import { refuseTrace, TRACED_SPANS, writeTrace } from "./trace.ts";
import type { Span } from "../history/spans.ts";
import { refuseUnreadFlags } from "./training_flags.ts";
import { newNetwork } from "./new_network.ts";

const USAGE = `Usage: deno task train [options]

Trains a multi-layer perceptron on images, arrays or a table, on every core
that pays.`;

async function run(typed: FlagValues): Promise<void> {
  const partitioned = isPartitioned(typed);
  await withRanks(
    typed,
    (own, distributed) => runRank(own, distributed, partitioned),
  );
}

/** Of several ranks, the first one alone prints and writes. */
async function runRank(
  typed: FlagValues,
  distributed: Communicator | undefined,
  partitioned: boolean,
): Promise<void> {
  const isFirst = distributed === undefined || distributed.rank === 0;
  // Before the training, not after it.
  if (typed.save !== undefined) formatOf(typed.save as string, "write");
  for (
    const path of isFirst ? [typed.save, typed.checkpoint, typed.trace] : []
  ) {
    if (path !== undefined) await requireWritable(path as string);
  }
  const path = typed.resume as string | undefined;
  // A mistake in what was typed comes before the file.
  trainCommand(typed);
  if (isFirst) await requireLogs(typed);
  const resumed = path === undefined ? undefined : await Mlp.loadCheckpoint(
    path,
    { ...computeOptionsOf(typed), ...joined(distributed) },
  );
  const flags = resumed === undefined
    ? typed
    : resumedOptions(path!, resumed.training, typed);
  if (resumed !== undefined) {
    resumed.training = { ...resumed.training, ...keptOptions(typed) };
  }
  const command = trainCommand(flags);
  refuseUnreadFlags(command.training);
  const { checkpointEvery } = command;
  if (!Number.isSafeInteger(checkpointEvery) || checkpointEvery < 1) {
    throw new UsageError(
      wrong(
        "read the command line",
        "--checkpoint-every",
        "a whole number of 1 or more",
        checkpointEvery,
      ),
    );
  }
  if (flags["checkpoint-every"] !== undefined && !flags.checkpoint) {
    throw new UsageError(
      "Cannot train as '--checkpoint-every' is not read without '--checkpoint': leave it out, or write --checkpoint FILE",
    );
  }
  const data = await loadTrainingData(flags, command);
  if (partitioned) await requireSameEncoding(distributed!, data);
  if (resumed !== undefined) requireSameData(resumed, data, command.dataset);
  if (isFirst && flags.quiet !== true && flags.json !== true) {
    for (const text of data.notes ?? []) note(`Note: ${text}`);
  }
  const made = { training: keptOptions(flags), ...joined(distributed) };
  await using mlp = resumed ?? newNetwork(command, data, made);
  const weights = flags["class-weights"];
  if (weights !== undefined && mlp.task === "labels") {
    const wanted = "left out as labels don't exclude each other";
    throw new UsageError(wrong("train", "--class-weights", wanted, weights));
  }
  requireFitting(mlp, command.fit);
  const { epochs } = command.training;
  const report = !isFirst
    ? noReport()
    : flags.json === true
    ? jsonReport()
    : textReport(epochs, {
      quiet: flags.quiet === true,
      terminal: Deno.stderr.isTerminal(),
      classes: mlp.task !== "numbers",
      images: data.encoder === undefined,
    });
  if (flags.trace !== undefined) {
    refuseTrace({ ...data, distributed, members: command.members });
  }
  const files: Files = {
    ...(isFirst
      ? {
        save: textOf(flags, TRAIN_OPTIONS, "save"),
        checkpoint: textOf(flags, TRAIN_OPTIONS, "checkpoint"),
        trace: textOf(flags, TRAIN_OPTIONS, "trace"),
      }
      : { save: undefined, checkpoint: undefined, trace: undefined }),
    every: checkpointEvery,
    logs: trainLogs(isFirst ? flags : {}, mlp),
    notes: flags.quiet !== true && flags.json !== true,
  };
  try {
    const resume = resumed !== undefined;
    const others = partitioned ? distributed : undefined;
    const how = { resume, files, report, others };
    if (command.members === 1) {
      const done = await train(mlp, command, data, how);
      if (done !== undefined) await tellEnd(mlp, data, done, how);
      return;
    }
    const again = (seed: number) =>
      newNetwork(
        { ...command, network: { ...command.network, seed } },
        data,
        made,
      );
    await trainMembers(mlp, again, command, data, how);
  } finally {
    report.stop();
  }
}

/** What a training did that came to its end. */
interface Done {
  /** Of all epochs. */
  readonly seconds: number;
  /** Samples, the first ones, that were learned from. */
  readonly learned: number;
  readonly history: History;
}

/** Tells how well a network does that is done. */
async function tellEnd(
  mlp: Mlp,
  data: TrainingData,
  { seconds, learned, history }: Done,
  { report, others }: Pick<How, "report" | "others">,
): Promise<void> {
  const ofTrain = await scores(
    mlp,
    "train",
    cut(data.train, 0, learned),
    others,
  );
  const test = data.test === undefined || others !== undefined
    ? undefined
    : await reportOn(mlp, data.test);
  const train = ofTrain.trainAccuracy ?? ofTrain.trainR2;
  report.end({
    seconds,
    ...ofTrain,
    ...(data.test === undefined
      ? {}
      : await scores(mlp, "test", data.test, others)),
    weightsSha256: await mlp.weightsSha256(),
    ...(test === undefined ? {} : { test }),
    notes: train === undefined
      ? []
      : trainingNotes(history, { train, ...(test && testScore(test)) }),
  });
}

/**
 * Trains the networks of an ensemble one after another, and goes on with the mean of them.
 *
 * @param first The first of them.
 * @param again Makes another one, of a seed.
 */
async function trainMembers(
  first: Mlp,
  again: (seed: number) => Mlp,
  command: TrainCommand,
  data: TrainingData,
  { files, report, others }: How,
): Promise<void> {
  const members: Mlp[] = [];
  let last: Done | undefined;
  const nothing = { ...files, save: undefined, checkpoint: undefined };
  const how = { resume: false, files: nothing, report, others };
  try {
    for (let at = 0; at < command.members; at++) {
      members.push(at === 0 ? first : again(first.seed + at));
      const done = await train(members[at], command, data, how);
      if (done === undefined) return;
      report.stop();
      last = { ...done, seconds: (last?.seconds ?? 0) + done.seconds };
    }
    const { kernels, skipZeros } = command.network;
    const { workers } = first;
    await using ensemble = ensembleOf(members, { kernels, skipZeros, workers });
    await finish(ensemble, command, data, last!.learned, { files, report });
    await tellEnd(ensemble, data, last!, { report, others });
  } finally {
    for (const mlp of members.slice(1)) await mlp.dispose();
  }
}

/** Fits what is asked for to the samples held back, and writes the model. */
async function finish(
  mlp: Mlp,
  { fit }: TrainCommand,
  data: TrainingData,
  learned: number,
  { files, report }: { readonly files: Files; readonly report: Report },
): Promise<void> {
  try {
    if (learned < data.train.count) {
      const held = cut(data.train, learned, data.train.count);
      report.fitted(await fitAfter(mlp, held, fit));
    }
  } finally {
    // A threshold that can't be chosen is no reason to lose what was learned.
    if (files.save !== undefined) {
      await mlp.save(files.save);
      const notes = files.notes ? onnxNotes(files.save, mlp.preprocessing) : [];
      for (const text of notes) tell(`Note: ${text}`);
    }
  }
}

function joined(
  distributed: Communicator | undefined,
): { distributed?: Communicator } {
  return distributed === undefined ? {} : { distributed };
}

/** The exit status where another rank was interrupted: that of Ctrl-C. */
const STOPPED_BY_OTHERS = 130;

/** What is written of a training, and shown. */
interface Files {
  readonly save: string | undefined;
  readonly checkpoint: string | undefined;
  /** What workers did last. */
  readonly trace: string | undefined;
  /** Epochs from one checkpoint to the next. */
  readonly every: number;
  readonly logs: TrainLogs;
  /** Whether notes are shown. */
  readonly notes: boolean;
}

/** How a training is shown and kept. */
interface How {
  readonly resume: boolean;
  readonly files: Files;
  readonly report: Report;
  /** The ranks, where each has samples of its own. */
  readonly others: Communicator | undefined;
}

/**
 * Trains, shows and checks every epoch, and writes what is to be kept: checkpoints, and at the end or when a signal comes.
 *
 * @returns What was done; `undefined` if a signal came.
 */
async function train(
  mlp: Mlp,
  command: TrainCommand,
  data: TrainingData,
  { resume, files, report, others }: How,
): Promise<Done | undefined> {
  // Until all is written, so that a second signal doesn't end what the first one has begun.
  using signals = listenForSignals();
  const { signal } = signals;
  let [seconds, learned] = [0, 0];
  let history: History;
  let spans: readonly Span[] = [];
  const onStart = (event: StartEvent) => {
    const { samples, validationSamples, batchSize } = event;
    learned = others === undefined ? samples : data.train.count;
    const { columns = [] } = data.encoder?.table ?? {};
    const facts = {
      layers: mlp.layers,
      workers: mlp.workers,
      batchSize,
      trainSamples: samples,
      ...(validationSamples === 0 ? {} : { validationSamples }),
      testSamples: data.test?.count ?? 0,
      seed: mlp.seed,
      ...(data.rows === undefined ? {} : { rows: data.rows }),
      ...(columns.length === 0 ? {} : { columns }),
    };
    report.start(facts);
    files.logs.start(facts);
  };
  try {
    const { training } = command;
    const partitioned = others !== undefined;
    const traced = files.trace === undefined ? {} : { spans: TRACED_SPANS };
    if (data.stream !== undefined) {
      startOfStream(command, data, onStart);
      // What is held back is of the first piece alone.
      learned = data.train.count;
    }
    const run = data.stream === undefined
      ? mlp.fit(data.train, {
        ...{ ...training, ...traced, partitioned, signal, resume, onStart },
      })
      : mlp.fit(data.stream, { ...training, signal });
    for await (const epoch of run) {
      if (files.trace !== undefined) spans = (await run.snapshot()).spans;
      // At the end, early stopping may put the best weights back: a training goes on from the last ones.
      const last = epoch.epoch === training.epochs || training.patience! > 0;
      const kept = files.checkpoint !== undefined &&
        (last || epoch.epoch % files.every === 0);
      requireFinite(epoch, last || kept ? mlp.weights : []);
      report.epoch(epoch);
      await files.logs.epoch(epoch, mlp);
      if (kept) await mlp.saveCheckpoint(files.checkpoint!);
      seconds += epoch.seconds;
    }
    history = await run;
    if (history.stopReason === "left") {
      const written = await keep(mlp, files);
      report.stop();
      Deno.exitCode = STOPPED_BY_OTHERS;
      tell(`Stopped with another rank after ${doneBy(mlp)}${written}`);
      return undefined;
    }
  } catch (error) {
    // With its terminal, a process loses its output before it gets the signal that says so.
    const lost = cannotPrint(error);
    if (!lost && !(error instanceof Interrupted)) throw error;
    const written = await keep(mlp, files);
    report.stop();
    const stopped: unknown = signal.aborted ? signal.reason : error;
    if (!(stopped instanceof Interrupted)) throw error;
    Deno.exitCode = stopped.status;
    tell(`Stopped by ${stopped.signal} after ${doneBy(mlp)}${written}`);
    return undefined;
  } finally {
    if (files.trace !== undefined) await writeTrace(files.trace, spans);
  }
  if (command.members === 1) {
    await finish(mlp, command, data, learned, { files, report });
  }
  return { seconds, learned, history };
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
): Promise<string> {
  const { epoch, batch } = mlp.position;
  if (checkpoint !== undefined) {
    await mlp.saveCheckpoint(checkpoint);
    return `, wrote '${checkpoint}'`;
  }
  // An older model isn't given up for one that has learned nothing.
  if (save === undefined || epoch + batch === 0) return "";
  await mlp.save(save);
  return `, wrote the model as it stands to '${save}'`;
}

function doneBy({ position: { epoch, batch } }: Mlp): string {
  return `${counted(epoch, "epoch")} and ${counted(batch, "batch", "batches")}`;
}

/** Tells somebody, if there is anybody left. */
function tell(text: string): void {
  try {
    note(text);
  } catch (error) {
    if (!cannotPrint(error)) throw error;
  }
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

/**
 * How well the network does: accuracy of classes, R² of numbers.
 *
 * @param others The ranks, where each has samples of its own: the accuracy is that of all, and R² isn't known.
 */
async function scores(
  mlp: Mlp,
  part: "train" | "test",
  samples: Samples | SparseSamples,
  others: Communicator | undefined,
): Promise<Partial<Scores>> {
  const { accuracy, r2 } = await mlp.evaluate(samples);
  if (accuracy === undefined) {
    return others === undefined ? { [`${part}R2`]: r2! } : {};
  }
  const all = others === undefined
    ? accuracy
    : await meanOfRanks(others, accuracy, samples.count);
  return { [`${part}Accuracy`]: all };
}

await runCommand({ usage: USAGE, options: TRAIN_OPTIONS, run });
