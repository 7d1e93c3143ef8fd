import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { type Hints, requireOptions } from "../checks/options.ts";
import { requireInteger, wrong } from "../checks/validate.ts";
import { checkCsr, isCsr } from "./csr.ts";
import type { Samples, SparseSamples } from "./dataset.ts";
import { requireFewValues } from "./floats.ts";
import {
  type FlatNumbers,
  flatten,
  type Flattened,
  flattenNumbers,
  type Rows,
} from "./flatten.ts";
import { requireDifferences } from "./lost_differences.ts";
import type {
  SampleSource,
  SparseSampleSource,
  TargetSource,
} from "./sample_source.ts";

const ACTION = "make samples";

/**
 * One-hot targets: a 1 at the sample's class among zeros, `labels.length × classes` values.
 *
 * @throws {TypeError} If a label is not a number.
 * @throws {RangeError} If a label is not a whole number from 0 to `classes - 1`, or there are more than 2³⁰ values.
 */
export function oneHot(
  labels: ArrayLike<number>,
  classes: number,
): Float32Array<ArrayBuffer> {
  checkLabels(labels, classes);
  requireFewValues(ACTION, "y", labels.length, classes);
  const y = new Float32Array(labels.length * classes);
  for (let sample = 0; sample < labels.length; sample++) {
    y[sample * classes + labels[sample]] = 1;
  }
  return y;
}

/** Refuses labels that are not whole numbers below `classes`, and returns the largest. */
function checkLabels(labels: ArrayLike<number>, classes: number): number {
  let most = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample];
    if (!(Number.isSafeInteger(label) && label >= 0 && label < classes)) {
      refuseLabel(`labels[${sample}]`, label, classes);
    }
    most = Math.max(most, label);
  }
  return most;
}

/** Says what to write instead of one-hot targets, columns and names of classes. */
function refuseLabel(name: string, label: unknown, classes: number): void {
  const meant = typeof label === "string"
    ? "the number of a class, as classNames.indexOf(label) tells"
    : typeof label === "object" && label !== null
    ? "the number of a class (arrays of targets are given as 'y')"
    : undefined;
  if (meant === undefined) requireInteger(ACTION, name, label, 0, classes - 1);
  else throw new WrongTypeError(wrong(ACTION, name, meant, label));
}

/**
 * Makes samples from your own arrays. A Float32Array is used as it is, everything else is copied.
 *
 * @throws {TypeError} If a value is of the wrong type, or there are both targets and labels.
 * @throws {RangeError} If there are no samples, lengths differ, a value isn't finite as a float32, the numbers of a column
 * differ by less than float32 can represent, or a label is out of range.
 *
 * @example An array for each sample
 * ```ts
 * import { samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * console.log(samples.outputs, samples.y); // 2, Float32Array [0, 1, 1, 0]
 * ```
 *
 * @example One target for each sample
 * ```ts
 * import { samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[50, 1], [80, 2]], y: [120.5, 210] });
 * console.log(samples.outputs, samples.y); // 1, Float32Array [120.5, 210]
 * ```
 *
 * @example One array for all samples
 * ```ts
 * import { samplesFrom } from "@lockstep/lockstep";
 *
 * const x = Float32Array.of(0, 1, 1, 0);
 * const samples = samplesFrom({ x, inputs: 2, labels: [1, 0] });
 * console.log(samples.count, samples.x === x); // 2, true
 * ```
 */
export function samplesFrom(source: SampleSource): Samples;
/** Makes samples from your own compressed sparse rows, which are used as they are. */
export function samplesFrom(source: SparseSampleSource): SparseSamples;
export function samplesFrom(
  source: SampleSource | SparseSampleSource,
): Samples | SparseSamples {
  const isPlain = typeof source === "object" && source !== null &&
    !Array.isArray(source);
  if (isPlain) requireOptions(ACTION, source, NAMES, HINTS);
  if (!isPlain || !("x" in source)) {
    const wanted = "an object with x, and y or labels, as { x, y }";
    throw new WrongTypeError(wrong(ACTION, "source", wanted, source));
  }
  refuseUnread(source);
  if (isCsr(source.x)) {
    const { x } = source;
    const inputs = requireInteger(ACTION, "inputs", source.inputs, 1, Infinity);
    const samples = checkCsr(ACTION, x, inputs);
    return { x, ...targets(source, samples), count: samples, inputs };
  }
  const flat = flatten(ACTION, "x", source.x, "inputs", source.inputs);
  requireDifferences(ACTION, "x", source.x, flat);
  const { values: x, width: inputs } = flat;
  const samples = x.length / inputs;
  return { x, ...targets(source, samples), count: samples, inputs };
}

const NAMES = ["x", "inputs", "y", "outputs", "labels", "classes"] as const;

/** What other libraries call them. */
const HINTS: Hints = {
  xs: "x",
  ys: "y",
  features: "x",
  data: "x",
  target: "y",
  targets: "y",
  numclasses: "classes",
};

/** What goes with targets alone, or with labels alone. */
function refuseUnread(source: object): void {
  const given = source as Readonly<Record<string, unknown>>;
  for (
    const [name, reader, other] of [
      ["classes", "labels", "y"],
      ["outputs", "y", "labels"],
    ]
  ) {
    const unread = given[name] !== undefined && given[reader] === undefined;
    if (!unread || given[other] === undefined) continue;
    throw new WrongTypeError(
      `Cannot ${ACTION} as '${name}' is not read with '${other}': leave it out, or give '${reader}'`,
    );
  }
}

function targets(source: TargetSource, samples: number): Targets {
  return "y" in source && source.y !== undefined
    ? givenTargets(source, samples)
    : classTargets(source as Labeled, samples);
}

type Labeled = Extract<TargetSource, { readonly labels: unknown }>;

type Targets = Pick<Samples, "y" | "outputs">;

function givenTargets(
  source: Exclude<TargetSource, Labeled>,
  samples: number,
): Targets {
  if ((source as Partial<Labeled>).labels !== undefined) {
    throw new WrongTypeError(
      "Cannot make samples as there are both 'y' and 'labels'",
    );
  }
  const flat = targetValues(source, samples);
  const { values: y, width: outputs } = flat;
  const found = y.length / outputs;
  if (found !== samples) {
    // As the caller counts: rows, or values of a typed array.
    const factor = source.y.length / found;
    throw new WrongValueError(
      wrong(
        ACTION,
        "y.length",
        `${samples * factor} for ${samples} samples in x`,
        source.y.length,
      ),
    );
  }
  requireDifferences(ACTION, "y", source.y, flat);
  return { y, outputs };
}

/** The targets in one array, and how many a sample has. */
function targetValues(
  { y, outputs }: Exclude<TargetSource, Labeled>,
  samples: number,
): Flattened {
  if (isNumbers(y)) {
    if (outputs === undefined || outputs === 1) {
      return flattenNumbers(ACTION, "y", y);
    }
    const wanted = `an array of ${outputs} targets for each sample`;
    throw new WrongTypeError(wrong(ACTION, "y", wanted, y));
  }
  if (outputs !== undefined || !ArrayBuffer.isView(y)) {
    return flatten(ACTION, "y", y, "outputs", outputs);
  }
  if (y.length === samples) return flatten(ACTION, "y", y, "outputs", 1);
  const wanted =
    `the number of targets of a sample, as y has ${y.length} values for ${samples} samples`;
  throw new WrongTypeError(wrong(ACTION, "outputs", wanted, outputs));
}

/** Whether targets are numbers, one for each sample, rather than an array for each. */
function isNumbers(
  y: Rows | FlatNumbers | readonly number[],
): y is readonly number[] {
  if (!Array.isArray(y) || y.length === 0) return false;
  const first: unknown = y[0];
  return typeof first !== "object" || first === null;
}

function classTargets(source: Labeled, samples: number): Targets {
  const { labels, classes } = source;
  if (labels === undefined) {
    throw new WrongTypeError(
      `Cannot ${ACTION} as there must be targets: 'y', or 'labels' for classes`,
    );
  }
  if (typeof labels !== "object" || typeof labels?.length !== "number") {
    throw new WrongTypeError(
      wrong(ACTION, "labels", "an array of whole numbers", labels),
    );
  }
  if (labels.length !== samples) {
    throw new WrongValueError(
      wrong(
        ACTION,
        "labels.length",
        `${samples} for ${samples} samples in x`,
        labels.length,
      ),
    );
  }
  if (classes !== undefined) {
    requireInteger(ACTION, "classes", classes, 2, Infinity);
  }
  const outputs = classes ?? checkLabels(labels, Infinity) + 1;
  // A single output of 1 would mean class 1.
  if (outputs === 1) {
    const wanted = "2 or more where all labels are 0";
    throw new WrongValueError(wrong(ACTION, "classes", wanted, classes));
  }
  return { y: oneHot(labels, outputs), outputs };
}
