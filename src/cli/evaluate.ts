/** `deno task evaluate`: how well a model does on samples whose targets are known. */
import { WrongValueError } from "../checks/errors.ts";
import { encodeTargets } from "../data/array_samples.ts";
import type { Samples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import type { ReadSamples } from "../data/read_arrays.ts";
import { classReport } from "../metrics/class_report.ts";
import {
  classOf,
  confusionMatrix,
  logLoss,
  topKAccuracy,
} from "../metrics/classification.ts";
import { decideClasses } from "../metrics/decide.ts";
import { rocAuc } from "../metrics/roc_auc.ts";
import {
  meanAbsoluteError,
  meanSquaredError,
  r2,
} from "../metrics/regression.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { wrong } from "../checks/validate.ts";
import { type FlagValues, textOf, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  DATA_OPTIONS,
  MODEL_OPTION,
} from "./common_options.ts";
import {
  DEPENDENCE_OPTIONS,
  dependenceFor,
  dependenceTable,
} from "./dependence.ts";
import {
  IMPORTANCE_OPTIONS,
  importanceFor,
  importanceTable,
} from "./importance.ts";
import { labelMetrics } from "./label_metrics.ts";
import { targetsOf } from "./load_data.ts";
import { openData, openModel, parseTable, requireInputs } from "./open_data.ts";
import {
  classTable,
  confusionTable,
  numberTable,
  scoreTable,
} from "./metric_tables.ts";
import { note, print, printJson } from "./print.ts";

const { task: _, ...data } = DATA_OPTIONS;
const { dataset, target } = data;

const OPTIONS = {
  ...MODEL_OPTION,
  ...data,
  dataset: {
    ...dataset,
    help: `${dataset.help}; of what has some to test, those`,
  },
  target: {
    ...target,
    help: "tables: the column that was learned (default: as in training)",
  },
  ...IMPORTANCE_OPTIONS,
  ...DEPENDENCE_OPTIONS,
  ...COMPUTE_OPTIONS,
  ...COMMON_OPTIONS,
} as const;

const USAGE = `Usage: deno task evaluate --model FILE [options]

Prints how well a model does on samples whose targets are known.`;

/** Classes among which the right one counts as found. */
const TOP = 3;

/** Samples for a model; those of a table as they were encoded in training, with the table. */
async function load(
  mlp: Mlp,
  flags: FlagValues,
): Promise<{ readonly samples: Samples; readonly table?: Table }> {
  const { encoder } = mlp;
  if (encoder !== undefined && flags.dataset === undefined) {
    throw new UsageError(
      `Cannot evaluate '${flags.model}' as '--dataset FILE' must be given: it was trained on one`,
    );
  }
  const name = textOf(flags, OPTIONS, "dataset")!;
  const found = await openData(flags);
  if (found.kind === "dataset") {
    const { test } = found.dataset;
    return { samples: requireFitting(mlp, flags, name, test) };
  }
  if (found.kind === "samples") {
    return { samples: ofArrays(mlp, found.samples) };
  }
  if (encoder === undefined) {
    throw new UsageError(
      `Cannot evaluate '${flags.model}' on '${name}' as the model was not trained on a table`,
    );
  }
  const table = await parseTable(found.file, flags);
  const target = textOf(flags, OPTIONS, "target");
  const samples = await encoder.samples(table, {
    ...(target === undefined ? {} : { target: targetsOf(table, target) }),
    onNote: (text) => note(`Note: ${text}`),
  });
  return { samples, table };
}

/** Refuses samples that have other inputs or outputs than a model. */
function requireFitting(
  { layers }: Mlp,
  { model }: FlagValues,
  name: string,
  samples: Samples,
): Samples {
  const { inputs, outputs } = samples;
  const found = [layers[0], layers.at(-1)!];
  if (found[0] === inputs && found[1] === outputs) return samples;
  throw new WrongValueError(
    wrong(
      `evaluate '${model}' on '${name}'`,
      "inputs and outputs",
      `${inputs} and ${outputs}`,
      found,
    ),
  );
}

/** Samples of arrays or images: targets are what the model was trained to tell. */
function ofArrays(mlp: Mlp, samples: ReadSamples): Samples {
  requireInputs(samples, mlp);
  const { x, count, inputs, targets } = samples;
  const outputs = mlp.layers.at(-1)!;
  const numbers = Array.from({ length: outputs }, (_, at) => `${at}`);
  // One output of classes is the probability of the second, as a label is.
  const task = outputs === 1 && mlp.task === "classes" ? "labels" : mlp.task;
  const { y } = encodeTargets(targets, task, mlp.classNames ?? numbers);
  return { x, y, count, inputs, outputs };
}

/**
 * The logarithmic loss. Where it is what was trained, from before the outputs are rounded: there, a sure and wrong one
 * costs as much as it is sure.
 */
async function lossOfClasses(
  mlp: Mlp,
  samples: Samples,
  found: Float32Array,
): Promise<number> {
  const { y, outputs } = samples;
  const trained = mlp.loss === "crossEntropy" ||
    (mlp.loss === "binaryCrossEntropy" && outputs === 1);
  return trained
    ? (await mlp.evaluate(samples)).loss
    : logLoss(y, found, outputs);
}

/** What is known of classes, as one object. */
async function classMetrics(
  mlp: Mlp,
  samples: Samples,
  found: Float32Array,
) {
  const { y, outputs } = samples;
  const actual = classOf(y, outputs);
  const predicted = decideClasses(found, outputs, mlp.thresholds);
  const classes = Math.max(2, outputs);
  const confusion = confusionMatrix(actual, predicted, classes);
  const names = outputs === 1 ? undefined : mlp.classNames;
  const scores = outputs === 1 ? found : found.filter((_, at) => at % 2 === 1);
  const both = new Set(actual).size === 2;
  return {
    accuracy: classReport(confusion, names).accuracy,
    ...(outputs > TOP
      ? { [`top${TOP}Accuracy`]: topKAccuracy(actual, found, TOP) }
      : {}),
    logLoss: await lossOfClasses(mlp, samples, found),
    ...(classes === 2 && both ? { rocAuc: rocAuc(actual, scores) } : {}),
    report: classReport(confusion, names),
    confusion,
  };
}

function numberMetrics({ y, outputs }: Samples, found: Float32Array) {
  return {
    meanSquaredError: meanSquaredError(y, found, outputs),
    meanAbsoluteError: meanAbsoluteError(y, found, outputs),
    r2: r2(y, found, outputs),
  };
}

async function run(flags: FlagValues): Promise<void> {
  await using mlp = await openModel(flags);
  const { samples, table } = await load(mlp, flags);
  const found = await mlp.predict(samples.x);
  const importance = await importanceFor(mlp, samples, flags);
  const dependence = await dependenceFor(mlp, table ?? samples, flags);
  const metrics = await metricsOf(mlp, samples, found);
  if (flags.json === true) {
    return printJson({
      ...metrics.json,
      ...(importance && { importance }),
      ...(dependence && { dependence }),
    });
  }
  print(
    [
      ...metrics.text,
      ...(importance ? [importanceTable(importance)] : []),
      ...(dependence ? [dependenceTable(dependence)] : []),
    ].join("\n\n"),
  );
}

/** What is known of samples, as one object and as tables. */
async function metricsOf(
  mlp: Mlp,
  samples: Samples,
  found: Float32Array,
): Promise<{ readonly json: object; readonly text: readonly string[] }> {
  if (mlp.task === "numbers") {
    const metrics = numberMetrics(samples, found);
    const numbers = { samples: samples.count, ...metrics };
    return { json: numbers, text: [numberTable(numbers)] };
  }
  if (mlp.task === "labels") {
    const names = mlp.classNames ??
      Array.from({ length: samples.outputs }, (_, at) => `${at}`);
    const { accuracy, labels } = labelMetrics(
      names,
      samples,
      found,
      mlp.thresholds,
    );
    const numbers = { samples: samples.count, accuracy };
    return {
      json: { ...numbers, labels },
      text: [numberTable(numbers), scoreTable("label", labels)],
    };
  }
  const { report, confusion, ...numbers } = await classMetrics(
    mlp,
    samples,
    found,
  );
  return {
    json: { samples: samples.count, ...numbers, report, confusion },
    text: [
      numberTable({ samples: samples.count, ...numbers }),
      classTable(report),
      confusionTable(report, confusion),
    ],
  };
}

await runCommand({ usage: USAGE, options: OPTIONS, run });
