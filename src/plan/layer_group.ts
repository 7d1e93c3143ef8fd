/** Layers whose gradients ranks exchange at once, and whose weights they gather at once. Each rank has a slice of them. */
import type { MatrixLayout } from "../memory/matrix.ts";
import type { Allocator } from "../memory/arena.ts";
import type { Collective, Pieces as Gathered } from "../step/collectives.ts";
import type { ShardTarget, TrainingBuffers } from "../step/op.ts";
import { addShardsOp } from "../step/ops/add_shards.ts";
import { floatsBefore, type Ranks, Slices } from "../step/ranks.ts";
import {
  additionsOf,
  type Shards,
  shardsOfRank,
  subtrees,
} from "../step/shards.ts";
import type { Pieces, Range } from "../step/split.ts";
import type { WeightOp } from "./ops.ts";

/** What all groups of a plan have in common. */
export interface GroupContext {
  readonly arena: Allocator;
  readonly buffers: TrainingBuffers;
  readonly ranks: Ranks;
  readonly pieces: Pieces;
  /** Where the gradients of this rank's shards are. */
  readonly targets: readonly (ShardTarget | undefined)[];
  readonly shards: Shards;
}

export class LayerGroup {
  readonly layers: Range;
  readonly slices: Slices;
  readonly #context: GroupContext;
  /** Sums of subtrees of shards that this rank gets for its slice, by their first shards. */
  readonly #received = new Map<number, number>();

  /** @param layers Of weights, from 0: those that learn and those that don't. */
  constructor(context: GroupContext, layers: Range) {
    this.#context = context;
    this.layers = layers;
    const { arena, buffers, ranks, pieces } = context;
    this.slices = new Slices(
      buffers.network.layers,
      ...[pieces, buffers.weights.map(({ grad }) => grad)] as const,
      ...[ranks.size, layers] as const,
    );
    const floats = this.#floats[ranks.rank];
    for (let rank = 0; rank < ranks.size; rank++) {
      for (const root of this.#rootsOf(rank)) {
        this.#received.set(root, arena.allocate(4 * floats));
      }
    }
  }

  has(layer: number): boolean {
    return layer >= this.layers[0] && layer < this.layers[1];
  }

  /** The gradient of this rank's slice of a layer: the sum of those of all shards, in the tree. */
  sums(n: number): WeightOp[] {
    const { buffers, ranks, shards } = this.#context;
    const { grad } = buffers.weights[n];
    const start = this.slices.places[ranks.rank];
    const before = floatsBefore(buffers.weights.map(({ grad }) => grad), n);
    const at = (root: number) => ({
      ...grad,
      offset: this.#received.get(root)! + 4 * (before - start),
    });
    const roots = new Set(this.#received.keys());
    const additions = additionsOf(0, shards.count, roots)
      .map(([to, of]) => [at(to), at(of)] as const);
    return [addShardsOp(buffers, n, additions, grad)];
  }

  /** Sends each rank its slice of the sums that this one has: one of them at a time. */
  exchanges(): Collective[] {
    const { ranks: { rank, size } } = this.#context;
    const counts = this.#floats;
    const roots = Array.from({ length: size }, (_, of) => this.#rootsOf(of));
    const sent = roots[rank];
    const rounds = Math.max(...roots.map(({ length }) => length));
    const none = new Int32Array(size);
    return Array.from({ length: rounds }, (_, round): Collective => {
      const own = sent[round];
      const from = roots.map((all) => all[round]);
      const offset = Math.min(...this.#received.values());
      return {
        kind: "exchange",
        send: own === undefined
          ? { offset: this.#gradOf(sent[0]), counts: none, places: none }
          : {
            offset: this.#gradOf(own),
            counts,
            places: this.slices.places.slice(0, size),
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
    });
  }

  /** What is up to date in each rank's slice of some matrices, one for each layer. */
  whole(matrices: readonly MatrixLayout[]): Gathered {
    const { places } = this.slices;
    return {
      offset: matrices[0].offset,
      counts: this.#floats,
      places: places.slice(0, this.#context.ranks.size),
    };
  }

  #rootsOf(rank: number): readonly number[] {
    const { shards: { count }, ranks } = this.#context;
    return subtrees(shardsOfRank(count, ranks.size, rank), count).roots;
  }

  /** Floats of each rank's slice. */
  get #floats(): Int32Array<ArrayBuffer> {
    const { places } = this.slices;
    return places.subarray(1).map((end, rank) => end - places[rank]);
  }

  /** Where the sum of a subtree of this rank's shards is. */
  #gradOf(root: number): number {
    const { targets, shards } = this.#context;
    return targets[root - shards.from]!.grads[0].offset;
  }
}
