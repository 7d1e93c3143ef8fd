/**
 * Shards: the parts of a batch whose gradients are computed apart and then added up in a fixed tree, so that it doesn't matter
 * which process computes which of them.
 */
import { batchRange, type Range } from "./split.ts";

/** How a batch is split into shards, and which of them are computed here. */
export interface Shards {
  /** How many there are, a power of two. */
  readonly count: number;
  /** Those of this process: `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Those that make up a batch here, `parts` from `first` on: all, or those of this process where it has samples of its own. */
  readonly first: number;
  readonly parts: number;
}

/** One shard that is all of the batch. */
export const ONE_SHARD: Shards = {
  ...{ count: 1, from: 0, to: 1 },
  ...{ first: 0, parts: 1 },
};

/**
 * The samples of a shard: whole units of `unit` samples, so that what is computed together stays so. With few samples some
 * shards have none.
 */
export function shardRange(
  size: number,
  { first, parts }: Pick<Shards, "first" | "parts">,
  shard: number,
  unit: number,
): Range {
  const [from, to] = batchRange(Math.ceil(size / unit), parts, shard - first);
  return [Math.min(size, from * unit), Math.min(size, to * unit)];
}

/**
 * The shards of a rank.
 *
 * @param partitioned Whether each rank has samples of its own, instead of all.
 */
export function shardsOfRank(
  count: number,
  ranks: number,
  rank: number,
  partitioned = false,
): Shards {
  const [from, to] = batchRange(count, ranks, rank);
  return partitioned
    ? { count, from, to, first: from, parts: to - from }
    : { count, from, to, first: 0, parts: count };
}

/** An addition of the tree: what the second one has is added to the first. Both are named by their first shard. */
export type Addition = readonly [target: number, source: number];

/**
 * The largest subtrees that shards `[from, to)` fill, from left to right, each by its first shard, and the additions that
 * make each of them one sum.
 */
export function subtrees(
  { from, to }: Pick<Shards, "from" | "to">,
  count: number,
): { readonly roots: readonly number[]; readonly additions: Addition[] } {
  const roots: number[] = [];
  const additions: Addition[] = [];
  const visit = (first: number, end: number): void => {
    if (end <= from || first >= to) return;
    if (first >= from && end <= to) {
      roots.push(first);
      additions.push(...additionsOf(first, end));
      return;
    }
    const middle = (first + end) / 2;
    visit(first, middle);
    visit(middle, end);
  };
  visit(0, count);
  return { roots, additions };
}

/** The additions that make the sum of a whole subtree of the sums of some of its subtrees. */
export function additionsOf(
  first: number,
  end: number,
  /** Subtrees that are sums already, by their first shards; by default each shard for itself. */
  roots?: ReadonlySet<number>,
): Addition[] {
  const additions: Addition[] = [];
  const visit = (first: number, end: number): void => {
    if (end - first === 1) return;
    const middle = (first + end) / 2;
    // Without a sum that begins in the second half, the whole is one already.
    if (roots !== undefined && ![...roots].some((r) => r > first && r < end)) {
      return;
    }
    visit(first, middle);
    visit(middle, end);
    additions.push([first, middle]);
  };
  visit(first, end);
  return additions;
}
