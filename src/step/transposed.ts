/**
 * Sparse inputs once more, input by input: the gradient is then a product like the forward one, of delta instead of W, and
 * each of its columns is written once instead of once for each entry. It takes 0.57 of the time for batches of 500 digits.
 *
 * Only for samples that stay in their order, as what a batch has of an input lies together. Whoever first computes with the
 * inputs of a unit transposes them.
 */
import {
  ENTRY_BYTES,
  PANEL,
  roundUp,
  SPARSE_INPUTS,
  STRIP_BLOCKS,
} from "../kernels/kernels.ts";
import type { Allocator } from "../memory/arena.ts";
import { shardRange, type Shards } from "./shards.ts";
import { batchRange, type Range } from "./split.ts";

/** A unit of inputs is in as many places, a power of 2: the last ones stay empty, so that units need nothing of each other. */
const UNIT_SHIFT = 5;

/** The word of an input of a strip in which its entries are counted, and then its cursor is. */
const CURSOR = STRIP_BLOCKS - 1;

/** Bytes of the starts of a strip of an input. */
const STRIP_BYTES = 4 * STRIP_BLOCKS;

/** Bytes up to which entries are kept twice. */
const MOST_BYTES = 2 ** 29;

/**
 * Entries of an input in a batch from which on it pays. With 70 outputs and 5.7 of them the gradient takes 0.84 of the time,
 * with 3.1 it takes 1.15, and the forward product 0.87 in both, as samples need not be in groups.
 */
const LEAST_ENTRIES = 4;

/** Where they are. The letters are those of `Kernels.forwardSparse`, inputs taking the part of samples and the other way. */
export interface TransposedLayout {
  /** Strips of samples of a part of a batch. */
  readonly strips: number;
  /** Samples of a strip. */
  readonly stripSamples: number;
  readonly shift: number;
  /** The shards that are computed here: each is a part of its own, batch after batch. */
  readonly parts: TransposedParts;
  /** int32: where entries start, part after part. */
  readonly starts: number;
  /** Bytes of the starts of a part of a batch. */
  readonly partBytes: number;
  readonly entries: number;
  /** Units of inputs. */
  readonly units: number;
  /** int32 for each unit of each part: its first entry. */
  readonly bases: number;
  /** The same: 1 once it is transposed. */
  readonly done: number;
  /** int32: the place of each input, as units have empty ones. */
  readonly places: number;
  /** A column of zeros, from which sums start. */
  readonly zeros: number;
}

/** Parts of a batch: its shards, of which some are computed here. */
export interface TransposedParts {
  readonly shards: Shards;
  /** Samples of a shard are whole units of so many. */
  readonly unit: number;
}

/** The number of a part, batch after batch, of which a shard is the `ith` that is computed here. */
export function partOf(
  { shards: { from, to } }: TransposedParts,
  batch: number,
  ith: number,
): number {
  return (to - from) * batch + ith;
}

/** The samples of each part in the order of the dataset, part after part. */
export function partRanges(
  samples: number,
  batches: number,
  { shards, unit }: TransposedParts,
): Range[] {
  const ranges: Range[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const [start, end] = batchRange(samples, batches, batch);
    for (let shard = shards.from; shard < shards.to; shard++) {
      const [from, to] = shardRange(end - start, shards, shard, unit);
      ranges.push([start + from, start + to]);
    }
  }
  return ranges;
}

/** What has to be known to lay them out. */
export interface TransposedShape {
  readonly inputs: number;
  /** Nodes of layer 1. */
  readonly nodes: number;
  readonly samples: number;
  readonly batches: number;
  readonly entries: number;
  /** Samples of a strip, of which the deltas are added up at a time. */
  readonly stripSamples: number;
  readonly parts: TransposedParts;
}

/** What isn't known of the samples themselves. */
export type TransposedFacts = Pick<
  TransposedShape,
  "nodes" | "stripSamples" | "parts"
>;

/** Whether it pays: not where a part of a batch has few entries of an input, nor where they would take too much memory. */
export function isWorthTransposing(
  { inputs, batches, entries, parts }: TransposedShape,
): boolean {
  return entries >= LEAST_ENTRIES * inputs * batches * parts.shards.parts &&
    ENTRY_BYTES * entries <= MOST_BYTES;
}

/** Units into which inputs are split. */
function inputUnits(inputs: number): number {
  return Math.ceil(inputs / SPARSE_INPUTS);
}

/** The place of an input. */
export function placeOf(input: number): number {
  const unit = Math.floor(input / SPARSE_INPUTS);
  return (unit << UNIT_SHIFT) + input - unit * SPARSE_INPUTS;
}

/** Allocates room for them. */
export function layOutTransposed(
  arena: Allocator,
  shape: TransposedShape,
): TransposedLayout {
  const { inputs, nodes, samples, batches, entries, parts } = shape;
  const units = inputUnits(inputs);
  const ranges = partRanges(samples, batches, parts);
  const most = ranges.reduce(
    (most, [from, to]) => Math.max(most, to - from),
    1,
  );
  const stripSamples = Math.min(shape.stripSamples, most);
  const strips = Math.ceil(most / stripSamples);
  const partBytes = (units << UNIT_SHIFT) * strips * STRIP_BYTES;
  const startBytes = partBytes * ranges.length;
  const unitBytes = 4 * units * ranges.length;
  const entryBytes = ENTRY_BYTES * entries;
  return {
    ...{ strips, stripSamples, shift: UNIT_SHIFT, partBytes, units, parts },
    starts: arena.allocate(startBytes, startBytes),
    entries: arena.allocate(entryBytes, entryBytes),
    bases: arena.allocate(unitBytes),
    done: arena.allocate(unitBytes),
    places: arena.allocate(4 * inputs, 4 * inputs),
    zeros: arena.allocate(4 * roundUp(nodes, PANEL)),
  };
}

/** The entries of a part of a batch in a unit of inputs, as they lie sample by sample. */
export interface UnitEntries {
  /** Bytes from one input to the next in W and in delta. */
  readonly columnBytes: number;
  /** For each sample of the part: where its entries of the unit start and end. */
  readonly ranges: Int32Array;
  /** The entries of the dataset: where the input's column of W is, and the value. */
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/**
 * Transposes a unit: strip by strip of samples, input by input, in the order of the samples.
 *
 * @param base The first of its entries.
 * @param starts Those of the part and the unit.
 * @param target The entries of all parts: where the sample's column of delta is, and the value.
 */
export function transposeUnit(
  { columnBytes, ranges, columns, values }: UnitEntries,
  unit: number,
  { strips, stripSamples }: Pick<TransposedLayout, "strips" | "stripSamples">,
  base: number,
  starts: Int32Array,
  target: { readonly columns: Int32Array; readonly values: Float32Array },
): void {
  const places = 1 << UNIT_SHIFT;
  const samples = ranges.length / 2;
  const firstColumn = unit * SPARSE_INPUTS * columnBytes;
  /** Entries of each input of each strip, then where the next one goes. */
  const cursors = new Int32Array(strips * places);
  const columnRate = 1 / columnBytes;
  for (let s = 0; s < samples; s++) {
    const strip = places * Math.floor(s / stripSamples);
    for (let e = ranges[2 * s]; e < ranges[2 * s + 1]; e++) {
      const input = (columns[2 * e] - firstColumn) * columnRate + 0.5 | 0;
      cursors[strip + input]++;
    }
  }
  let place = base;
  for (let n = 0; n < cursors.length; n++) {
    const count = cursors[n];
    cursors[n] = starts[STRIP_BLOCKS * n] = place;
    place += count;
    // All are in the first block of the strip.
    starts.fill(place, STRIP_BLOCKS * n + 1, STRIP_BLOCKS * (n + 1));
  }
  for (let s = 0; s < samples; s++) {
    const strip = places * Math.floor(s / stripSamples);
    for (let e = ranges[2 * s]; e < ranges[2 * s + 1]; e++) {
      const input = (columns[2 * e] - firstColumn) * columnRate + 0.5 | 0;
      const to = cursors[strip + input]++;
      target.columns[2 * to] = columnBytes * s;
      target.values[2 * to + 1] = values[2 * e + 1];
    }
  }
}

/**
 * The same where a kernel goes through the entries.
 *
 * @param starts Those of the batch and the unit, at the byte offset `at`.
 * @param visit Counts entries, or writes them, by cursors that are in `starts`.
 */
export function transposeUnitBy(
  visit: (
    writes: boolean,
    cursors: { readonly cursors: number; readonly stripBytes: number },
  ) => void,
  base: number,
  starts: Int32Array,
  at: number,
): void {
  const cursors = {
    cursors: at + 4 * CURSOR,
    stripBytes: STRIP_BYTES << UNIT_SHIFT,
  };
  starts.fill(0);
  visit(false, cursors);
  let place = base;
  for (let n = 0; n < starts.length; n += STRIP_BLOCKS) {
    const count = starts[n + CURSOR];
    starts[n] = starts[n + CURSOR] = place;
    place += count;
  }
  visit(true, cursors);
  // All are in the first block of the strip.
  for (let n = 0; n < starts.length; n += STRIP_BLOCKS) {
    const end = starts[n + CURSOR];
    for (let block = 1; block < CURSOR; block++) starts[n + block] = end;
  }
}
