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
  const order = Uint32Array.from(labels, (_, at) => at)
    .sort((one, other) => scores[other] - scores[one]);
  const total = [0, 0];
  for (const at of order) total[labels[at]]++;
  const counts = [0, 0];
  const points: RocPoint[] = [[0, 0]];
  for (const [place, at] of order.entries()) {
    counts[labels[at]]++;
    // Equal scores are taken together.
    if (scores[order[place + 1]] === scores[at]) continue;
    points.push([counts[0] / total[0], counts[1] / total[1]]);
  }
  return points;
}
