/** Which rows of a dataset are to train with, to validate, and to test: the same each time that it is read. */
import { createHash } from "node:crypto";
import { foldConstraintsOf } from "../choosing/fold_constraints.ts";
import { holdOut } from "../choosing/folds.ts";
import type { Samples } from "../data/dataset.ts";
import { pick } from "../data/pick.ts";
import { splitNumbers } from "../data/split.ts";
import type { Table } from "../data/table.ts";
import { cellOf, columnIndices } from "../data/table_cells.ts";
import { validationNumbers } from "../training/validation_part.ts";

const ACTION = "read the command line";

/** How rows are split. */
export interface SplitWanted {
  readonly testSplit: number;
  readonly seed: number;
  /** Column of a table that says what rows belong to: those of a group stay together. */
  readonly group?: string;
}

/** Numbers of rows from 0, without those that became no samples. */
export interface RowSplit {
  readonly train: Int32Array<ArrayBuffer>;
  /** Empty if none are to test. */
  readonly test: Int32Array<ArrayBuffer>;
  /** By which it was drawn. */
  readonly seed: number;
  /** Fraction of those to test; 0 if the dataset says which they are. */
  readonly testSplit: number;
  /** The column of classes of which both have their share, of a table. */
  readonly stratify?: string;
  readonly group?: string;
  /** Where only the first rows are split: how many. */
  readonly of?: number;
}

/**
 * Splits the rows of a table, or samples.
 *
 * @param stratify The column of classes of a table, if there is one.
 */
export function splitRows(
  whole: Samples | Table,
  { testSplit, seed, group }: SplitWanted,
  stratify?: string,
): RowSplit {
  if (testSplit === 0) {
    const count = "rows" in whole ? whole.rows.length : whole.count;
    const train = Int32Array.from({ length: count }, (_, at) => at);
    return { train, test: new Int32Array(), seed, testSplit };
  }
  if (group !== undefined) {
    const groups = groupsOf(whole as Table, group);
    const constraints = foldConstraintsOf(ACTION, whole, { groups });
    const { train, test } = holdOut(
      ...[ACTION, "--test-split", constraints, testSplit, seed] as const,
    );
    return {
      ...{ train: train.slice(), test: test.slice() },
      ...{ seed, testSplit, group },
    };
  }
  const { train, test } = splitNumbers(whole, {
    ...{ testFraction: testSplit, seed },
    ...(stratify === undefined ? {} : { stratify }),
  });
  return {
    ...{ train: train.slice(), test: test.slice(), seed, testSplit },
    ...(stratify === undefined ? {} : { stratify }),
  };
}

/** What the rows of a table belong to. */
export function groupsOf(table: Table, group: string): string[] {
  const [column] = columnIndices(table, [group], "groups");
  return table.rows.map((_, row) => cellOf(table, row, column));
}

/** What rows are for. */
export const PARTS = ["train", "validation", "test"] as const;

export type PartName = typeof PARTS[number];

/** Numbers of the rows of each part, in the order of the training. */
export type Parts = Readonly<Record<PartName, Int32Array>>;

/**
 * The parts of a dataset.
 *
 * @param train The samples to train with, in the order of the split, of which some are held back to validate.
 * @param more Rows after those that are split, which are to train with as well.
 */
export function partsOfRows(
  split: RowSplit,
  train: Samples,
  { validationSplit, validationSeed }: {
    readonly validationSplit: number;
    readonly validationSeed: number;
  },
  more = 0,
): Parts {
  const { learn, held } =
    validationNumbers(train, validationSplit, validationSeed) ??
      { learn: split.train.keys(), held: [] };
  const of = split.train.length + split.test.length;
  return {
    train: Int32Array.from([
      ...Iterator.from(learn).map((at) => split.train[at]),
      ...Array.from({ length: more }, (_, at) => of + at),
    ]),
    validation: Int32Array.from(held, (at) => split.train[at]),
    test: split.test,
  };
}

/** What identifies a split. */
export function hashOfParts(parts: Parts): string {
  const hash = createHash("sha256");
  for (const name of PARTS) {
    hash.update(`${name} ${parts[name].length} `);
    hash.update(parts[name]);
  }
  return hash.digest("hex");
}

/** The samples to train with of all. */
export function trainOf(samples: Samples, { train }: RowSplit): Samples {
  return pick(samples, train) as Samples;
}
