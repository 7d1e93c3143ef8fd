import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";
import { isCsr } from "../data/csr.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { requireSamples } from "../data/require_samples.ts";
import { isRows, tableOf, type TableRows } from "../data/table_rows.ts";
import { inSlices } from "../slices/in_slices.ts";
import {
  columnsOf,
  type InputColumn,
  type InsightNetwork,
  requireNetwork,
} from "./network.ts";

const ACTION = "find a dependence";

/** Values of a column of several inputs, such as categories. */
const MOST_CATEGORIES = 100;

/** Of many numbers, those beyond these fractions are left out: a few far ones would take most of the points. */
const [LOW, HIGH] = [0.05, 0.95];

/** Samples that are looked at between two looks at the clock. */
const SLICE_SAMPLES = 2_000;

/**
 * Of which column the dependence is found, and how finely.
 *
 * @example
 * ```ts
 * import { type DependenceOptions, Mlp, partialDependence } from "@lockstep/lockstep";
 *
 * const options: DependenceOptions = { column: "x[1]", points: 2 };
 * await using mlp = new Mlp({ layers: [2, 1], task: "numbers" });
 * const samples = { x: Float32Array.of(0, 1, 2, 3), y: Float32Array.of(0, 1), count: 2, inputs: 2, outputs: 1 };
 * console.log((await partialDependence(mlp, samples, options)).grid); // [1, 3]
 * ```
 */
export interface DependenceOptions {
  /** Name of a raw column of the table, or of an input: `"x[0]"`. */
  readonly column: string;
  /** Most points of a column of numbers, 2 or more. Default: 20 */
  readonly points?: number;
}

/**
 * What a network tells on average, by the value of one column.
 *
 * @example
 * ```ts
 * import type { Dependence } from "@lockstep/lockstep";
 *
 * const found: Dependence = { column: "size", grid: ["7", "19"], outputs: ["apple", "banana"], values: [[0.9, 0.1], [0.2, 0.8]] };
 * for (const [at, value] of found.grid.entries()) console.log(value, found.values[at][0]);
 * ```
 */
export interface Dependence {
  /** Its name. */
  readonly column: string;
  /** Values of the column that occur, in order: cells as the table has them, of plain samples numbers. */
  readonly grid: readonly (string | number)[];
  /** Names of the outputs: classes, labels or targets, or numbers from 0. */
  readonly outputs: readonly string[];
  /** For each point the mean of each output over all samples, with the column at that value. */
  readonly values: readonly (readonly number[])[];
}

/**
 * What a network tells on average where one column is set to a value in all samples, for values that occur: partial
 * dependence. Where a column goes with others, such as size with weight, that makes samples that nobody has seen, and says
 * little.
 *
 * Points are all values of a column, or if it has more of them so many numbers among those from the 5th to the 95th
 * hundredth of the samples.
 *
 * @param network Such as an {@linkcode Mlp}.
 * @param source Rows of its table, for a network with an encoder, whose targets aren't looked at; else samples.
 *
 * @throws {TypeError} If an argument is of the wrong type, or an option is unknown.
 * @throws {RangeError} If there is no such column, it has more than 100 categories, an option is out of its range, or the
 * samples are sparse or don't fit the network.
 *
 * @example
 * ```ts
 * import { Mlp, partialDependence, readTable, TableEncoder } from "@lockstep/lockstep";
 *
 * const table = await readTable("data/iris.csv");
 * const encoder = await TableEncoder.fit(table, { target: "species" });
 * await using mlp = new Mlp({ encoder, hidden: [8] });
 * await mlp.fit(await encoder.samples(table), { learningRate: 0.01 });
 * const { values } = await partialDependence(mlp, table, { column: "petal width" });
 * console.log(values[0][0] > values.at(-1)![0]); // true: setosa has the small ones
 * ```
 */
export async function partialDependence(
  network: InsightNetwork,
  source: Samples | SparseSamples | TableRows,
  options: DependenceOptions,
): Promise<Dependence> {
  requireNetwork(ACTION, network);
  requireOptions(ACTION, options, ["column", "points"]);
  const { column: name, points = 20 } = options;
  requireInteger(ACTION, "points", points, 2, Infinity);
  const { x, cells } = await inputsOf(network, source, name);
  const { layers: [inputs], classNames, targetNames, task } = network;
  const width = network.layers.at(-1)!;
  const columns = columnsOf(network, inputs);
  const names = columns.map((column) => column.name);
  const column =
    columns[names.indexOf(requireChoice(ACTION, "column", name, names))];
  if (column.to - column.from > 1 && cells === undefined) {
    const wanted = "rows of the table, for a column of several inputs";
    throw new WrongValueError(wrong(ACTION, "source", wanted, source));
  }
  const count = x.length / inputs;
  const samples = await gridOf(x, inputs, column, points);
  const changed = x.slice();
  const values: number[][] = [];
  for (const sample of samples) {
    const from = sample * inputs;
    const value = x.subarray(from + column.from, from + column.to);
    await inSlices(count, SLICE_SAMPLES, (first, end) => {
      for (let s = first; s < end; s++) {
        changed.set(value, s * inputs + column.from);
      }
    });
    const found = await network.predict(changed);
    const sums = new Array<number>(width).fill(0);
    await inSlices(count, SLICE_SAMPLES, (first, end) => {
      for (let at = first * width; at < end * width; at++) {
        sums[at % width] += found[at];
      }
    });
    values.push(sums.map((sum) => sum / count));
  }
  const own = task === "numbers" ? targetNames : classNames;
  return {
    column: name,
    grid: samples.map((s) => cells?.[s] ?? x[s * inputs + column.from]),
    outputs: own ?? Array.from({ length: width }, (_, at) => `${at}`),
    values,
  };
}

/** Inputs of what is given, and the cells of the column if it is of a table. */
async function inputsOf(
  { encoder, layers: [inputs] }: InsightNetwork,
  source: Samples | SparseSamples | TableRows,
  name: string,
): Promise<{ readonly x: Float32Array; readonly cells?: readonly string[] }> {
  if (isRows(source)) {
    if (encoder === undefined) {
      const wanted = "samples, as the network has no encoder";
      throw new WrongTypeError(wrong(ACTION, "source", wanted, source));
    }
    const names = encoder.columns.map((column) => column.name);
    requireChoice(ACTION, "column", name, names);
    const x = await encoder.inputs(source);
    const { columns, rows } = await tableOf(ACTION, source);
    // Without names, columns are found by their order.
    const at = columns.indexOf(name);
    if (at < 0 || rows.length * inputs !== x.length) {
      const wanted = `rows with names, and without any that are left out`;
      throw new WrongValueError(wrong(ACTION, "source", wanted, source));
    }
    return { x, cells: rows.map((row) => row[at]) };
  }
  requireSamples(ACTION, "source", source);
  if (isCsr(source.x)) {
    throw new WrongValueError(
      `Cannot ${ACTION} as 'source' must be dense: current value has compressed sparse rows`,
    );
  }
  if (source.inputs !== inputs) {
    throw new WrongValueError(
      wrong(ACTION, "source.inputs", `${inputs}`, source.inputs),
    );
  }
  return { x: source.x };
}

/** Samples that have the values of the grid, in the order of these. */
async function gridOf(
  x: Float32Array,
  inputs: number,
  { name, from, to }: InputColumn,
  points: number,
): Promise<number[]> {
  /** The first sample of each value. */
  const first = new Map<string, number>();
  const count = x.length / inputs;
  const valueOf = (s: number) => x.subarray(s * inputs + from, s * inputs + to);
  await inSlices(count, SLICE_SAMPLES, (begin, end) => {
    for (let s = begin; s < end; s++) {
      const key = valueOf(s).join();
      if (!first.has(key)) first.set(key, s);
    }
  });
  const single = to - from === 1;
  if (!single && first.size > MOST_CATEGORIES) {
    const wanted = `a column of at most ${MOST_CATEGORIES} different values`;
    throw new WrongValueError(wrong(ACTION, "column", wanted, name));
  }
  const byValue = (one: number, other: number) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    // One-hot inputs in the order of the categories.
    const at = a.findIndex((value, at) => value !== b[at]);
    return at < 0 ? 0 : single ? a[at] - b[at] : b[at] - a[at];
  };
  if (!single || first.size <= points) {
    return [...first.values()].sort(byValue);
  }
  const sorted = Array.from({ length: count }, (_, s) => s).sort(byValue);
  const chosen = Array.from({ length: points }, (_, at) => {
    const part = LOW + (HIGH - LOW) * at / (points - 1);
    return sorted[Math.round(part * (count - 1))];
  });
  return [...new Map(chosen.map((s) => [valueOf(s)[0], s])).values()];
}
