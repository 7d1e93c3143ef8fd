/** The plans without training: predictions, and packing of weights. */
import type { BatchLayout } from "../step/layout.ts";
import { Slots } from "../step/timing_slots.ts";
import type { Buffers } from "../step/op.ts";
import type { SampleOp } from "./ops.ts";
import { activationOps } from "../step/ops/activation.ts";
import {
  checkInputsOp,
  forwardInputsOp,
  forwardOp,
} from "../step/ops/forward.ts";
import { lossOps } from "../step/ops/loss.ts";
import { packOp } from "../step/ops/pack.ts";
import { finishPlan, type Plan, type PlanContext } from "./plan.ts";

/** Makes the plan that packs weights after the main thread has written them. */
export function packingPlan(context: PlanContext): Plan {
  const { weights } = context;
  const slots = new Slots();
  const ops = weights.map((_, n) => packOp({ weights, slots }, n));
  return finishPlan({ ...context, blas: false }, [
    { split: "weights", own: [], ops, last: [] },
  ], slots);
}

/**
 * Makes the plan that computes outputs from the inputs in A[0], and on request losses from the targets in Y. Without
 * losses, the buffer of errors shows whether the inputs are finite.
 */
export function inferencePlan(
  context: PlanContext,
  batch: BatchLayout,
  { losses, load, logits }: {
    readonly losses: boolean;
    readonly load: boolean;
    /** Whether to stop before the last activation, with the logits in Z[E]. */
    readonly logits: boolean;
  },
): Plan {
  const { network, weights } = context;
  const slots = new Slots();
  const buffers: Buffers = { network, weights, batch, slots };
  return finishPlan(context, [{
    split: "samples",
    own: [],
    ops: [
      ...weights.flatMap((_, n): SampleOp[] => [
        n === 0 ? forwardInputsOp(buffers, load) : forwardOp(buffers, n),
        ...(n === 0 && !losses ? [checkInputsOp(buffers)] : []),
        ...(logits && n === weights.length - 1
          ? []
          : activationOps(buffers, n + 1)),
      ]),
      ...(losses ? lossOps(buffers) : []),
    ],
    last: [],
  }], slots);
}
