import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { requireSamples } from "../data/require_samples.ts";
import { isRows, type TableRows } from "../data/table_rows.ts";
import type { Evaluation } from "../inference/evaluate.ts";
import { inSlices } from "../slices/in_slices.ts";
import { Xoshiro128 } from "../units/random.ts";
import {
  columnsOf,
  type InputColumn,
  type InsightNetwork,
  requireNetwork,
} from "./network.ts";

const ACTION = "find what is important";

/** Scores by which a network is judged. */
export type ImportanceScore = "accuracy" | "r2" | "loss";

const SCORES: readonly ImportanceScore[] = ["accuracy", "r2", "loss"];

/** Values that are moved between two looks at the clock. */
const SLICE_VALUES = 10_000;

/** A stream of its own of the seed. */
const STREAM = 21;

/**
 * How to compute permutation importance.
 *
 * @example
 * ```ts
 * import { type ImportanceOptions, Mlp, permutationImportance, samplesFrom } from "@lockstep/lockstep";
 *
 * const options: ImportanceOptions = { score: "loss", repeats: 3, seed: 7 };
 * await using mlp = new Mlp({ layers: [2, 2] });
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * console.log((await permutationImportance(mlp, samples, options)).length); // 2
 * ```
 */
export interface ImportanceOptions {
  /** The score. Default: `"accuracy"`, for the task `"numbers"` `"r2"` */
  readonly score?: "accuracy" | "r2" | "loss";
  /** How many times each column is permuted, from 1. Default: 5 */
  readonly repeats?: number;
  /** Seed of the permutations, from 0 to 2³² - 1. Default: 1 */
  readonly seed?: number;
  /** Called after each column with the number of completed columns, and of all columns. */
  readonly onColumn?: (done: number, all: number) => void;
}

/**
 * How important a column is.
 *
 * @example
 * ```ts
 * import type { ColumnImportance } from "@lockstep/lockstep";
 *
 * const found: ColumnImportance = { name: "size", mean: 0.25, deviation: 0.01, values: [0.24, 0.26] };
 * console.log(`${found.name} ${found.mean} ± ${found.deviation}`); // size 0.25 ± 0.01
 * ```
 */
export interface ColumnImportance {
  /** Name of the raw column of the table; for plain samples an input such as `x[0]`. */
  readonly name: string;
  /** How much worse the score is on average when the column's values are permuted; about 0 for an irrelevant column. */
  readonly mean: number;
  /** Standard deviation of `values` (dividing by their number). */
  readonly deviation: number;
  /** How much worse the score is in each repeat. */
  readonly values: readonly number[];
}

/**
 * Computes permutation importance, like scikit-learn's `permutation_importance`: how much worse a network scores when the
 * values of a column are permuted among the samples, for each column. All inputs encoded from one column of a table are
 * permuted together. Of two correlated columns, each may seem unimportant, as the network can rely on the other.
 *
 * @param network A network such as an {@linkcode Mlp}.
 * @param source Samples that the network has not learned from; for a network with an encoder, rows of its table with their
 * targets.
 * @returns The importance of each column, in their order.
 *
 * @throws {TypeError} If an argument is of the wrong type, or an option is unknown.
 * @throws {RangeError} If an option is out of its range, the network has no such score, or the samples are sparse or don't
 * fit it.
 *
 * @example
 * ```ts
 * import { Mlp, permutationImportance, readTable, TableEncoder, trainTestSplit } from "@lockstep/lockstep";
 *
 * const table = await readTable("data/iris.csv");
 * const { train, test } = trainTestSplit(table, { stratify: "species" });
 * const encoder = await TableEncoder.fit(train, { target: "species" });
 * await using mlp = new Mlp({ encoder, hidden: [16] });
 * await mlp.fit(await encoder.samples(train), { learningRate: 0.01 });
 * const found = await permutationImportance(mlp, test);
 * const [most] = found.toSorted((one, other) => other.mean - one.mean);
 * console.log(most.name, most.mean > 0.1); // petal length or petal width, true
 * ```
 */
export async function permutationImportance(
  network: InsightNetwork,
  source: Samples | SparseSamples | TableRows,
  options: ImportanceOptions = {},
): Promise<ColumnImportance[]> {
  requireNetwork(ACTION, network);
  requireOptions(ACTION, options, ["score", "repeats", "seed", "onColumn"]);
  const {
    score = network.task === "numbers" ? "r2" : "accuracy",
    repeats = 5,
    seed = 1,
    onColumn = () => {},
  } = options;
  requireChoice(ACTION, "score", score, SCORES);
  requireInteger(ACTION, "repeats", repeats, 1, Infinity);
  requireInteger(ACTION, "seed", seed, 0, 0xffff_ffff);
  if (typeof onColumn !== "function") {
    const wanted = "a function";
    throw new WrongTypeError(wrong(ACTION, "onColumn", wanted, onColumn));
  }
  if (score !== "loss" && (score === "r2") !== (network.task === "numbers")) {
    const own = network.task === "numbers" ? "'r2'" : "'accuracy'";
    const wanted = `${own} or 'loss' for the task '${network.task}'`;
    throw new WrongValueError(wrong(ACTION, "score", wanted, score));
  }
  const samples = await samplesOf(network, source);
  const before = scoreOf(await network.evaluate(samples), score);
  const columns = columnsOf(network, samples.inputs);
  const random = new Xoshiro128(seed, STREAM);
  const x = samples.x.slice();
  const order = Uint32Array.from({ length: samples.count }, (_, s) => s);
  const found: ColumnImportance[] = [];
  for (const column of columns) {
    const values: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      random.shuffle(order);
      await move(samples, column, x, (s) => order[s]);
      const after = await network.evaluate({ ...samples, x });
      values.push(before - scoreOf(after, score));
    }
    await move(samples, column, x, (s) => s);
    found.push({ name: column.name, ...spreadOf(values), values });
    onColumn(found.length, columns.length);
  }
  return found;
}

/** Higher is better. */
function scoreOf(evaluation: Evaluation, score: ImportanceScore): number {
  return score === "loss" ? -evaluation.loss : evaluation[score]!;
}

/** Mean and standard deviation. */
function spreadOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** Gives each sample the column of another one. */
async function move(
  { x, count, inputs }: Samples,
  { from, to }: InputColumn,
  result: Float32Array,
  sourceOf: (sample: number) => number,
): Promise<void> {
  const slice = Math.max(1, Math.floor(SLICE_VALUES / (to - from)));
  await inSlices(count, slice, (first, end) => {
    for (let s = first; s < end; s++) {
      const source = sourceOf(s) * inputs;
      result.set(x.subarray(source + from, source + to), s * inputs + from);
    }
  });
}

/** Dense samples of what is given. */
async function samplesOf(
  { encoder }: InsightNetwork,
  source: Samples | SparseSamples | TableRows,
): Promise<Samples> {
  if (isRows(source)) {
    if (encoder !== undefined) return await encoder.samples(source);
    const wanted = "samples, as the network has no encoder";
    throw new WrongTypeError(wrong(ACTION, "source", wanted, source));
  }
  requireSamples(ACTION, "source", source);
  const { x, ...rest } = source;
  if (!isCsr(x)) return { ...rest, x };
  throw new WrongValueError(
    `Cannot ${ACTION} as 'source' must be dense: current value has compressed sparse rows`,
  );
}
