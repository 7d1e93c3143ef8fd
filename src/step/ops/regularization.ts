/** The penalties on large weights; biases have none. */
import type { Training } from "../network.ts";
import type { Batch, OpContext, TrainingBuffers } from "../op.ts";

/** Whether weights are penalized at all. */
export function isRegularized({ l1, l2 }: Training): boolean {
  return l1 > 0 || l2 > 0;
}

/** What a layer's penalties add to the cost. */
export function penaltyOps(buffers: TrainingBuffers, n: number) {
  return isRegularized(buffers.training) ? [penaltyOp(buffers, n)] : [];
}

/** What a layer's penalties add to the gradient. */
export function regularizeOps(buffers: TrainingBuffers, n: number) {
  return isRegularized(buffers.training) ? [regularizeOp(buffers, n)] : [];
}

/** `ΣW²` and `Σ|W|` of each column. */
function penaltyOp({ weights, slots }: TrainingBuffers, n: number) {
  const { w, squares, magnitudes } = weights[n];
  return {
    code: "penalty" as const,
    slot: slots.add("cost", "penalty", n),
    layer: n,
    ...{ w: w.offset, ldw: w.ld, squares, magnitudes },
  };
}

/** Runs a {@linkcode penaltyOp}. */
export function penalty(
  { kernels }: OpContext,
  { w, ldw, squares, magnitudes }: ReturnType<typeof penaltyOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  kernels.penalties(w, ldw, squares, magnitudes, from + 1, to + 1);
}

/** `grad[N] += λ2·W[N] + λ1·sign(W[N])`. */
function regularizeOp(
  { training: { l1, l2 }, weights, slots }: TrainingBuffers,
  n: number,
) {
  const { w, grad } = weights[n];
  return {
    code: "regularize" as const,
    slot: slots.add("backward", "regularize", n),
    layer: n,
    ...{ grad: grad.offset, w: w.offset, ld: w.ld, l1, l2 },
  };
}

/** Runs a {@linkcode regularizeOp}. */
export function regularize(
  { kernels }: OpContext,
  { grad, w, ld, l1, l2 }: ReturnType<typeof regularizeOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const at = 4 * ld * (from + 1);
  kernels.regularize(grad + at, w + at, ld * (to - from), l1, l2);
}
