import type { Kernels } from "../src/kernels/kernels.ts";
import type { DeltaOp, ForwardOp, GradientOp } from "../src/plan/ops.ts";

/** The three dense products of a layer, on whatever computes them. */
export interface Products {
  /** For the samples `[from, to)` of the batch. */
  forward(op: ForwardOp, from: number, to: number): void;
  /** For the samples `[from, to)` of the batch. */
  delta(op: DeltaOp, from: number, to: number): void;
  /** For the inputs `[from, to)`, over `batch` samples. */
  gradient(
    op: GradientOp,
    from: number,
    to: number,
    batch: number,
    scratch: number,
  ): void;
}

/** The products of a kernel set. */
export function kernelProducts(kernels: Kernels): Products {
  return {
    forward(op, from, to) {
      kernels.forwardProduct(
        op.packed,
        op.outputs,
        op.inputs,
        op.a,
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
    gradient(op, from, to, batch, scratch) {
      kernels.gradientProduct(
        op.delta,
        op.ldd,
        op.outputs,
        op.a,
        op.lda,
        op.grad,
        op.ldg,
        from,
        to,
        batch,
        scratch,
      );
    },
  };
}
