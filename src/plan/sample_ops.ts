/** The ops that are split over samples: from the inputs to the deltas. */
import { ACTIVATIONS, LOSSES } from "../network/activations.ts";
import type {
  BatchLayout,
  DataLayout,
  SparseLayout,
  WeightLayout,
} from "./layout.ts";
import type { Network, Slots } from "./network.ts";
import type { SampleOp } from "./ops.ts";

/** The sigmoid output layer is fixed; the hidden layers have the network's activation. */
function activationOf(network: Network, layer: number) {
  const last = network.layers.length - 1;
  return ACTIVATIONS[layer === last ? "sigmoid" : network.activation];
}

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
  sparse?: SparseInputs,
): SampleOp[] {
  return weights.flatMap((weight, n): SampleOp[] => {
    const [a, next] = [batch.a[n], batch.a[n + 1]];
    const activation = activationOf(network, n + 1);
    const common = {
      slot: slots.add("forward", "product", n + 1),
      w: weight.w.offset,
      ldw: weight.w.ld,
      outputs: weight.w.rows,
      z: next.offset,
      ldz: next.ld,
    };
    return [
      n === 0 && sparse !== undefined
        ? {
          ...common,
          code: "forwardSparse",
          bias: sparse.base === 0 ? weight.w.offset : 0,
          blocks: sparse.blocks,
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
        },
      {
        code: "activate",
        slot: slots.add("forward", "activation", n + 1),
        kernel: activation.forward,
        // In place: the derivatives of these activations need A alone.
        z: next.offset,
        a: next.offset,
        ld: next.ld,
        rows: next.rows,
        clearPadding: activation.fillsPadding && next.rows < next.ld,
      },
    ];
  });
}

/** Loss, error and hit of each sample. */
export function lossOps(
  network: Network,
  batch: BatchLayout,
  slots: Slots,
): SampleOp[] {
  const output = batch.a.at(-1)!;
  const layer = network.layers.length - 1;
  const common = {
    code: "sampleLoss",
    a: output.offset,
    y: batch.y.offset,
    yStep: batch.yStep,
    ld: output.ld,
    outputs: output.rows,
  } as const;
  return [
    {
      ...common,
      slot: slots.add("cost", "loss", layer),
      kernel: LOSSES[network.loss],
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
      kernel: "hits",
      result: batch.hits,
    },
  ];
}

/** delta[E] … delta[1]: at the output from the loss, then for each layer the product and the derivative. */
export function backwardOps(
  network: Network,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  slots: Slots,
): SampleOp[] {
  const last = network.layers.length - 1;
  const derivative = (n: number): SampleOp => ({
    code: "derivative",
    slot: slots.add("backward", "derivative", n),
    kernel: activationOf(network, n).derivative,
    delta: batch.delta[n].offset,
    z: batch.a[n].offset,
    a: batch.a[n].offset,
    ld: batch.a[n].ld,
  });
  const ops: SampleOp[] = [{
    code: "outputDelta",
    slot: slots.add("backward", "output delta", last),
    a: batch.a[last].offset,
    y: batch.y.offset,
    yStep: batch.yStep,
    delta: batch.delta[last].offset,
    ld: batch.a[last].ld,
  }];
  // Sigmoid and its own loss cancel to A - Y; with any other loss the derivative remains.
  if (network.loss !== "logloss") ops.push(derivative(last));
  for (let n = last - 1; n >= 1; n--) {
    ops.push({
      code: "delta",
      slot: slots.add("backward", "delta", n),
      w: weights[n].w.offset,
      ldw: weights[n].w.ld,
      packed: weights[n].packedTransposed,
      outputs: batch.delta[n + 1].rows,
      inputs: batch.delta[n].rows,
      delta: batch.delta[n + 1].offset,
      ldd: batch.delta[n + 1].ld,
      result: batch.delta[n].offset,
      ldr: batch.delta[n].ld,
    }, derivative(n));
  }
  return ops;
}
