import {
  roundUp,
  SPARSE_INPUTS,
  TILE_INPUTS,
  TILE_SAMPLES,
} from "../kernels/kernels.ts";

/** A half-open range `[from, to)`. */
export type Range = readonly [from: number, to: number];

/**
 * The samples of batch `index` when `samples` are split into `batches`: sizes differ by one at most, larger ones first.
 * The same as [`numpy.array_split`](https://numpy.org/doc/stable/reference/generated/numpy.array_split.html).
 */
export function batchRange(
  samples: number,
  batches: number,
  index: number,
): Range {
  const size = Math.floor(samples / batches);
  const larger = samples % batches;
  const from = index * size + Math.min(index, larger);
  return [from, from + size + (index < larger ? 1 : 0)];
}

/** How many batches of at most `batchSize` samples there are. */
export function batchCount(samples: number, batchSize: number): number {
  return Math.ceil(samples / batchSize);
}

/** Samples for which a buffer must have room when a batch has `samples`: whole tiles. */
export function sampleCapacity(samples: number): number {
  return roundUp(samples, TILE_SAMPLES);
}

/** How a stage is handed out: in pieces of some units each. */
export interface Pieces {
  /** Samples, or inputs, of a unit. */
  readonly unit: number;
  /** Fewest units in a piece: the smaller the last pieces, the shorter the wait for the slowest. */
  readonly least: number;
  /** Most units in a piece. */
  readonly most: number;
}

/**
 * Samples by tiles. At most 11 go through all ops of a stage before the next ones start: what one op wrote is then still in
 * the cache of the core when the next one reads it.
 */
export const SAMPLE_PIECES: Pieces = { unit: TILE_SAMPLES, least: 2, most: 11 };

/** Inputs by tiles, 2 of them at least, as every piece of a dense gradient packs delta anew. */
export const INPUT_PIECES: Pieces = {
  unit: TILE_INPUTS,
  least: 2,
  most: Infinity,
};

/** Sparse inputs by blocks, as entries can be found by block alone: 3 at least, as every piece reads all of delta. */
export const SPARSE_INPUT_PIECES: Pieces = {
  unit: SPARSE_INPUTS,
  least: 3,
  most: Infinity,
};

/** Bytes of a gradient that the cache of a core keeps until the update. */
const GRADIENT_BYTES = 2 ** 19;

/** The same with no more in a piece than the cache keeps: with 1024 nodes an epoch by two workers takes 0.95 of the time. */
export function cachedPieces(
  pieces: Pieces,
  layers: readonly number[],
): Pieces {
  const unitBytes = 4 * pieces.unit * Math.max(...layers.slice(1));
  const most = Math.floor(GRADIENT_BYTES / unitBytes);
  return { ...pieces, most: Math.max(pieces.least, most) };
}

/** The units into which a stage of samples is split. */
export function sampleUnits(samples: number, { unit }: Pieces): number {
  return Math.ceil(samples / unit);
}

/** The units into which a stage of weights is split: those of inputs, layer by layer. */
export function weightUnits(
  layers: readonly number[],
  { unit }: Pieces,
): number {
  return layers.slice(0, -1).reduce(
    (sum, inputs) => sum + Math.ceil(inputs / unit),
    0,
  );
}

/** Calls `use` with the inputs of each layer that the units `[from, to)` stand for. */
export function forEachWeightRange(
  layers: readonly number[],
  { unit }: Pieces,
  from: number,
  to: number,
  use: (layer: number, from: number, to: number) => void,
): void {
  let first = 0;
  for (let layer = 0; layer < layers.length - 1 && first < to; layer++) {
    const end = first + Math.ceil(layers[layer] / unit);
    if (from < end) {
      use(
        layer,
        (Math.max(from, first) - first) * unit,
        Math.min((Math.min(to, end) - first) * unit, layers[layer]),
      );
    }
    first = end;
  }
}

/**
 * Samples for one call of the BLAS. A call always gets the same ones, whoever makes it, as a BLAS may add up in another
 * order where a matrix has another size.
 */
export function blasSamplePieces(layers: readonly number[]): Pieces {
  const wide = Math.max(...layers.slice(1)) >= WIDE;
  return { unit: wide ? 126 : 66, least: 1, most: 1 };
}

/** Inputs for one call of the BLAS, always the same ones for the same reason; of sparse ones whole blocks. */
export function blasInputPieces(
  layers: readonly number[],
  sparse: boolean,
): Pieces {
  const wide = Math.max(...layers.slice(1)) >= WIDE;
  const unit = wide ? 216 : 96;
  return {
    unit: sparse ? unit - unit % SPARSE_INPUTS : unit,
    least: 1,
    most: 1,
  };
}

/** Outputs from which on larger pieces pay, as each call packs its part of the weights anew. */
const WIDE = 256;
