import { TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { Kernels } from "../src/kernels/kernels.ts";
import type { OwnOp, ReduceOp, SampleOp, WeightOp } from "../src/plan/ops.ts";
import { STATISTICS } from "../src/plan/ops.ts";
import type { Batch, Products } from "./products.ts";

/** What ops compute with. */
export interface Means {
  readonly kernels: Kernels;
  readonly products: Products;
  /** The worker's scratch for a product, and its vector for {@linkcode OwnOp}s. */
  readonly scratch: number;
  readonly vector: number;
}

/** Runs an op for the worker's own vector. */
export function executeOwnOp(
  { kernels, vector }: Means,
  op: OwnOp,
  { size }: Batch,
): void {
  if (op.code === "baseline") {
    kernels.weightedSum(op.w, op.ldw, op.outputs, op.inputs, op.base, vector);
  } else kernels.biasGradient(op.delta, op.ldd, op.outputs, size, vector);
}

/** Runs an op on the samples `[from, to)` of a batch. */
export function executeSampleOp(
  { kernels, products, vector }: Means,
  op: SampleOp,
  { start }: Batch,
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
      products.forward(op, start, from, to);
      break;
    case "forwardSparse":
      kernels.forwardSparse(
        op.w,
        op.ldw,
        op.outputs,
        op.bias === 0 ? vector : op.bias,
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
      kernels[op.kernel](
        op.a,
        op.y + op.yStep * start,
        op.ld,
        op.outputs,
        op.result,
        from,
        to,
      );
      break;
    case "outputDelta": {
      const at = 4 * op.ld * from;
      kernels.subtract(
        op.a + at,
        op.y + op.yStep * start + at,
        op.delta + at,
        op.ld * (to - from),
      );
      break;
    }
    case "delta":
      products.delta(op, from, to);
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

/** Runs an op on the weights of the inputs `[from, to)`, which has some; the bias goes with the first input. */
export function executeWeightOp(
  { kernels, products, scratch, vector }: Means,
  op: WeightOp,
  batch: Batch,
  from: number,
  to: number,
  learningRate: number,
): void {
  const { start, size } = batch;
  // Columns of W: that of the bias comes before those of the inputs.
  const first = from === 0 ? 0 : from + 1;
  const end = to + 1;
  switch (op.code) {
    case "gradient":
      if (from === 0) {
        kernels.biasGradient(op.delta, op.ldd, op.outputs, size, op.grad);
      }
      products.gradient(op, batch, from, to, scratch);
      break;
    case "gradientSparse":
      if (from === 0) {
        kernels.biasGradient(op.delta, op.ldd, op.outputs, size, op.grad);
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
        size,
      );
      break;
    case "addOuter":
      kernels.addOuter(vector, op.base, op.grad, op.ldg, from, to);
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
