/** All ops, by the code under which a plan names them. To add one: a file in `ops`, and a name here. */
import { activate, derivative, softmax } from "../step/ops/activation.ts";
import { addShards } from "../step/ops/add_shards.ts";
import { clip, gradientSquares } from "../step/ops/clip.ts";
import { collect } from "../step/ops/collect.ts";
import { delta, outputDelta, weighDelta } from "../step/ops/delta.ts";
import { dropout } from "../step/ops/dropout.ts";
import { checkInputs, forward, forwardInputs } from "../step/ops/forward.ts";
import { forwardSparse, modeLogits } from "../step/ops/forward_sparse.ts";
import { gather, gatherWeights } from "../step/ops/gather.ts";
import {
  addOuter,
  deltaSum,
  gradient,
  gradientSparse,
} from "../step/ops/gradient.ts";
import { gradientTransposed } from "../step/ops/gradient_transposed.ts";
import { sampleLoss, weighLoss } from "../step/ops/loss.ts";
import { pack } from "../step/ops/pack.ts";
import { reduce } from "../step/ops/reduce.ts";
import { penalty, regularize } from "../step/ops/regularization.ts";
import { update } from "../step/ops/update.ts";
import type { Batch, OpContext } from "../step/op.ts";

/** Ops over the samples `[from, to)` of a batch: they begin with a whole tile. */
const SAMPLE_OPS = {
  gather,
  gatherWeights,
  forward,
  forwardInputs,
  checkInputs,
  forwardSparse,
  activate,
  softmax,
  dropout,
  sampleLoss,
  weighLoss,
  outputDelta,
  weighDelta,
  delta,
  derivative,
};

/** Ops over the inputs `[from, to)` of one layer's weights. */
const WEIGHT_OPS = {
  gradient,
  gradientSparse,
  gradientTransposed,
  addOuter,
  addShards,
  penalty,
  regularize,
  gradientSquares,
  clip,
  update,
  pack,
};

/**
 * Small ops that each worker runs for itself before its first piece of a stage, so that it need not wait for another worker.
 */
const OWN_OPS = { modeLogits, deltaSum };

/** Ops that one worker runs when a stage is complete, before any worker goes on. */
const LAST_OPS = { reduce, collect };

/** The ops that functions of a table run. */
type OpOf<
  T extends Record<
    string,
    (
      context: OpContext,
      op: never,
      batch: Batch,
      from: number,
      to: number,
    ) => void
  >,
> = Parameters<T[keyof T]>[1];

export type SampleOp = OpOf<typeof SAMPLE_OPS>;
export type WeightOp = OpOf<typeof WEIGHT_OPS>;
export type OwnOp = OpOf<typeof OWN_OPS>;
export type LastOp = OpOf<typeof LAST_OPS>;

export type AnyOp = SampleOp | WeightOp | OwnOp | LastOp;

const OPS = { ...SAMPLE_OPS, ...WEIGHT_OPS, ...OWN_OPS, ...LAST_OPS };

/** Runs an op, for the samples or inputs `[from, to)` if it works on such a range. */
export function runOp(
  context: OpContext,
  op: AnyOp,
  batch: Batch,
  from = 0,
  to = 0,
): void {
  const run = OPS[op.code] as (
    context: OpContext,
    op: AnyOp,
    batch: Batch,
    from: number,
    to: number,
  ) => void;
  run(context, op, batch, from, to);
}
