import type { Kernels } from "../src/kernels/kernels.ts";
import type { DeltaOp, ForwardOp } from "../src/plan/sample_op.ts";
import type { GradientOp } from "../src/plan/weight_op.ts";

/** The batch that ops are for. */
export interface Batch {
  /** Place of its first sample in the order of the dataset. */
  readonly start: number;
  /** How many samples it has. */
  readonly size: number;
  /** Its number in the epoch, from 0. */
  readonly index: number;
  /** The number of its update, from 1, over all epochs. */
  readonly step: number;
  readonly learningRate: number;
  /** What chance depends on besides step, layer, sample and node. */
  readonly seed: number;
}

/** The three dense products of a layer, on whatever computes them. */
export interface Products {
  /** For the samples `[from, to)` of the batch whose first sample is the dataset's `start`-th in order. */
  forward(op: ForwardOp, start: number, from: number, to: number): void;
  /** For the samples `[from, to)` of the batch. */
  delta(op: DeltaOp, from: number, to: number): void;
  /** For the inputs `[from, to)`, over all samples of the batch. */
  gradient(
    op: GradientOp,
    batch: Pick<Batch, "start" | "size">,
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
