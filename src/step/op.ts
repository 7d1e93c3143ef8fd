/**
 * What ops have in common. A plan is a list of ops, made once on the main thread: plain data, sent to every worker, which
 * looks up by `code` in {@linkcode OPS} what to run. The file of an op has both: the function that builds it, and the one that
 * runs it.
 *
 * Letters: layer 0 is the input and layer E the last. `W[N]` (outputs × (inputs + 1)) sits between the layers N and
 * N+1, column 0 is the bias. B is the number of samples in a batch.
 * Every name of a buffer in an op is a byte offset in the shared memory, and `ld…` its leading dimension in floats.
 *
 * `…Step` is what a buffer's offset grows by with each sample that the batch's first one stands behind in the dataset: the
 * bytes of a sample where it is the dataset's, 0 where it is the batch's own.
 */
import type { OpKernels, Products } from "../kernels/products.ts";
import type { DataLayout, SparseLayout } from "./data_layout.ts";
import type { BatchLayout, WeightLayout } from "./layout.ts";
import type { MatrixLayout } from "../memory/matrix.ts";
import type { Network, Training } from "./network.ts";
import { shardRange } from "./shards.ts";
import type { Slots } from "./timing_slots.ts";

/** The fields of every op. */
export interface Op {
  /** Name of the function that runs it, see `src/plan/ops.ts`. */
  readonly code: string;
  /** Row of the table of timings that its time is added to. */
  readonly slot: number;
}

/** The buffers that ops of a training step or a prediction work on. */
export interface Buffers {
  readonly network: Network;
  readonly weights: readonly WeightLayout[];
  readonly batch: BatchLayout;
  readonly slots: Slots;
}

/** The same, with the buffers of a training. */
export interface TrainingBuffers extends Buffers {
  readonly training: Training;
  readonly data: DataLayout;
  /** The inputs of the dataset, if they are sparse. */
  readonly sparse: SparseLayout | undefined;
}

/** What ops compute with in a worker. */
export interface OpContext {
  readonly memory: WebAssembly.Memory;
  readonly kernels: OpKernels;
  readonly products: Products;
  /** Inputs outside of the memory, sample after sample. */
  readonly inputs: Float32Array<SharedArrayBuffer> | undefined;
  /** The worker's scratch for a product. */
  readonly scratch: number;
  /** The worker's vectors, one for each shard of this process, as long as a column of W[0]. */
  readonly vector: number;
}

/** The batch that ops are run for. */
export interface Batch {
  /** Place of its first sample in the order of the dataset. */
  readonly start: number;
  /** How many samples it has. */
  readonly size: number;
  /** The same, including its samples in other ranks. */
  readonly total: number;
  /** Its number in the epoch, from 0. */
  readonly index: number;
  /** The number of its update, from 1, over all epochs. */
  readonly step: number;
  readonly learningRate: number;
  /** Seed of dropout, which also depends on step, layer, sample and node. */
  readonly seed: number;
}

/** A shard, whose gradient goes to buffers of its own. */
export interface ShardTarget {
  /** Its number, from 0. */
  readonly shard: number;
  /** See {@linkcode Shards}. */
  readonly first: number;
  readonly parts: number;
  /** The number of its samples is a multiple of this. */
  readonly unit: number;
  /** Its number among those of this process. */
  readonly ith: number;
  /** dCost/dW of its samples, as a layer's weights. */
  readonly grads: readonly MatrixLayout[];
}

/** The part of a batch that a shard is: a smaller batch, which begins `first` samples later. */
export function shardOf(
  { start, size }: Batch,
  target: Pick<ShardTarget, "shard" | "first" | "parts" | "unit"> | undefined,
): { readonly start: number; readonly size: number; readonly first: number } {
  if (target === undefined) return { start, size, first: 0 };
  const [from, to] = shardRange(size, target, target.shard, target.unit);
  return { start: start + from, size: to - from, first: from };
}

/** The columns of W for the inputs `[from, to)`; the column of the bias goes with the first input. */
export function columnsOf(
  from: number,
  to: number,
): [first: number, end: number] {
  return [from === 0 ? 0 : from + 1, to + 1];
}

/** Sets the gradient of the inputs `[from, to)` to zero, as for a shard without samples. */
export function clearColumns(
  { buffer }: WebAssembly.Memory,
  { grad, ldg }: { readonly grad: number; readonly ldg: number },
  from: number,
  to: number,
): void {
  const [first, end] = columnsOf(from, to);
  new Float32Array(buffer, grad + 4 * ldg * first, ldg * (end - first)).fill(0);
}
