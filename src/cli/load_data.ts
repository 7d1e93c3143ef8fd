import { WrongValueError } from "../checks/errors.ts";
import { encodeTargets } from "../data/array_samples.ts";
import { type Task, TASKS } from "../units/tasks.ts";
import type { Table } from "../data/table.ts";
import type { Samples } from "../data/dataset.ts";
import type { Preprocessing } from "../data/preprocessing.ts";
import type { ReadSamples } from "../data/read_arrays.ts";
import { fitScaling, fitTargetScaling } from "../data/scaling.ts";
import { pickFromTable, type Split, trainTestSplit } from "../data/split.ts";
import { cellOf, columnIndices } from "../data/table_cells.ts";
import type { ScaleName } from "../choosing/candidate.ts";
import { bondsOf, holdOut } from "../choosing/folds.ts";
import type { Source } from "../choosing/parts.ts";
import { withoutGroups } from "../choosing/validation_options.ts";
import { whatToLearn } from "../data/encoder_options.ts";
import { MissingWords } from "../data/missing_cells.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import { targetWords, withTargets } from "../data/table_targets.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import { visibleName } from "../checks/visible.ts";
import { type FlagValues, textOf, UsageError } from "./arguments.ts";
import { columnOptionsOf } from "./column_options.ts";
import { DATA_OPTIONS } from "./common_options.ts";
import { Progress } from "./display/progress.ts";
import { requireEnough, requireSplit } from "./require_split.ts";
import { type RowCounts, rowCounts, sumOfCounts } from "./reading.ts";
import type { SampleStream } from "../training/stream.ts";
import { openData, openPieces, parseTable } from "./open_data.ts";

/** Samples for a training, and what their numbers mean. */
export interface TrainingData {
  readonly train: Samples;
  /** Where a table is read in pieces: all samples to train with, of which `train` has the first. */
  readonly stream?: SampleStream;
  /** None of samples that are not split. */
  readonly test?: Samples;
  /** The rows of a table that those are made of. */
  readonly testRows?: Table;
  /** Of a table, or of numbers that are as good as one. */
  readonly encoder?: TableEncoder;
  /** Rows of a table that became samples, and others. */
  readonly rows?: RowCounts;
  /** Names of the columns that are learned, of a table. */
  readonly target?: string;
  /** What to look at in a table. */
  readonly notes?: readonly string[];
  readonly classNames?: readonly string[];
  readonly preprocessing?: Preprocessing;
  /** Width and height of the images, if they are known: `28x28`. */
  readonly image?: string;
  /** What folds of the samples to train with are made of. */
  readonly origin: Origin;
}

/** Samples to train with as they were before they were scaled, or rows of a table before anything was found out about them. */
export interface Origin {
  readonly source: Source;
  /** How inputs are scaled. */
  readonly scale: ScaleName;
  /** What the rows of a table belong to, if a column says so. */
  readonly groups?: readonly string[];
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

/** How a training's samples are made. */
interface Wanted {
  readonly scale: string | undefined;
  readonly testSplit: number;
  readonly seed: number;
  /** Column of a table that says what rows belong to: those of a group stay together. */
  readonly group?: string;
}

const SCALES = ["none", "standardize", "minmax"] as const;

const ACTION = "read the command line";

/**
 * Loads samples for a training.
 *
 * @param wanted How inputs are scaled (default: tables and arrays are standardized, images are not), and how samples are
 * split that have none to test with.
 *
 * @throws {RangeError} If an option or a file isn't what it should be.
 */
export async function loadTrainingData(
  flags: FlagValues,
  wanted: Wanted,
): Promise<TrainingData> {
  const task = requireChoice(
    ACTION,
    "task",
    textOf(flags, DATA_OPTIONS, "task"),
    [...TASKS, "auto"],
  );
  if (wanted.scale !== undefined) {
    requireChoice(ACTION, "scale", wanted.scale, SCALES);
  }
  if (flags["piece-rows"] !== undefined) {
    return await ofPieces(flags, wanted, task);
  }
  const found = await openData(flags);
  if (wanted.group !== undefined && found.kind !== "table") {
    throw new UsageError(
      `Cannot ${ACTION} as '--group' is a column of a table, and the dataset is none: leave it out`,
    );
  }
  switch (found.kind) {
    case "table":
      return await ofTable(
        await parseTable(found.file, flags),
        ...[flags, wanted, task] as const,
      );
    case "samples":
      return await ofArrays(
        found.samples,
        ...[textOf(flags, DATA_OPTIONS, "dataset")!, wanted, task] as const,
      );
    case "dataset": {
      const { train, test, classNames } = found.dataset;
      return {
        ...{ train, test },
        ...(classNames === undefined ? {} : { classNames }),
        ...await ofImages(train, wanted),
        origin: originOfImages(train, wanted),
      };
    }
  }
}

function originOfImages(samples: Samples, { scale }: Wanted): Origin {
  return {
    source: { kind: "samples", samples, task: "classes", scaleTargets: false },
    scale: scalingOf(scale, "none"),
  };
}

/** The scaling that is asked for; none of images unless it is. */
function scalingOf(
  scale: string | undefined,
  standard: typeof SCALES[number],
): typeof SCALES[number] {
  return scale === undefined ? standard : scale as typeof SCALES[number];
}

/** How images are scaled, if they are. */
async function ofImages(
  { x, inputs }: Samples,
  { scale }: Wanted,
): Promise<{ readonly preprocessing?: Preprocessing }> {
  const method = scalingOf(scale, "none");
  if (method === "none") return {};
  return { preprocessing: await fitScaling(x, inputs, method) };
}

/** Splits what is to be split. */
function split<T extends Samples | Table>(
  whole: T,
  { testSplit, seed }: Wanted,
  options: object = {},
): { readonly train: T; readonly test?: T } {
  if (testSplit === 0) return { train: whole };
  const how = { testFraction: testSplit, seed, ...options };
  return trainTestSplit(whole as Samples, how) as unknown as Split<T>;
}

/** Notes of pieces that are told. */
const MOST_NOTES = 10;

/** A table of which no more than some rows are in memory. */
async function ofPieces(
  flags: FlagValues,
  wanted: Wanted,
  task: Task | "auto",
): Promise<TrainingData> {
  const pieces = await openPieces(flags);
  let data: (TrainingData & { readonly encoder: TableEncoder }) | undefined;
  let target: string[] = [];
  let rows: RowCounts = { read: 0, used: 0, leftOut: [] };
  const notes: string[] = [];
  // Once through the file, so that mistakes come before the training, and with the number of its rows.
  for await (const piece of pieces()) {
    // All of them were left out.
    if (piece.rows.length === 0) {
      rows = sumOfCounts(rows, rowCounts(piece, 0));
      continue;
    }
    if (data === undefined) {
      data = await ofTable(piece, flags, wanted, task);
      target = [...data.encoder.targetNames];
      rows = sumOfCounts(rows, data.rows!);
      continue;
    }
    const onNote = (text: string) =>
      notes.push(`from line ${piece.lines[0]} on, ${text}`);
    const { count } = await data.encoder.samples(piece, { target, onNote });
    rows = sumOfCounts(rows, rowCounts(piece, count));
  }
  const { train, encoder } = data!;
  const more = notes.length - MOST_NOTES;
  return {
    ...data!,
    rows,
    notes: [
      `columns, scaling and test samples are those of the first ${
        flags["piece-rows"]
      } rows`,
      ...data!.notes ?? [],
      ...notes.slice(0, MOST_NOTES),
      ...(more > 0 ? [`and ${more} more notes of later rows`] : []),
    ],
    async *stream() {
      yield train;
      let first = true;
      for await (const piece of pieces()) {
        if (piece.rows.length === 0) continue;
        if (!first) yield await encoder.samples(piece, { target });
        first = false;
      }
    },
  };
}

async function ofTable(
  all: Table,
  flags: FlagValues,
  wanted: Wanted,
  wantedTask: Task | "auto",
): Promise<TrainingData & { readonly encoder: TableEncoder }> {
  using _ = new Progress(`Encoding ${visibleName(all.name)}`);
  const asTyped = textOf(flags, DATA_OPTIONS, "target");
  const typed = asTyped === undefined ? undefined : targetsOf(all, asTyped);
  const grouped = wanted.group === undefined
    ? { table: all, target: typed ?? targetsOf(all, "-1") }
    : withoutGroups(all, wanted.group, typed);
  const { target } = grouped;
  const asked = columnOptionsOf(grouped.table.columns, flags);
  const { missing = [] } = asked;
  const { task, note } = await whatToLearn(
    grouped.table,
    { target, task: wantedTask },
    new MissingWords(missing),
  );
  const notes = note === undefined ? [] : [note];
  const onNote = (text: string) => notes.push(text);
  const whole = await withTargets(
    all,
    columnIndices(all, target),
    targetWords(task, missing),
    asked.missingTargets === "refuse",
    onNote,
  );
  const known = wanted.group === undefined
    ? whole
    : withoutGroups(whole, wanted.group, target).table;
  requireSplit(
    known,
    task === "classes" && wanted.group === undefined ? target[0] : undefined,
    wanted.testSplit,
  );
  const parts = wanted.group === undefined
    ? split(known, wanted, task === "classes" ? { stratify: target[0] } : {})
    : splitGroups(whole, known, wanted.group, wanted);
  const { train, test } = parts;
  const scale = scalingOf(wanted.scale, "standardize");
  const options = {
    ...asked,
    ...{ target, task },
    // Classes may be so rare that the rows to train with lack them.
    whole: known,
  };
  const encoder = await TableEncoder.fit(train, { ...options, scale });
  notes.push(...encoder.notes);
  const ofTest = (text: string) => onNote(`of the rows to test, ${text}`);
  const [learned, tested] = [
    await encoder.samples(train),
    test === undefined
      ? undefined
      : await encoder.samples(test, { onNote: ofTest }),
  ];
  return {
    train: learned,
    ...(tested === undefined ? {} : { test: tested, testRows: test }),
    ...{ encoder, notes },
    rows: rowCounts(all, learned.count + (tested?.count ?? 0)),
    target: encoder.targetNames.join(","),
    origin: {
      source: { kind: "table", table: train, options },
      scale,
      ...("groups" in parts ? { groups: parts.groups as string[] } : {}),
    },
  };
}

/** Splits a table so that no group is in both parts. */
function splitGroups(
  whole: Table,
  table: Table,
  group: string,
  { testSplit, seed }: Wanted,
): { readonly train: Table; readonly test?: Table; groups: string[] } {
  const [column] = columnIndices(whole, [group], "groups");
  const groups = whole.rows.map((_, row) => cellOf(whole, row, column));
  if (testSplit === 0) return { train: table, groups };
  const bonds = bondsOf(ACTION, whole, { groups });
  const { train, test } = holdOut(
    ...[ACTION, "--test-split", bonds, testSplit, seed] as const,
  );
  return {
    train: pickFromTable(table, train),
    test: pickFromTable(table, test),
    groups: Array.from(train, (row) => groups[row]),
  };
}

async function ofArrays(
  samples: ReadSamples,
  name: string,
  wanted: Wanted,
  asked: Task | "auto",
): Promise<TrainingData> {
  const { x, count, inputs, size } = samples;
  const { task, y, outputs, names } = encodeTargets(samples.targets, asked);
  requireEnough(name, "sample", count, wanted.testSplit);
  const parts = split({ x, y, count, inputs, outputs }, wanted);
  if (size !== undefined && task === "classes") {
    return {
      ...parts,
      classNames: names,
      image: `${size.width}x${size.height}`,
      ...await ofImages(parts.train, wanted),
      origin: originOfImages(parts.train, wanted),
    };
  }
  // As of a table whose columns are numbers: of labels and numbers a model has to know that they are.
  const method = scalingOf(
    wanted.scale,
    size === undefined ? "standardize" : "none",
  );
  const { train } = parts;
  const encoder = TableEncoder.from({
    task,
    preprocessing: {
      columns: Array.from(
        { length: inputs },
        (_, at) => ({ name: `x[${at}]`, kind: "number" }),
      ),
      ...(method === "none" ? {} : await fitScaling(train.x, inputs, method)),
    },
    targetNames: task === "classes" ? ["y"] : names,
    ...(task === "numbers"
      ? { targets: await fitTargetScaling(train.y, outputs) }
      : { classNames: names }),
  });
  return {
    ...parts,
    encoder,
    origin: {
      source: {
        kind: "samples",
        ...{ samples: train, task, encoder: encoder.toParts() },
        scaleTargets: task === "numbers",
      },
      scale: method,
    },
    ...(size === undefined ? {} : { image: `${size.width}x${size.height}` }),
  };
}
