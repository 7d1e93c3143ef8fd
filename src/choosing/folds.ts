/** Folds: which samples to train with and which to judge by. */
import { WrongValueError } from "../checks/errors.ts";
import { type Hints, namesOf, requireOptions } from "../checks/options.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import { Xoshiro128 } from "../units/random.ts";
import { type FoldConstraints, foldConstraintsOf } from "./fold_constraints.ts";

const ACTION = "make folds";

/** The first stream of the seed's generator from which folds are drawn: each repeat has one. */
const FOLDS_STREAM = 4;

/**
 * How to divide samples into folds.
 *
 * @example
 * ```ts
 * import { kFold, type KFoldOptions, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3], [4]], y: [10, 20, 30, 40] });
 * const options: KFoldOptions = { folds: 2, groups: ["ann", "ann", "bob", "bob"] };
 * console.log([...kFold(samples, options)].length); // 2
 * ```
 */
export interface KFoldOptions {
  /** How many folds, from 2 to the number of samples or groups. Default: 5 */
  readonly folds?: number;
  /** How often to divide all samples into folds, each time in another random order; from 1 to 1000. Default: 1 */
  readonly repeats?: number;
  /**
   * Whether to stratify by class, so that each fold has the same fraction of each class; for a table, the name or number of
   * the column of classes. Default: `true` for samples with one-hot or binary targets, unless there are groups
   */
  readonly stratify?: boolean | string | number;
  /**
   * The group of each sample, such as a patient: all samples of a group are in the same fold. For a table, the name or
   * number of a column. Default: none
   */
  readonly groups?: readonly (string | number)[] | string | number;
  /** Seed from 0 to 2³² - 1; the same seed gives the same folds. Default: 1 */
  readonly seed?: number;
}

/**
 * The training samples and the test samples of one fold.
 *
 * @example
 * ```ts
 * import { type Fold, kFold, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3]], y: [1, 2, 3] });
 * const [first]: Fold[] = [...kFold(samples, { folds: 3 })];
 * console.log(first.train.length, first.test.length); // 2, 1
 * ```
 */
export interface Fold {
  /** Number of the repeat, from 0. */
  readonly repeat: number;
  /** Number of the fold, from 0. */
  readonly fold: number;
  /** Indices of the training samples, from 0, in random order. */
  readonly train: Int32Array;
  /** Indices of the test samples. */
  readonly test: Int32Array;
}

const NAMES = namesOf<KFoldOptions>({
  folds: true,
  repeats: true,
  stratify: true,
  groups: true,
  seed: true,
});

/** What other libraries call them. */
export const FOLD_HINTS: Hints = {
  nsplits: "folds",
  k: "folds",
  cv: "folds",
  nrepeats: "repeats",
  randomstate: "seed",
  shuffle: "samples are always in a random order",
};

/**
 * Divides samples into folds. Each fold is the test part once, while the others are for training. The sizes of folds differ
 * by at most one; if they are stratified, so do the counts of each class. Groups stay whole: the largest first, each goes
 * to the fold that has the fewest samples so far.
 *
 * @throws {TypeError} If `samples` are none, or an option is unknown or of the wrong type.
 * @throws {RangeError} If an option is out of its range, there are too few samples or groups, or groups are to be stratified.
 *
 * @example Train a network for each fold
 * ```ts
 * import { kFold, Mlp, readTable, TableEncoder } from "@lockstep/lockstep";
 *
 * const table = await readTable("data/iris.csv");
 * const rowsOf = (numbers: Int32Array) => ({
 *   ...table,
 *   rows: Array.from(numbers, (row) => table.rows[row]),
 *   lines: Array.from(numbers, (row) => table.lines[row]),
 * });
 * for (const { train, test } of kFold(table, { folds: 3, stratify: "species" })) {
 *   const encoder = await TableEncoder.fit(rowsOf(train), { whole: table });
 *   await using mlp = new Mlp({ encoder, hidden: [8] });
 *   await mlp.fit(await encoder.samples(rowsOf(train)), { epochs: 20 });
 *   const { accuracy } = await mlp.evaluate(await encoder.samples(rowsOf(test)));
 *   console.log(accuracy);
 * }
 * ```
 */
export function* kFold(
  samples: Samples | SparseSamples | Table,
  options: KFoldOptions = {},
): Generator<Fold> {
  const { folds, repeats, seed } = requireFolds(ACTION, options);
  const constraints = foldConstraintsOf(ACTION, samples, options);
  const { count, groups } = constraints;
  const most = groups === undefined ? count : largest(groups) + 1;
  requireInteger(ACTION, "folds", folds, 2, Math.max(2, most));
  if (most < 2) {
    const what = groups === undefined ? "samples" : "groups";
    throw new WrongValueError(wrong(ACTION, what, "2 or more", most));
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = orderOf(count, seed, repeat);
    const foldOf = groups === undefined
      ? dealt(order, constraints.classes, folds)
      : packed(order, groups, folds);
    for (let fold = 0; fold < folds; fold++) {
      yield {
        ...{ repeat, fold },
        train: order.filter((at) => foldOf[at] !== fold),
        test: order.filter((at) => foldOf[at] === fold),
      };
    }
  }
}

/**
 * Splits off a fraction of the samples, at least one and not all. With classes, it is stratified; with groups, whole groups
 * are taken until they have that many samples.
 */
export function holdOut(
  action: string,
  name: string,
  { count, classes, groups }: FoldConstraints,
  fraction: number,
  seed: number,
): Fold {
  const wanted = "between 0 and 1, and such that both parts get some samples";
  const tests = Math.round(count * fraction);
  const refuse = () => {
    throw new WrongValueError(wrong(action, name, wanted, fraction));
  };
  if (!(fraction > 0 && fraction < 1 && tests >= 1 && tests < count)) refuse();
  const order = orderOf(count, seed, 0);
  const held = new Uint8Array(count);
  if (groups === undefined) {
    // Spread over a list that is sorted by classes, so that each gives its share.
    const sorted = byClasses(order, classes);
    for (let n = 0; n < tests; n++) {
      held[sorted[Math.floor((n + 0.5) * count / tests)]] = 1;
    }
  } else {
    let [left, others] = [tests, largest(groups) + 1];
    const taken = new Set<number>();
    for (const at of order) {
      if (left <= 0 || taken.has(groups[at])) continue;
      if (--others === 0) break;
      taken.add(groups[at]);
      left -= groups.reduce((sum, group) => sum + +(group === groups[at]), 0);
    }
    if (taken.size === 0) refuse();
    for (const [at, group] of groups.entries()) held[at] = +taken.has(group);
  }
  return {
    ...{ repeat: 0, fold: 0 },
    train: order.filter((at) => held[at] === 0),
    test: order.filter((at) => held[at] === 1),
  };
}

/** Checks the options that are numbers. */
function requireFolds(action: string, options: KFoldOptions) {
  requireOptions(action, options, NAMES, FOLD_HINTS);
  const { folds = 5, repeats = 1, seed = 1 } = options;
  requireInteger(action, "folds", folds, 2, 2 ** 31 - 1);
  requireInteger(action, "repeats", repeats, 1, 1000);
  requireInteger(action, "seed", seed, 0, 2 ** 32 - 1);
  return { folds, repeats, seed };
}

function largest(values: Int32Array): number {
  return values.reduce((a, b) => Math.max(a, b), -1);
}

function orderOf(count: number, seed: number, repeat: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, at) => at);
  new Xoshiro128(seed, FOLDS_STREAM + repeat).shuffle(order);
  return order;
}

function byClasses(
  order: Int32Array,
  classes: Int32Array | undefined,
): Int32Array {
  // A stable sort, so that those of a class stay shuffled.
  return classes === undefined
    ? order
    : order.toSorted((a, b) => classes[a] - classes[b]);
}

/** The fold of each sample: dealt out one by one, class after class, so that all differ by one at most. */
function dealt(
  order: Int32Array,
  classes: Int32Array | undefined,
  folds: number,
): Int32Array {
  const foldOf = new Int32Array(order.length);
  for (const [n, at] of byClasses(order, classes).entries()) {
    foldOf[at] = n % folds;
  }
  return foldOf;
}

/** The fold of each sample: the largest group first, to the fold with the fewest samples. */
function packed(
  order: Int32Array,
  groups: Int32Array,
  folds: number,
): Int32Array {
  const sizes = new Int32Array(largest(groups) + 1);
  for (const group of groups) sizes[group]++;
  const filled = new Array<number>(folds).fill(0);
  const foldOfGroup = new Int32Array(sizes.length);
  // Groups of one size in the order in which the shuffled samples have them.
  const seen = [...new Set(Array.from(order, (at) => groups[at]))];
  for (const group of seen.sort((a, b) => sizes[b] - sizes[a])) {
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] += sizes[group];
    foldOfGroup[group] = fold;
  }
  return groups.map((group) => foldOfGroup[group]);
}
