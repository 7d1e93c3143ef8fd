/** The buffers of a dataset in shared memory: dense or sparse inputs, targets, order and statistics. */
import {
  ENTRY_BYTES,
  roundUp,
  sparseStrips,
  STRIP_BLOCKS,
  TILE_SAMPLES,
} from "../kernels/kernels.ts";
import { PACKED_BEHIND } from "../kernels/products.ts";
import type { Allocator } from "../memory/arena.ts";
import type { MatrixLayout } from "../memory/matrix.ts";
import { STATISTICS } from "./statistics.ts";
import {
  isWorthTransposing,
  layOutTransposed,
  type TransposedFacts,
  type TransposedLayout,
  type TransposedShape,
} from "./transposed.ts";

/**
 * Sparse inputs: only those are stored that differ from zero, or from the mode of their column, its most frequent value.
 */
export interface SparseLayout {
  /** Strips of inputs of a sample. */
  readonly strips: number;
  /** Samples are in groups of `2^shift`. */
  readonly shift: number;
  /** int32, one more than blocks of all groups: where the entries of a block start. */
  readonly starts: number;
  /** {@linkcode ENTRY_BYTES} each: the offset of the input's column of W, and the value; block after block. */
  readonly entries: number;
  /** How many entries there are. */
  readonly count: number;
  /** The mode of each input, from which entries differ; 0 if the modes are all zero. */
  readonly columnModes: number;
  /** The same entries input by input, if samples keep their order. */
  readonly transposed?: TransposedLayout;
}

/** The dataset in shared memory. */
export interface DataLayout {
  /** `inputs × samples`, or sparse. */
  readonly x: MatrixLayout | SparseLayout;
  /** `outputs × samples`. */
  readonly y: MatrixLayout;
  /** Whether samples are stored in the order in which they are visited, so that each batch is contiguous. */
  readonly inOrder: boolean;
  /** One float a sample, where they have weights, else 0. */
  readonly sampleWeights: number;
  /** int32: the order in which the samples are visited. */
  readonly indices: number;
  /** How many samples are visited. */
  readonly samples: number;
  /** Float64 statistics, a row for each shard of each batch. */
  readonly statistics: number;
}

/** What has to be known of a dataset to lay it out. */
export interface DataShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly samples: number;
  readonly batches: number;
  /** Shards of a batch, each of which has a row of statistics. */
  readonly shards: number;
  /** How many inputs of all samples are stored, if not all. */
  readonly entries?: number;
  /** Whether those are the ones that differ from the modes of their columns. */
  readonly hasModes?: boolean;
  /** Whether samples are stored in the order in which they are visited. */
  readonly inOrder: boolean;
  /** What is needed to store sparse inputs input by input as well, if layer 0 learns. */
  readonly transposed?: TransposedFacts;
  /** Whether samples have weights. */
  readonly weighted: boolean;
}

/**
 * Samples that are read in their stored order are in groups of 256, so that the gradient reads a strip of many samples from
 * front to back. With batches of 20,000 samples, it then takes 0.58 of the time, with 500 samples 0.83. The forward product
 * takes 1.16 of the time in WebAssembly. In machine code, where both products go strip by strip, an epoch of 60,000 digits
 * takes 0.9 of the time.
 */
const ORDERED_SHIFT = 8;

/** In another order a sample lies beside none that is needed next. */
function groupShift(shape: DataShape): number {
  if (!shape.inOrder) return 0;
  const again = transposedShape(shape);
  const byStrips = again === undefined || Number.isFinite(again.stripSamples);
  return byStrips ? ORDERED_SHIFT : 0;
}

function sparseStartBytes(shape: DataShape): number {
  const { samples, inputs } = shape;
  const capacity = roundUp(samples, 2 ** groupShift(shape));
  return 4 * (capacity * sparseStrips(inputs) * STRIP_BLOCKS + 1);
}

/** Sparse inputs that are kept input by input as well. */
function transposedShape(shape: DataShape): TransposedShape | undefined {
  const { inOrder, entries, transposed } = shape;
  if (!inOrder || entries === undefined || transposed === undefined) return;
  const whole = { ...shape, ...transposed, entries };
  return isWorthTransposing(whole) ? whole : undefined;
}

/** Allocates room for a dataset and for the statistics of an epoch of `batches`. */
export function layOutData(arena: Allocator, shape: DataShape): DataLayout {
  const { inputs, outputs, batches, entries, inOrder } = shape;
  // The products compute whole tiles, also of the last batch.
  const samples = shape.samples + TILE_SAMPLES;
  const again = transposedShape(shape);
  const x = entries === undefined
    ? arena.allocateMatrix(inputs, samples, shape.samples)
    : {
      strips: sparseStrips(inputs),
      shift: groupShift(shape),
      starts: arena.allocate(sparseStartBytes(shape)),
      entries: arena.allocate(
        ENTRY_BYTES * entries + PACKED_BEHIND,
        ENTRY_BYTES * entries + PACKED_BEHIND,
      ),
      count: entries,
      columnModes: shape.hasModes ? arena.allocate(4 * inputs) : 0,
      ...(again === undefined
        ? {}
        : { transposed: layOutTransposed(arena, again) }),
    };
  return {
    x,
    y: arena.allocateMatrix(outputs, samples),
    inOrder,
    sampleWeights: shape.weighted ? arena.allocate(4 * samples) : 0,
    indices: arena.allocate(4 * samples),
    samples: shape.samples,
    statistics: arena.allocate(8 * STATISTICS.length * shape.shards * batches),
  };
}
