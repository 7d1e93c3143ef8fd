/** The ops that are split over samples: from the inputs to the deltas. */
import type {
  BatchLayout,
  DataLayout,
  SparseLayout,
  WeightLayout,
} from "./layout.ts";
import {
  activationOf,
  lossOf,
  type Network,
  type Slots,
  type Training,
} from "./network.ts";
import type { SampleOp } from "./sample_op.ts";

/** Where sparse inputs are, and which of them make up the batches. */
export type SparseInputs = SparseLayout & { readonly indices: number };

/** The sparse inputs of a dataset, if it has them. */
export function sparseInputs(
  { x, indices }: DataLayout,
): SparseInputs | undefined {
  return "entries" in x ? { ...x, indices } : undefined;
}

/** A[1] … A[E] from A[0], or from sparse inputs: for each layer the product, then the activation. */
export function forwardOps(
  network: Network,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  slots: Slots,
  dropout: readonly number[] = [],
  sparse?: SparseInputs,
): SampleOp[] {
  return weights.flatMap((weight, n): SampleOp[] => [
    productOp(weight, n, batch, slots, sparse),
    ...activationOps(network, n + 1, batch, slots),
    ...dropoutOps(n + 1, batch, slots, dropout[n] ?? 0),
  ]);
}

function productOp(
  weight: WeightLayout,
  n: number,
  batch: BatchLayout,
  slots: Slots,
  sparse?: SparseInputs,
): SampleOp {
  const [a, z] = [batch.a[n], batch.z[n + 1]];
  const common = {
    slot: slots.add("forward", "product", n + 1),
    w: weight.w.offset,
    ldw: weight.w.ld,
    outputs: weight.w.rows,
    z: z.offset,
    ldz: z.ld,
  };
  return n === 0 && sparse !== undefined
    ? {
      ...common,
      code: "forwardSparse",
      bias: sparse.base === 0 ? weight.w.offset : 0,
      strips: sparse.strips,
      shift: sparse.shift,
      starts: sparse.starts,
      entries: sparse.entries,
      indices: sparse.indices,
    }
    : {
      ...common,
      code: "forward",
      packed: weight.packed,
      inputs: a.rows,
      a: a.offset,
      aStep: n === 0 ? batch.xStep : 0,
      lda: a.ld,
    };
}

function activationOps(
  network: Network,
  layer: number,
  batch: BatchLayout,
  slots: Slots,
): SampleOp[] {
  const [z, a] = [batch.z[layer], batch.whole[layer]];
  const buffers = { z: z.offset, a: a.offset, ld: a.ld, rows: a.rows };
  const last = layer === network.layers.length - 1;
  if (last && network.output === "softmax") {
    const slot = slots.add("forward", "activation", layer);
    return [{ ...buffers, code: "softmax", slot }];
  }
  const { forward, fillsPadding } = activationOf(network, layer);
  if (forward === undefined) return [];
  return [{
    ...buffers,
    code: "activate",
    slot: slots.add("forward", "activation", layer),
    kernel: forward,
    clearPadding: fillsPadding && a.rows < a.ld,
  }];
}

function dropoutOps(
  layer: number,
  batch: BatchLayout,
  slots: Slots,
  part: number,
): SampleOp[] {
  if (part === 0) return [];
  return [{
    code: "dropout",
    slot: slots.add("forward", "dropout", layer),
    layer,
    source: batch.whole[layer].offset,
    target: batch.a[layer].offset,
    ld: batch.a[layer].ld,
    part,
  }];
}

/** Loss, error and hit of each sample. */
export function lossOps(
  network: Network,
  batch: BatchLayout,
  slots: Slots,
  labels: boolean,
): SampleOp[] {
  const output = batch.a.at(-1)!;
  const layer = network.layers.length - 1;
  const { loss, fromSums } = lossOf(network);
  const common = {
    code: "sampleLoss",
    a: output.offset,
    y: batch.y.offset,
    yStep: batch.yStep,
    ld: output.ld,
    outputs: output.rows,
  } as const;
  const ops: SampleOp[] = [
    {
      ...common,
      slot: slots.add("cost", "loss", layer),
      a: fromSums ? batch.z.at(-1)!.offset : output.offset,
      kernel: loss,
      result: batch.losses,
    },
    {
      ...common,
      slot: slots.add("error", "mean error", layer),
      kernel: "absoluteError",
      result: batch.errors,
    },
    {
      ...common,
      slot: slots.add("error", "hits", layer),
      kernel: labels || output.rows === 1 ? "labelHits" : "hits",
      result: batch.hits,
    },
  ];
  if (batch.sampleWeights !== 0) {
    ops.push({
      code: "weighLoss",
      slot: slots.add("cost", "sample weights", layer),
      losses: batch.losses,
      weights: batch.sampleWeights,
      weightStep: batch.sampleWeightStep,
    });
  }
  return ops;
}

/** delta[E] … delta[1]: at the output from the loss, then for each layer the product and the derivative. */
export function backwardOps(
  network: Network,
  training: Training,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  slots: Slots,
): SampleOp[] {
  const last = network.layers.length - 1;
  const { delta: kernel, cancels } = lossOf(network);
  const output = batch.delta[last];
  const ops: SampleOp[] = [{
    code: "outputDelta",
    slot: slots.add("backward", "output delta", last),
    kernel,
    a: batch.a[last].offset,
    y: batch.y.offset,
    yStep: batch.yStep,
    delta: output.offset,
    ld: output.ld,
  }];
  if (!cancels) ops.push(...derivativeOps(network, last, batch, slots));
  if (batch.sampleWeights !== 0 || training.reduction === "mean") {
    ops.push({
      code: "weighDelta",
      slot: slots.add("backward", "weigh", last),
      delta: output.offset,
      ld: output.ld,
      weights: batch.sampleWeights,
      weightStep: batch.sampleWeightStep,
      mean: training.reduction === "mean",
    });
  }
  for (let n = last - 1; n >= 1; n--) {
    const [next, delta] = [batch.delta[n + 1], batch.delta[n]];
    ops.push({
      code: "delta",
      slot: slots.add("backward", "delta", n),
      w: weights[n].w.offset,
      ldw: weights[n].w.ld,
      packed: weights[n].packedTransposed,
      outputs: next.rows,
      inputs: delta.rows,
      delta: next.offset,
      ldd: next.ld,
      result: delta.offset,
      ldr: delta.ld,
    });
    const part = training.dropout[n - 1] ?? 0;
    if (part > 0) {
      ops.push({
        code: "dropout",
        slot: slots.add("backward", "dropout", n),
        layer: n,
        source: delta.offset,
        target: delta.offset,
        ld: delta.ld,
        part,
      });
    }
    ops.push(...derivativeOps(network, n, batch, slots));
  }
  return ops;
}

function derivativeOps(
  network: Network,
  layer: number,
  batch: BatchLayout,
  slots: Slots,
): SampleOp[] {
  const { derivative } = activationOf(network, layer);
  if (derivative === undefined) return [];
  return [{
    code: "derivative",
    slot: slots.add("backward", "derivative", layer),
    kernel: derivative,
    delta: batch.delta[layer].offset,
    z: batch.z[layer].offset,
    a: batch.whole[layer].offset,
    ld: batch.delta[layer].ld,
  }];
}
