/** The deltas of the backward pass. */
import { type DeltaName, LOSSES } from "../../units/losses.ts";
import type { Batch, Buffers, OpContext, TrainingBuffers } from "../op.ts";
import { derivativeOps } from "./activation.ts";

/** delta[E]: from the loss, times the derivative of the output unless that cancelled, times the samples' weights. */
export function outputDeltaOps(buffers: TrainingBuffers) {
  const { network, batch, training } = buffers;
  const { delta, of } = LOSSES[network.loss];
  const last = network.layers.length - 1;
  const weighted = batch.sampleWeights !== 0 || training.reduction === "mean";
  return [
    outputDeltaOp(buffers, delta),
    ...(of === "logits" ? [] : derivativeOps(buffers, last)),
    ...(weighted ? [weighDeltaOp(buffers)] : []),
  ];
}

/** dLoss/dA[E], or dLoss/dZ[E]. */
function outputDeltaOp(
  { network, batch, slots }: Buffers,
  kernel: DeltaName,
) {
  const last = network.layers.length - 1;
  const { offset, ld } = batch.delta[last];
  return {
    code: "outputDelta" as const,
    slot: slots.add("backward", "output delta", last),
    kernel,
    a: batch.a[last].offset,
    y: batch.y.offset,
    yStep: batch.yStep,
    delta: offset,
    ld,
  };
}

/** Runs an {@linkcode outputDeltaOp}. */
export function outputDelta(
  { kernels }: OpContext,
  { kernel, a, y, yStep, delta, ld }: ReturnType<typeof outputDeltaOp>,
  { start }: Batch,
  from: number,
  to: number,
): void {
  const at = 4 * ld * from;
  const targets = y + yStep * start + at;
  kernels[kernel](a + at, targets, delta + at, ld * (to - from));
}

/** Multiplies delta[E] with the weights of the samples, and divides it by their number for a mean. */
function weighDeltaOp({ network, batch, slots, training }: TrainingBuffers) {
  const last = network.layers.length - 1;
  const { offset, ld } = batch.delta[last];
  return {
    code: "weighDelta" as const,
    slot: slots.add("backward", "weigh", last),
    delta: offset,
    ld,
    /** One float a sample, or 0 for none. */
    weights: batch.sampleWeights,
    weightStep: batch.sampleWeightStep,
    mean: training.reduction === "mean",
  };
}

/** Runs a {@linkcode weighDeltaOp}. */
export function weighDelta(
  { kernels }: OpContext,
  op: ReturnType<typeof weighDeltaOp>,
  { start, total }: Batch,
  from: number,
  to: number,
): void {
  const weights = op.weights === 0 ? 0 : op.weights + op.weightStep * start;
  const factor = op.mean ? 1 / total : 1;
  kernels.scaleColumns(op.delta, op.ld, weights, factor, from, to);
}

/** `delta[N] = W[N][:, 1:]ᵀ·delta[N+1]`. */
export function deltaOp({ weights, batch, slots }: Buffers, n: number) {
  const { w, packedTransposed } = weights[n];
  const [next, delta] = [batch.delta[n + 1], batch.delta[n]];
  return {
    code: "delta" as const,
    slot: slots.add("backward", "delta", n),
    w: w.offset,
    ldw: w.ld,
    packed: packedTransposed,
    outputs: next.rows,
    inputs: delta.rows,
    delta: next.offset,
    ldd: next.ld,
    result: delta.offset,
    ldr: delta.ld,
  };
}

/** Runs a {@linkcode deltaOp}. */
export function delta(
  { products }: OpContext,
  op: ReturnType<typeof deltaOp>,
  _: Batch,
  from: number,
  to: number,
): void {
  products.delta(op, from, to);
}
