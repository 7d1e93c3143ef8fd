/** `deno task train`: trains a network on images or a table, and says how well it does. */
import { WrongValueError } from "../errors.ts";
import { wrong } from "../validate.ts";
import { Mlp } from "../mlp.ts";
import { r2 } from "../metrics/regression.ts";
import type { Samples } from "../data/dataset.ts";
import type { EpochEvent } from "../training/events.ts";
import { trainSettings } from "../training/train_settings.ts";
import { formatOf } from "../formats/model_formats.ts";
import { type Given, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { Interrupted, listenForSignals } from "./interrupt.ts";
import { labelNames } from "./label_names.ts";
import { loadTrainingData, type TrainingData } from "./load_data.ts";
import { oneLine } from "./one_line.ts";
import {
  keptOptions,
  requireSameData,
  resumedOptions,
} from "./resume_options.ts";
import { requireWritable } from "./require_writable.ts";
import { jsonReport, type Report, type Scores, textReport } from "./report.ts";
import {
  TRAIN_OPTIONS,
  type TrainCommand,
  trainCommand,
} from "./train_options.ts";

const USAGE = `Usage: deno task train [options]

Trains a multi-layer perceptron on images of digits or on a table, on every core.`;

async function run(typed: Given): Promise<void> {
  // Before the training, not after it.
  if (typed.save !== undefined) formatOf(typed.save as string, "write");
  for (const path of [typed.save, typed.checkpoint]) {
    if (path !== undefined) await requireWritable(path as string);
  }
  const path = typed.resume as string | undefined;
  // A mistake in what was typed comes before the file.
  const { network: { kernels, workers } } = trainCommand(typed);
  const resumed = path === undefined ? undefined : await Mlp.loadCheckpoint(
    path,
    {
      ...(kernels === undefined ? {} : { kernels }),
      ...(workers === undefined ? {} : { workers }),
    },
  );
  const given = resumed === undefined
    ? typed
    : resumedOptions(path!, resumed.training, typed);
  if (resumed !== undefined) {
    resumed.training = { ...resumed.training, ...keptOptions(typed) };
  }
  const command = trainCommand(given);
  const { checkpointEvery } = command;
  if (!Number.isSafeInteger(checkpointEvery) || checkpointEvery < 1) {
    throw new UsageError(
      wrong(
        "read the command line",
        "--checkpoint-every",
        "a whole number 1 or more",
        checkpointEvery,
      ),
    );
  }
  const data = await loadTrainingData(command.dataset, given, command);
  if (resumed !== undefined) requireSameData(resumed, data, command.dataset);
  if (given.quiet !== true && given.json !== true) {
    for (const note of data.notes ?? []) console.error(oneLine(note));
  }
  await using mlp = resumed ?? newNetwork(command, data, keptOptions(given));
  const weights = given["class-weights"];
  if (weights !== undefined && labelNames(mlp) !== undefined) {
    const wanted = "left out as labels don't exclude each other";
    throw new UsageError(wrong("train", "--class-weights", wanted, weights));
  }
  const { epochs } = command.training;
  const report = given.json === true ? jsonReport() : textReport(epochs, {
    quiet: given.quiet === true,
    terminal: Deno.stderr.isTerminal(),
    classes: mlp.output !== "linear",
  });
  try {
    await train(mlp, command, data, given, report);
  } catch (error) {
    report.stop();
    if (!(error instanceof Interrupted)) throw error;
    const { epoch, batch } = mlp.position;
    let written = "";
    if (given.checkpoint !== undefined) {
      await mlp.saveCheckpoint(given.checkpoint as string);
      written = `, wrote '${given.checkpoint}'`;
    }
    const done = `${counted(epoch, "epoch")} and ${
      counted(batch, "batch", "batches")
    }`;
    console.error(`Stopped by ${error.signal} after ${done}${written}`);
    Deno.exitCode = error.status;
  } finally {
    report.stop();
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function newNetwork(
  { network, hidden }: TrainCommand,
  { train, classNames, preprocessing, targets, targetNames }: TrainingData,
  training: Record<string, string | boolean>,
): Mlp {
  const fallback = targets !== undefined
    ? "linear"
    : targetNames !== undefined
    ? "softmax"
    : "sigmoid";
  const output = network.output ?? fallback;
  return new Mlp({
    ...network,
    output,
    layers: [train.inputs, ...hidden, train.outputs],
    ...(classNames === undefined ? {} : { classNames }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
    ...(targets === undefined ? {} : { targets }),
    training: targetNames === undefined
      ? training
      : { ...training, target: targetNames.join(",") },
  });
}

async function train(
  mlp: Mlp,
  { training }: TrainCommand,
  data: TrainingData,
  given: Given,
  report: Report,
): Promise<void> {
  using signals = listenForSignals();
  const checkpoint = given.checkpoint as string | undefined;
  const every = Number(given["checkpoint-every"] ?? 1);
  const resume = given.resume !== undefined;
  const { signal } = signals;
  const epochs = mlp.train(data.train, { ...training, signal, resume });
  report.start({
    layers: mlp.layers,
    workers: mlp.workers,
    batchSize: trainSettings(training, {
      samples: data.train.samples,
      layers: mlp.layers,
      validated: true,
    }).batchSize,
    trainSamples: data.train.samples,
    testSamples: data.test?.samples ?? 0,
    seed: mlp.seed,
  });
  let seconds = 0;
  for await (const epoch of epochs) {
    // At the end, early stopping may put the best weights back: a training goes on from the last ones.
    const last = epoch.epoch === training.epochs || training.patience! > 0;
    const kept = checkpoint !== undefined &&
      (last || epoch.epoch % every === 0);
    requireFinite(epoch, last || kept ? mlp.weights : []);
    seconds += epoch.seconds;
    report.epoch(epoch);
    if (kept) await mlp.saveCheckpoint(checkpoint);
  }
  if (given.save !== undefined) await mlp.save(given.save as string);
  report.end({
    seconds,
    ...await scores(mlp, "train", data.train),
    ...(data.test === undefined ? {} : await scores(mlp, "test", data.test)),
    weightsSha256: await mlp.weightsSha256(),
  });
}

/**
 * Refuses to go on where numbers have grown beyond all bounds.
 *
 * @param weights Those that are about to be kept: the last step of an epoch doesn't show in its cost.
 */
function requireFinite(
  { epoch, cost }: EpochEvent,
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

/** How well the network does: accuracy of classes, R² of numbers. */
async function scores(
  mlp: Mlp,
  part: "train" | "test",
  samples: Samples,
): Promise<Partial<Scores>> {
  if (mlp.output !== "linear") {
    const { accuracy } = await mlp.evaluate(samples);
    return { [`${part}Accuracy`]: accuracy };
  }
  const outputs = await mlp.predict(samples.x);
  return { [`${part}R2`]: r2(samples.y, outputs, samples.outputs) };
}

await runCommand({ usage: USAGE, options: TRAIN_OPTIONS, run });
