/** What stands for missing cells: found out from the inputs of the rows to train with. */
import { inSlices } from "../slices/in_slices.ts";
import { type Column, kindNamed, widthOf } from "./column_kinds.ts";
import { SLICE_CELLS } from "./table_cells.ts";

/**
 * What replaces a missing cell. A number, date or ordinal becomes the median, the mean or the most frequent value of the
 * column. Yes or no becomes the more frequent one, or with `"mean"` the fraction of yes. A missing category is all zeros,
 * or with `"frequent"` the most frequent category. With `"refuse"`, missing cells are an error.
 *
 * @example
 * ```ts
 * import { type Imputation, TableEncoder } from "@lockstep/lockstep";
 *
 * const impute: Imputation = "mean";
 * const rows = [{ age: 20, y: 1 }, { age: null, y: 2 }, { age: 40, y: 3 }];
 * const encoder = await TableEncoder.fit(rows, { impute });
 * console.log(await encoder.inputs([{ age: null }])); // 30, and 1 as it was missing
 * ```
 */
export type Imputation = "median" | "mean" | "frequent" | "refuse";

/** Names of all. */
export const IMPUTATIONS: readonly Imputation[] = [
  ...["median", "mean", "frequent", "refuse"] as const,
];

/** Most numbers that are sorted in one go. */
const MOST_SORTED = 10_000;

/** Numbers among which a good one is looked for to part all others. */
const SAMPLED = 501;

/**
 * Finds out what stands for missing cells.
 *
 * @param x Inputs of rows, where the first input of a missing cell is NaN; what is found is written into it.
 * @returns The columns with what was found.
 */
export async function fillMissing(
  x: Float32Array,
  columns: readonly Column[],
  impute: Imputation,
  frequent: readonly (string | undefined)[],
): Promise<Column[]> {
  const inputs = widthOf(columns);
  const result: Column[] = [];
  let first = 0;
  for (const [n, column] of columns.entries()) {
    const kind = kindNamed(column.kind);
    const width = kind.width(column);
    const fill = new Float32Array(width);
    const text = frequent[n];
    if (impute === "frequent" && text !== undefined) {
      kind.encoder(column)(text, fill, 0);
    } else if (kind.numeric || column.kind === "boolean") {
      for (let at = 0; at < width; at++) {
        const found = await present(x, inputs, first, first + at);
        fill[at] = impute === "mean"
          ? await meanOf(found)
          : await medianOf(found);
      }
    }
    await write(x, inputs, first, fill);
    const last = fill.findLastIndex((value) => value !== 0);
    result.push({ ...column, fill: [...fill.subarray(0, last + 1)] });
    first += widthOf([column]);
  }
  return result;
}

/** An input of the rows in which a column isn't missing. */
async function present(
  x: Float32Array,
  inputs: number,
  first: number,
  at: number,
): Promise<Float32Array> {
  const rows = x.length / inputs;
  const found = new Float32Array(rows);
  let count = 0;
  await inSlices(rows, SLICE_CELLS, (from, to) => {
    for (let row = from; row < to; row++) {
      if (Number.isNaN(x[row * inputs + first])) continue;
      found[count++] = x[row * inputs + at];
    }
  });
  return found.subarray(0, count);
}

async function write(
  x: Float32Array,
  inputs: number,
  first: number,
  fill: Float32Array,
): Promise<void> {
  await inSlices(x.length / inputs, SLICE_CELLS, (from, to) => {
    for (let row = from; row < to; row++) {
      const at = row * inputs + first;
      if (Number.isNaN(x[at])) x.set(fill, at);
    }
  });
}

async function meanOf(values: Float32Array): Promise<number> {
  let sum = 0;
  await inSlices(values.length, SLICE_CELLS, (from, to) => {
    for (let at = from; at < to; at++) sum += values[at];
  });
  return sum / values.length;
}

/** The number in the middle, or the mean of both. */
export async function medianOf(values: Float32Array): Promise<number> {
  const { length } = values;
  const low = await nth(values, (length - 1) >> 1);
  if (length % 2 === 1) return low;
  // Of two huge ones the sum may be infinite.
  return low / 2 + await nth(values, length / 2) / 2;
}

/** The number that has `place` others before it in order. Parts them in slices, as to sort millions takes long. */
async function nth(values: Float32Array, place: number): Promise<number> {
  let [rest, at] = [values, place];
  while (rest.length > MOST_SORTED) {
    const step = rest.length / SAMPLED;
    const sample = Float32Array.from(
      { length: SAMPLED },
      (_, n) => rest[Math.floor(n * step)],
    ).sort();
    const pivot = sample[Math.floor(SAMPLED * at / rest.length)];
    const less = await those(rest, (value) => value < pivot);
    if (at < less.length) {
      rest = less;
      continue;
    }
    const more = await those(rest, (value) => value > pivot);
    const before = rest.length - more.length;
    if (at < before) return pivot;
    [rest, at] = [more, at - before];
  }
  return rest.slice().sort()[at];
}

async function those(
  values: Float32Array,
  isOne: (value: number) => boolean,
): Promise<Float32Array> {
  const found = new Float32Array(values.length);
  let count = 0;
  await inSlices(values.length, SLICE_CELLS, (from, to) => {
    for (let at = from; at < to; at++) {
      if (isOne(values[at])) found[count++] = values[at];
    }
  });
  return found.subarray(0, count);
}
