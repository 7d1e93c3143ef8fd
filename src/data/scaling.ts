import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { fitStandardization } from "./standardize.ts";
import type { Samples } from "./dataset.ts";
import type { TargetScaling } from "./preprocessing.ts";
import { inSlices } from "../slices/in_slices.ts";
import { sharedFloats } from "./floats.ts";
import { requireChoice, requireInteger, wrong } from "../checks/validate.ts";

const ACTION = "fit a scaling";

/** Spreads whose reciprocals are float32s, and normal ones. */
const LEAST_SPREAD = 1e-38;
const MOST_SPREAD = 1e38;

/**
 * How columns are scaled: `(x - offset) · scale`, with one offset and one scale for each column, all float32.
 *
 * @example
 * ```ts
 * import { fitScaling, type InputScaling } from "@lockstep/lockstep";
 *
 * const scaling: InputScaling = await fitScaling(Float32Array.of(1, 2, 5), 1, "minmax");
 * console.log(scaling); // { offset: [1], scale: [0.25] }
 * ```
 */
export interface InputScaling {
  /** What is subtracted. */
  readonly offset: readonly number[];
  /** What the difference is multiplied by. */
  readonly scale: readonly number[];
}

/** Methods of scaling. */
export type ScalingName = "standardize" | "minmax";

/**
 * Fits a scaling: to mean 0 and standard deviation 1 (of the population), or to the range from 0 to 1. A constant column
 * becomes 0.
 *
 * @param x `samples × width` values, sample after sample.
 *
 * @throws {TypeError} If x is not a Float32Array, or another argument of the wrong type.
 * @throws {RangeError} If there is no such method, no sample, a length that doesn't fit, or a value that isn't finite.
 *
 * @example
 * ```ts
 * import { fitScaling, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[10, 0.1], [30, 0.3], [50, 0.2]], labels: [0, 1, 1] });
 * const preprocessing = await fitScaling(samples.x, samples.inputs, "standardize");
 * // The network scales what it gets from now on.
 * await using mlp = new Mlp({ layers: [2, 4, 2], output: "softmax", preprocessing });
 * console.log(await mlp.predictClasses([[20, 0.1]]));
 * ```
 */
export async function fitScaling(
  x: Float32Array,
  width: number,
  method: ScalingName,
): Promise<InputScaling> {
  requireChoice(ACTION, "method", method, ["standardize", "minmax"]);
  if (!(x instanceof Float32Array)) {
    throw new WrongTypeError(wrong(ACTION, "x", "a Float32Array", x));
  }
  requireInteger(ACTION, "width", width, 1, Infinity);
  const samples = x.length / width;
  if (!Number.isInteger(samples) || samples === 0) {
    const wanted = `${width} or a multiple of it`;
    throw new WrongValueError(wrong(ACTION, "x.length", wanted, x.length));
  }
  if (method === "minmax") return await fitRange(x, width);
  const { mean, scale } = await fitStandardization(
    { x, count: samples, inputs: width } as Samples,
  );
  requireFinite(x, mean);
  requireScales(scale, "deviation");
  return {
    offset: Array.from(mean, Math.fround),
    scale: Array.from(scale, Math.fround),
  };
}

/** @throws {RangeError} If figures of x show that it has a value that isn't finite. */
function requireFinite(x: Float32Array, figures: ArrayLike<number>): void {
  if (Array.from(figures).every(Number.isFinite)) return;
  const at = x.findIndex((value) => !Number.isFinite(value));
  throw new WrongValueError(
    wrong(ACTION, `x[${at}]`, "a finite number", x[at]),
  );
}

/** @throws {RangeError} If columns vary by so little, or so much, that a float32 doesn't hold the factor. */
function requireScales(scale: ArrayLike<number>, what: string): void {
  for (let column = 0; column < scale.length; column++) {
    const factor = scale[column];
    if (factor === 0) continue;
    const most = 1 / factor;
    if (most >= LEAST_SPREAD && most <= MOST_SPREAD) continue;
    throw new WrongValueError(
      wrong(
        ACTION,
        `${what} of column ${column}`,
        `0, or from ${LEAST_SPREAD} to ${MOST_SPREAD}`,
        most,
      ),
    );
  }
}

async function fitRange(x: Float32Array, width: number): Promise<InputScaling> {
  const least = new Array<number>(width).fill(Infinity);
  const most = new Array<number>(width).fill(-Infinity);
  await inSlices(x.length / width, rowsOfSlice(width), (from, to) => {
    for (let start = from * width; start < to * width; start += width) {
      for (let column = 0; column < width; column++) {
        const value = x[start + column];
        least[column] = Math.min(least[column], value);
        most[column] = Math.max(most[column], value);
      }
    }
  });
  requireFinite(x, [...least, ...most]);
  const scale = most.map((value, column) =>
    value === least[column] ? 0 : 1 / (value - least[column])
  );
  requireScales(scale, "range");
  return { offset: least, scale: scale.map(Math.fround) };
}

/** Values that are looked at between two looks at the clock. */
const SLICE_VALUES = 50_000;

function rowsOfSlice(width: number): number {
  return Math.ceil(SLICE_VALUES / width);
}

/** `(x - offset) · scale` of each value, rounded to float32 after each step; in memory that workers can read. */
export async function applyScaling(
  x: Float32Array,
  { offset, scale }: InputScaling,
): Promise<Float32Array<SharedArrayBuffer>> {
  const result = sharedFloats(x.length);
  const width = offset.length;
  await inSlices(x.length / width, rowsOfSlice(width), (from, to) => {
    for (let start = from * width; start < to * width; start += width) {
      for (let column = 0; column < width; column++) {
        const at = start + column;
        result[at] = Math.fround(x[at] - offset[column]) * scale[column];
      }
    }
  });
  return result;
}

/** `y · unit + center` of each value: scaled outputs in the units of the targets. In place. */
export function undoTargetScaling(
  y: Float32Array,
  { center, unit }: TargetScaling,
): void {
  const width = center.length;
  for (let at = 0; at < y.length; at++) {
    const column = at % width;
    y[at] = y[at] * unit[column] + center[column];
  }
}

/**
 * Fits the scaling of raw targets to mean 0 and standard deviation 1 for a training. Outputs are scaled back by `y · unit +
 * center`, so `unit` is the standard deviation. A constant target has the unit 1.
 *
 * @example
 * ```ts
 * import { fitTargetScaling, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[1], [2], [3]], y: [1000, 2000, 3000] });
 * const targets = await fitTargetScaling(samples.y, samples.outputs);
 * console.log(targets.center); // [2000]
 * await using mlp = new Mlp({ layers: [1, 4, 1], output: "linear", targets });
 * await mlp.fit(samples, { optimizer: "adam", epochs: 1 });
 * ```
 */
export async function fitTargetScaling(
  y: Float32Array,
  width: number,
): Promise<TargetScaling> {
  const { offset, scale } = await fitScaling(y, width, "standardize");
  return {
    center: offset,
    unit: scale.map((factor) => factor === 0 ? 1 : Math.fround(1 / factor)),
  };
}

/** `(y - center) / unit` of each value. */
export async function applyTargetScaling(
  y: Float32Array,
  { center, unit }: TargetScaling,
): Promise<Float32Array<SharedArrayBuffer>> {
  const result = sharedFloats(y.length);
  const width = center.length;
  await inSlices(y.length / width, rowsOfSlice(width), (from, to) => {
    for (let start = from * width; start < to * width; start += width) {
      for (let column = 0; column < width; column++) {
        const at = start + column;
        result[at] = (y[at] - center[column]) / unit[column];
      }
    }
  });
  return result;
}
