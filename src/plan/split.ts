import { roundUp, TILE_INPUTS, TILE_SAMPLES } from "../kernels/kernels.ts";

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

/** The units into which a stage of weights is split: tiles of inputs, layer by layer. */
export function weightUnits(layers: readonly number[]): number {
  return layers.slice(0, -1).reduce((sum, inputs) => sum + tilesOf(inputs), 0);
}

function tilesOf(inputs: number): number {
  return Math.ceil(inputs / TILE_INPUTS);
}

/** Calls `use` with the inputs of each layer that the units `[from, to)` stand for. */
export function forEachWeightRange(
  layers: readonly number[],
  from: number,
  to: number,
  use: (layer: number, from: number, to: number) => void,
): void {
  let first = 0;
  for (let layer = 0; layer < layers.length - 1 && first < to; layer++) {
    const end = first + tilesOf(layers[layer]);
    if (from < end) {
      use(
        layer,
        (Math.max(from, first) - first) * TILE_INPUTS,
        Math.min((Math.min(to, end) - first) * TILE_INPUTS, layers[layer]),
      );
    }
    first = end;
  }
}
