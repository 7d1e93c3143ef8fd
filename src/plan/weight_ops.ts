/** The ops that are split over the columns of W: from the gradients to the new weights. */
import type { BatchLayout, WeightLayout } from "./layout.ts";
import type { Slots, Training } from "./network.ts";
import type { WeightOp } from "./weight_op.ts";
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

/** grad and regularisation of each layer, on the columns of W that a worker owns. */
export function gradientOps(
  training: Training,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  slots: Slots,
  sparse?: SparseInputs,
): WeightOp[][] {
  return weights.map((weight, n): WeightOp[] => {
    const ops = [productOp(weight, n, batch, slots, sparse)];
    if (n === 0 && sparse !== undefined && sparse.base !== 0) {
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
        code: "regularise",
        slot: slots.add("backward", "regularise", n),
        layer: n,
        ld: weight.w.ld,
        grad: weight.grad.offset,
        w: weight.w.offset,
        l1: training.l1,
        l2: training.l2,
      });
    }
    return ops;
  });
}

function productOp(
  weight: WeightLayout,
  n: number,
  batch: BatchLayout,
  slots: Slots,
  sparse?: SparseInputs,
): WeightOp {
  const delta = batch.delta[n + 1];
  const common = {
    slot: slots.add("backward", "gradient", n),
    layer: n,
    delta: delta.offset,
    ldd: delta.ld,
    outputs: delta.rows,
    grad: weight.grad.offset,
    ldg: weight.grad.ld,
  };
  return n === 0 && sparse !== undefined
    ? {
      ...common,
      code: "gradientSparse",
      strips: sparse.strips,
      shift: sparse.shift,
      starts: sparse.starts,
      entries: sparse.entries,
      indices: sparse.indices,
    }
    : {
      ...common,
      code: "gradient",
      a: batch.a[n].offset,
      aStep: n === 0 ? batch.xStep : 0,
      lda: batch.a[n].ld,
    };
}

/** The squares of all gradients, column by column, before any weight is changed. */
export function squaresOps(
  weights: readonly WeightLayout[],
  slots: Slots,
): WeightOp[][] {
  return weights.map((weight, n) => [{
    code: "gradientSquares",
    slot: slots.add("update", "clip", n),
    layer: n,
    grad: weight.grad.offset,
    ld: weight.grad.ld,
    squares: weight.gradientSquares,
  }]);
}

/** The new weights of each layer, and their packed copies. */
export function updateOps(
  training: Training,
  weights: readonly WeightLayout[],
  statistics: number,
  slots: Slots,
  packedFrom: number,
): WeightOp[][] {
  return weights.map((weight, n): WeightOp[] => {
    const common = {
      layer: n,
      grad: weight.grad.offset,
      ld: weight.w.ld,
    };
    const ops: WeightOp[] = [];
    if (training.clipNorm > 0) {
      ops.push({
        ...common,
        code: "clip",
        slot: slots.add("update", "clip", n),
        most: training.clipNorm,
        statistics,
      });
    }
    ops.push({
      ...common,
      code: "update",
      slot: slots.add("update", "update", n),
      w: weight.w.offset,
      moments: [weight.moments[0].offset, weight.moments[1].offset],
      training,
    });
    if (n >= packedFrom) ops.push(packOp(weight, n, slots));
    return ops;
  });
}

/** Whether weights are penalised at all. */
export function isRegularised({ l1, l2 }: Training): boolean {
  return l1 > 0 || l2 > 0;
}
