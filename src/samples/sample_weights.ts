import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import type { Samples } from "../data/dataset.ts";
import { classOfTargets } from "../metrics/classification.ts";
import { requireNonNegative, wrong } from "../checks/validate.ts";

const ACTION = "train";

/** The options that set the factors of samples' losses. */
export interface WeightOptions {
  readonly classWeights?: readonly number[] | "balanced";
  readonly sampleWeights?: ArrayLike<number>;
}

/**
 * Checks factors of losses.
 *
 * @throws {TypeError} If a weight is not a number.
 * @throws {RangeError} If a weight is negative or not finite, or a length doesn't fit.
 */
export function checkWeights(
  { classWeights, sampleWeights }: WeightOptions,
  samples: number,
  outputs: number,
): void {
  if (sampleWeights !== undefined) {
    requireWeights("sampleWeights", sampleWeights, samples, "samples");
  }
  if (classWeights !== undefined && classWeights !== "balanced") {
    requireWeights("classWeights", classWeights, classesOf(outputs), "classes");
  }
}

/** How many classes there are: a single output tells two apart. */
function classesOf(outputs: number): number {
  return Math.max(outputs, 2);
}

/**
 * The factor of the loss of each sample: that of its class times its own. `undefined` if neither is given.
 *
 * Balanced weights are `samples / (classes that occur · samples of the class)`, as in
 * [scikit-learn](https://scikit-learn.org/stable/modules/generated/sklearn.utils.class_weight.compute_class_weight.html).
 *
 * @param samples Those to learn from.
 * @param numbers Where their `sampleWeights` are, if others are held back. Default: they are all
 */
export function weightsOf(
  { classWeights, sampleWeights }: WeightOptions,
  { y, count: samples, outputs }: Pick<Samples, "y" | "count" | "outputs">,
  numbers?: Int32Array,
): Float32Array | undefined {
  if (classWeights === undefined && sampleWeights === undefined) return;
  const weights = new Float32Array(samples).fill(1);
  if (sampleWeights !== undefined) {
    for (let s = 0; s < samples; s++) {
      weights[s] = sampleWeights[numbers?.[s] ?? s];
    }
  }
  if (classWeights !== undefined) {
    const labels = classOfTargets(y, outputs);
    const factors = classWeights === "balanced"
      ? balanced(labels, classesOf(outputs))
      : classWeights;
    for (let s = 0; s < samples; s++) weights[s] *= factors[labels[s]];
  }
  return weights;
}

function balanced(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) =>
    count === 0 ? 0 : labels.length / (present * count)
  );
}

function requireWeights(
  name: string,
  weights: ArrayLike<number>,
  length: number,
  what: string,
): void {
  if (typeof weights !== "object" || typeof weights?.length !== "number") {
    throw new WrongTypeError(
      wrong(ACTION, name, "an array of numbers", weights),
    );
  }
  if (weights.length !== length) {
    throw new WrongValueError(
      wrong(
        ACTION,
        `${name}.length`,
        `${length} for as many ${what}`,
        weights.length,
      ),
    );
  }
  let sum = 0;
  for (let at = 0; at < length; at++) {
    sum += requireNonNegative(ACTION, `${name}[${at}]`, weights[at]);
  }
  if (sum === 0) {
    const wanted = "more than 0 for some, as nothing is learned otherwise";
    throw new WrongValueError(wrong(ACTION, name, wanted, weights));
  }
}
