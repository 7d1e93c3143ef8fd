/** A plan: the ops that make up a training step, or a prediction, and where each worker has its own buffers. */
import type { Allocator } from "../memory/arena.ts";
import type { WeightLayout } from "../step/layout.ts";
import type { Network } from "../step/network.ts";
import type { LastOp, OwnOp, SampleOp, WeightOp } from "./ops.ts";
import {
  blasInputPieces,
  blasSamplePieces,
  cachedPieces,
  INPUT_PIECES,
  type Pieces,
  type Range,
  SAMPLE_PIECES,
  SPARSE_INPUT_PIECES,
} from "../step/split.ts";
import type { Collective } from "../step/collectives.ts";
import type { MomentSlices } from "../step/moment_slices.ts";
import type { Ranks } from "../step/ranks.ts";
import { ONE_SHARD, type Shards } from "../step/shards.ts";
import type { Slots, TimingSlot } from "../step/timing_slots.ts";

/**
 * Ops that are divided in the same way. No worker begins the next stage before this one is complete, so the next may read
 * all results.
 */
export type Stage =
  & {
    /** Ops that every worker runs for itself at the start of the stage. */
    readonly own: readonly OwnOp[];
    /** Ops that one worker runs when the stage is complete, before any worker goes on. */
    readonly last: readonly LastOp[];
  }
  & (
    | { readonly split: "samples"; readonly ops: readonly SampleOp[] }
    | {
      readonly split: "weights";
      readonly ops: readonly WeightOp[];
      /** The units of this process, if not all. */
      readonly units?: Range;
    }
  );

/** Everything that a worker needs to run a batch, except the numbers that change from run to run. */
export interface Plan {
  readonly stages: readonly Stage[];
  /** The first layer of which packed copies of W are read and kept up to date. */
  readonly packedFrom: number;
  /** How many workers run it: the first ones of the pool. */
  readonly workers: number;
  /** Whether a BLAS computes the products. */
  readonly blas: boolean;
  readonly pieces: { readonly samples: Pieces; readonly inputs: Pieces };
  /** The parts of a batch that this process computes. */
  readonly shards: Shards;
  /** What all ranks do together in a step; nothing with one rank. */
  readonly collectives: readonly Collective[];
  /** Which rank holds which moments, in a training with several ranks. */
  readonly moments?: MomentSlices | undefined;
  /** Nodes of each layer. */
  readonly layers: readonly number[];
  readonly slots: readonly TimingSlot[];
  /** For each worker: scratch for the gradient product. */
  readonly scratch: readonly number[];
  /** For each worker: the vector of own ops, as long as a column of W[0]. */
  readonly vectors: readonly number[];
  /** For each worker: float64 milliseconds for each slot. */
  readonly timings: readonly number[];
  /** For each worker, a ring of its latest spans, if they are requested. */
  readonly spans?: { readonly room: number; readonly rings: readonly number[] };
}

/** The numbers of one run of a plan over some of the batches of an epoch. */
export interface Run {
  /** Samples of the epoch. */
  readonly samples: number;
  /** The number of samples of each rank, if ranks have samples of their own. */
  readonly samplesOfRanks?: readonly number[];
  /** Batches into which those are split, as `np.array_split` does. */
  readonly batches: number;
  /** The batches to run: `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Learning rate, for the plans that update weights. */
  readonly learningRate: number;
  /** Updates before the run. */
  readonly steps: number;
  /** Seed of dropout, which also depends on step, layer, sample and node. */
  readonly seed: number;
  /** Whether to time the ops. */
  readonly timings: boolean;
  /** Whether workers record their spans, if the plan has room for them. Default: true */
  readonly notes?: boolean;
  /** Inputs outside of the memory of the plan, sample after sample. */
  readonly inputs?: Float32Array<SharedArrayBuffer>;
}

/** What is the same for all plans of a network. */
export interface PlanContext {
  /** Where buffers of the plan are allocated. */
  readonly arena: Allocator;
  readonly network: Network;
  readonly workers: number;
  readonly weights: readonly WeightLayout[];
  /** Whether a BLAS computes the products. */
  readonly blas: boolean;
  readonly ranks: Ranks;
}

/** Completes a plan with the buffers that each worker has of its own. */
export function finishPlan(
  { arena, network, workers, weights, blas }: PlanContext,
  stages: Stage[],
  slots: Slots,
  { sparse, scratchBytes, learning }: {
    readonly sparse: boolean;
    readonly scratchBytes: number;
    readonly learning?: Pick<Plan, "shards" | "collectives" | "moments">;
  } = { sparse: false, scratchBytes: 0 },
): Plan {
  const { shards = ONE_SHARD, collectives = [], moments } = learning ?? {};
  const perWorker = (bytes: number) =>
    Array.from({ length: workers }, () => arena.allocate(bytes));
  return {
    stages,
    packedFrom: packedFrom(network, blas, sparse),
    workers,
    blas,
    pieces: piecesOf(network, blas, sparse),
    ...{ shards, collectives, moments },
    layers: network.layers,
    slots: slots.list,
    scratch: perWorker(scratchBytes),
    vectors: perWorker(4 * weights[0].w.ld * (shards.to - shards.from)),
    // Two more than the ops have: the wait at barriers, and all the rest.
    timings: perWorker(8 * (slots.list.length + 2)),
  };
}

/** How the stages of a plan are divided into pieces. */
export function piecesOf(
  { layers }: Network,
  blas: boolean,
  sparse: boolean,
): Plan["pieces"] {
  if (blas) {
    return {
      samples: blasSamplePieces(layers),
      inputs: blasInputPieces(layers, sparse),
    };
  }
  return {
    samples: SAMPLE_PIECES,
    inputs: cachedPieces(
      sparse ? SPARSE_INPUT_PIECES : INPUT_PIECES,
      layers,
    ),
  };
}

/** The first layer of which a plan needs packed weights: the BLAS and the sparse product read W itself. */
export function packedFrom(
  { layers }: Network,
  blas: boolean,
  sparse: boolean,
): number {
  if (blas) return layers.length - 1;
  return sparse ? 1 : 0;
}
