import { WrongValueError } from "../checks/errors.ts";
import { type CsvOptions, parseCsv, type Table } from "../data/csv.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { loadDataset } from "../data/load_dataset.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import { fitScaling } from "../data/scaling.ts";
import { trainTestSplit } from "../data/split.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import { TASKS } from "../data/array_samples.ts";
import { readBytes } from "../io/read_bytes.ts";
import { describe, requireChoice, wrong } from "../checks/validate.ts";
import { type Given, textOf, UsageError } from "./arguments.ts";
import { DATA_OPTIONS } from "./common_options.ts";

/** Samples for a training, and what their numbers mean. */
export interface TrainingData {
  readonly train: Samples;
  /** None of a table that is not split. */
  readonly test?: Samples;
  /** Of a table. */
  readonly encoder?: TableEncoder;
  readonly classNames?: readonly string[];
  readonly preprocessing?: Preprocessing;
}

/** Whether a dataset is a table in a file. */
export function isTable(dataset: string): boolean {
  return /\.(csv|tsv|txt)$/i.test(dataset);
}

/** Whether a dataset is one that comes from a package, and so no file of anybody. */
export function isBuiltIn(dataset: unknown): boolean {
  return dataset === "mnist" || dataset === "mnist-60k";
}

/**
 * Loads images.
 *
 * @throws {UsageError} If the dataset is neither images nor a table, or an option is about tables.
 * @throws {RangeError} If a file isn't what it should be.
 * @throws {Deno.errors.NotFound} If there is no such folder or file.
 */
export async function loadImages(
  dataset: string,
  given: Given,
): Promise<Dataset> {
  if (isBuiltIn(dataset) || /^idx:.+$/s.test(dataset)) {
    refuseTableOptions(dataset, given);
    return await loadDataset(dataset.replace(/^idx:/, ""));
  }
  const wanted = "'mnist', 'mnist-60k', 'idx:FOLDER' or 'FILE.csv'";
  throw new UsageError(
    wrong("read the command line", "--dataset", wanted, dataset),
  );
}

const OF_TABLES = ["target", "task", "delimiter", "header", "test-split"];

/**
 * Refuses options that only tables have a use for.
 *
 * @throws {UsageError} If one is given.
 */
export function refuseTableOptions(name: string, given: Given): void {
  for (const option of OF_TABLES) {
    if (given[option] === undefined) continue;
    throw new UsageError(
      `Cannot read the command line as '--${option}' is about tables, and ${
        describe(name)
      } is none: leave it out`,
    );
  }
}

/**
 * Reads a table, as the options say.
 *
 * @throws {RangeError} If the file isn't what it should be.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function loadTable(path: string, given: Given): Promise<Table> {
  return await parseTable(await readBytes(path), path, given);
}

/**
 * Parses a table, as the options say.
 *
 * @throws {RangeError} If the text isn't what it should be.
 */
export async function parseTable(
  bytes: Uint8Array,
  name: string,
  given: Given,
): Promise<Table> {
  const header = requireChoice(
    "read the command line",
    "header",
    textOf(given, DATA_OPTIONS, "header"),
    ["yes", "no", "auto"],
  );
  const delimiter = textOf(given, DATA_OPTIONS, "delimiter");
  const options: CsvOptions = {
    header: header === "auto" ? header : header === "yes",
    ...(delimiter === undefined ? {} : { delimiter }),
  };
  return await parseCsv(bytes, { name, ...options });
}

/**
 * The columns that a text names: one, though there may be a comma in its name, or several.
 *
 * @throws {RangeError} If one comes twice, be it by its name or by its number.
 */
export function targetsOf({ name, columns }: Table, text: string): string[] {
  const known = new Set(columns);
  if (known.has(text)) return [text];
  const targets = text.split(",").map((target) =>
    known.has(target) || !/^-?\d+$/.test(target)
      ? target
      : columns.at(Number(target)) ?? target
  );
  if (new Set(targets).size === targets.length) return targets;
  const wanted = "columns that differ";
  throw new WrongValueError(wrong(`read '${name}'`, "target", wanted, targets));
}

/**
 * Loads samples for a training.
 *
 * @param scale How inputs are scaled. Default: tables are standardized, images are not
 *
 * @throws {RangeError} If an option or a file isn't what it should be.
 */
export async function loadTrainingData(
  dataset: string,
  given: Given,
  { scale, testSplit, seed }: {
    readonly scale: string | undefined;
    readonly testSplit: number;
    readonly seed: number;
  },
): Promise<TrainingData> {
  const action = "read the command line";
  const method = requireChoice(
    action,
    "scale",
    scale ?? (isTable(dataset) ? "standardize" : "none"),
    ["none", "standardize", "minmax"],
  );
  if (!isTable(dataset)) {
    const data = await loadImages(dataset, given);
    const { train, test, classNames } = data;
    return {
      train,
      test,
      ...(classNames === undefined ? {} : { classNames }),
      ...(method === "none" ? {} : {
        preprocessing: await fitScaling(train.x, train.inputs, method),
      }),
    };
  }
  const table = await loadTable(dataset, given);
  const target = targetsOf(
    table,
    textOf(given, DATA_OPTIONS, "target") ?? "-1",
  );
  const asked = requireChoice(
    action,
    "task",
    textOf(given, DATA_OPTIONS, "task"),
    [...TASKS, "auto"],
  );
  const task = await TableEncoder.taskOf(table, { target, task: asked });
  const { train, test } = testSplit === 0
    ? { train: table }
    : trainTestSplit(table, {
      testFraction: testSplit,
      seed,
      ...(task === "classes" ? { stratify: target[0] } : {}),
    });
  // Texts may be so rare that the rows to train with lack them.
  const options = { target, task, scale: method, valuesFrom: table };
  const encoder = await TableEncoder.fit(train, options);
  return {
    train: await encoder.samples(train),
    ...(test === undefined ? {} : { test: await encoder.samples(test) }),
    encoder,
  };
}
