/** What a model remembers of the rows that it was made from: enough to know them again in the same file. */
import { WrongValueError } from "../checks/errors.ts";
import {
  requireArray,
  requireObject,
  requireString,
} from "../checks/json_checks.ts";
import { FRACTION, requireInteger, requireNumber } from "../checks/validate.ts";
import type { ModelDescription } from "../models/model.ts";
import type { TrainingData } from "./training_data.ts";
import {
  hashOfParts,
  type PartName,
  PARTS,
  partsOfRows,
} from "./split_rows.ts";

/** The rows of a training, in `training.rows` of its model. */
export interface KeptRows {
  /** Of the file, or of the list of the SHA-256 of several; none of a dataset that is built in. */
  readonly sha256?: string;
  /** Of the rows to test. */
  readonly seed: number;
  readonly testSplit: number;
  /** Of those held back of the others. */
  readonly validationSeed: number;
  readonly validationSplit: number;
  /** The column of classes of a table of which all parts have their share. */
  readonly stratify?: string;
  /** The column of a table that says what rows belong to. */
  readonly group?: string;
  /** Where a table was read in pieces: the rows of the first, of which alone some are to test. */
  readonly of?: number;
  /** How many rows there are of each part. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** What identifies this split. */
  readonly partsSha256: string;
  /** Where each rank had a file of its own: what is known of each, of which all else is about the first one. */
  readonly parts?: readonly FileRows[];
}

/** What differs from file to file. */
export type FileRows = Pick<
  KeptRows,
  "sha256" | PartName | "partsSha256"
>;

/** What is kept of a training's rows. */
export function keptRows(
  { train, split, sha256, rows }: TrainingData,
  { seed: validationSeed, training: { validationSplit = 0 } }: {
    readonly seed: number;
    readonly training: { readonly validationSplit?: number };
  },
): KeptRows {
  const more = split.of === undefined ? 0 : rows!.used - split.of;
  const held = { validationSplit, validationSeed };
  const parts = partsOfRows(split, train, held, more);
  const { seed, testSplit, stratify, group, of } = split;
  const [trained, validation, test] = PARTS.map((name) => parts[name].length);
  return {
    ...(sha256 === undefined ? {} : { sha256 }),
    ...{ seed, testSplit, ...held },
    ...(stratify === undefined ? {} : { stratify }),
    ...(group === undefined ? {} : { group }),
    ...(of === undefined ? {} : { of }),
    ...{ train: trained, validation, test },
    partsSha256: hashOfParts(parts),
  };
}

/**
 * What a model remembers; nothing if another program or version made it.
 *
 * @throws {RangeError} If it isn't what it should be, as a model may come from anybody.
 */
export function keptRowsOf(
  path: string,
  training: ModelDescription["training"],
): KeptRows | undefined {
  const found = training?.rows;
  if (found === undefined) return undefined;
  const action = `read '${path}'`;
  const isText = (value: unknown) =>
    value === undefined || typeof value === "string";
  const { sha256, stratify, group, of, parts, ...rest } =
    (typeof found === "object" && found !== null ? found : {}) as KeptRows;
  if (![sha256, stratify, group].every(isText)) {
    throw new WrongValueError(
      `Cannot ${action} as 'training.rows' must say which rows it was trained on`,
    );
  }
  const whole = (name: PartName | "seed" | "validationSeed", most: number) =>
    requireInteger(action, `training.rows.${name}`, rest[name], 0, most);
  whole("seed", 2 ** 32 - 1);
  whole("validationSeed", 2 ** 32 - 1);
  for (const name of PARTS) whole(name, 2 ** 31);
  for (const name of ["testSplit", "validationSplit"] as const) {
    requireNumber(action, `training.rows.${name}`, rest[name], FRACTION);
  }
  if (of !== undefined) {
    requireInteger(action, "training.rows.of", of, 1, 2 ** 31);
  }
  if (parts === undefined) return found as KeptRows;
  const list = "training.rows.parts";
  for (const [at, part] of requireArray(action, list, parts).entries()) {
    const name = `${list}[${at}]`;
    const fields = requireObject(action, name, part);
    requireString(action, `${name}.sha256`, fields.sha256);
    for (const which of PARTS) {
      requireInteger(action, `${name}.${which}`, fields[which], 0, 2 ** 31);
    }
  }
  return found as KeptRows;
}

/**
 * What is remembered of a file, or of several that make up a dataset.
 *
 * @param sha256 Of them.
 */
export function rowsOfFile(
  rows: KeptRows,
  sha256: string | undefined,
): KeptRows | undefined {
  const { parts = [rows], ...all } = rows;
  const found = parts.find((part) => part.sha256 === sha256);
  return found && { ...all, ...found };
}
