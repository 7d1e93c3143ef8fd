/** Brings the samples of a batch side by side, where they don't lie so already. */
import { Matrix } from "../../memory/matrix.ts";
import type { MatrixLayout } from "../../memory/matrix.ts";
import type { Batch, Buffers, OpContext, TrainingBuffers } from "../op.ts";

/** The ops that gather targets, inputs and weights of the samples. */
export function gatherOps(buffers: TrainingBuffers) {
  const { data, batch } = buffers;
  if (data.inOrder) return [];
  return [
    gatherOp(buffers, "targets", data.y, batch.y.offset),
    ...("offset" in data.x
      ? [gatherOp(buffers, "inputs", data.x, batch.a[0].offset)]
      : []),
    ...(data.sampleWeights === 0 ? [] : [gatherWeightsOp(buffers)]),
  ];
}

/** `target[:, s] = source[:, indices[start + s]]`. */
function gatherOp(
  { data: { indices }, slots }: TrainingBuffers,
  name: string,
  { offset: source, ld }: MatrixLayout,
  target: number,
) {
  const slot = slots.add("gather", name, 0);
  return { code: "gather" as const, slot, source, indices, target, ld };
}

/** Runs a {@linkcode gatherOp}. */
export function gather(
  { kernels }: OpContext,
  { source, indices, target, ld }: ReturnType<typeof gatherOp>,
  { start }: Batch,
  from: number,
  to: number,
): void {
  kernels.gather(source, indices + 4 * start, target, ld, from, to);
}

/** `weights[s] = source[indices[start + s]]`. */
function gatherWeightsOp({ data, batch, slots }: TrainingBuffers) {
  return {
    code: "gatherWeights" as const,
    slot: slots.add("gather", "sample weights", 0),
    source: data.sampleWeights,
    indices: data.indices,
    target: batch.sampleWeights,
  };
}

/** Runs a {@linkcode gatherWeightsOp}. */
export function gatherWeights(
  { memory }: OpContext,
  op: ReturnType<typeof gatherWeightsOp>,
  { start }: Batch,
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

/** `A[0][:, s] = inputs[:, s]`: brings in the inputs of a run that are elsewhere. */
export function loadOp({ batch, slots }: Buffers) {
  const [{ offset: a, ld, rows }] = batch.a;
  const slot = slots.add("gather", "inputs", 0);
  return { code: "load" as const, slot, a, ld, rows };
}

/** Runs a {@linkcode loadOp}. */
export function load(
  { memory, inputs }: OpContext,
  { a, ld, rows }: ReturnType<typeof loadOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  const columns = to - from;
  const place = { rows, columns, ld, offset: a + 4 * ld * from };
  new Matrix(memory, place).fromPacked(inputs!, 0, rows * from, columns);
}
