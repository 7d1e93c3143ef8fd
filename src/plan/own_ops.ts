/** What a worker computes for itself before its first piece of a stage, where sparse inputs have a baseline. */
import type { BatchLayout, WeightLayout } from "./layout.ts";
import type { Slots } from "./network.ts";
import type { OwnOp } from "./ops.ts";
import type { SparseInputs } from "./sample_ops.ts";

/** Z[1] of the baseline, from which the sparse forward product starts. */
export function baselineOps(
  { w }: WeightLayout,
  slots: Slots,
  sparse?: SparseInputs,
): OwnOp[] {
  if (sparse === undefined || sparse.base === 0) return [];
  return [{
    code: "baseline",
    slot: slots.add("forward", "baseline", 1),
    w: w.offset,
    ldw: w.ld,
    outputs: w.rows,
    inputs: w.columns - 1,
    base: sparse.base,
  }];
}

/** The sum of delta[1], which the gradient of the baseline is a multiple of. */
export function deltaSumOps(
  { delta }: BatchLayout,
  slots: Slots,
  sparse?: SparseInputs,
): OwnOp[] {
  if (sparse === undefined || sparse.base === 0) return [];
  return [{
    code: "deltaSum",
    slot: slots.add("backward", "baseline", 0),
    delta: delta[1].offset,
    ldd: delta[1].ld,
    outputs: delta[1].rows,
  }];
}
