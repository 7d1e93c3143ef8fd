import type { Kernels } from "../src/kernels/kernels.ts";
import { STATISTICS } from "../src/plan/ops.ts";
import type { ClipOp, UpdateOp, WeightOp } from "../src/plan/weight_op.ts";
import type { Means } from "./means.ts";
import type { Batch } from "./products.ts";

/** Runs an op on the weights of the inputs `[from, to)`, which has some; the bias goes with the first input. */
export function executeWeightOp(
  means: Means,
  op: WeightOp,
  batch: Batch,
  from: number,
  to: number,
): void {
  const { kernels, products, scratch, vector } = means;
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
        op.strips,
        op.shift,
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
    case "gradientSquares":
      kernels.columnSquares(op.grad, op.ld, op.squares, first, end);
      break;
    case "clip": {
      const factor = clipFactor(means.memory, op, batch.index);
      if (factor === 1) break;
      const count = op.ld * (end - first);
      kernels.scale(op.grad + 4 * op.ld * first, count, factor);
      break;
    }
    case "update":
      update(kernels, op, batch, first, end);
      break;
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

/** What the gradient is multiplied with, so that its norm is at most `most`. */
function clipFactor(
  memory: WebAssembly.Memory,
  { most, statistics }: ClipOp,
  index: number,
): number {
  const row = statistics + 8 * STATISTICS.length * index;
  const values = new Float64Array(memory.buffer, row, STATISTICS.length);
  const norm = Math.sqrt(values[STATISTICS.indexOf("gradientSquares")]);
  return norm > most ? most / norm : 1;
}

/** Changes the columns `[first, end)` of W. */
function update(
  kernels: Kernels,
  op: UpdateOp,
  { learningRate, step }: Batch,
  first: number,
  end: number,
): void {
  const offset = 4 * op.ld * first;
  const count = op.ld * (end - first);
  const [w, grad] = [op.w + offset, op.grad + offset];
  const [mean, square] = op.moments.map((moment) => moment + offset);
  const { training } = op;
  const { momentum, beta1, beta2, epsilon, optimizer } = training;
  switch (optimizer) {
    case "article":
      kernels.momentumUpdate(w, grad, mean, count, learningRate, momentum);
      break;
    case "sgd": {
      const nesterov = training.nesterov ? 1 : 0;
      kernels.sgdUpdate(
        ...[w, grad, mean, count, learningRate, momentum, nesterov] as const,
      );
      break;
    }
    case "rmsprop":
      kernels.rmspropUpdate(
        ...[w, grad, square, count, learningRate, training.rho] as const,
        epsilon,
      );
      break;
    case "adam":
    case "adamw":
      kernels.adamUpdate(
        ...[w, grad, mean, square, count] as const,
        learningRate / (1 - beta1 ** step),
        ...[beta1, beta2, epsilon, 1 / Math.sqrt(1 - beta2 ** step)] as const,
        optimizer === "adamw" ? learningRate * training.weightDecay : 0,
      );
      break;
  }
}
