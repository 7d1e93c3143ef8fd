/** The stages of a training step in which weights learn: gradients, sums of shards, and the update. */
import type { MatrixLayout } from "../memory/matrix.ts";
import type { Collective, Pieces as Gathered } from "../step/collectives.ts";
import { startsOf } from "../step/collectives.ts";
import { layOutMatrices, penaltyColumns } from "../step/layout.ts";
import type { ShardTarget, TrainingBuffers } from "../step/op.ts";
import { addShardsOp } from "../step/ops/add_shards.ts";
import { clipOp, gradientSquaresOp } from "../step/ops/clip.ts";
import { collectOp } from "../step/ops/collect.ts";
import { deltaSumOps, gradientOps } from "../step/ops/gradient.ts";
import { packOp } from "../step/ops/pack.ts";
import { reduceOp } from "../step/ops/reduce.ts";
import {
  isRegularized,
  penaltyOps,
  regularizeOps,
} from "../step/ops/regularization.ts";
import { updateOp } from "../step/ops/update.ts";
import { floatsBefore, type Ranks, Slices } from "../step/ranks.ts";
import {
  additionsOf,
  type Shards,
  shardsOfRank,
  subtrees,
} from "../step/shards.ts";
import type { Pieces } from "../step/split.ts";
import type { LastOp, WeightOp } from "./ops.ts";
import type { PlanContext, Stage } from "./plan.ts";

type WeightStage = Stage & { readonly split: "weights" };

/** How the weights of a step learn. */
export interface WeightStages {
  readonly stages: readonly WeightStage[];
  readonly shards: Shards;
  /** What all ranks do together in a step. */
  readonly collectives: readonly Collective[];
  /** What brings all moments to all ranks, each of which keeps those of its slice up to date. */
  readonly moments: readonly Gathered[];
}

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
    update: (n: number): WeightOp[] => [
      updateOp(buffers, n, context.workers),
    ],
    pack: (n: number): WeightOp[] => n >= packed ? [packOp(buffers, n)] : [],
    penaltySums: penaltySums(buffers),
  };
  if (ranks.size > 1) {
    const many = new ManyRanks(
      context,
      buffers,
      pieces.inputs,
      targets,
      shards,
    );
    return { shards, ...many.stages(layers, steps) };
  }
  return {
    shards,
    stages: onOneRank(buffers, layers, steps),
    collectives: [],
    moments: [],
  };
}

interface Steps {
  readonly own: WeightStage["own"];
  readonly gradients: (layer: number) => WeightOp[];
  readonly penalties: (layer: number) => WeightOp[];
  readonly regularize: (layer: number) => WeightOp[];
  readonly update: (layer: number) => WeightOp[];
  readonly pack: (layer: number) => WeightOp[];
  readonly penaltySums: readonly LastOp[];
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
  const updates = (n: number) => [...update(n), ...pack(n)];
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

/** What is done together is numbered as it is first needed. */
class ManyRanks {
  readonly #buffers: TrainingBuffers;
  readonly #ranks: Ranks;
  readonly #slices: Slices;
  readonly #collectives: Collective[] = [];
  /** Sums of subtrees of shards that this rank has, and those that it gets for its slice, all by their first shards. */
  readonly #sent: readonly number[];
  readonly #received = new Map<number, number>();
  readonly #targets: readonly (ShardTarget | undefined)[];
  readonly #shards: Shards;

  constructor(
    { arena, ranks, network: { layers } }: PlanContext,
    buffers: TrainingBuffers,
    pieces: Pieces,
    targets: readonly (ShardTarget | undefined)[],
    shards: Shards,
  ) {
    this.#buffers = buffers;
    this.#ranks = ranks;
    this.#targets = targets;
    this.#shards = shards;
    const grads = buffers.weights.map(({ grad }) => grad);
    this.#slices = new Slices(layers, pieces, grads, ranks.size);
    this.#sent = this.#rootsOf(ranks.rank);
    const floats = this.#floats[ranks.rank];
    for (let rank = 0; rank < ranks.size; rank++) {
      for (const root of this.#rootsOf(rank)) {
        this.#received.set(root, arena.allocate(4 * floats));
      }
    }
  }

  stages(
    layers: readonly number[],
    { own, gradients, penalties, regularize, update, pack, penaltySums }: Steps,
  ): Omit<WeightStages, "shards"> {
    const buffers = this.#buffers;
    const { training, weights } = buffers;
    const sums = (n: number) => [...this.#sums(n), ...regularize(n)];
    const units = this.#slices.unitsOf(this.#ranks.rank);
    const computed: WeightStage = {
      split: "weights",
      own,
      ops: layers.flatMap((n) => [...penalties(n), ...gradients(n)]),
      last: [
        ...penaltySums,
        ...training.timings
          ? [this.#collect("wait for the slowest", { kind: "wait" })]
          : [],
        ...this.#exchanges(),
      ],
    };
    const gathered = this.#gather("weights", weights.map(({ w }) => w));
    const updated: WeightStage[] = training.clipNorm === 0
      ? [{
        ...{ split: "weights", own: [], units },
        ops: layers.flatMap((n) => [...sums(n), ...update(n)]),
        last: [gathered],
      }]
      : [{
        ...{ split: "weights", own: [], units },
        ops: layers.flatMap((n) => [
          ...sums(n),
          gradientSquaresOp(buffers, n),
        ]),
        last: [this.#gatherSquares(), gradientNorm(buffers)],
      }, {
        ...{ split: "weights", own: [], units },
        ops: layers.flatMap((n) => [clipOp(buffers, n), ...update(n)]),
        last: [gathered],
      }];
    const packing = layers.flatMap(pack);
    const packs: WeightStage[] = packing.length === 0
      ? []
      : [{ split: "weights", own: [], ops: packing, last: [] }];
    return {
      stages: [computed, ...updated, ...packs],
      collectives: this.#collectives,
      moments: [0, 1].map((moment) =>
        this.#whole(weights.map(({ moments }) => moments[moment]))
      ),
    };
  }

  #rootsOf(rank: number): readonly number[] {
    const { count } = this.#shards;
    return subtrees(shardsOfRank(count, this.#ranks.size, rank), count).roots;
  }

  /** Floats of each rank's slice. */
  get #floats(): Int32Array<ArrayBuffer> {
    const { places } = this.#slices;
    return places.subarray(1).map((end, rank) => end - places[rank]);
  }

  /** The gradient of this rank's slice of a layer: the sum of those of all shards, in the tree. */
  #sums(n: number): WeightOp[] {
    const { weights } = this.#buffers;
    const { grad } = weights[n];
    const start = this.#slices.places[this.#ranks.rank];
    const before = floatsBefore(weights.map(({ grad }) => grad), n);
    const at = (root: number) => ({
      ...grad,
      offset: this.#received.get(root)! + 4 * (before - start),
    });
    const roots = new Set(this.#received.keys());
    const additions = additionsOf(0, this.#shards.count, roots)
      .map(([to, of]) => [at(to), at(of)] as const);
    return [addShardsOp(this.#buffers, n, additions, grad)];
  }

  /** Sends each rank its slice of the sums that this one has: one of them at a time. */
  #exchanges(): LastOp[] {
    const { rank, size } = this.#ranks;
    const counts = this.#floats;
    const roots = Array.from({ length: size }, (_, of) => this.#rootsOf(of));
    const rounds = Math.max(...roots.map(({ length }) => length));
    const none = new Int32Array(size);
    return Array.from({ length: rounds }, (_, round) => {
      const own = this.#sent[round];
      const from = roots.map((all) => all[round]);
      const offset = Math.min(...this.#received.values());
      const collective: Collective = {
        kind: "exchange",
        send: own === undefined
          ? { offset: this.#gradOf(this.#sent[0]), counts: none, places: none }
          : {
            offset: this.#gradOf(own),
            counts,
            places: this.#slices.places.slice(0, size),
          },
        receive: {
          offset,
          counts: Int32Array.from(
            from,
            (root) => root === undefined ? 0 : counts[rank],
          ),
          places: Int32Array.from(
            from,
            (root) =>
              root === undefined ? 0 : (this.#received.get(root)! - offset) / 4,
          ),
        },
      };
      return this.#collect("gradients", collective);
    });
  }

  /** Where the sum of a subtree of this rank's shards is. */
  #gradOf(root: number): number {
    return this.#targets[root - this.#shards.from]!.grads[0].offset;
  }

  /** What is up to date in each rank's slice of some matrices, one for each layer. */
  #whole(matrices: readonly MatrixLayout[]): Gathered {
    const { places } = this.#slices;
    return {
      offset: matrices[0].offset,
      counts: this.#floats,
      places: places.slice(0, this.#ranks.size),
    };
  }

  #gather(name: string, matrices: readonly MatrixLayout[]): LastOp {
    const pieces = this.#whole(matrices);
    return this.#collect(name, { kind: "gather", pieces });
  }

  #gatherSquares(): LastOp {
    const { columns } = this.#slices;
    const counts = columns.subarray(1).map((end, rank) => end - columns[rank]);
    const offset = this.#buffers.weights[0].gradientSquares;
    const pieces = { offset, counts, places: startsOf(counts) };
    return this.#collect("gradient norm", { kind: "gather", pieces });
  }

  #collect(name: string, collective: Collective): LastOp {
    const which = this.#collectives.push(collective) - 1;
    return collectOp(this.#buffers, this.#ranks, { name, collective, which });
  }
}

/** Penalties of the weights before their update, as the cost is. */
function penaltySums(buffers: TrainingBuffers): LastOp[] {
  const { training, network, weights: [{ squares, magnitudes }] } = buffers;
  if (!isRegularized(training)) return [];
  const columns = penaltyColumns(network.layers);
  return [
    reduceOp(buffers, "squares", squares, columns),
    reduceOp(buffers, "magnitudes", magnitudes, columns),
  ];
}

function gradientNorm(buffers: TrainingBuffers): LastOp {
  const [{ gradientSquares }] = buffers.weights;
  const columns = penaltyColumns(buffers.network.layers);
  return reduceOp(buffers, "gradientSquares", gradientSquares, columns);
}
