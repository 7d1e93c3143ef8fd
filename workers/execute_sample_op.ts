import { Matrix } from "../src/memory/matrix.ts";
import { TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { GatherWeightsOp, SampleOp } from "../src/plan/sample_op.ts";
import type { Means } from "./means.ts";
import type { Batch } from "./products.ts";

/** Keeps seeds apart to which layers are added: 2³² divided by the golden ratio, made odd. */
const GOLDEN = 0x9e37_79b9;

/** Runs an op on the samples `[from, to)` of a batch. */
export function executeSampleOp(
  means: Means,
  op: SampleOp,
  batch: Batch,
  from: number,
  to: number,
): void {
  const { kernels, products, vector } = means;
  const { start } = batch;
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
    case "load": {
      const { a, ld, rows } = op;
      const columns = to - from;
      const place = { rows, columns, ld, offset: a + 4 * ld * from };
      const matrix = new Matrix(means.memory, place);
      matrix.fromPacked(means.inputs!, 0, rows * from, columns);
      break;
    }
    case "checkSums":
      kernels.columnSquares(op.z, op.ld, op.result, from, to);
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
        op.strips,
        op.shift,
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
    case "softmax": {
      const end = Math.ceil(to / TILE_SAMPLES) * TILE_SAMPLES;
      kernels.softmax(op.z, op.a, op.ld, op.rows, from, end);
      break;
    }
    case "dropout":
      // Chance is a matter of where and when, not of who computes.
      kernels.dropout(
        op.source,
        op.target,
        op.ld,
        from,
        to,
        Math.imul(batch.seed, GOLDEN) + op.layer,
        batch.step,
        op.part * 2 ** 32,
        1 / (1 - op.part),
      );
      break;
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
      kernels[op.kernel](
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
    case "gatherWeights":
      gatherWeights(means.memory, op, start, from, to);
      break;
    case "weighLoss":
      kernels.weighResults(
        op.losses,
        op.weights + op.weightStep * start,
        from,
        to,
      );
      break;
    case "weighDelta":
      kernels.scaleColumns(
        op.delta,
        op.ld,
        op.weights === 0 ? 0 : op.weights + op.weightStep * start,
        op.mean ? 1 / batch.size : 1,
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

function gatherWeights(
  memory: WebAssembly.Memory,
  op: GatherWeightsOp,
  start: number,
  from: number,
  to: number,
): void {
  const count = to - from;
  const first = op.indices + 4 * (start + from);
  const indices = new Int32Array(memory.buffer, first, count);
  const source = new Float32Array(memory.buffer, op.source);
  const target = new Float32Array(memory.buffer, op.target + 4 * from, count);
  for (let s = 0; s < count; s++) target[s] = source[indices[s]];
}
