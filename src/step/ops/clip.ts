/** Clipping by the norm of all gradients together, which is known when all of them are. */
import { STATISTICS } from "../statistics.ts";
import {
  type Batch,
  columnsOf,
  type OpContext,
  type TrainingBuffers,
} from "../op.ts";

/** `squares[c] = Σ grad²` of each column, before any weight is changed. */
export function gradientSquaresOp(
  { weights, slots }: TrainingBuffers,
  n: number,
) {
  const { grad: { offset, ld }, gradientSquares } = weights[n];
  return {
    code: "gradientSquares" as const,
    slot: slots.add("update", "clip", n),
    layer: n,
    ...{ grad: offset, ld, squares: gradientSquares },
  };
}

/** Runs a {@linkcode gradientSquaresOp}. */
export function gradientSquares(
  { kernels }: OpContext,
  { grad, ld, squares }: ReturnType<typeof gradientSquaresOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const [first, end] = columnsOf(from, to);
  kernels.columnSquares(grad, ld, squares, first, end);
}

/** Scales the gradient where the norm, which is in the batch's statistics, is larger than `most`. */
export function clipOp(
  { training, weights, data, slots }: TrainingBuffers,
  n: number,
) {
  const { grad: { offset, ld } } = weights[n];
  return {
    code: "clip" as const,
    slot: slots.add("update", "clip", n),
    layer: n,
    ...{ grad: offset, ld },
    most: training.clipNorm,
    statistics: data.statistics,
    rows: training.shards,
  };
}

/** Runs a {@linkcode clipOp}. */
export function clip(
  { kernels, memory }: OpContext,
  { grad, ld, most, statistics, rows }: ReturnType<typeof clipOp>,
  { index }: Batch,
  from: number,
  to: number,
): void {
  const row = statistics + 8 * STATISTICS.length * rows * index;
  const values = new Float64Array(memory.buffer, row, STATISTICS.length);
  const norm = Math.sqrt(values[STATISTICS.indexOf("gradientSquares")]);
  if (!(norm > most)) return;
  const [first, end] = columnsOf(from, to);
  kernels.scale(grad + 4 * ld * first, ld * (end - first), most / norm);
}
