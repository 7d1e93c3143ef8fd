import { gradientScratchBytes } from "../kernels/kernels.ts";
import type { Arena } from "../memory/arena.ts";
import {
  type BatchLayout,
  type DataLayout,
  penaltyColumns,
  type WeightLayout,
} from "./layout.ts";
import { type Network, Slots, type Training } from "./network.ts";
import { gatherOps } from "./gather_ops.ts";
import { type Plan, type ReduceOp, type Stage, STATISTICS } from "./ops.ts";
import { baselineOps, deltaSumOps } from "./own_ops.ts";
import {
  backwardOps,
  forwardOps,
  lossOps,
  sparseInputs,
} from "./sample_ops.ts";
import {
  blasInputPieces,
  blasSamplePieces,
  INPUT_PIECES,
  SAMPLE_PIECES,
  SPARSE_INPUT_PIECES,
} from "./split.ts";
import type { SampleOp } from "./sample_op.ts";
import type { WeightOp } from "./weight_op.ts";
import {
  gradientOps,
  isRegularised,
  packOp,
  squaresOps,
  updateOps,
} from "./weight_ops.ts";

/** What is the same for all plans of a network. */
export interface PlanContext {
  readonly arena: Arena;
  readonly network: Network;
  readonly workers: number;
  readonly weights: readonly WeightLayout[];
  /** Whether the products are the BLAS's. */
  readonly blas: boolean;
}

/** Adds to the stages what each worker needs of its own. */
function finish(
  { arena, network, workers, weights, blas }: PlanContext,
  stages: Stage[],
  slots: Slots,
  { sparse, scratchBytes } = { sparse: false, scratchBytes: 0 },
): Plan {
  const perWorker = (bytes: number) =>
    Array.from({ length: workers }, () => arena.allocate(bytes));
  return {
    stages,
    packedFrom: packedFrom(network, blas, sparse),
    blas,
    pieces: {
      samples: blas ? blasSamplePieces(network.layers) : SAMPLE_PIECES,
      inputs: blas
        ? blasInputPieces(network.layers)
        : sparse
        ? SPARSE_INPUT_PIECES
        : INPUT_PIECES,
    },
    layers: network.layers,
    slots: slots.list,
    scratch: perWorker(scratchBytes),
    vectors: perWorker(4 * weights[0].w.ld),
    // Two more than the ops have: the wait at barriers, and all the rest.
    timings: perWorker(8 * (slots.list.length + 2)),
  };
}

/** The first layer of which a plan needs packed weights: the BLAS and the sparse product read W itself. */
function packedFrom(
  { layers }: Network,
  blas: boolean,
  sparse: boolean,
): number {
  if (blas) return layers.length - 1;
  return sparse ? 1 : 0;
}

/** The plan of a training step. */
export function trainingPlan(
  context: PlanContext,
  training: Training,
  batch: BatchLayout,
  data: DataLayout,
): Plan {
  const { network, weights } = context;
  const slots = new Slots();
  const sparse = sparseInputs(data);
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
  const [{ squares, magnitudes, gradientSquares }] = weights;
  const packed = packedFrom(network, context.blas, sparse !== undefined);
  const samples: Stage = {
    own: baselineOps(weights[0], slots, sparse),
    // Everything from the inputs to delta[1] of a sample depends on that sample alone.
    split: "samples",
    ops: [
      ...gatherOps(data, batch, slots),
      ...forwardOps(network, weights, batch, slots, training.dropout, sparse),
      ...lossOps(network, batch, slots, data.labels),
      ...backwardOps(network, training, weights, batch, slots),
    ],
    last: [
      reduce("loss", batch.losses, "batch"),
      reduce("error", batch.errors, "batch"),
      reduce("hits", batch.hits, "batch"),
    ],
  };
  const gradients = gradientOps(training, weights, batch, slots, sparse);
  // Of the weights before their update, as the cost is.
  const penalties = isRegularised(training)
    ? [
      reduce("squares", squares, columns),
      reduce("magnitudes", magnitudes, columns),
    ]
    : [];
  const updates = updateOps(
    training,
    weights,
    data.statistics,
    slots,
    packed,
  );
  const own = deltaSumOps(batch, slots, sparse);
  const split = "weights";
  // The norm of all gradients is known when all are: one more stage.
  const stages: Stage[] = training.clipNorm > 0
    ? [samples, {
      split,
      own,
      ops: join(gradients, squaresOps(weights, slots)),
      last: [
        ...penalties,
        reduce("gradientSquares", gradientSquares, columns),
      ],
    }, { split, own: [], ops: updates.flat(), last: [] }]
    : [samples, {
      split,
      own,
      ops: join(gradients, updates),
      last: penalties,
    }];
  const widest = Math.max(...network.layers);
  return finish(context, stages, slots, {
    sparse: sparse !== undefined,
    scratchBytes: context.blas ? 0 : gradientScratchBytes(widest),
  });
}

/** Ops of the same layers, first ones first. */
function join(first: WeightOp[][], second: WeightOp[][]): WeightOp[] {
  return first.flatMap((ops, layer) => [...ops, ...second[layer]]);
}

/** The plan that packs weights which the main thread has written. */
export function packingPlan(context: PlanContext): Plan {
  const slots = new Slots();
  const ops = context.weights.map((weight, n) => packOp(weight, n, slots));
  return finish({ ...context, blas: false }, [
    { split: "weights", own: [], ops, last: [] },
  ], slots);
}

/**
 * The plan that computes outputs from inputs which the main thread has written to A[0], and if asked losses from Y. Without
 * losses, their errors tell whether the inputs are finite.
 */
export function inferencePlan(
  context: PlanContext,
  batch: BatchLayout,
  { losses, load, labels = false }: {
    readonly losses: boolean;
    readonly load: boolean;
    readonly labels?: boolean;
  },
): Plan {
  const { network, weights } = context;
  const slots = new Slots();
  const [inputs] = batch.a;
  const loading: SampleOp = {
    code: "load",
    slot: slots.add("gather", "inputs", 0),
    a: inputs.offset,
    ld: inputs.ld,
    rows: inputs.rows,
  };
  const [product, ...rest] = forwardOps(network, weights, batch, slots);
  const [, sums] = batch.z;
  const check: SampleOp = {
    code: "checkSums",
    slot: slots.add("forward", "check", 1),
    z: sums.offset,
    ld: sums.ld,
    result: batch.errors,
  };
  return finish(context, [{
    split: "samples",
    own: [],
    ops: [
      ...(load ? [loading] : []),
      product,
      ...(losses ? [] : [check]),
      ...rest,
      ...(losses ? lossOps(network, batch, slots, labels) : []),
    ],
    last: [],
  }], slots);
}
