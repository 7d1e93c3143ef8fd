import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { Xoshiro128 } from "../units/random.ts";
import { type Hints, namesOf, requireOptions } from "../checks/options.ts";
import { requireBoolean, requireInteger, wrong } from "../checks/validate.ts";
import { plainNumber } from "./cell_numbers.ts";
import { checkLengths } from "./check_lengths.ts";
import type { Table } from "./table.ts";
import type { Samples, SparseSamples } from "./dataset.ts";
import { pick, pickFromTable } from "./pick.ts";
import { requireSamples } from "./require_samples.ts";
import { cellOf, columnIndices, requireTable } from "./table_cells.ts";
import { isTable } from "./table_rows.ts";

const ACTION = "split samples";

/** Stream of the seed's generator from which splits are drawn; the network has the ones before. */
const SPLIT_STREAM = 2;

/**
 * How to split samples.
 *
 * @example
 * ```ts
 * import { samplesFrom, type SplitOptions, trainTestSplit } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3], [4]], y: [10, 20, 30, 40] });
 * const options: SplitOptions = { testFraction: 0.25, seed: 7 };
 * console.log(trainTestSplit(samples, options).test.count); // 1
 * ```
 */
export interface SplitOptions {
  /** Fraction of the samples to test with, between 0 and 1. Default: 0.2 */
  readonly testFraction?: number;
  /** Seed from 0 to 2³² - 1; the same seed gives the same split. Default: 1 */
  readonly seed?: number;
  /**
   * Whether to stratify by class, so that both parts have the same fraction of each class. Default: `true` for one-hot or
   * binary targets, unless each class has a single sample
   */
  readonly stratify?: boolean;
}

/**
 * How to split a table.
 *
 * @example
 * ```ts
 * import { parseCsv, type TableSplitOptions, trainTestSplit } from "@lockstep/lockstep";
 *
 * const table = await parseCsv("size,kind\n1,a\n2,a\n3,b\n4,b\n");
 * const options: TableSplitOptions = { testFraction: 0.5, stratify: "kind" };
 * const { test } = trainTestSplit(table, options);
 * console.log(test.rows.map(([, kind]) => kind)); // one "a", one "b"
 * ```
 */
export interface TableSplitOptions extends Omit<SplitOptions, "stratify"> {
  /**
   * Name or index of a column of classes to stratify by, so that both parts have the same fraction of each class. Default:
   * none
   */
  readonly stratify?: string | number;
}

/**
 * A training part and a test part.
 *
 * @example
 * ```ts
 * import { type Samples, samplesFrom, type Split, trainTestSplit } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2]], y: [1, 2] });
 * const split: Split<Samples> = trainTestSplit(samples, { testFraction: 0.5 });
 * console.log(split.train.count, split.test.count); // 1, 1
 * ```
 */
export interface Split<T> {
  /** The training part. */
  readonly train: T;
  /** The test part, which the training doesn't see. */
  readonly test: T;
}

const NAMES = namesOf<SplitOptions>({
  testFraction: true,
  seed: true,
  stratify: true,
});

/** What other libraries call them. */
const HINTS: Hints = { testsize: "testFraction", randomstate: "seed" };

/**
 * Splits samples at random. The test part has `Math.round(count · testFraction)` samples, at least one and not all. A
 * stratified split takes the same fraction of each class, rounded to whole samples by the largest remainders. It leaves at
 * least one sample of each class in the training part, so the test part is smaller if many classes have a single sample.
 *
 * The order of both parts is that of 0, 1, … shuffled from stream 2 of the seed.
 *
 * @throws {TypeError} If `samples` are none, or an option is unknown or of the wrong type.
 * @throws {RangeError} If one part would be empty, lengths don't match, or `stratify` is true and targets are not classes.
 *
 * @example
 * ```ts
 * import { samplesFrom, trainTestSplit } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3], [4]], labels: [0, 1, 0, 1] });
 * const { train, test } = trainTestSplit(samples, { testFraction: 0.5, seed: 1 });
 * console.log(train.y, test.y); // one of each class in both
 * ```
 */
export function trainTestSplit(
  samples: Samples,
  options?: SplitOptions,
): Split<Samples>;
/** Splits samples with compressed sparse rows in the same way. */
export function trainTestSplit(
  samples: SparseSamples,
  options?: SplitOptions,
): Split<SparseSamples>;
/** Splits the rows of a table in the same way; do this before an encoder is fitted. */
export function trainTestSplit(
  table: Table,
  options?: TableSplitOptions,
): Split<Table>;
export function trainTestSplit(
  whole: Samples | SparseSamples | Table,
  options: SplitOptions | TableSplitOptions = {},
): Split<Samples | SparseSamples | Table> {
  if (isTable(whole)) {
    requireTable(ACTION, whole);
    requireOptions(ACTION, options, NAMES, HINTS);
    const { train, test } = splitNumbers(whole, options);
    return {
      train: pickFromTable(whole, train),
      test: pickFromTable(whole, test),
    };
  }
  requireSamples(ACTION, "samples", whole);
  requireOptions(ACTION, options, NAMES, HINTS);
  checkLengths(ACTION, whole);
  const { train, test } = splitNumbers(whole, options);
  return { train: pick(whole, train), test: pick(whole, test) };
}

/** Splits the numbers of samples, or of the rows of a table, as {@linkcode trainTestSplit} does. */
export function splitNumbers(
  whole: Samples | SparseSamples | Table,
  options: SplitOptions | TableSplitOptions,
): Split<Int32Array> {
  const [count, classes] = isTable(whole)
    ? [whole.rows.length, classesOfTable(whole, options.stratify)]
    : [whole.count, classesOfSamples(whole, options.stratify)];
  return parts(count, classes, options);
}

/** Splits numbers from 0. */
function parts(
  count: number,
  classes: Int32Array | undefined,
  { testFraction = 0.2, seed = 1, stratify }: SplitOptions | TableSplitOptions,
): Split<Int32Array> {
  const wanted =
    `between 0 and 1, and such that of ${count} samples both parts get some`;
  if (typeof testFraction !== "number") {
    throw new WrongTypeError(
      wrong(ACTION, "testFraction", wanted, testFraction),
    );
  }
  const tests = Math.round(count * testFraction);
  if (!(tests >= 1 && tests < count)) {
    throw new WrongValueError(
      wrong(ACTION, "testFraction", wanted, testFraction),
    );
  }
  requireInteger(ACTION, "seed", seed, 0, 2 ** 32 - 1);
  const order = Int32Array.from({ length: count }, (_, at) => at);
  new Xoshiro128(seed, SPLIT_STREAM).shuffle(order);
  const toTest = classes && testsOf(order, classes, tests);
  if (toTest?.includes(1)) {
    return {
      train: order.filter((at) => toTest[at] === 0),
      test: order.filter((at) => toTest[at] === 1),
    };
  }
  if (toTest !== undefined && stratify !== undefined) {
    throw new WrongValueError(
      `Cannot ${ACTION} as each class has a single sample, which is to train: 'stratify' must be left out, or false for samples`,
    );
  }
  return {
    train: order.subarray(0, count - tests),
    test: order.subarray(count - tests),
  };
}

/** A 1 for each sample that is to test, of each class the last ones in an order. */
function testsOf(
  order: Int32Array,
  classes: Int32Array,
  tests: number,
): Uint8Array {
  const left = testsOfClasses(classes, tests);
  const toTest = new Uint8Array(order.length);
  for (const at of order.toReversed()) {
    if (left[classes[at]] === 0) continue;
    left[classes[at]]--;
    toTest[at] = 1;
  }
  return toTest;
}

/** How many samples of each class are to test, by their largest remainders. */
function testsOfClasses(classes: Int32Array, tests: number): Int32Array {
  const { length } = classes;
  const counts = new Int32Array(
    classes.reduce((a, b) => Math.max(a, b), 0) + 1,
  );
  for (const name of classes) counts[name]++;
  // Whole numbers, so that equal remainders are equal.
  const taken = counts.map((of) => Math.floor(of * tests / length));
  const remainder = (name: number) => counts[name] * tests % length;
  let rest = tests - taken.reduce((a, b) => a + b, 0);
  const byRemainder = Array.from(counts.keys())
    .sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const name of byRemainder) {
    if (rest === 0) break;
    if (remainder(name) === 0 || taken[name] + 1 >= counts[name]) continue;
    taken[name]++;
    rest--;
  }
  return taken;
}

/** The class of each sample, if targets are classes. */
export function classesOfSamples(
  { y, count, outputs }: Samples | SparseSamples,
  stratify: unknown,
): Int32Array | undefined {
  if (stratify !== undefined) requireBoolean(ACTION, "stratify", stratify);
  if (stratify === false) return undefined;
  const classes = new Int32Array(count);
  for (let sample = 0; sample < count; sample++) {
    classes[sample] = classAt(y, sample * outputs, outputs);
    if (classes[sample] >= 0) continue;
    if (stratify === undefined) return undefined;
    throw new WrongValueError(
      `Cannot ${ACTION} as targets must be classes, one 1 among zeros or a single 0 or 1, for 'stratify': those of sample ${sample} are not`,
    );
  }
  return classes;
}

/** The class that targets tell, or -1. */
function classAt(y: Float32Array, first: number, outputs: number): number {
  if (outputs === 1) return y[first] === 0 || y[first] === 1 ? y[first] : -1;
  let found = -1;
  for (let at = 0; at < outputs; at++) {
    const value = y[first + at];
    if (value === 0) continue;
    if (value !== 1 || found >= 0) return -1;
    found = at;
  }
  return found;
}

/** The class of each row, if a column of them is given. */
export function classesOfTable(
  table: Table,
  stratify: unknown,
): Int32Array | undefined {
  if (stratify === undefined) return undefined;
  if (typeof stratify === "boolean") {
    const wanted = "the name or the number of a column of a table";
    throw new WrongTypeError(wrong(ACTION, "stratify", wanted, stratify));
  }
  const [column] = columnIndices(table, [stratify], "stratify");
  const places = new Map<string, number>();
  return Int32Array.from(table.rows, (_, row) => {
    const name = plainNumber(cellOf(table, row, column));
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  });
}
