/** How well a network does on samples whose targets are known. */
import type { Communicator } from "../distributed/communicator.ts";
import type { Engine } from "../engine/engine.ts";
import { ColumnErrors, meanOfColumns } from "../metrics/column_errors.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import { inSlices } from "../slices/in_slices.ts";
import { LOSSES, type LossName } from "../units/losses.ts";
import { infer } from "./infer.ts";
import { columnsOfRanks, sumsOfRanks } from "./sums_of_ranks.ts";

/**
 * How well a network does on samples whose targets are known, for classes, labels or numbers.
 *
 * @example
 * ```ts
 * import { type Evaluation, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [2, 3, 2] });
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * const { accuracy, loss }: Evaluation = await mlp.evaluate(samples);
 * console.log(accuracy, loss);
 * ```
 */
export interface Evaluation {
  /**
   * Fraction of the samples whose class is correct, from 0 to 1; for labels, the fraction of all labels that are correct.
   * Absent for numbers.
   */
  readonly accuracy?: number;
  /** Mean loss of a sample, without regularization, in scaled units if targets are scaled. */
  readonly loss: number;
  /** Mean of |a - y| over all outputs and samples, in the units of raw targets. */
  readonly meanAbsoluteError: number;
  /** Only for numbers: R², at most 1, the mean over the outputs, see {@linkcode r2}. */
  readonly r2?: number;
  /** Only for numbers: the root of the mean squared error, in the units of raw targets, the mean over the outputs. */
  readonly rootMeanSquaredError?: number;
}

/** Errors of numbers that are summed between two looks at the clock. */
const SLICE_ERRORS = 20_000;

/**
 * Computes how well the network does on samples.
 *
 * @param others Processes that have samples of their own, all of which it is about. Default: none
 */
export async function evaluate(
  engine: Engine,
  samples: PreparedSamples,
  signal?: AbortSignal,
  others?: Communicator,
): Promise<Evaluation> {
  const { x, y, outputs, targetUnits } = samples;
  let [count, correct, losses, errors] = [samples.count, 0, 0, 0];
  // One after another, so that the bits don't depend on the chunks.
  const sum = (before: number, values: Float32Array) => {
    let total = before;
    for (const value of values) total += value;
    return total;
  };
  const own = engine.network.task !== "numbers"
    ? undefined
    : Array.from({ length: outputs }, () => new ColumnErrors());
  await infer(engine, x, count, y, async (batch, from, to) => {
    const { arena } = engine;
    correct = sum(correct, arena.floats(batch.correct, to - from));
    losses = sum(losses, arena.floats(batch.losses, to - from));
    errors = sum(errors, arena.floats(batch.errors, to - from));
    if (own === undefined) return;
    const { values: wanted, ld } = arena.matrix(batch.y);
    const { values: found } = arena.matrix(batch.a.at(-1)!);
    const slice = Math.ceil(SLICE_ERRORS / outputs);
    await inSlices(to - from, slice, (first, end) => {
      for (let at = first * ld; at < end * ld; at += ld) {
        for (const [o, column] of own.entries()) {
          column.add(wanted[at + o], found[at + o]);
        }
      }
    });
  }, signal);
  let columns = own;
  if (others !== undefined) {
    const sums = [count, correct, losses, errors];
    [count, correct, losses, errors] = await sumsOfRanks(others, sums);
    columns = own && await columnsOfRanks(others, own);
  }
  return {
    ...(columns === undefined
      ? {
        accuracy: correct / count,
        meanAbsoluteError: errors / (count * outputs),
      }
      : numberMetrics(columns, targetUnits)),
    loss: losses / count,
  };
}

/** How well the outputs of samples do on numbers; of scaled targets, as they are. */
export async function evaluateNumbers(
  found: ArrayLike<number>,
  { y, count, outputs, targetUnits }: PreparedSamples,
  loss: LossName,
): Promise<Evaluation> {
  const columns = Array.from({ length: outputs }, () => new ColumnErrors());
  const { sample } = LOSSES[loss];
  const row = new Float64Array(outputs);
  let losses = 0;
  const slice = Math.ceil(SLICE_ERRORS / outputs);
  await inSlices(count, slice, (from, to) => {
    for (let s = from; s < to; s++) {
      for (const [o, column] of columns.entries()) {
        row[o] = found[s * outputs + o];
        column.add(y[s * outputs + o], row[o]);
      }
      losses += sample(row, y.subarray(s * outputs, (s + 1) * outputs));
    }
  });
  return { ...numberMetrics(columns, targetUnits), loss: losses / count };
}

/** What is known of numbers, in the units of raw targets. */
function numberMetrics(
  columns: readonly ColumnErrors[],
  units: readonly number[] | undefined,
): Pick<Evaluation, "r2" | "meanAbsoluteError" | "rootMeanSquaredError"> {
  const unit = (column: number) => Math.abs(units?.[column] ?? 1);
  return {
    r2: meanOfColumns(columns, ({ r2 }) => r2),
    meanAbsoluteError: meanOfColumns(
      columns,
      ({ meanAbsolute }, column) => unit(column) * meanAbsolute,
    ),
    rootMeanSquaredError: meanOfColumns(
      columns,
      ({ meanSquared }, column) => unit(column) * Math.sqrt(meanSquared),
    ),
  };
}
