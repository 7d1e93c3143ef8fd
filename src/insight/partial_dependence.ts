import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";
import { isCsr } from "../data/csr.ts";
import type { Column } from "../data/column_kinds.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { MissingWords } from "../data/missing_cells.ts";
import { requireSamples } from "../data/require_samples.ts";
import { isRows, tableOf, type TableRows } from "../data/table_rows.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { Task } from "../units/tasks.ts";
import { gridOf, numberOf } from "./dependence_grid.ts";
import { columnsOf, type InsightNetwork, requireNetwork } from "./network.ts";

const ACTION = "find a dependence";

/** Samples that are looked at between two looks at the clock. */
const SLICE_SAMPLES = 2_000;

/**
 * The column whose dependence to compute, and the number of points.
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
  /** Name of a raw column of the table; for plain samples an input such as `"x[0]"`. */
  readonly column: string;
  /** Largest number of points for a column of numbers, 2 or more. Default: 20 */
  readonly points?: number;
}

/**
 * The average prediction of a network for each value of one column.
 *
 * @example
 * ```ts
 * import type { Dependence } from "@lockstep/lockstep";
 *
 * const found: Dependence = {
 *   column: "color",
 *   grid: ["red", "yellow"],
 *   task: "classes",
 *   outputs: ["apple", "banana"],
 *   values: [[0.9, 0.1], [0.2, 0.8]],
 * };
 * for (const [at, value] of found.grid.entries()) console.log(value, found.values[at][0]);
 * ```
 */
export interface Dependence {
  /** Name of the column. */
  readonly column: string;
  /**
   * Values of the column, in order: cells of the table, or numbers of plain samples. An empty last one stands for cells
   * without a value.
   */
  readonly grid: readonly (string | number)[];
  /** The grid as numbers, NaN for cells without a value; absent for a column that isn't numbers. */
  readonly numbers?: readonly number[];
  /** What the outputs are: classes and labels have probabilities. */
  readonly task: Task;
  /** Names of the outputs: classes, labels or targets, or numbers from 0. */
  readonly outputs: readonly string[];
  /** For each point, the mean of each output over all samples when the column has that value. */
  readonly values: readonly (readonly number[])[];
}

/**
 * Computes the partial dependence on a column: the mean prediction when the column is set to one value in all samples, for
 * each of its values. If the column is correlated with others, as size is with weight, this creates unrealistic samples,
 * and says little.
 *
 * The points are all values of the column. A column of numbers with more than `points` values has that many points between
 * the 5th and the 95th percentile, and one more if the network has an input for missing values.
 *
 * @param network A network such as an {@linkcode Mlp}.
 * @param source Rows of the table for a network with an encoder, otherwise samples; targets are ignored.
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
  const { x, cells, column: kept } = await inputsOf(network, source, name);
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
  const place = { ...column, flag: kept?.flag === true };
  const samples = await gridOf(x, inputs, place, points);
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
  const numbers = kept !== undefined && kept.kind !== "number"
    ? {}
    : { numbers: samples.map((s) => numberOf(x, s * inputs, place, kept)) };
  return {
    column: name,
    grid: samples.map((s) => cells?.[s] ?? x[s * inputs + column.from]),
    ...{ ...numbers, task },
    outputs: own ?? Array.from({ length: width }, (_, at) => `${at}`),
    values,
  };
}

/** Inputs of what is given, and the cells of the column if it is of a table. */
async function inputsOf(
  { encoder, layers: [inputs] }: InsightNetwork,
  source: Samples | SparseSamples | TableRows,
  name: string,
): Promise<{
  readonly x: Float32Array;
  readonly cells?: readonly string[];
  readonly column?: Column;
}> {
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
    const words = new MissingWords(encoder.table.missing);
    return {
      x,
      cells: rows.map((row) => words.has(row[at]) ? "" : row[at]),
      column: encoder.columns.find((column) => column.name === name),
    };
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
  const column = encoder?.columns.find((column) => column.name === name);
  return column === undefined ? { x: source.x } : { x: source.x, column };
}
