import { TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { Kernels } from "../src/kernels/kernels.ts";
import type { ReduceOp, SampleOp, WeightOp } from "../src/plan/ops.ts";
import { STATISTICS } from "../src/plan/ops.ts";

/** Runs an op on the samples `[from, to)` of the batch whose first sample is the dataset's `start`-th in order. */
export function executeSampleOp(
  kernels: Kernels,
  op: SampleOp,
  start: number,
  from: number,
  to: number,
): void {
  switch (op.code) {
    case "gather":
      kernels.gather(
        op.source,
        op.indices + 4 * start,
        op.target,
        op.ld,
        from,
        to,
      );
      break;
    case "forward":
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
      break;
    case "forwardSparse":
      kernels.forwardSparse(
        op.w,
        op.ldw,
        op.outputs,
        op.blocks,
        op.starts,
        op.entries,
        op.indices + 4 * start,
        op.z,
        op.ldz,
        from,
        to,
      );
      break;
    case "activate": {
      const at = 4 * op.ld * from;
      // The products fill whole tiles; so does the activation, so that no raw sum stays behind.
      const end = Math.ceil(to / TILE_SAMPLES) * TILE_SAMPLES;
      kernels[op.kernel](op.z + at, op.a + at, op.ld * (end - from));
      if (op.clearPadding) {
        kernels.clearPadding(op.a, op.ld, op.rows, from, end);
      }
      break;
    }
    case "sampleLoss":
      kernels[op.kernel](op.a, op.y, op.ld, op.outputs, op.result, from, to);
      break;
    case "outputDelta": {
      const at = 4 * op.ld * from;
      kernels.subtract(
        op.a + at,
        op.y + at,
        op.delta + at,
        op.ld * (to - from),
      );
      break;
    }
    case "delta":
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
      break;
    case "derivative": {
      const at = 4 * op.ld * from;
      kernels[op.kernel](
        op.delta + at,
        op.z + at,
        op.a + at,
        op.ld * (to - from),
      );
      break;
    }
  }
}

/**
 * Runs an op on the weights of the inputs `[from, to)`, which has some; the bias goes with the first input. The batch has
 * `batch` samples, of which the first is the dataset's `start`-th in order.
 */
export function executeWeightOp(
  kernels: Kernels,
  op: WeightOp,
  from: number,
  to: number,
  start: number,
  batch: number,
  learningRate: number,
  scratch: number,
): void {
  // Columns of W: that of the bias comes before those of the inputs.
  const first = from === 0 ? 0 : from + 1;
  const end = to + 1;
  switch (op.code) {
    case "gradient":
      if (from === 0) {
        kernels.biasGradient(op.delta, op.ldd, op.outputs, batch, op.grad);
      }
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
      break;
    case "gradientSparse":
      if (from === 0) {
        kernels.biasGradient(op.delta, op.ldd, op.outputs, batch, op.grad);
      }
      kernels.gradientSparse(
        op.delta,
        op.ldd,
        op.outputs,
        op.blocks,
        op.starts,
        op.entries,
        op.indices + 4 * start,
        op.grad,
        op.ldg,
        from,
        to,
        batch,
        scratch,
      );
      break;
    case "regularise": {
      const at = 4 * op.ld * (from + 1);
      kernels.regularise(
        op.grad + at,
        op.w + at,
        op.ld * (to - from),
        op.l1,
        op.l2,
      );
      break;
    }
    case "update": {
      const at = 4 * op.ld * first;
      kernels.momentumUpdate(
        op.w + at,
        op.grad + at,
        op.previous + at,
        op.ld * (end - first),
        learningRate,
        op.momentum,
      );
      break;
    }
    case "pack":
      kernels.packWeights(
        op.w,
        op.ldw,
        op.outputs,
        op.inputs,
        op.packed,
        first,
        end,
      );
      if (op.packedTransposed !== 0) {
        kernels.packTransposed(
          op.w,
          op.ldw,
          op.outputs,
          op.inputs,
          op.packedTransposed,
          from,
          to,
        );
      }
      break;
    case "penalty":
      kernels.penalties(
        op.w,
        op.ldw,
        op.squares,
        op.magnitudes,
        from + 1,
        to + 1,
      );
      break;
  }
}

/** Runs an op for batch `index`, which has `batch` samples. */
export function executeReduceOp(
  buffer: SharedArrayBuffer,
  op: ReduceOp,
  batch: number,
  index: number,
): void {
  const count = op.count === "batch" ? batch : op.count;
  let sum = 0;
  for (const value of new Float32Array(buffer, op.values, count)) sum += value;
  const row = op.statistics + 8 * STATISTICS.length * index;
  new Float64Array(buffer, row, STATISTICS.length)[op.statistic] = sum;
}
