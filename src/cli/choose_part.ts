/** Which of the rows of a file `evaluate` scores: all, or those that a training had for one purpose. */
import { requireChoice } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { isBuiltIn } from "../data/load_dataset.ts";
import { pick, pickFromTable } from "../data/pick.ts";
import type { Table } from "../data/table.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { validationNumbers } from "../training/validation_part.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import { type KeptRows, keptRowsOf, rowsOfFile } from "./kept_rows.ts";
import {
  hashOfParts,
  type PartName,
  PARTS,
  type Parts,
  partsOfRows,
  splitRows,
  trainOf,
} from "./split_rows.ts";
import { counted } from "./print.ts";

const CHOICES = [...PARTS, "all"] as const;

/** The option that says it. */
export const PART_OPTION = {
  part: {
    value: "NAME",
    help: `of the file that the model was trained on, the rows that were for: ${
      CHOICES.join(", ")
    } (default: all; of what has some to test, those)`,
  },
} as const satisfies Record<string, Option>;

/** The rows of a dataset. */
export interface Rows {
  readonly samples: Samples;
  /** Of a table: as it was read, with the column of groups, but without rows that have no target. */
  readonly table?: Table;
}

/** Rows that are scored, and what is known of them. */
export interface ChosenRows extends Rows {
  readonly part?: typeof CHOICES[number];
  /** How many of them the model learned from, if it was trained on the same file. */
  readonly trainedOn?: number;
  /** What to tell of it. */
  readonly note?: string;
}

/** What a model remembers of a file, if it was trained on the very same. */
export interface KnownFile {
  readonly part?: typeof CHOICES[number];
  readonly rows?: KeptRows;
}

/**
 * Finds out whether a model was trained on a dataset.
 *
 * @param sha256 Of the files of the dataset.
 *
 * @throws {UsageError} If a part of another file is asked for.
 * @throws {RangeError} If there is no such part, or the model's own account isn't what it should be.
 */
export function knownFile(
  { training }: Pick<Mlp, "training">,
  flags: FlagValues,
  dataset: string,
  sha256: string | undefined,
): KnownFile {
  const part = flags.part === undefined
    ? undefined
    : requireChoice("read the command line", "--part", flags.part, CHOICES);
  const path = flags.model as string;
  const rows = keptRowsOf(path, training);
  const own = rows !== undefined && rows.sha256 === undefined
    ? isBuiltIn(dataset) && (training?.dataset ?? "mnist") === dataset
      ? rows
      : undefined
    : rows && rowsOfFile(rows, sha256);
  const known = {
    ...(part === undefined ? {} : { part }),
    ...(own === undefined ? {} : { rows: own }),
  };
  if (own !== undefined || part === undefined || part === "all") return known;
  throw new UsageError(
    rows === undefined
      ? `Cannot evaluate '${path}' with '--part ${part}' as it doesn't remember its rows: train it anew, or leave out --part`
      : `Cannot evaluate '${path}' with '--part ${part}' as '${dataset}' isn't ${
        rows.parts === undefined ? "the file" : "one of the files"
      } that it was trained on, or was changed since: leave out --part to score all its rows`,
  );
}

/**
 * Takes those that are asked for.
 *
 * @param all Every row of the dataset.
 * @param testAlone Whether those to test are taken unless others are asked for.
 *
 * @throws {UsageError} If there are none, or the file is read otherwise than in the training.
 */
export function chooseRows(
  all: Rows,
  { part, rows }: KnownFile,
  flags: FlagValues,
  training: Mlp["training"],
): ChosenRows {
  const chosen = { ...all, ...(part === undefined ? {} : { part }) };
  if (rows === undefined) return chosen;
  const parts = partsIn(all, rows);
  if (parts === undefined) {
    const how = ["header", "delimiter", "encoding", "bad-rows", "target"]
      .filter((name) => training?.[name] !== undefined)
      .map((name) => ` --${name} ${quotedName(`${training![name]}`)}`);
    const text =
      `the rows of '${flags.dataset}' are read otherwise than in the training${
        how.length === 0 ? "" : `, which had${how.join("")}`
      }`;
    if (part === undefined || part === "all") {
      return {
        ...chosen,
        note: `the model was trained on rows of this file: ${text}`,
      };
    }
    throw new UsageError(
      `Cannot evaluate '${flags.model}' with '--part ${part}' as ${text}: give the same options`,
    );
  }
  if (part === undefined || part === "all") {
    const note = noteOf(rows);
    return {
      ...chosen,
      trainedOn: rows.train,
      ...(part === undefined ? { note } : {}),
    };
  }
  const numbers = parts[part];
  if (numbers.length === 0) refuseNone(flags, part);
  return {
    part,
    trainedOn: part === "train" ? numbers.length : 0,
    samples: pick(all.samples, numbers) as Samples,
    ...(all.table && { table: pickFromTable(all.table, numbers) }),
  };
}

/**
 * The samples to test of a dataset that has some, unless others are asked for.
 *
 * @throws {UsageError} If there are none of those.
 */
export function chooseOfDataset(
  { train, test }: Dataset,
  { part, rows }: KnownFile,
  flags: FlagValues,
): ChosenRows {
  if (part === undefined) return { samples: test };
  const kept = rows && { trainedOn: rows.train };
  if (part === "all") return { samples: joined(train, test), part, ...kept };
  if (part === "test") return { samples: test, part, trainedOn: 0 };
  const { validationSplit, validationSeed } = rows!;
  const numbers = validationNumbers(train, validationSplit, validationSeed);
  if (part === "train") {
    const samples = numbers ? pick(train, numbers.learn) as Samples : train;
    return { samples, part, trainedOn: samples.count };
  }
  if (numbers === undefined) refuseNone(flags, part);
  return { samples: pick(train, numbers.held) as Samples, part, trainedOn: 0 };
}

function refuseNone(flags: FlagValues, part: PartName): never {
  const option = part === "test" ? "test-split" : "validation-split";
  throw new UsageError(
    `Cannot evaluate '${flags.model}' with '--part ${part}' as its training had no such rows: leave it out, or train with --${option}`,
  );
}

function joined(one: Samples, other: Samples): Samples {
  const both = (a: Float32Array, b: Float32Array) => {
    const all = new Float32Array(a.length + b.length);
    all.set(a);
    all.set(b, a.length);
    return all;
  };
  return {
    ...one,
    ...{ x: both(one.x, other.x), y: both(one.y, other.y) },
    count: one.count + other.count,
  };
}

/** What each row was for in the training; `undefined` if they aren't the same rows. */
function partsIn(
  { samples, table }: Rows,
  rows: KeptRows,
): Parts | undefined {
  const count = rows.train + rows.validation + rows.test;
  if (samples.count !== count) return undefined;
  const of = Math.min(rows.of ?? count, count);
  const first = Int32Array.from({ length: of }, (_, at) => at);
  const whole = table ?? samples;
  const split = rows.of === undefined
    ? splitRows(whole, rows, rows.stratify)
    : splitRows(
      table === undefined
        ? pick(samples, first) as Samples
        : pickFromTable(table, first),
      rows,
      rows.stratify,
    );
  const parts = partsOfRows(
    ...[split, trainOf(samples, split), rows, count - of] as const,
  );
  return hashOfParts(parts) === rows.partsSha256 ? parts : undefined;
}

function noteOf({ train, validation, test }: KeptRows): string {
  const count = train + validation + test;
  const rows = (one: number) => counted(one, "row");
  if (train === count) return `all ${rows(count)} were trained on`;
  const held = validation === 0
    ? ""
    : ` and ${validation} held back to validate`;
  const other = test === 0
    ? "--part validation scores those held back"
    : `--part test scores the other ${test}`;
  return `${train} of the ${rows(count)} were trained on${held}; ${other}`;
}
