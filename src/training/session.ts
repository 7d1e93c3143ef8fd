import { WrongValueError } from "../errors.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import {
  batchBytes,
  dataBytes,
  type DataLayout,
  layOutBatch,
  layOutData,
} from "../step/layout.ts";
import type { Plan } from "../step/plan.ts";
import { trainingPlan } from "../step/training_plan.ts";
import {
  batchCount,
  batchRange,
  sampleUnits,
  weightUnits,
} from "../step/split.ts";
import { wrong } from "../validate.ts";
import {
  describeKernels,
  SPARSE_DENSITY,
  sparseLimit,
} from "./choose_kernels.ts";
import type { Engine } from "./engine.ts";
import { haveLabels } from "./labels.ts";
import { loadColumns } from "./load_samples.ts";
import { loadSparse } from "./load_sparse.ts";
import { findPattern } from "./sparsity.ts";
import type { TrainSettings } from "./train_settings.ts";

/** The workers count the units of an epoch in an int32. */
const MAXIMUM_UNITS = 2 ** 31;

/** Buffers and plan of a training, in shared memory from first to last epoch. */
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
  sampleWeights?: Float32Array,
): Promise<Session> {
  const { arena, network } = engine;
  const { layers } = network;
  const count = samples.samples;
  const batches = batchCount(count, settings.batchSize);
  const [from, to] = batchRange(count, batches, 0);
  const blas = await engine.blas();
  const pattern = await findPattern(samples, SPARSE_DENSITY);
  const values = count * layers[0];
  const sparse = pattern.entries <= sparseLimit(engine.kernels, blas) * values;
  const shape = {
    inputs: layers[0],
    outputs: layers.at(-1)!,
    samples: count,
    batches,
    inOrder: settings.shuffle === "once",
    weighted: sampleWeights !== undefined,
    labels: network.output === "sigmoid" && await haveLabels(samples),
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
  const { dropout } = settings;
  const batch = layOutBatch(arena, network, to - from, { data, dropout });
  const context = engine.context(blas.path !== undefined);
  const plan = trainingPlan(context, settings, batch, data);
  const units = sampleUnits(to - from, plan.pieces.samples) +
    2 * weightUnits(layers, plan.pieces.inputs);
  if (units * batches >= MAXIMUM_UNITS) {
    arena.release(mark);
    throw new WrongValueError(
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
  if (sampleWeights !== undefined) {
    const target = arena.floats(data.sampleWeights, count);
    for (let s = 0; s < count; s++) {
      target[s] = sampleWeights[layOrder === undefined ? s : layOrder[s]];
    }
  }
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
export function identity(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => at);
}

/** Gives back the memory of a session. */
export function closeSession(engine: Engine, session: Session): void {
  engine.forget(session.plan);
  engine.arena.release(session.mark);
}
