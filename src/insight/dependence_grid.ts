/** The values of a column at which a dependence is found. */
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Column } from "../data/column_kinds.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { InputColumn } from "./network.ts";

/** Values of a column of several inputs, such as categories. */
const MOST_CATEGORIES = 100;

/** Of many numbers, those beyond these fractions are left out: a few far ones would take most of the points. */
const [LOW, HIGH] = [0.05, 0.95];

/** Samples that are looked at between two looks at the clock. */
const SLICE_SAMPLES = 2_000;

/** Inputs of a column. */
export interface GridColumn extends InputColumn {
  /** Whether the last of them tells of cells without a value. */
  readonly flag: boolean;
}

/** Samples that have the values of the grid, in the order of these; last one of those without a value. */
export async function gridOf(
  x: Float32Array,
  inputs: number,
  { name, from, to, flag }: GridColumn,
  points: number,
): Promise<number[]> {
  /** The first sample of each value. */
  const first = new Map<string, number>();
  const missing: number[] = [];
  const present: number[] = [];
  const count = x.length / inputs;
  const valueOf = (s: number) => x.subarray(s * inputs + from, s * inputs + to);
  await inSlices(count, SLICE_SAMPLES, (begin, end) => {
    for (let s = begin; s < end; s++) {
      if (flag && x[s * inputs + to - 1] === 1) {
        missing.push(s);
        continue;
      }
      present.push(s);
      const key = valueOf(s).join();
      if (!first.has(key)) first.set(key, s);
    }
  });
  const single = to - from - Number(flag) === 1;
  if (!single && first.size > MOST_CATEGORIES) {
    const wanted = `a column of at most ${MOST_CATEGORIES} different values`;
    throw new WrongValueError(
      wrong("find a dependence", "column", wanted, name),
    );
  }
  const byValue = (one: number, other: number) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    // One-hot inputs in the order of the categories.
    const at = a.findIndex((value, at) => value !== b[at]);
    return at < 0 ? 0 : single ? a[at] - b[at] : b[at] - a[at];
  };
  const without = missing.slice(0, 1);
  if (!single || first.size <= points) {
    return [...[...first.values()].sort(byValue), ...without];
  }
  const sorted = present.sort(byValue);
  const chosen = Array.from({ length: points }, (_, at) => {
    const part = LOW + (HIGH - LOW) * at / (points - 1);
    return sorted[Math.round(part * (sorted.length - 1))];
  });
  const different = new Map(chosen.map((s) => [valueOf(s)[0], s]));
  return [...different.values(), ...without];
}

/** The number that a sample has in a column of numbers, NaN where it has none. */
export function numberOf(
  x: Float32Array,
  at: number,
  { from, to, flag }: GridColumn,
  column: Column | undefined,
): number {
  if (flag && x[at + to - 1] === 1) return NaN;
  const origin = column?.kind === "number" ? column.origin ?? 0 : 0;
  return x[at + from] + origin;
}
