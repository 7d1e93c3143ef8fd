/** What the stages in which weights learn are made of, for one rank and for several. */
import type { Collective } from "../step/collectives.ts";
import { penaltyColumns } from "../step/layout.ts";
import type { MomentSlices } from "../step/moment_slices.ts";
import type { TrainingBuffers } from "../step/op.ts";
import { reduceOp } from "../step/ops/reduce.ts";
import { isRegularized } from "../step/ops/regularization.ts";
import type { Shards } from "../step/shards.ts";
import type { LastOp, WeightOp } from "./ops.ts";
import type { Stage } from "./plan.ts";

/** A stage that is split by weights. */
export type WeightStage = Stage & { readonly split: "weights" };

/** How the weights of a step learn. */
export interface WeightStages {
  readonly stages: readonly WeightStage[];
  readonly shards: Shards;
  /** What all ranks do together in a step. */
  readonly collectives: readonly Collective[];
  /** Which moments are whose, with several ranks. */
  readonly moments?: MomentSlices;
}

/** What is done for each layer. */
export interface Steps {
  readonly own: WeightStage["own"];
  readonly gradients: (layer: number) => WeightOp[];
  readonly penalties: (layer: number) => WeightOp[];
  readonly regularize: (layer: number) => WeightOp[];
  /** @param moments Byte offsets at which those of the layer begin. */
  readonly update: (
    layer: number,
    moments: readonly [number, number],
  ) => WeightOp[];
  readonly pack: (layer: number) => WeightOp[];
  readonly penaltySums: readonly LastOp[];
}

/** Penalties of the weights before their update, as the cost is. */
export function penaltySums(buffers: TrainingBuffers): LastOp[] {
  const { training, network, weights: [{ squares, magnitudes }] } = buffers;
  if (!isRegularized(training)) return [];
  const columns = penaltyColumns(network.layers);
  return [
    reduceOp(buffers, "squares", squares, columns),
    reduceOp(buffers, "magnitudes", magnitudes, columns),
  ];
}

export function gradientNorm(buffers: TrainingBuffers): LastOp {
  const [{ gradientSquares }] = buffers.weights;
  const columns = penaltyColumns(buffers.network.layers);
  return reduceOp(buffers, "gradientSquares", gradientSquares, columns);
}
