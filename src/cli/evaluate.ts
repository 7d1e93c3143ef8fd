/** `deno task evaluate`: how well a model does on samples whose targets are known. */
import { WrongValueError } from "../checks/errors.ts";
import { encodeTargets } from "../data/array_samples.ts";
import type { Samples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import type { ReadSamples } from "../data/read_arrays.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { wrong } from "../checks/validate.ts";
import { visibleName } from "../checks/visible.ts";
import { type FlagValues, textOf, UsageError } from "./arguments.ts";
import {
  chooseOfDataset,
  chooseRows,
  type ChosenRows,
  knownFile,
  PART_OPTION,
} from "./choose_part.ts";
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
  requirePlot,
} from "./dependence.ts";
import {
  IMPORTANCE_OPTIONS,
  importanceFor,
  importanceTable,
} from "./importance.ts";
import { Progress } from "./display/progress.ts";
import { targetsOf } from "./load_table.ts";
import { openData, parseTable } from "./open_data.ts";
import { openModel, requireInputs } from "./open_model.ts";
import { note, print, printJson } from "./print.ts";
import {
  hashesOf,
  REPORT_OPTION,
  ReportFile,
  requireReport,
} from "./report_file.ts";
import { rowsWithTargets } from "../report/test_rows.ts";
import { reportOn } from "../report/sample_report.ts";
import { reportTables } from "./report_tables.ts";

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
  ...PART_OPTION,
  ...IMPORTANCE_OPTIONS,
  ...DEPENDENCE_OPTIONS,
  ...REPORT_OPTION,
  ...COMPUTE_OPTIONS,
  ...COMMON_OPTIONS,
} as const;

const USAGE = `Usage: deno task evaluate --model FILE [options]

Prints how well a model does on samples whose targets are known.`;

const EXAMPLES = [
  [
    "deno task evaluate --model iris.onnx --dataset data/iris.csv",
    "accuracy and more, for each class as well",
  ],
  [
    "deno task evaluate --model iris.onnx --dataset data/iris.csv --importance",
    "which columns matter",
  ],
] as const;

/** Samples with the columns that are learned of their table, if others than in training. */
interface Loaded extends ChosenRows {
  readonly target?: readonly string[];
}

/** Samples for a model; those of a table as they were encoded in training, with the table. */
async function load(mlp: Mlp, flags: FlagValues): Promise<Loaded> {
  const { encoder, training } = mlp;
  if (encoder !== undefined && flags.dataset === undefined) {
    throw new UsageError(
      `Cannot evaluate '${flags.model}' as '--dataset FILE' must be given: it was trained on one`,
    );
  }
  const name = textOf(flags, OPTIONS, "dataset")!;
  const found = await openData(flags);
  const known = knownFile(mlp, flags, name, found.sha256);
  if (found.kind === "dataset") {
    requireFitting(mlp, flags, name, found.dataset.test);
    return chooseOfDataset(found.dataset, known, flags);
  }
  if (found.kind === "samples") {
    const samples = ofArrays(mlp, found.samples);
    return chooseRows({ samples }, known, flags, training);
  }
  if (encoder === undefined) {
    throw new UsageError(
      `Cannot evaluate '${flags.model}' on '${name}' as the model was not trained on a table`,
    );
  }
  const table = await parseTable(found.file, flags);
  const typed = textOf(flags, OPTIONS, "target");
  const target = typed === undefined ? {} : { target: targetsOf(table, typed) };
  using _ = new Progress(`Encoding ${visibleName(name)}`);
  const samples = await encoder.samples(table, {
    ...target,
    onNote: (text) => note(`Note: ${text}`),
  });
  if (known.rows === undefined) return { samples, table, ...target };
  const rows = await rowsWithTargets(encoder, table, target.target) as Table;
  const chosen = chooseRows({ samples, table: rows }, known, flags, training);
  const isWhole = chosen.table === rows;
  return { ...chosen, ...target, ...(isWhole ? { table } : {}) };
}

/** Refuses samples that have other inputs or outputs than a model. */
function requireFitting(
  { layers }: Mlp,
  { model }: FlagValues,
  name: string,
  samples: Samples,
): void {
  const { inputs, outputs } = samples;
  const found = [layers[0], layers.at(-1)!];
  if (found[0] === inputs && found[1] === outputs) return;
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

async function run(flags: FlagValues): Promise<void> {
  await requireReport(flags);
  await requirePlot(flags);
  await using mlp = await openModel(flags);
  const { samples, table, target, part, trainedOn, note: text } = await load(
    mlp,
    flags,
  );
  using _ = new Progress("Evaluating");
  const importance = await importanceFor(mlp, samples, flags);
  const dependence = await dependenceFor(mlp, table ?? samples, flags);
  const report = await reportOn(mlp, samples);
  if (flags.report !== undefined) {
    const hashes = await hashesOf(flags, [samples]);
    const file = new ReportFile(flags.report as string, "evaluate", hashes);
    await file.write(mlp, flags, {
      ...{ samples, scores: report, notes: [], importance, dependence },
      rows: table && await rowsWithTargets(mlp.encoder!, table, target),
    });
  }
  if (flags.json === true) {
    return printJson({
      ...report,
      ...(part === undefined ? {} : { part }),
      ...(trainedOn === undefined ? {} : { trainedOn }),
      ...(importance && { importance }),
      ...(dependence && { dependence }),
    });
  }
  print(
    [
      ...reportTables(report),
      ...(importance ? [importanceTable(importance)] : []),
      ...(dependence ? [dependenceTable(dependence)] : []),
    ].join("\n\n"),
  );
  if (text !== undefined) note(`Note: ${text}`);
}

await runCommand({ usage: USAGE, examples: EXAMPLES, options: OPTIONS, run });
