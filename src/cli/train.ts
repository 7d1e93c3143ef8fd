/** `deno task train`: trains a network on a dataset, and says how well it does. */
import { loadDataset } from "../data/load_dataset.ts";
import { Mlp } from "../mlp.ts";
import { helpText, parseOptions, UsageError } from "./arguments.ts";
import { jsonReport, textReport } from "./report.ts";
import {
  TRAIN_OPTIONS,
  type TrainCommand,
  trainCommand,
} from "./train_options.ts";

const USAGE = `Usage: deno task train [options]

Trains a multi-layer perceptron on images of digits, on every core.`;

async function run(command: TrainCommand): Promise<void> {
  const { training } = command;
  const data = await loadDataset(command.dataset, {
    standardize: command.standardize,
  });
  const layers = [data.train.inputs, ...command.hidden, data.train.outputs];
  await using mlp = new Mlp({ ...command.network, layers });
  const report = command.json ? jsonReport() : textReport(training.epochs!, {
    quiet: command.quiet,
    terminal: Deno.stderr.isTerminal(),
  });
  const epochs = mlp.train(data.train, training);
  try {
    report.start({
      layers,
      workers: mlp.workers,
      batchSize: training.batchSize!,
      trainSamples: data.train.samples,
      testSamples: data.test.samples,
      seed: mlp.seed,
    });
    let seconds = 0;
    for await (const epoch of epochs) {
      seconds += epoch.seconds;
      report.epoch(epoch);
    }
    report.end({
      seconds,
      trainAccuracy: (await mlp.evaluate(data.train)).accuracy,
      testAccuracy: (await mlp.evaluate(data.test)).accuracy,
      weightsSha256: await mlp.weightsSha256(),
    });
  } finally {
    report.stop();
  }
}

/** Whether the person who typed the command can mend what went wrong: one line is enough then. */
function isMistake(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof RangeError ||
    error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.PermissionDenied;
}

try {
  const given = parseOptions(Deno.args, TRAIN_OPTIONS);
  if (given.help) console.log(helpText(USAGE, TRAIN_OPTIONS));
  else await run(trainCommand(given));
} catch (error) {
  if (!isMistake(error)) throw error;
  console.error(error.message);
  Deno.exitCode = 2;
}
