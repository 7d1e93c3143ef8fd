/** What is fitted to a network after its training, and kept with it, besides a calibration. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import {
  requireFloats,
  requireKnownFields,
  requireLength,
  requireObject,
} from "../checks/json_checks.ts";
import { AMOUNT, FACTOR, requireNumber, wrong } from "../checks/validate.ts";
import type { Task } from "../units/tasks.ts";
import type { Calibration } from "./calibration.ts";

/**
 * Prediction intervals of the numbers of a network, as found by {@linkcode Mlp.fitInterval}.
 *
 * @example
 * ```ts
 * import { Mlp, type PredictionInterval } from "@lockstep/lockstep";
 *
 * const interval: PredictionInterval = { coverage: 0.9, halfWidths: [2.5] };
 * await using mlp = new Mlp({ layers: [2, 1], task: "numbers", interval });
 * console.log(mlp.interval?.halfWidths); // [2.5]
 * ```
 */
export interface PredictionInterval {
  /** The fraction of new samples whose target lies within the interval, at least, for each output; from 0 to 1. */
  readonly coverage: number;
  /** Half the width of the interval around a prediction, for each output, in the units of raw targets. */
  readonly halfWidths: readonly number[];
}

/** What is fitted to samples that a network has not learned from. */
export interface Kept {
  /** How probabilities are calibrated. */
  readonly calibration?: Calibration;
  /**
   * The probability from which a label applies, one for each label; for two classes a single one, from which it is the
   * second class. Default: 0.5
   */
  readonly thresholds?: readonly number[];
  /** Prediction intervals of numbers. */
  readonly interval?: PredictionInterval;
}

/**
 * Checks a parsed JSON value.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or there are neither one nor as many as outputs.
 */
export function parseThresholds(
  value: unknown,
  outputs: number,
  action: string,
): readonly number[] {
  if (!Array.isArray(value)) {
    const wanted = "an array of numbers from 0 to 1";
    throw new WrongTypeError(wrong(action, "thresholds", wanted, value));
  }
  for (const [at, threshold] of value.entries()) {
    requireNumber(action, `thresholds[${at}]`, threshold, FACTOR);
  }
  if (value.length !== 1) {
    requireLength(
      action,
      "thresholds",
      value.length,
      outputs,
      "as many labels",
    );
  }
  return [...value];
}

/**
 * Checks a parsed JSON value.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or there are not as many as outputs.
 */
export function parseInterval(
  value: unknown,
  outputs: number,
  action: string,
): PredictionInterval {
  const fields = requireObject(action, "interval", value);
  requireKnownFields(action, "interval", fields, ["coverage", "halfWidths"]);
  const { coverage } = fields;
  requireNumber(action, "interval.coverage", coverage, FACTOR);
  const path = "interval.halfWidths";
  const halfWidths = requireFloats(action, path, fields.halfWidths);
  for (const [at, half] of halfWidths.entries()) {
    requireNumber(action, `${path}[${at}]`, half, AMOUNT);
  }
  requireLength(action, path, halfWidths.length, outputs, "as many outputs");
  return { coverage: coverage as number, halfWidths };
}

/** How many thresholds a network can have: one of two classes, one for each label, else none. */
export function thresholdsOf(task: Task, outputs: number): number {
  if (task === "labels") return outputs;
  return task === "classes" && outputs <= 2 ? 1 : 0;
}

/**
 * Makes sure that what is kept goes with a task.
 *
 * @throws {RangeError} If not.
 */
export function requireKeptOf(
  action: string,
  { calibration, thresholds, interval }: Kept,
  task: Task,
  outputs: number,
): void {
  const refuse = (name: string, wanted: string, value: unknown) => {
    throw new WrongValueError(wrong(action, name, wanted, value));
  };
  if (calibration !== undefined && task === "numbers") {
    refuse("calibration", "left out for the task 'numbers'", calibration);
  }
  if (interval !== undefined && task !== "numbers") {
    refuse("interval", `left out for the task '${task}'`, interval);
  }
  if (thresholds === undefined) return;
  const wanted = thresholdsOf(task, outputs);
  if (wanted === 0) {
    const where = task === "classes" ? `${outputs} classes` : "numbers";
    refuse("thresholds", `left out for ${where}`, thresholds);
  }
  if (thresholds.length === wanted) return;
  const of = task === "labels" ? "as many labels" : "two classes";
  refuse("thresholds.length", `${wanted} for ${of}`, thresholds.length);
}
