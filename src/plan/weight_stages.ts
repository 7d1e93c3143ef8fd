/** The stages of a training step in which weights learn: gradients, sums of shards, and the update. */
import type { MatrixLayout } from "../memory/matrix.ts";
import { layOutMatrices } from "../step/layout.ts";
import type { ShardTarget, TrainingBuffers } from "../step/op.ts";
import { addShardsOp } from "../step/ops/add_shards.ts";
import { clipOp, gradientSquaresOp } from "../step/ops/clip.ts";
import { deltaSumOps, gradientOps } from "../step/ops/gradient.ts";
import { packOp } from "../step/ops/pack.ts";
import { penaltyOps, regularizeOps } from "../step/ops/regularization.ts";
import { updateOp } from "../step/ops/update.ts";
import { type Shards, shardsOfRank, subtrees } from "../step/shards.ts";
import type { Pieces } from "../step/split.ts";
import type { WeightOp } from "./ops.ts";
import type { PlanContext } from "./plan.ts";
import { rankStages } from "./rank_stages.ts";
import {
  gradientNorm,
  penaltySums,
  type Steps,
  type WeightStage,
  type WeightStages,
} from "./weight_steps.ts";

/**
 * One stage, everything from the gradient to the packed copies of a column of W, as that depends on the deltas alone. With
 * clipping a second one, as the norm of all gradients is known when all are.
 *
 * With several ranks, each computes the gradients of its shards, gets those of all shards for its slice of the weights,
 * updates that slice, and gets the others.
 *
 * @param packed The first layer with packed copies.
 */
export function weightStages(
  context: PlanContext,
  buffers: TrainingBuffers,
  packed: number,
  pieces: { readonly samples: Pieces; readonly inputs: Pieces },
): WeightStages {
  const { ranks } = context;
  const { training, weights } = buffers;
  const { rank, size } = ranks;
  const shards = shardsOfRank(
    ...[training.shards, size, rank, training.partitioned] as const,
  );
  const targets = shardTargets(context, buffers, shards, pieces.samples.unit);
  // The others keep their weights, of which there are packed copies already.
  const layers = [...weights.keys()].filter((n) => training.trainable[n]);
  const { additions } = subtrees(shards, shards.count);
  const gradients = (n: number): WeightOp[] => [
    ...targets.flatMap((target): WeightOp[] => gradientOps(buffers, n, target)),
    ...addOps(
      buffers,
      n,
      additions.map(([to, of]) => [
        targets[to - shards.from]!.grads[n],
        targets[of - shards.from]!.grads[n],
      ]),
    ),
  ];
  const steps = {
    own: training.trainable[0]
      ? targets.flatMap((target) => deltaSumOps(buffers, target))
      : [],
    gradients,
    penalties: (n: number): WeightOp[] => penaltyOps(buffers, n),
    regularize: (n: number): WeightOp[] => regularizeOps(buffers, n),
    update: (n: number, moments: readonly [number, number]): WeightOp[] => [
      updateOp(buffers, n, moments, context.workers),
    ],
    pack: (n: number): WeightOp[] => n >= packed ? [packOp(buffers, n)] : [],
    penaltySums: penaltySums(buffers),
  };
  if (ranks.size > 1) {
    const { arena } = context;
    const group = {
      ...{ arena, buffers, ranks, targets, shards },
      pieces: pieces.inputs,
    };
    return { shards, ...rankStages(group, layers, steps) };
  }
  return {
    shards,
    stages: onOneRank(buffers, layers, steps),
    collectives: [],
  };
}

/** Each shard's gradient has a buffer, the first one that of all samples. */
function shardTargets(
  { arena, network: { layers } }: PlanContext,
  { weights }: TrainingBuffers,
  { count, from, to, first, parts }: Shards,
  unit: number,
): (ShardTarget | undefined)[] {
  if (count === 1) return [undefined];
  return Array.from({ length: to - from }, (_, ith) => ({
    ...{ shard: from + ith, first, parts, unit, ith },
    grads: ith === 0
      ? weights.map(({ grad }) => grad)
      : layOutMatrices(arena, layers),
  }));
}

function addOps(
  buffers: TrainingBuffers,
  n: number,
  additions: readonly (readonly [MatrixLayout, MatrixLayout])[],
): WeightOp[] {
  return additions.length === 0 ? [] : [addShardsOp(buffers, n, additions)];
}

function onOneRank(
  buffers: TrainingBuffers,
  layers: readonly number[],
  { own, gradients, penalties, regularize, update, pack, penaltySums }: Steps,
): WeightStage[] {
  const all = (n: number) => [
    ...gradients(n),
    ...penalties(n),
    ...regularize(n),
  ];
  const updates = (n: number) => {
    const [first, second] = buffers.weights[n].moments!;
    return [...update(n, [first.offset, second.offset]), ...pack(n)];
  };
  if (buffers.training.clipNorm === 0) {
    return [{
      split: "weights",
      own,
      ops: layers.flatMap((n) => [...all(n), ...updates(n)]),
      last: penaltySums,
    }];
  }
  return [{
    split: "weights",
    own,
    ops: layers.flatMap((n) => [...all(n), gradientSquaresOp(buffers, n)]),
    last: [...penaltySums, gradientNorm(buffers)],
  }, {
    split: "weights",
    own: [],
    ops: layers.flatMap((n) => [clipOp(buffers, n), ...updates(n)]),
    last: [],
  }];
}
