/** The plan of a training step: forward pass, loss, backward pass, update. */
import { gradientScratchBytes } from "../kernels/kernels.ts";
import {
  type BatchLayout,
  type DataLayout,
  penaltyColumns,
} from "../step/layout.ts";
import type { Training } from "../step/network.ts";
import { Slots } from "../step/timing_slots.ts";
import type { TrainingBuffers } from "../step/op.ts";
import type { SampleOp, WeightOp } from "./ops.ts";
import { activationOps, derivativeOps } from "../step/ops/activation.ts";
import { clipOp, gradientSquaresOp } from "../step/ops/clip.ts";
import { deltaOp, outputDeltaOps } from "../step/ops/delta.ts";
import { dropoutDeltaOps, dropoutOps } from "../step/ops/dropout.ts";
import { forwardOp } from "../step/ops/forward.ts";
import { forwardSparseOp, modeLogitsOps } from "../step/ops/forward_sparse.ts";
import { gatherOps } from "../step/ops/gather.ts";
import { deltaSumOps, gradientOps } from "../step/ops/gradient.ts";
import { lossOps } from "../step/ops/loss.ts";
import { packOp } from "../step/ops/pack.ts";
import { reduceOp } from "../step/ops/reduce.ts";
import {
  isRegularized,
  regularizationOps,
} from "../step/ops/regularization.ts";
import { updateOp } from "../step/ops/update.ts";
import {
  finishPlan,
  packedFrom,
  type Plan,
  type PlanContext,
  type Stage,
} from "./plan.ts";

/**
 * Two stages for each batch: everything from the inputs to delta[1] of a sample depends on that sample alone, and everything
 * from the gradient to the packed copies of a column of W on the deltas alone. With clipping a third one, as the norm of all
 * gradients is known when all are.
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
      reduceOp(buffers, "loss", batch.losses, "batch"),
      reduceOp(buffers, "error", batch.errors, "batch"),
      reduceOp(buffers, "correct", batch.correct, "batch"),
    ],
  };
  // The others keep their weights, of which there are packed copies already.
  const layers = [...weights.keys()].filter((n) => training.trainable[n]);
  const gradients = (n: number): WeightOp[] => [
    ...gradientOps(buffers, n),
    ...regularizationOps(buffers, n),
  ];
  const updates = (n: number): WeightOp[] => [
    updateOp(buffers, n),
    ...(n >= packed ? [packOp(buffers, n)] : []),
  ];
  const own = training.trainable[0] ? deltaSumOps(buffers) : [];
  const penalties = penaltySums(buffers);
  const weightStages: Stage[] = training.clipNorm === 0
    ? [{
      split: "weights",
      own,
      ops: layers.flatMap((n) => [...gradients(n), ...updates(n)]),
      last: penalties,
    }]
    : [{
      split: "weights",
      own,
      ops: layers.flatMap((n) => [
        ...gradients(n),
        gradientSquaresOp(buffers, n),
      ]),
      last: [...penalties, gradientNorm(buffers)],
    }, {
      split: "weights",
      own: [],
      ops: layers.flatMap((n) => [clipOp(buffers, n), ...updates(n)]),
      last: [],
    }];
  return finishPlan(context, [samples, ...weightStages], slots, {
    sparse: sparse !== undefined,
    scratchBytes: context.blas
      ? 0
      : gradientScratchBytes(Math.max(...network.layers)),
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
 * what the first layer that learns needs.
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

/** Penalties of the weights before their update, as the cost is. */
function penaltySums(buffers: TrainingBuffers) {
  const { training, network, weights: [{ squares, magnitudes }] } = buffers;
  if (!isRegularized(training)) return [];
  const columns = penaltyColumns(network.layers);
  return [
    reduceOp(buffers, "squares", squares, columns),
    reduceOp(buffers, "magnitudes", magnitudes, columns),
  ];
}

function gradientNorm(buffers: TrainingBuffers) {
  const [{ gradientSquares }] = buffers.weights;
  const columns = penaltyColumns(buffers.network.layers);
  return reduceOp(buffers, "gradientSquares", gradientSquares, columns);
}
