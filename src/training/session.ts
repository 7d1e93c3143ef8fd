import { WrongValueError } from "../checks/errors.ts";
import {
  batchBytes,
  dataBytes,
  type DataLayout,
  type DataShape,
  layOutBatch,
  layOutData,
} from "../step/layout.ts";
import type { Plan } from "../plan/plan.ts";
import { trainingPlan } from "../plan/training_plan.ts";
import {
  batchCount,
  batchRange,
  sampleUnits,
  weightUnits,
} from "../step/split.ts";
import { wrong } from "../checks/validate.ts";
import {
  describeKernels,
  SPARSE_DENSITY,
  sparseLimit,
} from "../engine/choose_kernels.ts";
import type { Engine } from "../engine/engine.ts";
import { loadColumns } from "../samples/load_samples.ts";
import { loadSparse } from "../samples/load_sparse.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import { findPattern, type SparsePattern } from "../samples/sparsity.ts";
import type { TrainSettings } from "./options/train_settings.ts";

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
 * same, so that every epoch reads memory from front to back. What fails gives back all that it took.
 *
 * @throws {RangeError} If memory doesn't suffice, or an epoch has more units than can be counted.
 * @throws {Error} If the caller changes the samples meanwhile.
 */
export async function openSession(
  engine: Engine,
  samples: PreparedSamples,
  settings: TrainSettings,
  order: Int32Array,
): Promise<Session> {
  const { arena } = engine;
  const { count, inputs, outputs, labels, weights } = samples;
  const batches = batchCount(count, settings.batchSize);
  const blas = await engine.blas();
  const pattern = await findPattern(samples, SPARSE_DENSITY);
  const values = count * inputs;
  const sparse = pattern.entries <= sparseLimit(engine.kernels, blas) * values;
  const shape = {
    ...{ inputs, outputs, samples: count, batches, labels },
    inOrder: settings.shuffle === "once",
    weighted: weights !== undefined,
    ...(sparse
      ? { entries: pattern.entries, hasBase: pattern.base !== undefined }
      : {}),
  };
  const mark = arena.mark();
  try {
    const { plan, data } = layOut(
      engine,
      settings,
      shape,
      blas.path !== undefined,
    );
    await load(engine, samples, pattern, data, order);
    const kernels = describeKernels(
      engine.kernels,
      blas,
      sparse,
      pattern,
      values,
    );
    return { plan, data, batches, kernels, mark };
  } catch (error) {
    arena.release(mark);
    throw error;
  }
}

/** Allocates the buffers of a training, and makes its plan. */
function layOut(
  engine: Engine,
  settings: TrainSettings,
  shape: DataShape,
  blas: boolean,
): { readonly plan: Plan; readonly data: DataLayout } {
  const { arena, network } = engine;
  const { layers } = network;
  const { samples, batches } = shape;
  const [from, to] = batchRange(samples, batches, 0);
  arena.reserve(
    batchBytes(layers, to - from, true) + dataBytes(shape),
    `${samples} samples and the batches of layers ${layers.join("-")}`,
  );
  const data = layOutData(arena, shape);
  const { dropout } = settings;
  const batch = layOutBatch(arena, network, to - from, { data, dropout });
  const plan = trainingPlan(engine.context(blas), settings, batch, data);
  const units = sampleUnits(to - from, plan.pieces.samples) +
    2 * weightUnits(layers, plan.pieces.inputs);
  if (units * batches >= MAXIMUM_UNITS) {
    throw new WrongValueError(
      wrong("train", "batchSize", "larger for so many samples", to - from),
    );
  }
  return { plan, data };
}

/** Copies the samples to where a training reads them. */
async function load(
  { arena, weights: [{ w }] }: Engine,
  samples: PreparedSamples,
  pattern: SparsePattern,
  data: DataLayout,
  order: Int32Array,
): Promise<void> {
  const { x, y, count, weights } = samples;
  const layOrder = data.inOrder ? order : undefined;
  if ("offset" in data.x) {
    await loadColumns(x, 0, count, arena.matrix(data.x), layOrder);
  } else {
    await loadSparse(samples, pattern, arena, data.x, w.ld, layOrder);
  }
  await loadColumns(y, 0, count, arena.matrix(data.y), layOrder);
  if (weights !== undefined) {
    const target = arena.floats(data.sampleWeights, count);
    for (let s = 0; s < count; s++) {
      target[s] = weights[layOrder === undefined ? s : layOrder[s]];
    }
  }
  const indices = arena.integers(data.indices, count);
  indices.set(layOrder === undefined ? order : identity(count));
}

/** 0, 1, … `count - 1`. */
export function identity(count: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: count }, (_, at) => at);
}

/** Gives back the memory of a session. */
export function closeSession(engine: Engine, session: Session): void {
  engine.forget(session.plan);
  engine.arena.release(session.mark);
}
