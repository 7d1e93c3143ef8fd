/**
 * A plan: the ops that make up a training step, or a prediction. It is plain data, made once on the main thread and sent to
 * every worker.
 *
 * Letters: layer 0 is the input and layer E the last. `W[N]` (outputs × (inputs + 1)) sits between the layers N and
 * N+1, column 0 is the bias. B is the number of samples in a batch.
 * Every name of a buffer in an op is a byte offset in the shared memory, and `ld…` its leading dimension in floats.
 */
import type { SampleOp } from "./sample_op.ts";
import type { Pieces } from "./split.ts";
import type { WeightOp } from "./weight_op.ts";

/** What every op has. */
export interface OpBase {
  /** Row of {@linkcode Plan.slots} to which the time of the op is added. */
  readonly slot: number;
}

/** Sums floats in ascending order, to one number in the batch's row of {@linkcode STATISTICS}. */
export interface ReduceOp extends OpBase {
  readonly code: "reduce";
  readonly values: number;
  /** How many there are, or one for each sample of the batch. */
  readonly count: number | "batch";
  /** Float64 row of {@linkcode STATISTICS} for each batch of the epoch. */
  readonly statistics: number;
  /** Index into {@linkcode STATISTICS}. */
  readonly statistic: number;
}

/** The worker's own vector becomes `W[0][:, 0] + W[0][:, 1:]·base`: Z[1] of inputs that don't differ from the baseline. */
export interface BaselineOp extends OpBase {
  readonly code: "baseline";
  readonly w: number;
  readonly ldw: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly base: number;
}

/** The worker's own vector becomes `Σ_samples delta[1]`. */
export interface DeltaSumOp extends OpBase {
  readonly code: "deltaSum";
  readonly delta: number;
  readonly ldd: number;
  readonly outputs: number;
}

/** Ops that a worker does for itself before its first piece of a stage: small, so that it need not wait for another. */
export type OwnOp = BaselineOp | DeltaSumOp;

/** What is known of a batch after its {@linkcode ReduceOp}s, in this order, as float64. */
export const STATISTICS = [
  "loss",
  "error",
  "hits",
  "squares",
  "magnitudes",
  "gradientSquares",
] as const;

/** Ops that are split the same way. Nobody begins the next stage before this one is done, so that all can be read. */
export type Stage =
  & {
    /** What every worker that takes part does first, for itself. */
    readonly own: readonly OwnOp[];
    /** What one worker does alone, when all is done and before anybody goes on. */
    readonly last: readonly ReduceOp[];
  }
  & (
    | { readonly split: "samples"; readonly ops: readonly SampleOp[] }
    | { readonly split: "weights"; readonly ops: readonly WeightOp[] }
  );

/** The article's parts of a training step, for the table of timings. */
export type TimingPart =
  | "gather"
  | "forward"
  | "cost"
  | "error"
  | "backward"
  | "update"
  | "barrier"
  | "other";

/** A row of the table of timings. */
export interface TimingSlot {
  /** The part of the step. */
  readonly part: TimingPart;
  /** What is timed, such as `product` or `activation`. */
  readonly name: string;
  /** The layer whose values are computed, or whose weights. */
  readonly layer: number;
}

/** Everything that a worker needs to run a batch, but for the numbers that change from run to run. */
export interface Plan {
  readonly stages: readonly Stage[];
  /** The first layer of which packed copies of W are read and kept up to date. */
  readonly packedFrom: number;
  /** Whether the products are the BLAS's. */
  readonly blas: boolean;
  readonly pieces: { readonly samples: Pieces; readonly inputs: Pieces };
  /** Nodes of each layer. */
  readonly layers: readonly number[];
  readonly slots: readonly TimingSlot[];
  /** For each worker: scratch for the gradient product. */
  readonly scratch: readonly number[];
  /** For each worker: the vector of {@linkcode OwnOp}s, as long as a column of W[0]. */
  readonly vectors: readonly number[];
  /** For each worker: float64 milliseconds for each slot. */
  readonly timings: readonly number[];
}

/** The numbers of one run of a plan over some of the batches of an epoch. */
export interface Run {
  /** Samples of the epoch. */
  readonly samples: number;
  /** Batches into which those are split, as `np.array_split` does. */
  readonly batches: number;
  /** The batches to run: `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Learning rate, for the plans that update weights. */
  readonly learningRate: number;
  /** Updates before the run. */
  readonly steps: number;
  /** What chance depends on besides step, layer, sample and node. */
  readonly seed: number;
  /** Whether to stamp the ops. */
  readonly timings: boolean;
  /** For {@linkcode LoadOp}: inputs outside of the memory of the plan, sample after sample. */
  readonly inputs?: Float32Array<SharedArrayBuffer>;
}
