/** Ops over the samples of a batch. For letters see ops.ts. */
import type { ActivationKernels } from "../network/activations.ts";
import type { LossKernels } from "../network/outputs.ts";
import type { OpBase } from "./ops.ts";

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

/** `A[0][:, s] = inputs[:, s]`: brings in the inputs of a run that are elsewhere. */
export interface LoadOp extends OpBase {
  readonly code: "load";
  readonly a: number;
  readonly ld: number;
  readonly rows: number;
}

/** A number for each sample that is finite only if all its inputs are: `Σ Z[1]²`, as each of the sums has all of them. */
export interface CheckSumsOp extends OpBase {
  readonly code: "checkSums";
  readonly z: number;
  readonly ld: number;
  readonly result: number;
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
  readonly strips: number;
  readonly shift: number;
  readonly starts: number;
  readonly entries: number;
  readonly indices: number;
  readonly z: number;
  readonly ldz: number;
}

/** `A = act(Z)`. */
export interface ActivateOp extends OpBase {
  readonly code: "activate";
  readonly kernel: NonNullable<ActivationKernels["forward"]>;
  readonly z: number;
  readonly a: number;
  readonly ld: number;
  readonly rows: number;
  readonly clearPadding: boolean;
}

/** `A = softmax(Z)` of each sample. */
export interface SoftmaxOp extends OpBase {
  readonly code: "softmax";
  readonly z: number;
  readonly a: number;
  readonly ld: number;
  readonly rows: number;
}

/** Drops a part of the nodes by chance, and scales the others, so that the sum is the same on average. */
export interface DropoutOp extends OpBase {
  readonly code: "dropout";
  /** The layer, as each has its own chance. */
  readonly layer: number;
  readonly source: number;
  readonly target: number;
  readonly ld: number;
  /** From 0 up to but not 1. */
  readonly part: number;
}

/** One number a sample, from the network's output A[E], or its sums Z[E], and the targets Y. */
export interface SampleLossOp extends OpBase {
  readonly code: "sampleLoss";
  readonly kernel: LossKernels["loss"] | "absoluteError" | "hits" | "labelHits";
  readonly a: number;
  readonly y: number;
  readonly yStep: number;
  readonly ld: number;
  readonly outputs: number;
  readonly result: number;
}

/** `weights[s] = source[indices[start + s]]`. */
export interface GatherWeightsOp extends OpBase {
  readonly code: "gatherWeights";
  readonly source: number;
  readonly indices: number;
  readonly target: number;
}

/** Multiplies the loss of each sample with its weight. */
export interface WeighLossOp extends OpBase {
  readonly code: "weighLoss";
  readonly losses: number;
  readonly weights: number;
  readonly weightStep: number;
}

/** dLoss/dA[E], or dLoss/dZ[E]. */
export interface OutputDeltaOp extends OpBase {
  readonly code: "outputDelta";
  readonly kernel: LossKernels["delta"];
  readonly a: number;
  readonly y: number;
  readonly yStep: number;
  readonly delta: number;
  readonly ld: number;
}

/** Multiplies delta[E] with the weights of the samples, and divides it by their number for a mean. */
export interface WeighDeltaOp extends OpBase {
  readonly code: "weighDelta";
  readonly delta: number;
  readonly ld: number;
  /** One float a sample, or 0 for none. */
  readonly weights: number;
  readonly weightStep: number;
  readonly mean: boolean;
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
  readonly kernel: NonNullable<ActivationKernels["derivative"]>;
  readonly delta: number;
  readonly z: number;
  readonly a: number;
  readonly ld: number;
}

/** Ops over a range of samples. */
export type SampleOp =
  | GatherOp
  | LoadOp
  | CheckSumsOp
  | ForwardOp
  | ForwardSparseOp
  | ActivateOp
  | SoftmaxOp
  | DropoutOp
  | SampleLossOp
  | GatherWeightsOp
  | WeighLossOp
  | OutputDeltaOp
  | WeighDeltaOp
  | DeltaOp
  | DerivativeOp;
