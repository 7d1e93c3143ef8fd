/** The product of the forward pass, from sparse inputs of the dataset itself: they are not gathered. */
import type { MatrixLayout } from "../../memory/matrix.ts";
import type { SparseLayout } from "../data_layout.ts";
import type { Batch, OpContext, TrainingBuffers } from "../op.ts";

/** `Z[1] = W[0][:, 0] + W[0][:, 1:]·A[0]`, or from the worker's own vector instead of the bias. */
export function forwardSparseOp(
  { weights: [{ w }], batch, data, slots }: TrainingBuffers,
  { strips, shift, starts, entries, columnModes }: SparseLayout,
) {
  const [, z] = batch.z;
  return {
    code: "forwardSparse" as const,
    slot: slots.add("forward", "product", 1),
    w: w.offset,
    ldw: w.ld,
    outputs: w.rows,
    /** What the sums start from: column 0 of W, or 0 for the worker's own vector. */
    bias: columnModes === 0 ? w.offset : 0,
    ...{ strips, shift, starts, entries, indices: data.indices },
    visited: data.samples,
    z: z.offset,
    ldz: z.ld,
  };
}

/** Runs a {@linkcode forwardSparseOp}. */
export function forwardSparse(
  { kernels, vector }: OpContext,
  op: ReturnType<typeof forwardSparseOp>,
  { start }: Batch,
  from: number,
  to: number,
): void {
  kernels.forwardSparse(
    op.w,
    op.ldw,
    op.outputs,
    op.bias === 0 ? vector : op.bias,
    op.strips,
    op.shift,
    op.starts,
    op.entries,
    op.indices + 4 * start,
    op.z,
    op.ldz,
    from,
    to,
    op.visited - start,
  );
}

/**
 * What a worker computes for itself, where inputs differ from the modes of their columns: its vector becomes
 * `W[0][:, 0] + W[0][:, 1:]·modes`, Z[1] of the modes.
 */
export function modeLogitsOps({ weights, slots, sparse }: TrainingBuffers) {
  if (sparse === undefined || sparse.columnModes === 0) return [];
  return [
    modeLogitsOp(weights[0].w, slots.add("forward", "column modes", 1), sparse),
  ];
}

function modeLogitsOp(
  { offset, ld, rows, columns }: MatrixLayout,
  slot: number,
  { columnModes }: SparseLayout,
) {
  return {
    code: "modeLogits" as const,
    ...{
      slot,
      w: offset,
      ldw: ld,
      outputs: rows,
      inputs: columns - 1,
      columnModes,
    },
  };
}

/** Runs a {@linkcode modeLogitsOp}. */
export function modeLogits(
  { kernels, vector }: OpContext,
  { w, ldw, outputs, inputs, columnModes }: ReturnType<typeof modeLogitsOp>,
): void {
  kernels.weightedSum(w, ldw, outputs, inputs, columnModes, vector);
}
