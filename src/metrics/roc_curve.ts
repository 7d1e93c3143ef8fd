/** A point of a curve: which fractions of the samples of class 0 and of class 1 have a score from some threshold on. */
export type RocPoint = readonly [falsePositives: number, truePositives: number];

/**
 * The receiver operating characteristic: a point for each score that occurs, from none to all samples. Its area is what
 * {@linkcode rocAuc} computes.
 *
 * @param labels 0 or 1, of which both occur.
 * @param scores One for each, none of them NaN.
 */
export function rocCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): RocPoint[] {
  const [zeros, ones] = sortedByClass(labels, scores);
  const [ofZeros, ofOnes] = [zeros.length, ones.length];
  let [zero, one] = [ofZeros, ofOnes];
  const points: RocPoint[] = [[0, 0]];
  while (zero > 0 || one > 0) {
    // Equal scores are taken together. Beyond an end there is nothing, which is less than any number.
    const score = zero === 0 || ones[one - 1] > zeros[zero - 1]
      ? ones[one - 1]
      : zeros[zero - 1];
    while (zeros[zero - 1] === score) zero--;
    while (ones[one - 1] === score) one--;
    points.push([(ofZeros - zero) / ofZeros, (ofOnes - one) / ofOnes]);
  }
  return points;
}

/**
 * The area below {@linkcode rocCurve}: the fraction of the pairs of a sample of each class in which that of class 1 has the
 * larger score, equals counted half.
 */
export function rocArea(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): number {
  const [zeros, ones] = sortedByClass(labels, scores);
  let [below, upTo, pairs] = [0, 0, 0];
  for (const score of ones) {
    while (zeros[below] < score) below++;
    while (zeros[upTo] <= score) upTo++;
    pairs += (below + upTo) / 2;
  }
  return pairs / (ones.length * zeros.length);
}

/** Scores of the samples of class 0 and of class 1, ascending: numbers alone are sorted many times as fast as their places. */
function sortedByClass(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): [zeros: Float64Array, ones: Float64Array] {
  let ofOnes = 0;
  for (let s = 0; s < labels.length; s++) ofOnes += labels[s];
  const zeros = new Float64Array(labels.length - ofOnes);
  const ones = new Float64Array(ofOnes);
  let [zero, one] = [0, 0];
  for (let s = 0; s < labels.length; s++) {
    if (labels[s] === 1) ones[one++] = scores[s];
    else zeros[zero++] = scores[s];
  }
  return [zeros.sort(), ones.sort()];
}
