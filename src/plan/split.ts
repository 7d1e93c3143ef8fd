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

/** The share of worker `ith` of `nth` in the `samples` of a batch, in whole tiles. */
export function sampleShare(samples: number, ith: number, nth: number): Range {
  const tiles = Math.ceil(samples / TILE_SAMPLES);
  const [from, to] = batchRange(tiles, nth, ith);
  return [
    Math.min(from * TILE_SAMPLES, samples),
    Math.min(to * TILE_SAMPLES, samples),
  ];
}

/** Samples for which a buffer must have room when a batch has `samples`: whole tiles. */
export function sampleCapacity(samples: number): number {
  return roundUp(samples, TILE_SAMPLES);
}

/**
 * Splits the inputs of all layers' weights over the workers, in whole tiles and to equal cost over all layers, so that
 * a worker with less of a large layer takes more of a small one. Returns, for each worker and layer, its inputs.
 */
export function weightShares(
  layers: readonly number[],
  workers: number,
): Range[][] {
  const tiles = layers.slice(0, -1).map((inputs) =>
    Math.ceil(inputs / TILE_INPUTS)
  );
  // A tile of layer N costs as many multiply-adds as it has outputs.
  const costs = layers.slice(1);
  const total = tiles.reduce((sum, count, n) => sum + count * costs[n], 0);
  const shares: Range[][] = Array.from({ length: workers }, () => []);
  let before = 0;
  for (const [n, count] of tiles.entries()) {
    const edge = (worker: number) => {
      const wanted = (total * worker / workers - before) / costs[n];
      const tile = Math.max(0, Math.min(count, Math.round(wanted)));
      return Math.min(tile * TILE_INPUTS, layers[n]);
    };
    for (let worker = 0; worker < workers; worker++) {
      shares[worker].push([edge(worker), edge(worker + 1)]);
    }
    before += count * costs[n];
  }
  return shares;
}
