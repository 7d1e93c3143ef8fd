/**
 * The three dense products of a layer, on whatever computes them: the kernels, or the machine's BLAS, which reads W where
 * those read its packed copies. For the letters see `kernels.ts`.
 */
import type { UpdateKernels } from "./elementwise.ts";
import type { Kernels } from "./kernels.ts";

/** `Z[N+1] = W[N][:, 0] + W[N][:, 1:]·A[N]`. */
export interface ForwardProduct {
  readonly w: number;
  readonly ldw: number;
  readonly packed: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly a: number;
  /** Bytes of a sample of `a` where that is the dataset's, else 0. */
  readonly aStep: number;
  readonly lda: number;
  readonly z: number;
  readonly ldz: number;
}

/** `delta[N] = W[N][:, 1:]ᵀ·delta[N+1]`. */
export interface DeltaProduct {
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

/** `grad[N][:, 1:] = delta[N+1]·A[N]ᵀ`. */
export interface GradientProduct {
  readonly delta: number;
  readonly ldd: number;
  readonly outputs: number;
  readonly a: number;
  readonly aStep: number;
  readonly lda: number;
  readonly grad: number;
  readonly ldg: number;
}

/** The kernels that ops call themselves: dense products are made by {@linkcode Products}. */
export type OpKernels =
  & Omit<Kernels, "forwardProduct" | "deltaProduct" | "gradientProduct">
  & {
    /** Updates that write W past the caches, where there are such: for a W that other cores have in theirs. */
    readonly streaming?: Partial<UpdateKernels>;
    /**
     * Goes through the entries that the samples `indices[0 … size)` have in a unit of inputs, which are given as for
     * {@linkcode Kernels.forwardSparse}: counts those of each input and strip of samples where their cursors are, or writes each
     * to where its cursor is, with its sample's column in place of its input's. Absent where TypeScript does it.
     */
    transposeEntries?(
      writes: boolean,
      source: {
        readonly strips: number;
        readonly shift: number;
        readonly starts: number;
        readonly entries: number;
        readonly indices: number;
        readonly size: number;
      },
      unit: number,
      target: {
        /** Bytes of the columns of W before those of the unit, and of a column. */
        readonly firstColumn: number;
        readonly columnBytes: number;
        /** The cursors, {@linkcode STRIP_BLOCKS} words apart, and the bytes of those of a strip. */
        readonly cursors: number;
        readonly stripBytes: number;
        readonly stripSamples: number;
        readonly entries: number;
      },
    ): void;
  };

/**
 * Writes the sparse inputs of a group of samples, as {@linkcode Kernels.forwardSparse} has them, from `x`, sample s at
 * `inputs · order[s]`. Returns how many entries there are then, of all groups so far; more than `limit` if x has more than
 * were counted: then it ended early. Up to {@linkcode PACKED_BEHIND} bytes behind the last entry are overwritten.
 */
export type SamplePacker = (group: {
  readonly x: Float32Array;
  readonly order: Int32Array;
  /** Samples of the group, and places for some. */
  readonly count: number;
  readonly size: number;
  readonly inputs: number;
  readonly strips: number;
  /** Those of the group. */
  readonly starts: number;
  readonly entries: number;
  /** Entries before, and of all samples. */
  readonly entry: number;
  readonly limit: number;
  readonly columnBytes: number;
  /** A mode of each input, or 0. */
  readonly modes: number;
}) => number;

/** See {@linkcode SamplePacker}: those of a block that weren't counted, and a whole vector. */
export const PACKED_BEHIND = 512;

/** What computes them. `start` is the place of the batch's first sample in the dataset. */
export interface Products {
  /** For the samples `[from, to)` of the batch. */
  forward(op: ForwardProduct, start: number, from: number, to: number): void;
  /**
   * The same from inputs x, sample s at `ldx * s`, wherever they are, that skips those of zero as it goes. Says whether it did:
   * it doesn't where that isn't faster, or could differ in a bit. Absent where it is never faster.
   */
  forwardSkipping?(
    op: Pick<
      ForwardProduct,
      "w" | "ldw" | "outputs" | "inputs" | "z" | "ldz"
    >,
    x: Float32Array,
    ldx: number,
    from: number,
    to: number,
  ): boolean;
  /** For the samples `[from, to)` of the batch. */
  delta(op: DeltaProduct, from: number, to: number): void;
  /** For the inputs `[from, to)`, over all `size` samples of the batch. */
  gradient(
    op: GradientProduct,
    batch: { readonly start: number; readonly size: number },
    from: number,
    to: number,
    scratch: number,
  ): void;
}

/** The products of a kernel set. */
export function kernelProducts(kernels: Kernels): Products {
  return {
    forward(op, start, from, to) {
      kernels.forwardProduct(
        op.packed,
        op.outputs,
        op.inputs,
        op.a + op.aStep * start,
        op.lda,
        op.z,
        op.ldz,
        from,
        to,
      );
    },
    delta(op, from, to) {
      kernels.deltaProduct(
        op.packed,
        op.outputs,
        op.inputs,
        op.delta,
        op.ldd,
        op.result,
        op.ldr,
        from,
        to,
      );
    },
    gradient(op, { start, size }, from, to, scratch) {
      kernels.gradientProduct(
        op.delta,
        op.ldd,
        op.outputs,
        op.a + op.aStep * start,
        op.lda,
        op.grad,
        op.ldg,
        from,
        to,
        size,
        scratch,
      );
    },
  };
}
