/** The gradient of a layer's weights, on the columns of W that a worker owns. The bias goes with the first input. */
import type { MatrixLayout } from "../../memory/matrix.ts";
import type { SparseLayout } from "../layout.ts";
import { gradientTransposedOp } from "./gradient_transposed.ts";
import type { Batch, OpContext, TrainingBuffers } from "../op.ts";

/** `grad[N] = delta[N+1]·[1; A[N]]ᵀ`. */
export function gradientOps(buffers: TrainingBuffers, n: number) {
  const { sparse } = buffers;
  if (n > 0 || sparse === undefined) return [gradientOp(buffers, n)];
  const gradient = sparse.transposed === undefined
    ? gradientSparseOp(buffers, sparse)
    : gradientTransposedOp(buffers, sparse, sparse.transposed);
  if (sparse.columnModes === 0) return [gradient];
  return [gradient, addOuterOp(buffers, sparse)];
}

function gradientOp({ weights, batch, slots }: TrainingBuffers, n: number) {
  const [a, delta, { grad }] = [batch.a[n], batch.delta[n + 1], weights[n]];
  return {
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
  { kernels, products, scratch }: OpContext,
  op: ReturnType<typeof gradientOp>,
  batch: Batch,
  from: number,
  to: number,
): void {
  if (from === 0) {
    kernels.biasGradient(op.delta, op.ldd, op.outputs, batch.size, op.grad);
  }
  products.gradient(op, batch, from, to, scratch);
}

/** The same from sparse inputs of the dataset itself. */
function gradientSparseOp(
  { weights: [{ grad }], batch, data, slots }: TrainingBuffers,
  { strips, shift, starts, entries }: SparseLayout,
) {
  const [, delta] = batch.delta;
  return {
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
  { kernels }: OpContext,
  op: ReturnType<typeof gradientSparseOp>,
  { start, size }: Batch,
  from: number,
  to: number,
): void {
  if (from === 0) {
    kernels.biasGradient(op.delta, op.ldd, op.outputs, size, op.grad);
  }
  kernels.gradientSparse(
    op.delta,
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

/** `grad[0] += (Σ_samples delta[1])·modesᵀ`, the sum being the worker's own vector. */
function addOuterOp(
  { weights: [{ grad }], slots }: TrainingBuffers,
  { columnModes }: SparseLayout,
) {
  const slot = slots.add("backward", "column modes", 0);
  const { offset, ld } = grad;
  const code = "addOuter" as const;
  return { code, slot, layer: 0, columnModes, grad: offset, ldg: ld };
}

/** Runs an {@linkcode addOuterOp}. */
export function addOuter(
  { kernels, vector }: OpContext,
  { columnModes, grad, ldg }: ReturnType<typeof addOuterOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  kernels.addOuter(vector, columnModes, grad, ldg, from, to);
}

/** What a worker computes for itself, where inputs differ from the modes of their columns: its vector becomes `Σ_samples delta[1]`. */
export function deltaSumOps({ batch, slots, sparse }: TrainingBuffers) {
  if (sparse === undefined || sparse.columnModes === 0) return [];
  return [deltaSumOp(batch.delta[1], slots.add("backward", "column modes", 0))];
}

function deltaSumOp({ offset, ld, rows }: MatrixLayout, slot: number) {
  const code = "deltaSum" as const;
  return { code, slot, delta: offset, ldd: ld, outputs: rows };
}

/** Runs a {@linkcode deltaSumOp}. */
export function deltaSum(
  { kernels, vector }: OpContext,
  { delta, ldd, outputs }: ReturnType<typeof deltaSumOp>,
  { size }: Batch,
): void {
  kernels.biasGradient(delta, ldd, outputs, size, vector);
}
