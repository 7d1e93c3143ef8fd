/** The end of `train`: what is fitted and saved, and how well the network does. */
import type { Communicator } from "../distributed/communicator.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { trainingNotes } from "../history/training_notes.ts";
import type { Mlp } from "../mlp/mlp.ts";
import {
  validationNumbers,
  type ValidationParts,
  validationParts,
} from "../training/validation_part.ts";
import { Progress } from "./display/progress.ts";
import { fitAfter } from "./fit_after.ts";
import type { TrainingData } from "./training_data.ts";
import { onnxNotes } from "./onnx_notes.ts";
import { tell } from "./command.ts";
import { meanOfRanks, r2OfRanks } from "./partitioned.ts";
import { type ReportOfRanks, reportOfRanks } from "./report_of_ranks.ts";
import type { Report, Scores } from "./report.ts";
import { reportOn, testScore } from "../report/sample_report.ts";
import type { TrainCommand } from "./train_options.ts";
import type { Done, Files, How } from "./train_run.ts";

/** The samples that a network of a seed learns from, and those held back of them. */
export async function partsOf(
  { training: { validationSplit = 0 } }: TrainCommand,
  { train }: TrainingData,
  seed: number,
): Promise<ValidationParts> {
  const numbers = validationNumbers(train, validationSplit, seed);
  return await validationParts(train, numbers);
}

/** Tells how well a network does that is done. */
export async function tellEnd(
  mlp: Mlp,
  data: TrainingData,
  { learn }: ValidationParts,
  { seconds, history, members }: Done,
  { files, report, others }: Pick<How, "files" | "report" | "others">,
): Promise<void> {
  using _ = new Progress("Evaluating", report.within !== undefined);
  const ofTrain = await scores(mlp, "train", learn, others);
  const { report: test, note }: ReportOfRanks = data.test === undefined
    ? {}
    : others === undefined
    ? { report: await reportOn(mlp, data.test) }
    : await reportOfRanks(others, mlp, data.test);
  const train = ofTrain.trainAccuracy ?? ofTrain.trainR2;
  const notes = train === undefined
    ? []
    : trainingNotes(history, { train, ...(test && testScore(test)) });
  const texts = notes.map(({ text }) => text);
  await files.page?.write(mlp, texts, { scores: test, history, members });
  report.end({
    seconds,
    ...ofTrain,
    ...(data.test === undefined
      ? {}
      : test === undefined
      ? await scores(mlp, "test", data.test, others)
      : scoreOf("test", test)),
    weightsSha256: await mlp.weightsSha256(),
    ...(test === undefined ? {} : { test }),
    notes,
  });
  if (note !== undefined && files.isFirst && files.notes) tell(`Note: ${note}`);
}

/** Fits what is asked for to the samples held back, and writes the model. */
export async function finish(
  mlp: Mlp,
  { fit }: TrainCommand,
  { held }: ValidationParts,
  { files, report }: { readonly files: Files; readonly report: Report },
): Promise<void> {
  try {
    using _ = new Progress("Fitting", report.within !== undefined);
    if (held !== undefined) report.fitted(await fitAfter(mlp, held, fit));
  } finally {
    // A threshold that can't be chosen is no reason to lose what was learned.
    if (files.save !== undefined) {
      await mlp.save(files.save);
      const notes = files.notes ? onnxNotes(files.save, mlp.preprocessing) : [];
      for (const text of notes) tell(`Note: ${text}`);
    }
  }
}

/**
 * How well the network does: accuracy of classes, R² of numbers.
 *
 * @param others The ranks, where each has samples of its own: it is that of all of them.
 */
async function scores(
  mlp: Mlp,
  part: "train" | "test",
  samples: Samples | SparseSamples,
  others: Communicator | undefined,
): Promise<Partial<Scores>> {
  if (others !== undefined && mlp.task === "numbers") {
    return scoreOf(part, { r2: await r2OfRanks(others, mlp, samples) });
  }
  const found = await mlp.evaluate(samples);
  const { count } = samples;
  if (others === undefined) return scoreOf(part, { ...found, samples: count });
  return scoreOf(part, {
    accuracy: await meanOfRanks(others, found.accuracy!, count),
  });
}

function scoreOf(
  part: "train" | "test",
  { accuracy, r2, samples }: {
    readonly accuracy?: number;
    readonly r2?: number;
    readonly samples?: number;
  },
): Partial<Scores> {
  if (accuracy !== undefined) return { [`${part}Accuracy`]: accuracy };
  // Of a lone sample it says nothing.
  return samples === 1 ? {} : { [`${part}R2`]: r2! };
}
