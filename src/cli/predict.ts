/** `deno task predict`: what a model makes of samples in a file, or from stdin. */
import { isMistake, WrongValueError } from "../checks/errors.ts";
import type { Table } from "../data/csv.ts";
import { parseIdxImages } from "../data/idx.ts";
import { decodeNpy } from "../data/npy.ts";
import { decodePng } from "../data/png.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { readBytes, readPipe } from "../io/read_bytes.ts";
import { systemError } from "../io/system_error.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { type Given, type Option, textOf, UsageError } from "./arguments.ts";
import { runCommand } from "./command.ts";
import { visible, visibleJson } from "../checks/visible.ts";
import { csvLine, spreadsheetSafe } from "./print.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  DATA_OPTIONS,
  MODEL_OPTION,
} from "./common_options.ts";
import { openModel } from "./open_model.ts";
import { parseTable, refuseTableOptions } from "./load_data.ts";

const { delimiter, header } = DATA_OPTIONS;

const FORMATS = ["csv", "idx", "npy", "png"] as const;
type Format = typeof FORMATS[number];

const OPTIONS = {
  ...MODEL_OPTION,
  format: {
    value: "NAME",
    help: "csv, idx, npy or png (default: by the name of the file, stdin csv)",
  },
  delimiter,
  header,
  "spreadsheet-safe": {
    help: "CSV: an apostrophe before text that a spreadsheet would run",
  },
  ...COMPUTE_OPTIONS,
  ...COMMON_OPTIONS,
  json: { help: "JSON lines instead of CSV" },
} as const satisfies Record<string, Option>;

const USAGE = `Usage: deno task predict --model FILE [options] [FILE]

Reads samples from a file or stdin, and writes a line for each: the class, or the
labels, as 'label', and the probability of each as 'probability_NAME', or the numbers
that the model was trained to tell.`;

const STDIN = "stdin";

function formatOf(name: string, given: Given): Format {
  const ending = name === STDIN
    ? "csv"
    : name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const guess = ["tsv", "txt"].includes(ending)
    ? "csv"
    : /ubyte$/.test(name)
    ? "idx"
    : ending;
  return requireChoice(
    "predict",
    "format",
    textOf(given, OPTIONS, "format") ?? guess,
    FORMATS,
  );
}

/** The rows of a table that the model knows, else the inputs in a file, sample after sample. */
async function inputsOf(
  mlp: Mlp,
  bytes: Uint8Array,
  name: string,
  given: Given,
): Promise<Table | Float32Array> {
  const [inputs] = mlp.layers;
  const format = formatOf(name, given);
  if (format !== "csv") refuseTableOptions(name, given);
  switch (format) {
    case "csv": {
      const table = await parseTable(bytes, name, given);
      if (mlp.encoder !== undefined) return table;
      requireWidth(name, table.columns.length, inputs);
      return await plainEncoder(mlp, table.columns).inputs(table);
    }
    case "idx":
      return await parseIdxImages({ name, bytes }, inputs);
    case "npy": {
      const { shape, values } = decodeNpy(bytes, { name });
      requireShape(name, shape, inputs);
      return requireNumbers(name, Float32Array.from(values), values, inputs);
    }
    case "png": {
      const side = Math.sqrt(inputs);
      if (Number.isInteger(side)) {
        return (await decodePng(bytes, { name, width: side, height: side })).x;
      }
      throw new UsageError(
        `Cannot predict from '${name}' as the model must have a square of inputs: current value is ${inputs}`,
      );
    }
  }
}

/** Refuses an array that isn't one of samples, each with as many numbers as the model has inputs. */
function requireShape(
  name: string,
  shape: readonly number[],
  inputs: number,
): void {
  const [samples = 0, ...sizes] = shape;
  const width = sizes.reduce((all, size) => all * size, 1);
  if (samples > 0 && width === inputs) return;
  const wanted = `samples × ${inputs}, with a sample or more`;
  throw new WrongValueError(wrong(`read '${name}'`, "shape", wanted, shape));
}

/** Refuses samples of another size than the model's. */
function requireWidth(name: string, width: number, inputs: number): void {
  if (width === inputs) return;
  throw new WrongValueError(
    wrong(`read '${name}'`, "values of a sample", `${inputs}`, width),
  );
}

/** Refuses samples with a number that a float32 doesn't hold, or none. */
function requireNumbers(
  name: string,
  x: Float32Array<ArrayBuffer>,
  values: ArrayLike<number>,
  inputs: number,
): Float32Array<ArrayBuffer> {
  const at = x.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return x;
  const place = `x of sample ${Math.floor(at / inputs)} at ${at % inputs}`;
  const wanted = "a number within ±3.4e38";
  throw new WrongValueError(wrong(`read '${name}'`, place, wanted, values[at]));
}

async function readStdin(): Promise<Uint8Array> {
  try {
    return await readPipe(Deno.stdin, STDIN);
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw systemError("read", STDIN, cause);
  }
}

async function run(given: Given, files: readonly string[]): Promise<void> {
  if (files.length > 1) {
    throw new UsageError(
      `Cannot read the command line as there must be one file: current value is '${
        files.join(" ")
      }'`,
    );
  }
  const safe = given["spreadsheet-safe"] === true;
  if (safe && given.json === true) {
    throw new UsageError(
      "Cannot read the command line as '--spreadsheet-safe' must be left out with --json, which no spreadsheet runs",
    );
  }
  await using mlp = await openModel(given);
  const [file = "-"] = files;
  const name = file === "-" ? STDIN : file;
  const bytes = file === "-" ? await readStdin() : await readBytes(file);
  const outputs = await mlp.predict(await inputsOf(mlp, bytes, name, given));
  const { encoder = plainEncoder(mlp) } = mlp;
  const decoded = await encoder.decode(outputs);
  // A lone probability is that of class 1.
  const lone = mlp.encoder === undefined && mlp.layers.at(-1) === 1;
  const rows = lone ? decoded.map(ofTwo) : decoded;
  const lines = given.json === true
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
  { classNames, layers, output }: Mlp,
  columns: readonly string[] = [],
): TableEncoder {
  const width = layers.at(-1)!;
  const first = width === 1 && output !== "linear" ? 1 : 0;
  const names = classNames ??
    Array.from({ length: width }, (_, at) => `${first + at}`);
  return TableEncoder.from({
    task: output === "linear" ? "numbers" : "classes",
    preprocessing: {
      columns: columns.map((name) => ({ name, kind: "number" })),
    },
    targetNames: names,
    ...(output === "linear" ? {} : { classNames: names }),
  });
}

await runCommand({ usage: USAGE, options: OPTIONS, takesFiles: true, run });
