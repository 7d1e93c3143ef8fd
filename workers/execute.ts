import { TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { Kernels } from "../src/kernels/kernels.ts";
import type { ReduceOp, SampleOp, WeightOp } from "../src/plan/ops.ts";
import { STATISTICS } from "../src/plan/ops.ts";
import type { Range } from "../src/plan/split.ts";

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

/** The columns of W that belong to the inputs `[from, to)`: the owner of the first input has the bias as well. */
function ownColumns([from, to]: Range): Range {
  return [from === 0 ? 0 : from + 1, to + 1];
}

/** Runs an op on the weights of the inputs in `share`, which is not empty. */
export function executeWeightOp(
  kernels: Kernels,
  op: WeightOp,
  share: Range,
  batch: number,
  learningRate: number,
  scratch: number,
): void {
  const [from, to] = share;
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
      const [first, end] = ownColumns(share);
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
    case "pack": {
      const [first, end] = ownColumns(share);
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
    }
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

/** Sums `count` floats in ascending order, in float64. */
function sum(buffer: SharedArrayBuffer, offset: number, count: number): number {
  let total = 0;
  for (const value of new Float32Array(buffer, offset, count)) total += value;
  return total;
}

/** Writes the statistics of batch `index`. */
export function executeReduceOp(
  buffer: SharedArrayBuffer,
  op: ReduceOp,
  batch: number,
  index: number,
): void {
  const row = new Float64Array(
    buffer,
    op.statistics + 8 * STATISTICS.length * index,
    STATISTICS.length,
  );
  row[0] = sum(buffer, op.losses, batch);
  row[1] = sum(buffer, op.errors, batch);
  row[2] = sum(buffer, op.hits, batch);
  row[3] = sum(buffer, op.squares, op.columns);
  row[4] = sum(buffer, op.magnitudes, op.columns);
}
