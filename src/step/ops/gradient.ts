/** The gradient of a layer's weights, on the columns of W that a worker owns. The bias goes with the first input. */
import type { MatrixLayout } from "../../memory/matrix.ts";
import type { SparseLayout } from "../data_layout.ts";
import { gradientTransposedOp } from "./gradient_transposed.ts";
import {
  type Batch,
  clearColumns,
  type OpContext,
  shardOf,
  type ShardTarget,
  type TrainingBuffers,
} from "../op.ts";

/** `grad[N] = delta[N+1]·[1; A[N]]ᵀ`, of all samples or of those of a shard. */
export function gradientOps(
  buffers: TrainingBuffers,
  n: number,
  target?: ShardTarget,
) {
  const { sparse } = buffers;
  if (n > 0 || sparse === undefined) return [gradientOp(buffers, n, target)];
  const gradient = sparse.transposed === undefined
    ? gradientSparseOp(buffers, sparse, target)
    : gradientTransposedOp(buffers, sparse, sparse.transposed, target);
  if (sparse.columnModes === 0) return [gradient];
  return [gradient, addOuterOp(buffers, sparse, target)];
}

function gradientOp(
  { weights, batch, slots }: TrainingBuffers,
  n: number,
  target: ShardTarget | undefined,
) {
  const [a, delta] = [batch.a[n], batch.delta[n + 1]];
  const grad = target?.grads[n] ?? weights[n].grad;
  return {
    shard: target,
    code: "gradient" as const,
    slot: slots.add("backward", "gradient", n),
    layer: n,
    delta: delta.offset,
    ldd: delta.ld,
    outputs: delta.rows,
    a: a.offset,
    aStep: n === 0 ? batch.xStep : 0,
    lda: a.ld,
    grad: grad.offset,
    ldg: grad.ld,
  };
}

/** Runs a {@linkcode gradientOp}. */
export function gradient(
  { kernels, products, scratch, memory }: OpContext,
  op: ReturnType<typeof gradientOp>,
  batch: Batch,
  from: number,
  to: number,
): void {
  if (op.shard === undefined) {
    if (from === 0) {
      kernels.biasGradient(op.delta, op.ldd, op.outputs, batch.size, op.grad);
    }
    products.gradient(op, batch, from, to, scratch);
    return;
  }
  const part = shardOf(batch, op.shard);
  if (part.size === 0) return clearColumns(memory, op, from, to);
  const delta = op.delta + 4 * op.ldd * part.first;
  // A batch that lies in the dataset is found by its start.
  const a = op.a + (op.aStep === 0 ? 4 * op.lda * part.first : 0);
  if (from === 0) {
    kernels.biasGradient(delta, op.ldd, op.outputs, part.size, op.grad);
  }
  products.gradient({ ...op, delta, a }, part, from, to, scratch);
}

/** The same from sparse inputs of the dataset itself. */
function gradientSparseOp(
  { weights, batch, data, slots }: TrainingBuffers,
  { strips, shift, starts, entries }: SparseLayout,
  target: ShardTarget | undefined,
) {
  const [, delta] = batch.delta;
  const grad = target?.grads[0] ?? weights[0].grad;
  return {
    shard: target,
    code: "gradientSparse" as const,
    slot: slots.add("backward", "gradient", 0),
    layer: 0,
    delta: delta.offset,
    ldd: delta.ld,
    outputs: delta.rows,
    ...{ strips, shift, starts, entries, indices: data.indices },
    grad: grad.offset,
    ldg: grad.ld,
  };
}

/** Runs a {@linkcode gradientSparseOp}. */
export function gradientSparse(
  { kernels, memory }: OpContext,
  op: ReturnType<typeof gradientSparseOp>,
  batch: Batch,
  from: number,
  to: number,
): void {
  const { first, start, size } = shardOf(batch, op.shard);
  // The kernels have one sample at least.
  if (size === 0) return clearColumns(memory, op, from, to);
  const delta = op.delta + 4 * op.ldd * first;
  if (from === 0) {
    kernels.biasGradient(delta, op.ldd, op.outputs, size, op.grad);
  }
  kernels.gradientSparse(
    delta,
    op.ldd,
    op.outputs,
    op.strips,
    op.shift,
    op.starts,
    op.entries,
    op.indices + 4 * start,
    op.grad,
    op.ldg,
    from,
    to,
    size,
  );
}

/** `grad[0] += (Σ_samples delta[1])·modesᵀ`, the sum being a vector of the worker's own. */
function addOuterOp(
  { weights, slots }: TrainingBuffers,
  { columnModes }: SparseLayout,
  target: ShardTarget | undefined,
) {
  const { offset, ld } = target?.grads[0] ?? weights[0].grad;
  return {
    code: "addOuter" as const,
    slot: slots.add("backward", "column modes", 0),
    layer: 0,
    columnModes,
    ith: target?.ith ?? 0,
    grad: offset,
    ldg: ld,
  };
}

/** Runs an {@linkcode addOuterOp}. */
export function addOuter(
  { kernels, vector }: OpContext,
  { columnModes, ith, grad, ldg }: ReturnType<typeof addOuterOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const sum = vector + 4 * ldg * ith;
  kernels.addOuter(sum, columnModes, grad, ldg, from, to);
}

/** What a worker computes for itself, where inputs differ from the modes of their columns: its vector becomes `Σ_samples delta[1]`. */
export function deltaSumOps(
  { batch, slots, sparse }: TrainingBuffers,
  target?: ShardTarget,
) {
  if (sparse === undefined || sparse.columnModes === 0) return [];
  const slot = slots.add("backward", "column modes", 0);
  return [deltaSumOp(batch.delta[1], slot, target)];
}

function deltaSumOp(
  { offset, ld, rows }: MatrixLayout,
  slot: number,
  target: ShardTarget | undefined,
) {
  const code = "deltaSum" as const;
  const shape = { delta: offset, ldd: ld, outputs: rows };
  return { code, slot, ...shape, shard: target };
}

/** Runs a {@linkcode deltaSumOp}. */
export function deltaSum(
  { kernels, vector, memory }: OpContext,
  { delta, ldd, outputs, shard }: ReturnType<typeof deltaSumOp>,
  batch: Batch,
): void {
  const { first, size } = shardOf(batch, shard);
  if (size === 0) {
    new Float32Array(memory.buffer, vector + 4 * ldd * shard!.ith, ldd).fill(0);
    return;
  }
  const sum = vector + 4 * ldd * (shard?.ith ?? 0);
  kernels.biasGradient(delta + 4 * ldd * first, ldd, outputs, size, sum);
}
