/** Predictions and evaluations of calibrated networks, from their logits. */
import {
  calibrateLogits,
  outputsOfLogits,
} from "../calibration/apply_calibration.ts";
import type { Calibration } from "../calibration/calibration.ts";
import { decideClasses, decideLabels } from "../metrics/decide.ts";
import { inSlices } from "../slices/in_slices.ts";
import { LOSSES, type LossName } from "../units/losses.ts";
import type { OutputName } from "../units/outputs.ts";
import type { Task } from "../units/tasks.ts";
import type { Evaluation } from "./evaluate.ts";

/** Values between two looks at the clock. */
const SLICE_VALUES = 2_000;

/** What of a network its probabilities go by. */
export interface ProbabilityNetwork {
  readonly layers: readonly number[];
  readonly task: Task;
  readonly output: OutputName;
  readonly loss: LossName;
}

/** Calls `use` with each sample, by its number and the place of its first value. */
async function eachSample(
  values: ArrayLike<number>,
  width: number,
  use: (first: number, end: number) => void,
): Promise<void> {
  const slice = Math.max(1, Math.floor(SLICE_VALUES / width));
  await inSlices(values.length / width, slice, (from, to) => {
    for (let s = from; s < to; s++) use(s * width, (s + 1) * width);
  });
}

/** Calibrates logits of samples, in float64. */
export async function calibrated(
  logits: ArrayLike<number>,
  { layers, output }: ProbabilityNetwork,
  calibration: Calibration | undefined,
): Promise<Float64Array> {
  const z = Float64Array.from(logits);
  if (calibration === undefined) return z;
  await eachSample(z, layers.at(-1)!, (first, end) => {
    calibrateLogits(calibration, output, z.subarray(first, end));
  });
  return z;
}

/** The outputs of samples, of their logits. */
export async function outputsOf(
  logits: Float64Array,
  { layers, output }: ProbabilityNetwork,
): Promise<Float32Array<ArrayBuffer>> {
  const width = layers.at(-1)!;
  const outputs = new Float32Array(logits.length);
  const row = new Float64Array(width);
  await eachSample(logits, width, (first, end) => {
    row.set(logits.subarray(first, end));
    outputsOfLogits(output, row);
    outputs.set(row, first);
  });
  return outputs;
}

/**
 * How well logits do on classes or labels.
 *
 * @param y Targets of the samples.
 * @param thresholds One for each label, or one of two classes; 0.5 if they are left out.
 */
export async function evaluateLogits(
  logits: Float64Array,
  y: Float32Array,
  network: ProbabilityNetwork,
  thresholds: readonly number[] | undefined,
): Promise<Evaluation> {
  const { layers, task, loss } = network;
  const width = layers.at(-1)!;
  const { of, sample } = LOSSES[loss];
  const outputs = await outputsOf(logits, network);
  let [losses, errors] = [0, 0];
  await eachSample(logits, width, (first, end) => {
    const [a, wanted] = [outputs.subarray(first, end), y.subarray(first, end)];
    losses += sample(of === "logits" ? logits.subarray(first, end) : a, wanted);
    for (const [k, value] of a.entries()) errors += Math.abs(value - wanted[k]);
  });
  const decide = task === "labels" ? decideLabels : decideClasses;
  const found = decide(outputs, width, thresholds);
  const actual = decide(y, width);
  const correct = found.filter((value, at) => value === actual[at]).length;
  const count = logits.length / width;
  return {
    accuracy: correct / found.length,
    loss: losses / count,
    meanAbsoluteError: errors / logits.length,
  };
}
