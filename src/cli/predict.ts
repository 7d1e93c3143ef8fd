/** `deno task predict`: what a model makes of samples in a file, or from stdin. */
import { WrongValueError } from "../checks/errors.ts";
import { requireFewValues } from "../data/floats.ts";
import { ENDINGS } from "../data/formats.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { wrong } from "../checks/validate.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { visible, visibleJson } from "../checks/visible.ts";
import { csvLine, spreadsheetSafe } from "./print.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  DATA_OPTIONS,
  MODEL_OPTION,
} from "./common_options.ts";
import { openInputs, openModel } from "./open_data.ts";

const { format, delimiter, header, encoding, "bad-rows": badRows } =
  DATA_OPTIONS;

const OPTIONS = {
  ...MODEL_OPTION,
  format,
  delimiter,
  header,
  encoding,
  "bad-rows": badRows,
  "spreadsheet-safe": {
    help: "an apostrophe before text that a spreadsheet would run",
  },
  ...COMPUTE_OPTIONS,
  ...COMMON_OPTIONS,
  json: { help: "JSON lines instead of CSV" },
} as const satisfies Record<string, Option>;

const USAGE = `Usage: deno task predict --model FILE [options] [FILE …]

Reads samples from files (${ENDINGS.join(", ")}, or packed as .gz),
folders of images or stdin, and writes a line for each: the class, or the labels, as
'label', and the probability of each as 'probability_NAME', or the numbers that the
model was trained to tell.`;

/** The inputs in a file, sample after sample. */
async function inputsOf(
  mlp: Mlp,
  path: string,
  flags: FlagValues,
): Promise<Float32Array> {
  const found = await openInputs(path, mlp, flags);
  if ("x" in found) return found.x;
  if (mlp.encoder !== undefined) return await mlp.encoder.inputs(found);
  const { name, columns } = found;
  if (columns.length === mlp.layers[0]) {
    return await plainEncoder(mlp, columns).inputs(found);
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

/** The inputs in files, one after another. */
async function allInputs(
  mlp: Mlp,
  paths: readonly string[],
  flags: FlagValues,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (const path of paths) parts.push(await inputsOf(mlp, path, flags));
  if (parts.length === 1) return parts[0];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  requireFewValues("predict", "inputs", length);
  const all = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function run(flags: FlagValues, files: readonly string[]): Promise<void> {
  const safe = flags["spreadsheet-safe"] === true;
  if (safe && flags.json === true) {
    throw new UsageError(
      "Cannot read the command line as '--spreadsheet-safe' must be left out with --json, which no spreadsheet runs",
    );
  }
  await using mlp = await openModel(flags);
  const paths = files.length === 0 ? ["-"] : files;
  const outputs = await mlp.predict(await allInputs(mlp, paths, flags));
  const { encoder = plainEncoder(mlp) } = mlp;
  const decoded = await encoder.decode(outputs);
  // A lone probability is that of class 1.
  const lone = mlp.encoder === undefined && mlp.layers.at(-1) === 1;
  const rows = lone ? decoded.map(ofTwo) : decoded;
  const lines = flags.json === true
    ? rows.map(({ task: _, ...found }) =>
      visibleJson("values" in found ? found.values : found)
    )
    : csvLines(encoder.classNames ?? encoder.targetNames, rows)
      .map((cells) => csvLine(safe ? cells.map(spreadsheetSafe) : cells));
  // A file or a pipe gets names as they are; a terminal would obey what some of them say.
  const shown = Deno.stdout.isTerminal() ? lines.map(visible) : lines;
  console.log(shown.join("\n"));
}

/** The class of a sample with the probability of class 1. */
function ofTwo(found: TablePrediction): TablePrediction {
  if (found.task !== "classes") return found;
  const [probability] = Object.values(found.probabilities);
  return { ...found, label: probability >= 0.5 ? "1" : "0" };
}

/** The cells of the header and of each sample. Names of probabilities start so that none is that of the label. */
function csvLines(
  names: readonly string[],
  rows: readonly TablePrediction[],
): (string | number)[][] {
  const [{ task }] = rows;
  const parted = names.find((name) => name.includes(";"));
  if (task === "labels" && parted !== undefined) {
    const wanted =
      "without semicolons, which part them in CSV, or --json given";
    throw new WrongValueError(wrong("predict", "labels", wanted, parted));
  }
  const header = task === "numbers"
    ? names
    : ["label", ...names.map((name) => `probability_${name}`)];
  return [
    [...header],
    ...rows.map((found) => {
      if (found.task === "numbers") {
        return names.map((name) => found.values[name]);
      }
      const label = found.task === "classes"
        ? found.label
        : found.labels.join(";");
      return [label, ...names.map((name) => found.probabilities[name])];
    }),
  ];
}

/**
 * An encoder for a model that was trained on plain numbers: outputs have the names of classes, if they are known, or numbers
 * from 0; a lone probability is that of class 1.
 */
function plainEncoder(
  { task, classNames, layers }: Mlp,
  columns: readonly string[] = [],
): TableEncoder {
  const width = layers.at(-1)!;
  const first = width === 1 && task === "classes" ? 1 : 0;
  const names = classNames ??
    Array.from({ length: width }, (_, at) => `${first + at}`);
  return TableEncoder.from({
    task,
    preprocessing: {
      columns: columns.map((name) => ({ name, kind: "number" })),
    },
    targetNames: task === "classes" ? ["class"] : names,
    ...(task === "numbers" ? {} : { classNames: names }),
  });
}

await runCommand({ usage: USAGE, options: OPTIONS, takesFiles: true, run });
