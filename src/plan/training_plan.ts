/** The plan of a training step: forward pass, loss, backward pass, update. */
import { gradientScratchBytes } from "../kernels/kernels.ts";
import type { DataLayout } from "../step/data_layout.ts";
import type { BatchLayout } from "../step/layout.ts";
import type { Training } from "../step/network.ts";
import { Slots } from "../step/timing_slots.ts";
import type { TrainingBuffers } from "../step/op.ts";
import type { SampleOp } from "./ops.ts";
import { activationOps, derivativeOps } from "../step/ops/activation.ts";
import { deltaOp, outputDeltaOps } from "../step/ops/delta.ts";
import { dropoutDeltaOps, dropoutOps } from "../step/ops/dropout.ts";
import { forwardOp } from "../step/ops/forward.ts";
import { forwardSparseOp, modeLogitsOps } from "../step/ops/forward_sparse.ts";
import { gatherOps } from "../step/ops/gather.ts";
import { lossOps } from "../step/ops/loss.ts";
import { reduceOp } from "../step/ops/reduce.ts";
import { shardsOfRank } from "../step/shards.ts";
import {
  finishPlan,
  packedFrom,
  piecesOf,
  type Plan,
  type PlanContext,
  type Stage,
} from "./plan.ts";
import { weightStages } from "./weight_stages.ts";

/**
 * Makes the plan of a training step, with two stages for each batch. In the first, everything from the inputs to delta[1]
 * of a sample depends only on that sample. In the second, everything from the gradient to the packed copies of a column of
 * W depends only on the deltas. {@linkcode weightStages} may add more stages.
 */
export function trainingPlan(
  context: PlanContext,
  training: Training,
  batch: BatchLayout,
  data: DataLayout,
): Plan {
  const { network, weights } = context;
  const sparse = "entries" in data.x ? data.x : undefined;
  const slots = new Slots();
  const buffers = { network, weights, batch, slots, training, data, sparse };
  const packed = packedFrom(network, context.blas, sparse !== undefined);
  const pieces = piecesOf(network, context.blas, sparse !== undefined);
  const { ranks } = context;
  const shards = {
    ...shardsOfRank(
      ...[training.shards, ranks.size, ranks.rank] as const,
      training.partitioned,
    ),
    unit: pieces.samples.unit,
  };
  const samples: Stage = {
    split: "samples",
    own: modeLogitsOps(buffers),
    ops: [
      ...gatherOps(buffers),
      ...forwardPass(buffers),
      ...lossOps(buffers),
      ...backwardPass(buffers),
    ],
    last: [
      reduceOp(buffers, "loss", batch.losses, shards),
      reduceOp(buffers, "error", batch.errors, shards),
      reduceOp(buffers, "correct", batch.correct, shards),
    ],
  };
  const learning = weightStages(context, buffers, packed, pieces);
  return finishPlan(context, [samples, ...learning.stages], slots, {
    sparse: sparse !== undefined,
    scratchBytes: context.blas
      ? 0
      : gradientScratchBytes(Math.max(...network.layers)),
    learning,
  });
}

/** A[1] … A[E]: for each layer the product, the activation, and dropout. */
function forwardPass(buffers: TrainingBuffers): SampleOp[] {
  const { weights, sparse } = buffers;
  return weights.flatMap((_, n) => [
    n === 0 && sparse !== undefined
      ? forwardSparseOp(buffers, sparse)
      : forwardOp(buffers, n),
    ...activationOps(buffers, n + 1),
    ...dropoutOps(buffers, n + 1),
  ]);
}

/**
 * delta[E] … delta[1]: at the output from the loss, then for each layer the product, dropout, and the derivative; down to
 * the first layer that learns.
 */
function backwardPass(buffers: TrainingBuffers): SampleOp[] {
  const ops: SampleOp[] = outputDeltaOps(buffers);
  const { network, training: { trainable } } = buffers;
  for (let n = network.layers.length - 2; n > trainable.indexOf(true); n--) {
    ops.push(
      deltaOp(buffers, n),
      ...dropoutDeltaOps(buffers, n),
      ...derivativeOps(buffers, n),
    );
  }
  return ops;
}
