/** Dropout, in both directions. */
import type { MatrixLayout } from "../../memory/matrix.ts";
import type { Batch, OpContext, TrainingBuffers } from "../op.ts";

/** Keeps seeds apart to which layers are added: 2³² divided by the golden ratio, made odd. */
const GOLDEN = 0x9e37_79b9;

/** Drops nodes of A[N] by chance and scales the others up, so that the sum is the same on average. */
export function dropoutOps(buffers: TrainingBuffers, layer: number) {
  const { whole, a } = buffers.batch;
  return dropoutOp(buffers, layer, "forward", whole[layer], a[layer]);
}

/** The same for delta[N]: the nodes that were dropped have no part in the cost. */
export function dropoutDeltaOps(buffers: TrainingBuffers, layer: number) {
  const delta = buffers.batch.delta[layer];
  return dropoutOp(buffers, layer, "backward", delta, delta);
}

function dropoutOp(
  { training, slots }: TrainingBuffers,
  layer: number,
  part: "forward" | "backward",
  source: MatrixLayout,
  target: MatrixLayout,
) {
  const rate = training.dropout[layer - 1] ?? 0;
  if (rate === 0) return [];
  return [{
    code: "dropout" as const,
    slot: slots.add(part, "dropout", layer),
    layer,
    source: source.offset,
    target: target.offset,
    ld: target.ld,
    /** From 0 up to but not 1. */
    rate,
  }];
}

/** Runs a {@linkcode dropoutOp}. Chance is a matter of where and when, not of who computes. */
export function dropout(
  { kernels }: OpContext,
  op: ReturnType<typeof dropoutOp>[number],
  { seed, step }: Batch,
  from: number,
  to: number,
): void {
  kernels.dropout(
    op.source,
    op.target,
    op.ld,
    from,
    to,
    Math.imul(seed, GOLDEN) + op.layer,
    step,
    op.rate * 2 ** 32,
    1 / (1 - op.rate),
  );
}
