/** What is known of each sample once A[E] is there: its loss, its error, and whether it is right. */
import { LOSSES, type LossName } from "../../units/losses.ts";
import type { Batch, Buffers, OpContext } from "../op.ts";

/** Loss, error and whether it is correct, of each sample. */
export function lossOps(buffers: Buffers) {
  const { network, batch } = buffers;
  const { loss } = network;
  const a = batch.a.at(-1)!;
  const values = LOSSES[loss].of === "logits" ? batch.z.at(-1)! : a;
  const labels = network.task === "labels" || a.rows === 1;
  const correct = labels ? "correctLabels" : "correct";
  const { losses, errors } = batch;
  return [
    sampleLossOp(buffers, "loss", loss, losses, values.offset),
    sampleLossOp(buffers, "mean error", "absoluteError", errors, a.offset),
    sampleLossOp(buffers, "correct", correct, batch.correct, a.offset),
    ...(batch.sampleWeights === 0 ? [] : [weighLossOp(buffers)]),
  ];
}

/** One number a sample, from the network's output A[E], or from Z[E], and the targets Y. */
function sampleLossOp(
  { network, batch, slots }: Buffers,
  name: "loss" | "mean error" | "correct",
  kernel: LossName | "absoluteError" | "correct" | "correctLabels",
  result: number,
  a: number,
) {
  const { ld, rows } = batch.a.at(-1)!;
  const layer = network.layers.length - 1;
  return {
    code: "sampleLoss" as const,
    slot: slots.add(name === "loss" ? "cost" : "error", name, layer),
    kernel,
    a,
    y: batch.y.offset,
    yStep: batch.yStep,
    ld,
    outputs: rows,
    result,
  };
}

/** Runs a {@linkcode sampleLossOp}. */
export function sampleLoss(
  { kernels }: OpContext,
  op: ReturnType<typeof sampleLossOp>,
  { start }: Batch,
  from: number,
  to: number,
): void {
  const y = op.y + op.yStep * start;
  kernels[op.kernel](op.a, y, op.ld, op.outputs, op.result, from, to);
}

/** Multiplies the loss of each sample with its weight. */
function weighLossOp({ network, batch, slots }: Buffers) {
  return {
    code: "weighLoss" as const,
    slot: slots.add("cost", "sample weights", network.layers.length - 1),
    losses: batch.losses,
    weights: batch.sampleWeights,
    weightStep: batch.sampleWeightStep,
  };
}

/** Runs a {@linkcode weighLossOp}. */
export function weighLoss(
  { kernels }: OpContext,
  { losses, weights, weightStep }: ReturnType<typeof weighLossOp>,
  { start }: Batch,
  from: number,
  to: number,
): void {
  kernels.weighResults(losses, weights + weightStep * start, from, to);
}
