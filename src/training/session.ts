import { WrongValueError } from "../checks/errors.ts";
import {
  type DataLayout,
  type DataShape,
  layOutData,
} from "../step/data_layout.ts";
import {
  type BatchLayout,
  layOutBatch,
  penaltyColumns,
} from "../step/layout.ts";
import type { SamplePacker } from "../kernels/products.ts";
import { piecesOf, type Plan, type PlanContext } from "../plan/plan.ts";
import { workersThatShare } from "../plan/sharers.ts";
import { trainingPlan } from "../plan/training_plan.ts";
import {
  batchCount,
  batchRange,
  sampleUnits,
  weightUnits,
} from "../step/split.ts";
import { wrong } from "../checks/validate.ts";
import type { ProviderName } from "../providers/names.ts";
import { PROVIDERS } from "../providers/providers.ts";
import { chooseInputs } from "../engine/choose_kernels.ts";
import { clearSpans } from "../plan/spans.ts";
import { shardsOfRank } from "../step/shards.ts";
import type { TransposedParts } from "../step/transposed.ts";
import { spanRingBytes } from "../step/span_ring.ts";
import type { Engine } from "../engine/engine.ts";
import { loadColumns } from "../samples/load_samples.ts";
import { loadSparse } from "../samples/load_sparse.ts";
import { loadTransposed } from "../samples/load_transposed.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import type { SparsePattern } from "../samples/sparsity.ts";
import { chooseTogether } from "./partitioned.ts";
import type { PieceProgress } from "./piece_progress.ts";
import { identity, type Progress } from "./progress.ts";
import type { TrainOptions } from "./options/train_options.ts";
import type { TrainSettings } from "./options/train_settings.ts";

/** The workers count the units of an epoch in an int32. */
const MAXIMUM_UNITS = 2 ** 31;

/** A training with its buffers and its plan, in shared memory from first to last epoch. */
export interface Session {
  readonly engine: Engine;
  /** Where it stands. */
  readonly progress: Progress;
  /** Samples of an epoch, with those of other ranks. */
  readonly totalSamples: number;
  /** How many each rank has, where they have samples of their own. */
  readonly samplesOfRanks: readonly number[] | undefined;
  /** What chance depends on. */
  readonly seed: number;
  readonly plan: Plan;
  readonly data: DataLayout;
  readonly batch: BatchLayout;
  readonly batches: number;
  /** Whether the workers don't see targets in raw units. */
  readonly scaledTargets: boolean;
  /** Which kernels run and why, in words. */
  readonly kernels: string;
  /** Whether workers note what they do, where there is room for it. */
  noting: boolean;
  /** Where the samples are a piece of the data: what is known of the others. */
  pieces?: PieceProgress | undefined;
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
  progress: Progress,
  { seed, samplesOfRanks, spans = 0 }:
    & Pick<Session, "seed" | "samplesOfRanks">
    & Pick<TrainOptions, "spans">,
): Promise<Session> {
  const { arena } = engine;
  const { settings, order } = progress;
  const { count, inputs, outputs, weights } = samples;
  const totalSamples = samplesOfRanks?.reduce((sum, each) => sum + each) ??
    count;
  const batches = batchCount(totalSamples, settings.batchSize);
  const provider = await engine.provider();
  const { skipZeros } = engine.compute;
  const chosen = await chooseTogether(
    samplesOfRanks && engine.communicator,
    await chooseInputs(skipZeros, provider.name, samples),
  );
  const { pattern } = chosen;
  const { stripSamples, blas } = PROVIDERS[provider.name];
  const nodes = engine.network.layers[1];
  const shape = {
    ...{ inputs, outputs, samples: count, batches, shards: settings.shards },
    inOrder: settings.shuffle === "once",
    ...(settings.trainable[0]
      ? {
        transposed: {
          nodes,
          stripSamples,
          parts: ownParts(engine, blas, settings),
        },
      }
      : {}),
    weighted: weights !== undefined,
    ...(pattern === undefined ? {} : {
      entries: pattern.entries,
      hasModes: pattern.columnModes !== undefined,
    }),
  };
  const mark = arena.mark();
  try {
    const context = engine.context(provider);
    const workers = sharers(engine, shape, provider.name);
    const { layers } = engine.network;
    const { plan, data, batch } = arena.layOut(
      `${count} samples and the batches of layers ${layers.join("-")}`,
      (arena) => layOut({ ...context, arena, workers }, settings, shape, spans),
    );
    const { openPacker } = PROVIDERS[provider.name];
    const pack = await openPacker?.(arena.memory, provider.setup);
    await load(engine, samples, pattern, data, batches, order, pack);
    clearSums(engine);
    clearSpans(arena, plan);
    const fewer = workers < engine.workers
      ? `; ${workers} of ${engine.workers} workers, as batches are small`
      : "";
    const kernels = `${provider.words}; ${chosen.words}${fewer}`;
    engine.optimizer.use(settings.optimizer);
    await engine.optimizer.open(plan);
    const scaledTargets = samples.targetUnits !== undefined;
    return {
      ...{ engine, progress, seed, plan, data, batch, batches },
      ...{ totalSamples, samplesOfRanks },
      ...{ scaledTargets, kernels, mark, noting: true },
    };
  } catch (error) {
    arena.release(mark);
    throw error;
  }
}

/** The shards of a batch of sparse inputs that are computed here. */
function ownParts(
  { network, ranks }: Engine,
  blas: boolean,
  { shards, partitioned }: TrainSettings,
): TransposedParts {
  const { rank, size } = ranks;
  return {
    shards: shardsOfRank(shards, size, rank, partitioned),
    unit: piecesOf(network, blas, true).samples.unit,
  };
}

/** How many of the workers share a batch: all, unless their number is ours to choose. */
function sharers(
  { network: { layers }, workers, compute }: Engine,
  { samples, batches, inputs, entries }: DataShape,
  provider: ProviderName,
): number {
  if (compute.fewerWorkers !== true) return workers;
  return workersThatShare({
    layers,
    samples: samples / batches,
    density: entries === undefined ? 1 : entries / (samples * inputs),
    rate: PROVIDERS[provider].rate,
  }, workers);
}

/** Allocates the buffers of a training, and makes its plan. */
function layOut(
  context: PlanContext,
  settings: TrainSettings,
  shape: DataShape,
  room: number,
): Pick<Session, "plan" | "data" | "batch"> {
  const { arena, network } = context;
  const { samples, batches } = shape;
  const [from, to] = batchRange(samples, batches, 0);
  const data = layOutData(arena, shape);
  const { dropout, trainable } = settings;
  const batch = layOutBatch(arena, network, to - from, {
    ...{ data, dropout, trainable },
  });
  const plan = trainingPlan(context, settings, batch, data);
  const units = sampleUnits(to - from, plan.pieces.samples) +
    4 * weightUnits(network.layers, plan.pieces.inputs);
  if (units * batches >= MAXIMUM_UNITS) {
    throw new WrongValueError(
      wrong("train", "batchSize", "larger for so many samples", to - from),
    );
  }
  if (room === 0) return { plan, data, batch };
  const rings = plan.timings.map(() => arena.allocate(spanRingBytes(room)));
  return { plan: { ...plan, spans: { room, rings } }, data, batch };
}

/** Of layers that don't learn nobody writes the sums: they may be left from a training before. */
function clearSums({ arena, network, weights: [first] }: Engine): void {
  const { squares, magnitudes, gradientSquares } = first;
  const columns = penaltyColumns(network.layers);
  for (const sums of [squares, magnitudes, gradientSquares]) {
    arena.floats(sums, columns).fill(0);
  }
}

/** Copies the samples to where a training reads them. */
async function load(
  { arena, weights: [{ w }] }: Engine,
  samples: PreparedSamples,
  pattern: SparsePattern | undefined,
  data: DataLayout,
  batches: number,
  order: Int32Array,
  pack: SamplePacker | undefined,
): Promise<void> {
  const { x, y, count, inputs, weights } = samples;
  const layOrder = data.inOrder ? order : undefined;
  if ("offset" in data.x) {
    await loadColumns(x, 0, count, arena.matrix(data.x), layOrder);
  } else {
    await loadSparse(
      ...[samples, pattern!, arena, data.x, w.ld, layOrder, pack] as const,
    );
    await loadTransposed(arena, data.x, inputs, count, batches);
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

/** Gives back the memory of a session. */
export function closeSession({ engine, plan, mark }: Session): void {
  engine.optimizer.close();
  engine.forget(plan);
  engine.arena.release(mark);
}
