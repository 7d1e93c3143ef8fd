/** Which of an optimizer's moments each rank keeps: those of the weights that it updates, and a part of those that don't learn. */
import type { Range } from "./split.ts";

/** For each rank what is its own, in floats from the first weight of the first layer: in order, and together all. */
export type Owned = readonly (readonly Range[])[];

/** The moments of one rank in a training. */
export interface MomentSlices {
  readonly owned: Owned;
  /** Byte offsets of this rank's first and second moments, range after range. */
  readonly offsets: readonly [first: number, second: number];
}

/** All are the first rank's. */
export function ownedByFirst(floats: number, ranks: number): Owned {
  return Array.from({ length: ranks }, (_, rank) => rank ? [] : [[0, floats]]);
}

/** Floats of some ranges. */
export function floatsOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** What is in both, in order. */
export function common(
  some: readonly Range[],
  others: readonly Range[],
): Range[] {
  return some.flatMap(([from, to]) =>
    others
      .map(([first, end]): Range => [Math.max(from, first), Math.min(to, end)])
      .filter(([from, to]) => from < to)
  );
}

/** Where a place is if ranges lie one after another. */
export function placeIn(ranges: readonly Range[], place: number): number {
  let before = 0;
  for (const [from, to] of ranges) {
    if (place >= from && place < to) return before + place - from;
    before += to - from;
  }
  return before;
}
