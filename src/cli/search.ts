/** `deno task search`: looks for the best options, and trains a network with them. */
import { WrongValueError } from "../checks/errors.ts";
import { requireChoice, requireNumber } from "../checks/validate.ts";
import { epochsOf, requireCandidate, scalesOf } from "../choosing/candidate.ts";
import { partsOf, type Source } from "../choosing/parts.ts";
import { runSearch } from "../choosing/run_search.ts";
import { SCORE_NAMES, scoreFor } from "../choosing/scores.ts";
import { requireComparable, requireMethod } from "../choosing/search_checks.ts";
import {
  choicesOf,
  SEARCH_METHODS,
  type SearchMethod,
} from "../choosing/space.ts";
import {
  FILE_VERSION,
  hashOf,
  SAMPLES,
  TrialsFile,
} from "../choosing/trials_file.ts";
import { SCALE_NAMES, threadsOf } from "../choosing/validation_options.ts";
import { formatOf, MODEL_ENDINGS } from "../model_files/model_formats.ts";
import type { Task } from "../units/tasks.ts";
import { type FlagValues, numberOf, textOf, UsageError } from "./arguments.ts";
import {
  candidateOf,
  CHOOSING_OPTIONS,
  FOLD_OPTIONS,
  foldsFor,
  TEST_OPTION,
  wantedOf,
} from "./choosing_options.ts";
import { runCommand } from "./command.ts";
import { COMMON_OPTIONS, computeOptionsOf } from "./common_options.ts";
import { during, Progress } from "./display/progress.ts";
import { Interrupted, listenForSignals } from "./interrupt.ts";
import { loadTrainingData } from "./load_data.ts";
import type { TrainingData } from "./training_data.ts";
import { keptRows } from "./kept_rows.ts";
import { newNetwork } from "./new_network.ts";
import { onnxNotes } from "./onnx_notes.ts";
import { note } from "./print.ts";
import { keptOptions } from "./resume_options.ts";
import { requireWritable } from "./require_writable.ts";
import { type Refit, searchReport } from "./search_report.ts";
import { trainCommand } from "./train_options.ts";
import { spaceOf, TRY_OPTION, withChoice } from "./try_option.ts";

const OPTIONS = {
  ...CHOOSING_OPTIONS,
  ...TEST_OPTION,
  ...TRY_OPTION,
  method: {
    value: "NAME",
    help: `${
      SEARCH_METHODS.join(", ")
    }: some by chance, all there are, or the best of some for more and more epochs`,
    default: "random",
  },
  trials: {
    value: "N",
    help: "how many are tried; of a grid all (default: 20)",
  },
  factor: {
    value: "N",
    help:
      "halving: the best 1/N go on with N times as many epochs (default: 3)",
  },
  score: {
    value: "NAME",
    help: `what they are judged by: ${
      SCORE_NAMES.join(", ")
    } (default: accuracy, of numbers r2)`,
  },
  ...FOLD_OPTIONS,
  holdout: {
    value: "X",
    help: "fraction of the training samples to judge by, in place of folds",
  },
  "trials-file": {
    value: "FILE",
    help:
      "keep each trial in a file of JSON lines; if it is there, go on with it",
    file: "written",
  },
  save: {
    value: "FILE",
    help: `write the best model, trained on all training samples: ${
      MODEL_ENDINGS.join(", ")
    }`,
    file: "written",
  },
  ...COMMON_OPTIONS,
} as const;

const USAGE = `Usage: deno task search --try NAME=VALUES [--try …] [options]

Tries values of options on folds of the training samples, small networks one a
core, and trains the best on all of them. The test samples have no part in it.`;

const EXAMPLES = [
  [
    'deno task search --dataset data/iris.csv --try "learning-rate=log:0.001..0.1" --try "hidden=8|32,16" --trials 10',
    "tries 10 pairs of a rate and hidden layers",
  ],
] as const;

/** Options that don't change what a search comes to. */
const NOT_KEPT = ["dataset", "try", "save", "trials-file", "workers", "json"];

async function run(flags: FlagValues): Promise<void> {
  if (flags.save !== undefined) formatOf(flags.save as string, "write");
  for (const path of [flags.save, flags["trials-file"]]) {
    if (path !== undefined) await requireWritable(path as string);
  }
  const space = spaceOf(flags);
  const how = methodOf(flags);
  const holdout = numberOf(flags, OPTIONS, "holdout");
  if (holdout !== undefined) {
    requireNumber("search", "--holdout", holdout, {
      wanted: "a number between 0 and 1",
      holds: (value) => value > 0 && value < 1,
    });
  }
  if (space.epochs !== undefined && how.method === "halving") {
    throw new UsageError(
      "Cannot search as '--method halving' chooses the epochs itself: leave out '--try epochs'",
    );
  }
  if (space.scale !== undefined && flags.dataset === "-") {
    throw new UsageError(
      "Cannot search as '--try scale' reads the dataset twice, and stdin can't be: give a file",
    );
  }
  // All of them are checked before the first is tried, and before the file is read.
  const choices = choicesOf("search", space, how);
  const typed = choices.map((choice) => withChoice(flags, choice));
  const drafts = typed.map((all) => candidateOf(all, "none"));
  const { testSplit } = trainCommand(typed[0]);
  const data = await loadTrainingData(
    typed[0],
    wantedOf({ ...typed[0], scale: flags.scale }, testSplit),
  );
  const { origin } = data;
  const folds = foldsFor(origin, flags, holdout);
  const score = scoreFor(
    ...["search", flags.score, taskOf(origin.source), folds] as const,
  );
  requireComparable("search", score, space);
  const trials = drafts.map((candidate, at) => ({
    options: choices[at],
    candidate: {
      ...candidate,
      scale: requireChoice(
        "search",
        "--scale",
        choices[at].scale ?? origin.scale,
        SCALE_NAMES,
      ),
    },
    epochs: epochsOf(candidate),
  }));
  const scales = scalesOf(trials.map(({ candidate }) => candidate));
  const parts = await during(
    "Encoding",
    () => partsOf(origin.source, folds, scales),
  );
  for (const { candidate } of trials) requireCandidate(parts[0], candidate);
  const path = flags["trials-file"] as string | undefined;
  await using file = path === undefined ? undefined : await TrialsFile.open(
    path,
    headingOf(flags, await hashOf(parts)),
    (name) => `'--${name}'`,
  );
  if (flags.quiet !== true && flags.json !== true) {
    for (const text of data.notes ?? []) note(`Note: ${text}`);
  }
  using signals = listenForSignals();
  const { signal } = signals;
  using report = searchReport(flags, score, {
    trials: trials.length,
    trainSamples: data.train.count,
    testSamples: data.test?.count ?? 0,
    judged: folds.length,
  });
  let progress = "";
  try {
    const ranked = await runSearch({
      ...{ parts, trials, score, signal, file },
      factor: how.method === "halving" ? how.factor : undefined,
      threads: threadsOf(computeOptionsOf(flags)),
      onTrial(trial, done, all) {
        progress = ` after ${done} of ${all} trials`;
        report.trial(trial, done, all);
      },
    });
    report.end(
      ranked,
      await refit(typed[ranked[0].trial - 1], data, space.scale, signal),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    report[Symbol.dispose]();
    Deno.exitCode = error.status;
    const kept = path === undefined
      ? ""
      : `, kept in '${path}': the same command goes on`;
    note(`Stopped by ${error.signal}${progress}${kept}`);
  }
}

function taskOf(source: Source): Task {
  return source.kind === "table" ? source.options.task : source.task!;
}

function methodOf(flags: FlagValues) {
  const number = (name: string) => numberOf(flags, OPTIONS, name);
  const given = { trials: number("trials"), factor: number("factor") };
  return requireMethod("search", {
    method: textOf(flags, OPTIONS, "method") as SearchMethod,
    seed: number("seed")!,
    ...Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ),
  });
}

/** What a file of trials is about: the options that are typed, what is tried, and the samples. */
function headingOf(flags: FlagValues, samples: string) {
  const tried = (flags.try as string).split("\n").map((text) => {
    const at = text.indexOf("=");
    return [`try ${text.slice(0, at)}`, text.slice(at + 1)];
  });
  const others = Object.entries(flags).filter(([name, value]) =>
    !NOT_KEPT.includes(name) && name !== "quiet" && name !== "config" &&
    value !== undefined
  );
  return {
    lockstep: FILE_VERSION,
    ...Object.fromEntries([...tried, ...others]),
    [SAMPLES]: samples,
  };
}

/** Trains a network as `train` does, on all training samples, and writes it. */
async function refit(
  flags: FlagValues,
  loaded: TrainingData,
  scaled: unknown,
  signal: AbortSignal,
): Promise<Refit> {
  const { workers: _, ...typed } = flags;
  const command = trainCommand(typed);
  const data = scaled === undefined
    ? loaded
    : await loadTrainingData(typed, wantedOf(typed, command.testSplit));
  await using mlp = newNetwork(command, data, {
    training: keptOptions(typed),
    rows: keptRows(data, command),
  });
  const { training } = command;
  using line = new Progress("Training with the best", flags.quiet !== true);
  await mlp.fit(data.train, {
    ...training,
    signal,
    onEpoch: ({ epoch }) => line.update(epoch / training.epochs),
  });
  if (!mlp.weights.every((layer) => layer.every(Number.isFinite))) {
    throw new WrongValueError(
      "Cannot save the best as its training on all samples has diverged: try smaller values of --learning-rate",
    );
  }
  const scoreOf = async (samples: typeof data.train) => {
    const { accuracy, r2 } = await mlp.evaluate(samples);
    return (accuracy ?? r2)!;
  };
  const found = {
    train: await scoreOf(data.train),
    ...(data.test === undefined ? {} : { test: await scoreOf(data.test) }),
    weightsSha256: await mlp.weightsSha256(),
  };
  if (flags.save !== undefined) {
    const path = flags.save as string;
    await mlp.save(path);
    if (flags.quiet !== true && flags.json !== true) {
      const notes = onnxNotes(path, mlp.preprocessing);
      for (const text of notes) note(`Note: ${text}`);
    }
  }
  return found;
}

await runCommand({ usage: USAGE, examples: EXAMPLES, options: OPTIONS, run });
