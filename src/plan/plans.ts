import {
  gradientScratchBytes,
  sparseScratchBytes,
} from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import {
  type BatchLayout,
  type DataLayout,
  penaltyColumns,
  type WeightLayout,
} from "./layout.ts";
import { type Network, Slots, type Training } from "./network.ts";
import {
  type Plan,
  type ReduceOp,
  type SampleOp,
  type Stage,
  STATISTICS,
} from "./ops.ts";
import {
  backwardOps,
  forwardOps,
  lossOps,
  sparseInputs,
} from "./sample_ops.ts";
import { isRegularised, packOp, updateOps } from "./weight_ops.ts";

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

/** The plan that computes outputs from inputs which the main thread has written to A[0], and if asked losses from Y. */
export function inferencePlan(
  arena: Arena,
  network: Network,
  workers: number,
  weights: readonly WeightLayout[],
  batch: BatchLayout,
  losses: boolean,
): Plan {
  const slots = new Slots();
  return finish(arena, network, workers, [{
    split: "samples",
    ops: [
      ...forwardOps(network, weights, batch, slots),
      ...(losses ? lossOps(network, batch, slots) : []),
    ],
    last: [],
  }], slots);
}
