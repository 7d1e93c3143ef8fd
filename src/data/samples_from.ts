import { requireInteger, wrong } from "../validate.ts";
import type { Samples } from "./dataset.ts";

const ACTION = "make samples";

/** Numbers of all samples, an array for each. */
export type Rows = readonly ArrayLike<number>[];

/** What {@linkcode samplesFrom} takes: inputs, and either targets or the numbers of classes. */
export type SampleSource =
  & {
    /** An array of inputs for each sample. */
    readonly x: Rows;
  }
  & (
    | {
      /** An array of targets for each sample. */
      readonly y: Rows;
    }
    | {
      /** The class of each sample, from 0. */
      readonly labels: ArrayLike<number>;
      /** How many classes there are. Default: one more than the largest label */
      readonly classes?: number;
    }
  );

/** All rows in one array, of which each has the length of the first. */
function flatten(
  name: "x" | "y",
  rows: Rows,
): { values: Float32Array; width: number } {
  if (!Array.isArray(rows)) {
    throw new TypeError(wrong(ACTION, name, "an array of arrays", rows));
  }
  if (rows.length === 0) {
    throw new RangeError(wrong(ACTION, `${name}.length`, "1 or more", 0));
  }
  const width = rows[0].length;
  if (!(width > 0)) {
    throw new RangeError(
      wrong(ACTION, `${name}[0].length`, "1 or more", width),
    );
  }
  const values = new Float32Array(rows.length * width);
  for (const [sample, row] of rows.entries()) {
    if (row?.length !== width) {
      throw new RangeError(
        wrong(ACTION, `${name}[${sample}].length`, String(width), row?.length),
      );
    }
    for (let at = 0; at < width; at++) {
      if (!Number.isFinite(row[at])) {
        throw new RangeError(
          wrong(
            ACTION,
            `${name}[${sample}][${at}]`,
            "a finite number",
            row[at],
          ),
        );
      }
      values[sample * width + at] = row[at];
    }
  }
  return { values, width };
}

/**
 * One-hot targets: a 1 at the sample's class among zeros.
 *
 * @throws {RangeError} If a label is not a whole number from 0 to `classes - 1`.
 */
export function oneHot(
  labels: ArrayLike<number>,
  classes: number,
): Float32Array<ArrayBuffer> {
  const y = new Float32Array(labels.length * classes);
  for (let sample = 0; sample < labels.length; sample++) {
    requireInteger(
      ACTION,
      `labels[${sample}]`,
      labels[sample],
      0,
      classes - 1,
    );
    y[sample * classes + labels[sample]] = 1;
  }
  return y;
}

function largest(labels: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < labels.length; at++) most = Math.max(most, labels[at]);
  return most;
}

/**
 * Makes samples from arrays of one's own.
 *
 * @throws {TypeError} If a value is of the wrong type.
 * @throws {RangeError} If there are no samples, lengths differ, a value isn't finite, or a label is out of range.
 *
 * @example
 * ```ts
 * import { samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * console.log(samples.outputs, samples.y); // 2, Float32Array [0, 1, 1, 0]
 * ```
 */
export function samplesFrom(source: SampleSource): Samples {
  const { values: x, width: inputs } = flatten("x", source.x);
  const samples = source.x.length;
  if ("y" in source) {
    const { values: y, width: outputs } = flatten("y", source.y);
    if (source.y.length !== samples) {
      throw new RangeError(
        wrong(ACTION, "y.length", `${samples} as x`, source.y.length),
      );
    }
    return { x, y, samples, inputs, outputs };
  }
  const { labels } = source;
  if (labels?.length !== samples) {
    throw new RangeError(
      wrong(ACTION, "labels.length", `${samples} as x`, labels?.length),
    );
  }
  const classes = source.classes ?? largest(labels) + 1;
  requireInteger(ACTION, "classes", classes, 1, Infinity);
  return { x, y: oneHot(labels, classes), samples, inputs, outputs: classes };
}
