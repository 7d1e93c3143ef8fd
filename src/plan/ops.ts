/**
 * The ops of a plan. A plan is plain data, made once on the main thread and sent to every worker.
 *
 * Letters: layer 0 is the input and layer E the last. `W[N]` (outputs × (inputs + 1)) sits between the layers N and
 * N+1, column 0 is the bias. B is the number of samples in a batch.
 * Every name of a buffer below is a byte offset in the shared memory, and `ld…` its leading dimension in floats.
 */
import type { ActivationKernels, LOSSES } from "../network/activations.ts";
import type { Pieces } from "./split.ts";

/** What every op has. */
interface OpBase {
  /** Row of {@linkcode Plan.slots} to which the time of the op is added. */
  readonly slot: number;
}

/*
 * `…Step` is what a buffer's offset grows by with each sample that the batch's first one stands behind in the dataset: the
 * bytes of a sample where it is the dataset's, 0 where it is the batch's own.
 */

/** `target[:, s] = source[:, indices[start + s]]`: the samples of the batch, side by side. */
export interface GatherOp extends OpBase {
  readonly code: "gather";
  readonly source: number;
  readonly indices: number;
  readonly target: number;
  readonly ld: number;
}

/** `Z[N+1] = W[N][:, 0] + W[N][:, 1:]·A[N]`. */
export interface ForwardOp extends OpBase {
  readonly code: "forward";
  readonly w: number;
  readonly ldw: number;
  readonly packed: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly a: number;
  readonly aStep: number;
  readonly lda: number;
  readonly z: number;
  readonly ldz: number;
}

/** {@linkcode ForwardOp} from sparse inputs of the dataset itself; they are not gathered. */
export interface ForwardSparseOp extends OpBase {
  readonly code: "forwardSparse";
  readonly w: number;
  readonly ldw: number;
  readonly outputs: number;
  /** What the sums start from: column 0 of W, or 0 for the worker's own vector. */
  readonly bias: number;
  readonly blocks: number;
  readonly starts: number;
  readonly entries: number;
  readonly indices: number;
  readonly z: number;
  readonly ldz: number;
}

/** `A = act(Z)`. */
export interface ActivateOp extends OpBase {
  readonly code: "activate";
  readonly kernel: ActivationKernels["forward"];
  readonly z: number;
  readonly a: number;
  readonly ld: number;
  readonly rows: number;
  readonly clearPadding: boolean;
}

/** One number a sample, from the network's output A[E] and the targets Y. */
export interface SampleLossOp extends OpBase {
  readonly code: "sampleLoss";
  readonly kernel:
    | (typeof LOSSES)[keyof typeof LOSSES]
    | "absoluteError"
    | "hits";
  readonly a: number;
  readonly y: number;
  readonly yStep: number;
  readonly ld: number;
  readonly outputs: number;
  readonly result: number;
}

/** `delta[E] = A[E] - Y`. */
export interface OutputDeltaOp extends OpBase {
  readonly code: "outputDelta";
  readonly a: number;
  readonly y: number;
  readonly yStep: number;
  readonly delta: number;
  readonly ld: number;
}

/** `delta[N] = W[N][:, 1:]ᵀ·delta[N+1]`. */
export interface DeltaOp extends OpBase {
  readonly code: "delta";
  readonly w: number;
  readonly ldw: number;
  readonly packed: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly delta: number;
  readonly ldd: number;
  readonly result: number;
  readonly ldr: number;
}

/** `delta[N] ⊙= act'(Z[N], A[N])`. */
export interface DerivativeOp extends OpBase {
  readonly code: "derivative";
  readonly kernel: ActivationKernels["derivative"];
  readonly delta: number;
  readonly z: number;
  readonly a: number;
  readonly ld: number;
}

/** What every op has that is split over the inputs of a layer. */
interface WeightOpBase extends OpBase {
  /** The N of `W[N]`. */
  readonly layer: number;
}

/** `grad[N] = delta[N+1]·[1; A[N]]ᵀ`. */
export interface GradientOp extends WeightOpBase {
  readonly code: "gradient";
  readonly delta: number;
  readonly ldd: number;
  readonly outputs: number;
  readonly a: number;
  readonly aStep: number;
  readonly lda: number;
  readonly grad: number;
  readonly ldg: number;
}

/** {@linkcode GradientOp} from sparse inputs of the dataset itself. */
export interface GradientSparseOp extends WeightOpBase {
  readonly code: "gradientSparse";
  readonly delta: number;
  readonly ldd: number;
  readonly outputs: number;
  readonly blocks: number;
  readonly starts: number;
  readonly entries: number;
  readonly indices: number;
  readonly grad: number;
  readonly ldg: number;
}

/** `grad[0] += (Σ_samples delta[1])·baseᵀ`, the sum being the worker's own vector. */
export interface AddOuterOp extends WeightOpBase {
  readonly code: "addOuter";
  readonly base: number;
  readonly grad: number;
  readonly ldg: number;
}

/** `grad[N] += λ2·W[N] + λ1·sign(W[N])` outside column 0. */
export interface RegulariseOp extends WeightOpBase {
  readonly code: "regularise";
  readonly grad: number;
  readonly w: number;
  readonly ld: number;
  readonly l1: number;
  readonly l2: number;
}

/** `step = rate·grad; W -= step + momentum·previous; previous = step`. */
export interface UpdateOp extends WeightOpBase {
  readonly code: "update";
  readonly w: number;
  readonly grad: number;
  readonly previous: number;
  readonly ld: number;
  readonly momentum: number;
}

/** Copies W to the panels that the forward product reads, and from layer 1 on to those of the delta product. */
export interface PackOp extends WeightOpBase {
  readonly code: "pack";
  readonly w: number;
  readonly ldw: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly packed: number;
  /** 0 in layer 0, to which nothing is propagated. */
  readonly packedTransposed: number;
}

/** `ΣW²` and `Σ|W|` of each column, without column 0. */
export interface PenaltyOp extends WeightOpBase {
  readonly code: "penalty";
  readonly w: number;
  readonly ldw: number;
  readonly squares: number;
  readonly magnitudes: number;
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

/** Ops over a range of samples. */
export type SampleOp =
  | GatherOp
  | ForwardOp
  | ForwardSparseOp
  | ActivateOp
  | SampleLossOp
  | OutputDeltaOp
  | DeltaOp
  | DerivativeOp;

/** Ops over a range of inputs of one layer's weights. */
export type WeightOp =
  | GradientOp
  | GradientSparseOp
  | AddOuterOp
  | RegulariseOp
  | UpdateOp
  | PackOp
  | PenaltyOp;

/** What is known of a batch after its {@linkcode ReduceOp}s, in this order, as float64. */
export const STATISTICS = [
  "loss",
  "error",
  "hits",
  "squares",
  "magnitudes",
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

/** The numbers of one run of a plan over `batches` batches. */
export interface Run {
  /** Samples in all. */
  readonly samples: number;
  /** Batches into which they are split, as `np.array_split` does. */
  readonly batches: number;
  /** Learning rate, for the plans that update weights. */
  readonly learningRate: number;
  /** Whether to stamp the ops. */
  readonly timings: boolean;
}
