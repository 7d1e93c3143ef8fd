/** Samples of arrays of numbers: inputs as they are, and targets that are classes, labels or numbers. */
import type { Task } from "../units/tasks.ts";
import { WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Samples } from "./dataset.ts";
import { firstNotFinite, requireFewValues } from "./floats.ts";
import type { NpyArray } from "./npy.ts";

/** Inputs, sample after sample. */
export interface Inputs {
  /** Of the file, for errors. */
  readonly name: string;
  /** `count × inputs` values. */
  readonly x: Float32Array;
  readonly count: number;
  readonly inputs: number;
}

/** Targets as a file has them. */
export interface RawTargets {
  /** Of the file, for errors. */
  readonly name: string;
  /** `samples × width` values. */
  readonly values: ArrayLike<number>;
  readonly width: number;
  /** Given if they are numbers of classes: what each stands for, or nothing more than the number. */
  readonly classes?: readonly string[] | "numbers";
}

/** Targets as a network learns them. */
export interface EncodedTargets extends Pick<Samples, "y" | "outputs"> {
  readonly task: Task;
  /** What each output stands for. */
  readonly names: readonly string[];
}

/** Most different whole numbers that are taken for classes, as in tables. */
const MOST_CLASSES = 20;

/**
 * Makes inputs of an array whose first dimension is that of the samples.
 *
 * @param wanted Inputs of a sample, if they are known.
 *
 * @throws {RangeError} If there are no samples or another number of inputs, or a value isn't finite as a float32.
 */
export function inputsOf(
  name: string,
  { shape, values }: NpyArray,
  wanted?: number,
): Inputs {
  const [count = 0, ...sizes] = shape;
  const inputs = sizes.reduce((all, size) => all * size, 1);
  if (
    count === 0 || inputs === 0 || shape.length < 2 ||
    inputs !== (wanted ?? inputs)
  ) {
    throw new WrongValueError(
      wrong(
        `read '${name}'`,
        "shape",
        `samples × ${wanted ?? "inputs"}, with a sample or more`,
        shape,
      ),
    );
  }
  const x = values instanceof Float32Array ? values : Float32Array.from(values);
  const at = firstNotFinite(x);
  if (at < 0) return { name, x, count, inputs };
  const place = `x of sample ${Math.floor(at / inputs)} at ${at % inputs}`;
  throw new WrongValueError(
    wrong(`read '${name}'`, place, "a number within ±3.4e38", values[at]),
  );
}

/**
 * Makes targets of an array: one for each sample, or a row of them.
 *
 * @param count Samples that there must be.
 *
 * @throws {RangeError} If there are others.
 */
export function targetsOf(
  name: string,
  { shape, values }: NpyArray,
  count: number,
): RawTargets {
  const [found = 0, width = 1] = shape;
  if (found === count && shape.length <= 2 && width > 0) {
    return { name, values, width };
  }
  const wanted = `${count} or ${count} × targets, as there are inputs`;
  throw new WrongValueError(wrong(`read '${name}'`, "shape", wanted, shape));
}

/**
 * Turns targets into what a network learns.
 *
 * @param task What they are; `"auto"`: classes if they are known to be, one-hot, or a column of at most 20 different whole
 * numbers, else numbers.
 * @param known Names of the classes or labels that a model has, in the order of its outputs.
 *
 * @throws {RangeError} If they aren't that, or a class isn't known.
 */
export function encodeTargets(
  targets: RawTargets,
  task: Task | "auto",
  known?: readonly string[],
): EncodedTargets {
  const { name, values, width } = targets;
  const found = task === "auto" ? taskOf(targets) : task;
  if (found === "classes" && width === 1) return encodeClasses(targets, known);
  const isRight = CHECKS[found];
  const y = Float32Array.from(values);
  for (let at = 0; at < y.length; at++) {
    if (isRight.holds(y[at])) continue;
    refuse(targets, at, isRight.wanted);
  }
  if (found === "classes" && !isOneHot(targets)) {
    throw new WrongValueError(
      `Cannot read '${name}' as rows of classes must have one 1 among zeros`,
    );
  }
  const names = known ??
    Array.from(
      { length: width },
      (_, at) => found !== "numbers" ? `${at}` : width === 1 ? "y" : `y[${at}]`,
    );
  if (names.length !== width) refuseWidth(targets, names.length);
  return { task: found, y, outputs: width, names };
}

/** What a value must be. */
const CHECKS = {
  classes: { wanted: "0 or 1", holds: (value: number) => value === +!!value },
  labels: {
    wanted: "0 or 1, or a probability between them",
    holds: (value: number) => value >= 0 && value <= 1,
  },
  numbers: { wanted: "a number within ±3.4e38", holds: Number.isFinite },
} as const satisfies Record<Task, unknown>;

function refuse({ name, values, width }: RawTargets, at: number, to: string) {
  const place = width === 1
    ? `y of sample ${at}`
    : `y of sample ${Math.floor(at / width)} at ${at % width}`;
  throw new WrongValueError(wrong(`read '${name}'`, place, to, values[at]));
}

function refuseWidth({ name, width }: RawTargets, wanted: number): never {
  throw new WrongValueError(
    wrong(`read '${name}'`, "targets of a sample", `${wanted}`, width),
  );
}

function taskOf(targets: RawTargets): Task {
  const { values, width, classes } = targets;
  if (classes !== undefined) return "classes";
  if (width > 1) return isOneHot(targets) ? "classes" : "numbers";
  const different = new Set<number>();
  for (let at = 0; at < values.length; at++) {
    if (!Number.isInteger(values[at])) return "numbers";
    if (different.add(values[at]).size > MOST_CLASSES) return "numbers";
  }
  return "classes";
}

function isOneHot({ values, width }: RawTargets): boolean {
  for (let from = 0; from < values.length; from += width) {
    let ones = 0;
    for (let at = from; at < from + width; at++) {
      if (values[at] === 1) ones++;
      else if (values[at] !== 0) return false;
    }
    if (ones !== 1) return false;
  }
  return true;
}

/** One-hot targets of one class for each sample. */
function encodeClasses(
  targets: RawTargets,
  known: readonly string[] | undefined,
): EncodedTargets {
  const { name, values, classes } = targets;
  const nameOf = (value: number) =>
    Array.isArray(classes) ? classes[value] : `${value}`;
  for (let at = 0; at < values.length; at++) {
    if (Number.isInteger(values[at])) continue;
    refuse(targets, at, "the whole number of a class");
  }
  const names = known ??
    [...new Set(Array.from(values))].sort((a, b) => a - b).map(nameOf);
  if (names.length < 2) {
    throw new WrongValueError(
      wrong(`read '${name}'`, "classes", "two or more", names),
    );
  }
  requireFewValues(`read '${name}'`, "y", values.length, names.length);
  const places = new Map(names.map((known, at) => [known, at]));
  const y = new Float32Array(values.length * names.length);
  for (let at = 0; at < values.length; at++) {
    const place = places.get(nameOf(values[at]));
    if (place === undefined) {
      throw new WrongValueError(
        wrong(
          `read '${name}'`,
          `class of sample ${at}`,
          "one that the model knows",
          nameOf(values[at]),
        ),
      );
    }
    y[at * names.length + place] = 1;
  }
  return { task: "classes", y, outputs: names.length, names };
}
