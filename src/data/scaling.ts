import { fitStandardization } from "./standardize.ts";
import type { Samples } from "./dataset.ts";

/** How columns are scaled: `(x - offset) · scale`, one of each for every column, each a float32. */
export interface Scaling {
  /** What is subtracted. */
  readonly offset: readonly number[];
  /** What the rest is multiplied with. */
  readonly scale: readonly number[];
}

/** Ways to find a scaling. */
export type ScalingName = "standardize" | "minmax";

/**
 * Finds a scaling: to mean 0 and deviation 1 (of the whole population), or to the range from 0 to 1. A column that never
 * changes becomes 0.
 *
 * @param x `samples × width` values, sample after sample.
 */
export async function fitScaling(
  x: Float32Array,
  width: number,
  method: ScalingName,
): Promise<Scaling> {
  const samples = x.length / width;
  if (method === "minmax") return fitRange(x, width);
  const { mean, scale } = await fitStandardization(
    { x, samples, inputs: width } as Samples,
  );
  return {
    offset: Array.from(mean, Math.fround),
    scale: Array.from(scale, Math.fround),
  };
}

function fitRange(x: Float32Array, width: number): Scaling {
  const least = new Array<number>(width).fill(Infinity);
  const most = new Array<number>(width).fill(-Infinity);
  for (let at = 0; at < x.length; at++) {
    const column = at % width;
    least[column] = Math.min(least[column], x[at]);
    most[column] = Math.max(most[column], x[at]);
  }
  return {
    offset: least,
    scale: most.map((value, column) =>
      value === least[column] ? 0 : Math.fround(1 / (value - least[column]))
    ),
  };
}

/** `(x - offset) · scale` of each value, rounded to float32 after each step. */
export function applyScaling(
  x: Float32Array,
  { offset, scale }: Scaling,
): Float32Array<ArrayBuffer> {
  const width = offset.length;
  const result = new Float32Array(x.length);
  for (let at = 0; at < x.length; at++) {
    const column = at % width;
    result[at] = Math.fround(x[at] - offset[column]) * scale[column];
  }
  return result;
}

/** `y · scale + offset` of each value: scaled outputs in the units of the targets. In place. */
export function undoTargetScaling(
  y: Float32Array,
  { offset, scale }: Scaling,
): void {
  const width = offset.length;
  for (let at = 0; at < y.length; at++) {
    const column = at % width;
    y[at] = y[at] * scale[column] + offset[column];
  }
}

/**
 * How raw targets are scaled to mean 0 and deviation 1 for a training: outputs are brought back by `y · scale + offset`, so
 * that `scale` is the deviation. A target that never changes has the scale 1.
 */
export async function fitTargetScaling(
  y: Float32Array,
  width: number,
): Promise<Scaling> {
  const { offset, scale } = await fitScaling(y, width, "standardize");
  return {
    offset,
    scale: scale.map((factor) => factor === 0 ? 1 : Math.fround(1 / factor)),
  };
}

/** `(y - offset) / scale` of each value. */
export function applyTargetScaling(
  y: Float32Array,
  { offset, scale }: Scaling,
): Float32Array<ArrayBuffer> {
  const width = offset.length;
  return y.map((value, at) =>
    (value - offset[at % width]) / scale[at % width]
  ) as Float32Array<ArrayBuffer>;
}
