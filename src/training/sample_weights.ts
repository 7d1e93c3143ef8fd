import { WrongTypeError, WrongValueError } from "../errors.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { classOfTargets } from "../metrics/classification.ts";
import { requireNonNegative, wrong } from "../validate.ts";

const ACTION = "train";

/**
 * The factor of the loss of each sample: that of its class times its own. `undefined` if neither is given.
 *
 * @param learned How many samples, the first ones, are learned from: balanced weights are for those.
 *
 * Balanced weights are `samples / (classes that occur · samples of the class)`, as in
 * [scikit-learn](https://scikit-learn.org/stable/modules/generated/sklearn.utils.class_weight.compute_class_weight.html).
 *
 * @throws {TypeError} If a weight is not a number.
 * @throws {RangeError} If a weight is negative or not finite, or a length doesn't fit.
 */
export function sampleWeightsOf(
  { y, samples, outputs }: Samples | SparseSamples,
  classWeights?: readonly number[] | "balanced",
  sampleWeights?: ArrayLike<number>,
  learned: number = samples,
): Float32Array | undefined {
  if (classWeights === undefined && sampleWeights === undefined) return;
  const weights = new Float32Array(samples).fill(1);
  if (sampleWeights !== undefined) {
    requireWeights("sampleWeights", sampleWeights, samples, "samples");
    weights.set(sampleWeights);
  }
  if (classWeights !== undefined) {
    const classes = Math.max(outputs, 2);
    const labels = classOfTargets(y, outputs);
    const factors = classWeights === "balanced"
      ? balanced(labels.subarray(0, learned), classes)
      : classWeights;
    requireWeights("classWeights", factors, classes, "classes");
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
  for (let at = 0; at < length; at++) {
    requireNonNegative(ACTION, `${name}[${at}]`, weights[at]);
  }
}
