import type { Samples, SparseSamples } from "../data/dataset.ts";
import {
  batchBytes,
  dataBytes,
  type DataLayout,
  layOutBatch,
  layOutData,
} from "../plan/layout.ts";
import { type Plan, STATISTICS } from "../plan/ops.ts";
import { trainingPlan } from "../plan/plans.ts";
import {
  batchCount,
  batchRange,
  sampleUnits,
  weightUnits,
} from "../plan/split.ts";
import type { Xoshiro128 } from "../random.ts";
import { wrong } from "../validate.ts";
import type { Engine } from "./engine.ts";
import { learningRates } from "./learning_rate.ts";
import { loadColumns } from "./load_samples.ts";
import {
  describeKernels,
  SPARSE_DENSITY,
  sparseLimit,
} from "./choose_kernels.ts";
import { loadSparse } from "./load_sparse.ts";
import { findPattern } from "./sparsity.ts";
import { clearTimings, readTimings, type Timing } from "./timings.ts";
import type { TrainSettings } from "./train_options.ts";

/** The workers count the units of an epoch in an int32. */
const MAXIMUM_UNITS = 2 ** 31;

/** What is known after an epoch. Cost, share, error and accuracy are those of its last batch, before its update. */
export interface EpochEvent {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Time that the training of this epoch took. */
  readonly seconds: number;
  /** The rate that was used. */
  readonly learningRate: number;
  /** Loss summed over the samples of the batch, plus the regularisation. */
  readonly cost: number;
  /** Part of the cost that is regularisation, from 0 to 1. */
  readonly regularisationShare: number;
  /** Mean of |a - y| over the outputs and samples of the batch. */
  readonly meanError: number;
  /** Part of the samples of the batch whose class is right, from 0 to 1. */
  readonly batchAccuracy: number;
  /** Time of each op, if it was asked for. */
  readonly timings?: readonly Timing[];
  /** Which kernels ran and why, in words, if timings were asked for. */
  readonly kernels?: string;
}

/** Buffers and plan of a call of `train`, in shared memory from first to last epoch. */
export interface Session {
  readonly plan: Plan;
  readonly data: DataLayout;
  readonly batches: number;
  /** Which kernels run and why, in words. */
  readonly kernels: string;
  /** The place in the arena to go back to. */
  readonly mark: number;
}

/**
 * Allocates everything and copies the samples to shared memory: in the order in which they are visited, if that stays the
 * same, so that every epoch reads memory from front to back.
 *
 * @throws {RangeError} If memory doesn't suffice, or an epoch has more units than can be counted.
 */
export async function openSession(
  engine: Engine,
  samples: Samples | SparseSamples,
  settings: TrainSettings,
  order: Int32Array,
): Promise<Session> {
  const { arena, network } = engine;
  const { layers } = network;
  const count = samples.samples;
  const batches = batchCount(count, settings.batchSize);
  const [from, to] = batchRange(count, batches, 0);
  const blas = await engine.blas();
  const limit = sparseLimit(engine.kernels, blas);
  const pattern = await findPattern(samples, SPARSE_DENSITY);
  const values = count * layers[0];
  const sparse = pattern.entries <= limit * values;
  const shape = {
    inputs: layers[0],
    outputs: layers.at(-1)!,
    samples: count,
    batches,
    inOrder: settings.shuffle === "once",
    ...(sparse
      ? { entries: pattern.entries, hasBase: pattern.base !== undefined }
      : {}),
  };
  arena.reserve(
    batchBytes(layers, to - from, true) + dataBytes(shape),
    `${count} samples and the batches of layers ${layers.join("-")}`,
  );
  const mark = arena.mark();
  const data = layOutData(arena, shape);
  const batch = layOutBatch(arena, layers, to - from, data);
  const plan = trainingPlan(
    engine.context(blas.path !== undefined),
    settings,
    batch,
    data,
  );
  const { pieces } = plan;
  const units = sampleUnits(to - from, pieces.samples) +
    weightUnits(layers, pieces.inputs);
  if (units * batches >= MAXIMUM_UNITS) {
    arena.release(mark);
    throw new RangeError(
      wrong("train", "batchSize", "larger for so many samples", to - from),
    );
  }
  const layOrder = data.inOrder ? order : undefined;
  if ("offset" in data.x) {
    await loadColumns(samples.x, 0, count, arena.matrix(data.x), layOrder);
  } else {
    const { ld } = engine.weights[0].w;
    await loadSparse(samples, pattern, arena, data.x, ld, layOrder);
  }
  await loadColumns(samples.y, 0, count, arena.matrix(data.y), layOrder);
  const indices = arena.integers(data.indices, count);
  if (layOrder === undefined) indices.set(order);
  else indices.set(identity(count));
  const kernels = describeKernels(
    engine.kernels,
    blas,
    sparse,
    pattern,
    values,
  );
  return { plan, data, batches, kernels, mark };
}

/** 0, 1, … `count - 1`. */
function identity(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => at);
}

/** Gives back the memory of a session. */
export function closeSession(engine: Engine, session: Session): void {
  engine.forget(session.plan);
  engine.arena.release(session.mark);
}

/** Trains one epoch. */
async function trainEpoch(
  engine: Engine,
  session: Session,
  samples: number,
  settings: TrainSettings,
  epoch: number,
  learningRate: number,
): Promise<EpochEvent> {
  const { arena } = engine;
  const { plan, batches } = session;
  if (settings.timings) clearTimings(arena, plan);
  const before = performance.now();
  await engine.run(plan, {
    samples,
    batches,
    learningRate,
    timings: settings.timings,
  });
  const seconds = (performance.now() - before) / 1000;

  const [loss, error, hits, squares, magnitudes] = arena.doubles(
    session.data.statistics + 8 * STATISTICS.length * (batches - 1),
    STATISTICS.length,
  );
  const [from, to] = batchRange(samples, batches, batches - 1);
  const regularisation = 0.5 * settings.l2 * squares + settings.l1 * magnitudes;
  const cost = loss + regularisation;
  return {
    epoch,
    seconds,
    learningRate,
    cost,
    regularisationShare: cost === 0 ? 0 : regularisation / cost,
    meanError: error / ((to - from) * session.data.y.rows),
    batchAccuracy: hits / (to - from),
    ...(settings.timings
      ? { timings: readTimings(arena, plan), kernels: session.kernels }
      : {}),
  };
}

/** Trains all epochs, and yields what is known after each. */
export async function* train(
  engine: Engine,
  samples: Samples | SparseSamples,
  settings: TrainSettings,
  random: Xoshiro128,
): AsyncGenerator<EpochEvent, void, undefined> {
  const count = samples.samples;
  const order = identity(count);
  random.shuffle(order);
  const session = await engine.exclusive(() =>
    openSession(engine, samples, settings, order)
  );
  try {
    const indices = engine.arena.integers(session.data.indices, count);
    const rates = learningRates(
      settings.learningRate,
      settings.learningRateDecay,
      settings.epochs,
    );
    for (const [index, rate] of rates.entries()) {
      if (index > 0 && settings.shuffle === "epoch") random.shuffle(indices);
      yield await engine.exclusive(() =>
        trainEpoch(engine, session, count, settings, index + 1, rate)
      );
    }
  } finally {
    await engine.exclusive(() => {
      closeSession(engine, session);
      return Promise.resolve();
    });
  }
}
