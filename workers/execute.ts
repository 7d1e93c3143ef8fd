import { type OwnOp, type ReduceOp, STATISTICS } from "../src/plan/ops.ts";
import type { Means } from "./means.ts";
import type { Batch } from "./products.ts";

/** Runs an op for the worker's own vector. */
export function executeOwnOp(
  { kernels, vector }: Means,
  op: OwnOp,
  { size }: Batch,
): void {
  if (op.code === "baseline") {
    kernels.weightedSum(op.w, op.ldw, op.outputs, op.inputs, op.base, vector);
  } else kernels.biasGradient(op.delta, op.ldd, op.outputs, size, vector);
}

/** Runs an op for batch `index`, which has `batch` samples. */
export function executeReduceOp(
  buffer: SharedArrayBuffer,
  op: ReduceOp,
  batch: number,
  index: number,
): void {
  const count = op.count === "batch" ? batch : op.count;
  let sum = 0;
  for (const value of new Float32Array(buffer, op.values, count)) sum += value;
  const row = op.statistics + 8 * STATISTICS.length * index;
  new Float64Array(buffer, row, STATISTICS.length)[op.statistic] = sum;
}
