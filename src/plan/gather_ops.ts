/** The ops that bring the samples of a batch side by side, where they don't lie so already. */
import type { BatchLayout, DataLayout } from "./layout.ts";
import type { Slots } from "./network.ts";
import type { SampleOp } from "./sample_op.ts";

/** Inputs, targets and weights of the samples. */
export function gatherOps(
  data: DataLayout,
  batch: BatchLayout,
  slots: Slots,
): SampleOp[] {
  if (data.inOrder) return [];
  const gather = (
    source: { offset: number; ld: number },
    target: number,
    name: string,
  ): SampleOp => ({
    code: "gather",
    slot: slots.add("gather", name, 0),
    source: source.offset,
    indices: data.indices,
    target,
    ld: source.ld,
  });
  const ops = [gather(data.y, batch.y.offset, "targets")];
  if ("offset" in data.x) {
    ops.push(gather(data.x, batch.a[0].offset, "inputs"));
  }
  if (data.sampleWeights !== 0) {
    ops.push({
      code: "gatherWeights",
      slot: slots.add("gather", "sample weights", 0),
      source: data.sampleWeights,
      indices: data.indices,
      target: batch.sampleWeights,
    });
  }
  return ops;
}
