/** Ops over the columns of W. For letters see ops.ts. */
import type { Training } from "./network.ts";
import type { OpBase } from "./ops.ts";

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
  readonly strips: number;
  readonly shift: number;
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

/** `squares[c] = Σ grad²` of each column. */
export interface GradientSquaresOp extends WeightOpBase {
  readonly code: "gradientSquares";
  readonly grad: number;
  readonly ld: number;
  readonly squares: number;
}

/** Scales the gradient where the norm of all gradients, which is in the batch's statistics, is larger than `most`. */
export interface ClipOp extends WeightOpBase {
  readonly code: "clip";
  readonly grad: number;
  readonly ld: number;
  readonly most: number;
  readonly statistics: number;
}

/** Changes W by its gradient, as the optimiser does. */
export interface UpdateOp extends WeightOpBase {
  readonly code: "update";
  readonly w: number;
  readonly grad: number;
  readonly moments: readonly [number, number];
  readonly ld: number;
  readonly training: Training;
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

/** Ops over a range of inputs of one layer's weights. */
export type WeightOp =
  | GradientOp
  | GradientSparseOp
  | AddOuterOp
  | RegulariseOp
  | GradientSquaresOp
  | ClipOp
  | UpdateOp
  | PackOp
  | PenaltyOp;
