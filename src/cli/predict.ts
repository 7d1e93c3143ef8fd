/** `deno task predict`: what a model makes of samples in a file, or from stdin. */
import { WrongValueError } from "../checks/errors.ts";
import { requireFewValues } from "../data/floats.ts";
import { ENDINGS } from "../data/formats.ts";
import { csvLine, numbersOf, predictionCells } from "../data/prediction_csv.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { decodeOutputs, plainEncoder } from "../mlp/decode_outputs.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { wrong } from "../checks/validate.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { visible, visibleJson, visibleName } from "../checks/visible.ts";
import { hideLive } from "./display/live_line.ts";
import { Progress } from "./display/progress.ts";
import { note, spreadsheetSafe } from "./print.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  DATA_OPTIONS,
  MODEL_OPTION,
} from "./common_options.ts";
import { requireEnding, requireWritable } from "./require_writable.ts";
import { writeAtomically } from "../io/write_atomically.ts";
import { openInputs, openModel } from "./open_model.ts";

const { format, delimiter, header, encoding, "bad-rows": badRows } =
  DATA_OPTIONS;

/** How the names of files end that are written; the first is CSV. */
const OUTPUT_ENDINGS = [".csv", ".jsonl", ".ndjson"];

const OPTIONS = {
  ...MODEL_OPTION,
  format,
  delimiter,
  header,
  encoding,
  "bad-rows": badRows,
  output: {
    value: "FILE",
    help: `write to it instead of stdout: ${
      OUTPUT_ENDINGS.join(", ")
    }, JSON lines unless .csv`,
    file: "written",
  },
  probabilities: { help: "the probability of every class, not only of one" },
  "spreadsheet-safe": {
    help: "an apostrophe before text that a spreadsheet would run",
  },
  ...COMPUTE_OPTIONS,
  ...COMMON_OPTIONS,
  json: { help: "JSON lines instead of CSV" },
} as const satisfies Record<string, Option>;

const USAGE = `Usage: deno task predict --model FILE [options] [FILE …]

Reads samples from files (${ENDINGS.join(", ")}, or packed as .gz),
folders of images or stdin, and writes a line for each: the class as 'label' with its
'probability', the labels with 'probability_NAME' of each, or the numbers that the
model was trained to tell, with 'low_NAME' and 'high_NAME' if it knows how far it is
off.`;

const EXAMPLES = [
  [
    "deno task predict --model iris.onnx data/iris.csv --output classes.csv",
    "writes a line for each row",
  ],
  [
    "deno task predict --model iris.onnx --probabilities --json < data/iris.csv",
    "reads stdin, and prints all probabilities",
  ],
] as const;

/** Samples to tell of. */
interface Inputs {
  /** Sample after sample. */
  readonly x: Float32Array;
  /** What is carried along of each, if there is something to. */
  readonly kept: readonly Readonly<Record<string, string>>[];
}

/** The inputs in a file. */
async function inputsOf(
  mlp: Mlp,
  path: string,
  flags: FlagValues,
): Promise<Inputs> {
  const { encoder, layers } = mlp;
  const found = await openInputs(path, mlp, flags);
  if ("x" in found) {
    const empty = Object.fromEntries(keptBy(encoder).map((name) => [name, ""]));
    const kept = new Array(found.x.length / layers[0]).fill(empty);
    return { x: found.x, kept };
  }
  if (encoder !== undefined) {
    const onNote = (text: string) => note(`Note: ${text}`);
    using _ = new Progress(`Encoding ${visibleName(path)}`);
    const x = await encoder.inputs(found, { onNote });
    return { x, kept: await encoder.kept(found) };
  }
  const { name, columns } = found;
  if (columns.length === layers[0]) {
    return { x: await plainEncoder(mlp, columns).inputs(found), kept: [] };
  }
  throw new WrongValueError(
    wrong(
      `read '${name}'`,
      "values of a sample",
      `${mlp.layers[0]}`,
      columns.length,
    ),
  );
}

/** Columns that predictions carry along. */
function keptBy(encoder: TableEncoder | undefined): readonly string[] {
  return encoder?.table.keep ?? [];
}

/** The inputs in files, one after another. */
async function allInputs(
  mlp: Mlp,
  paths: readonly string[],
  flags: FlagValues,
): Promise<Inputs> {
  const parts: Inputs[] = [];
  for (const path of paths) parts.push(await inputsOf(mlp, path, flags));
  if (parts.length === 1) return parts[0];
  const length = parts.reduce((sum, { x }) => sum + x.length, 0);
  requireFewValues("predict", "inputs", length);
  const all = new Float32Array(length);
  let at = 0;
  for (const { x } of parts) {
    all.set(x, at);
    at += x.length;
  }
  return { x: all, kept: parts.flatMap(({ kept }) => kept) };
}

/**
 * Whether JSON lines are written.
 *
 * @throws {UsageError} If the name of the file to write ends in another way, or not as what is asked for.
 */
function writesJson({ json = false, output }: FlagValues): boolean {
  if (typeof output !== "string") return json === true;
  const isCsv = requireEnding(output, OUTPUT_ENDINGS) === OUTPUT_ENDINGS[0];
  if (!isCsv || json === false) return !isCsv;
  throw new UsageError(
    "Cannot read the command line as '--json' must be left out with an --output that ends in .csv",
  );
}

async function run(flags: FlagValues, files: readonly string[]): Promise<void> {
  const asJson = writesJson(flags);
  const output = flags.output as string | undefined;
  if (output !== undefined) await requireWritable(output);
  const safe = flags["spreadsheet-safe"] === true;
  if (safe && asJson) {
    throw new UsageError(
      "Cannot read the command line as '--spreadsheet-safe' must be left out with JSON, which no spreadsheet runs",
    );
  }
  await using mlp = await openModel(flags);
  const paths = files.length === 0 ? ["-"] : files;
  const { x, kept } = await allInputs(mlp, paths, flags);
  using _ = new Progress("Predicting");
  const outputs = await mlp.predict(x);
  const { encoder = plainEncoder(mlp) } = mlp;
  const all = flags.probabilities === true;
  if (all && mlp.task !== "classes") {
    throw new UsageError(
      `Cannot predict as '--probabilities' is about classes, and the task is '${mlp.task}': leave it out`,
    );
  }
  const rows = await decodeOutputs(mlp, outputs);
  const names = encoder.classNames ?? encoder.targetNames;
  const keep = keptBy(mlp.encoder);
  const lines = asJson
    ? rows.map((row, at) =>
      visibleJson({
        ...jsonOf(row, all),
        ...(keep.length === 0 ? {} : { kept: kept[at] }),
      })
    )
    : predictionCells(names, rows, all, keep, kept)
      .map((cells) => csvLine(safe ? cells.map(spreadsheetSafe) : cells));
  if (output !== undefined) {
    const text = `${lines.join("\n")}\n`;
    await writeAtomically(output, new TextEncoder().encode(text));
    return;
  }
  // A file or a pipe gets names as they are; a terminal would obey what some of them say.
  const shown = Deno.stdout.isTerminal() ? lines.map(visible) : lines;
  hideLive();
  console.log(shown.join("\n"));
}

/** What is written as JSON. */
function jsonOf(found: TablePrediction, all: boolean): object {
  if (found.task === "numbers") return numbersOf(found);
  const { task, ...row } = found;
  if (task === "labels" || all) return row;
  const { probabilities: _, ...chosen } = row;
  return chosen;
}

await runCommand({
  usage: USAGE,
  examples: EXAMPLES,
  options: OPTIONS,
  takesFiles: true,
  run,
});
