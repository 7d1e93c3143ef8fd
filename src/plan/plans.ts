import {
  gradientScratchBytes,
  sparseScratchBytes,
} from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import {
  type ActivationName,
  ACTIVATIONS,
  LOSSES,
  type LossName,
} from "../network/activations.ts";
import {
  type BatchLayout,
  type DataLayout,
  penaltyColumns,
  type SparseLayout,
  type WeightLayout,
} from "./layout.ts";
import {
  type Plan,
  type ReduceOp,
  type SampleOp,
  type Stage,
  STATISTICS,
  type TimingPart,
  type TimingSlot,
  type WeightOp,
} from "./ops.ts";

/** What the network is, as far as a plan has to know. */
export interface Network {
  /** Nodes of each layer, from the input to the output. */
  readonly layers: readonly number[];
  readonly activation: ActivationName;
  readonly loss: LossName;
}

/** What is trained how, as far as it doesn't change from epoch to epoch. */
export interface Training {
  readonly l1: number;
  readonly l2: number;
  readonly momentum: number;
}

/** Collects the names of what is timed while the ops are made. */
class Slots {
  readonly list: TimingSlot[] = [];

  add(part: TimingPart, name: string, layer: number): number {
    return this.list.push({ part, name, layer }) - 1;
  }
}

/** The sigmoid output layer is fixed; the hidden layers have the network's activation. */
function activationOf(network: Network, layer: number) {
  const last = network.layers.length - 1;
  return ACTIVATIONS[layer === last ? "sigmoid" : network.activation];
}

/** Where sparse inputs are, and which of them make up the batches. */
type SparseInputs = SparseLayout & { readonly indices: number };

/** The sparse inputs of a dataset, if it has them. */
function sparseInputs({ x, indices }: DataLayout): SparseInputs | undefined {
  return "entries" in x ? { ...x, indices } : undefined;
}

/** A[1] … A[E] from A[0], or from sparse inputs: for each layer the product, then the activation. */
function forwardOps(
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
      outputs: weight.w.rows,
      z: next.offset,
      ldz: next.ld,
    };
    return [
      n === 0 && sparse !== undefined
        ? {
          ...common,
          code: "forwardSparse",
          w: weight.w.offset,
          ldw: weight.w.ld,
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
function lossOps(
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
function backwardOps(
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
    delta: batch.delta[last].offset,
    ld: batch.a[last].ld,
  }];
  // Sigmoid and its own loss cancel to A - Y; with any other loss the derivative remains.
  if (network.loss !== "logloss") ops.push(derivative(last));
  for (let n = last - 1; n >= 1; n--) {
    ops.push({
      code: "delta",
      slot: slots.add("backward", "delta", n),
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

/** Brings the packed copies of `W[N]` up to date. */
function packOp(weight: WeightLayout, n: number, slots: Slots): WeightOp {
  return {
    code: "pack",
    slot: slots.add("update", "pack", n),
    layer: n,
    w: weight.w.offset,
    ldw: weight.w.ld,
    outputs: weight.w.rows,
    inputs: weight.w.columns - 1,
    packed: weight.packed,
    packedTransposed: weight.packedTransposed,
  };
}

/** grad, regularisation and update of each layer: all on the columns of W that a worker owns. */
function updateOps(
  training: Training,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  slots: Slots,
  sparse?: SparseInputs,
): WeightOp[] {
  return weights.flatMap((weight, n): WeightOp[] => {
    const delta = batch.delta[n + 1];
    const common = { layer: n, ld: weight.w.ld };
    const gradient = {
      slot: slots.add("backward", "gradient", n),
      layer: n,
      delta: delta.offset,
      ldd: delta.ld,
      outputs: delta.rows,
      grad: weight.grad.offset,
      ldg: weight.grad.ld,
    };
    const isSparse = n === 0 && sparse !== undefined;
    const ops: WeightOp[] = [
      isSparse
        ? {
          ...gradient,
          code: "gradientSparse",
          starts: sparse.starts,
          entries: sparse.entries,
          indices: sparse.indices,
        }
        : {
          ...gradient,
          code: "gradient",
          a: batch.a[n].offset,
          lda: batch.a[n].ld,
        },
    ];
    if (isRegularised(training)) {
      ops.push({
        code: "penalty",
        slot: slots.add("cost", "penalty", n),
        layer: n,
        w: weight.w.offset,
        ldw: weight.w.ld,
        squares: weight.squares,
        magnitudes: weight.magnitudes,
      }, {
        ...common,
        code: "regularise",
        slot: slots.add("backward", "regularise", n),
        grad: weight.grad.offset,
        w: weight.w.offset,
        l1: training.l1,
        l2: training.l2,
      });
    }
    ops.push({
      ...common,
      code: "update",
      slot: slots.add("update", "update", n),
      w: weight.w.offset,
      grad: weight.grad.offset,
      previous: weight.previous.offset,
      momentum: training.momentum,
    });
    // The sparse product reads W itself.
    if (!isSparse) ops.push(packOp(weight, n, slots));
    return ops;
  });
}

function isRegularised({ l1, l2 }: Training): boolean {
  return l1 > 0 || l2 > 0;
}

/** Adds to the stages what each worker needs of its own. */
function finish(
  arena: Arena,
  network: Network,
  workers: number,
  stages: Stage[],
  slots: Slots,
  { sparse, scratchBytes } = { sparse: false, scratchBytes: 0 },
): Plan {
  const perWorker = (bytes: number) =>
    Array.from({ length: workers }, () => arena.allocate(bytes));
  return {
    stages,
    sparse,
    layers: network.layers,
    slots: slots.list,
    scratch: perWorker(scratchBytes),
    // Two more than the ops have: the wait at barriers, and all the rest.
    timings: perWorker(8 * (slots.list.length + 2)),
  };
}

/** The plan of a training step. */
export function trainingPlan(
  arena: Arena,
  network: Network,
  training: Training,
  workers: number,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  data: DataLayout,
): Plan {
  const slots = new Slots();
  const sparse = sparseInputs(data);
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
  const reduce = (
    name: typeof STATISTICS[number],
    values: number,
    count: number | "batch",
  ): ReduceOp => ({
    code: "reduce",
    slot: slots.add("cost", `sum of ${name}`, 0),
    values,
    count,
    statistics: data.statistics,
    statistic: STATISTICS.indexOf(name),
  });
  const columns = penaltyColumns(network.layers);
  const [{ squares, magnitudes }] = weights;
  const stages: Stage[] = [
    {
      // Everything from the inputs to delta[1] of a sample depends on that sample alone.
      split: "samples",
      ops: [
        ...("offset" in data.x
          ? [gather(data.x, batch.a[0].offset, "inputs")]
          : []),
        gather(data.y, batch.y.offset, "targets"),
        ...forwardOps(network, weights, batch, slots, sparse),
        ...lossOps(network, batch, slots),
        ...backwardOps(network, weights, batch, slots),
      ],
      last: [
        reduce("loss", batch.losses, "batch"),
        reduce("error", batch.errors, "batch"),
        reduce("hits", batch.hits, "batch"),
      ],
    },
    {
      split: "weights",
      ops: updateOps(training, weights, batch, slots, sparse),
      // Of the weights before their update, as the cost is.
      last: isRegularised(training)
        ? [
          reduce("squares", squares, columns),
          reduce("magnitudes", magnitudes, columns),
        ]
        : [],
    },
  ];
  const widest = Math.max(...network.layers);
  const scratchBytes = Math.max(
    gradientScratchBytes(widest),
    sparse === undefined ? 0 : sparseScratchBytes(),
  );
  return finish(arena, network, workers, stages, slots, {
    sparse: sparse !== undefined,
    scratchBytes,
  });
}

/** The plan that packs weights which the main thread has written. */
export function packingPlan(
  arena: Arena,
  network: Network,
  workers: number,
  weights: readonly WeightLayout[],
): Plan {
  const slots = new Slots();
  const ops = weights.map((weight, n) => packOp(weight, n, slots));
  return finish(arena, network, workers, [
    { split: "weights", ops, last: [] },
  ], slots);
}

/** The plan that computes outputs from inputs which the main thread has written to A[0], and losses if it wrote Y. */
export function inferencePlan(
  arena: Arena,
  network: Network,
  workers: number,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
): Plan {
  const slots = new Slots();
  return finish(arena, network, workers, [{
    split: "samples",
    ops: [
      ...forwardOps(network, weights, batch, slots),
      ...lossOps(network, batch, slots),
    ],
    last: [],
  }], slots);
}
