/** The ops that are split over the columns of W: from the gradients to the new weights. */
import type { BatchLayout, WeightLayout } from "./layout.ts";
import type { Slots, Training } from "./network.ts";
import type { WeightOp } from "./ops.ts";
import type { SparseInputs } from "./sample_ops.ts";

/** Brings the packed copies of `W[N]` up to date. */
export function packOp(
  weight: WeightLayout,
  n: number,
  slots: Slots,
): WeightOp {
  return {
    code: "pack",
    slot: slots.add("update", "pack", n),
    layer: n,
    w: weight.w.offset,
    ldw: weight.w.ld,
    outputs: weight.w.rows,
    inputs: weight.w.columns - 1,
    packed: weight.packed,
    packedTransposed: weight.packedTransposed,
  };
}

/** grad, regularisation and update of each layer: all on the columns of W that a worker owns. */
export function updateOps(
  training: Training,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  slots: Slots,
  packedFrom: number,
  sparse?: SparseInputs,
): WeightOp[] {
  return weights.flatMap((weight, n): WeightOp[] => {
    const delta = batch.delta[n + 1];
    const common = { layer: n, ld: weight.w.ld };
    const gradient = {
      slot: slots.add("backward", "gradient", n),
      layer: n,
      delta: delta.offset,
      ldd: delta.ld,
      outputs: delta.rows,
      grad: weight.grad.offset,
      ldg: weight.grad.ld,
    };
    const isSparse = n === 0 && sparse !== undefined;
    const ops: WeightOp[] = [
      isSparse
        ? {
          ...gradient,
          code: "gradientSparse",
          blocks: sparse.blocks,
          starts: sparse.starts,
          entries: sparse.entries,
          indices: sparse.indices,
        }
        : {
          ...gradient,
          code: "gradient",
          a: batch.a[n].offset,
          aStep: n === 0 ? batch.xStep : 0,
          lda: batch.a[n].ld,
        },
    ];
    if (isSparse && sparse.base !== 0) {
      ops.push({
        code: "addOuter",
        slot: slots.add("backward", "baseline", n),
        layer: n,
        base: sparse.base,
        grad: weight.grad.offset,
        ldg: weight.grad.ld,
      });
    }
    if (isRegularised(training)) {
      ops.push({
        code: "penalty",
        slot: slots.add("cost", "penalty", n),
        layer: n,
        w: weight.w.offset,
        ldw: weight.w.ld,
        squares: weight.squares,
        magnitudes: weight.magnitudes,
      }, {
        ...common,
        code: "regularise",
        slot: slots.add("backward", "regularise", n),
        grad: weight.grad.offset,
        w: weight.w.offset,
        l1: training.l1,
        l2: training.l2,
      });
    }
    ops.push({
      ...common,
      code: "update",
      slot: slots.add("update", "update", n),
      w: weight.w.offset,
      grad: weight.grad.offset,
      previous: weight.previous.offset,
      momentum: training.momentum,
    });
    if (n >= packedFrom) ops.push(packOp(weight, n, slots));
    return ops;
  });
}

/** Whether weights are penalised at all. */
export function isRegularised({ l1, l2 }: Training): boolean {
  return l1 > 0 || l2 > 0;
}
