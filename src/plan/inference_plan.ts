/** The plans that train nothing. */
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

/** The plan that packs weights which the main thread has written. */
export function packingPlan(context: PlanContext): Plan {
  const { weights } = context;
  const slots = new Slots();
  const ops = weights.map((_, n) => packOp({ weights, slots }, n));
  return finishPlan({ ...context, blas: false }, [
    { split: "weights", own: [], ops, last: [] },
  ], slots);
}

/**
 * The plan that computes outputs from inputs which the main thread has written to A[0], and if asked losses from Y. Without
 * losses, their errors tell whether the inputs are finite.
 */
export function inferencePlan(
  context: PlanContext,
  batch: BatchLayout,
  { losses, load, logits }: {
    readonly losses: boolean;
    readonly load: boolean;
    /** Whether the outputs are left as they are before the last activation, in Z[E]. */
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
