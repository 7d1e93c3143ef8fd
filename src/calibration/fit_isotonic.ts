import type { IsotonicCurve } from "./calibration.ts";

/**
 * The curve that never falls and is nearest to the targets in the mean square, by pooling neighbors that would fall, as
 * scikit-learn's `IsotonicRegression`: of every level its first and last point are kept.
 *
 * @param p The probability of each sample before calibration.
 * @param y The target of each sample, from 0 to 1.
 */
export function fitIsotonic(
  p: ArrayLike<number>,
  y: ArrayLike<number>,
): IsotonicCurve {
  const order = Array.from({ length: p.length }, (_, at) => at)
    .sort((one, other) => p[one] - p[other]);
  /** Levels from left to right: where they begin and end, the sum of their targets, and how many there are. */
  const levels: { first: number; last: number; sum: number; count: number }[] =
    [];
  for (let at = 0; at < order.length;) {
    const x = p[order[at]];
    const level = { first: x, last: x, sum: 0, count: 0 };
    // What is told the same has one value.
    for (; at < order.length && p[order[at]] === x; at++) {
      level.sum += y[order[at]];
      level.count++;
    }
    levels.push(level);
    while (levels.length > 1) {
      const [before, last] = levels.slice(-2);
      if (before.sum * last.count < last.sum * before.count) break;
      levels.splice(-2, 2, {
        first: before.first,
        last: last.last,
        sum: before.sum + last.sum,
        count: before.count + last.count,
      });
    }
  }
  const points = levels.flatMap(({ first, last, sum, count }) =>
    (first === last ? [first] : [first, last])
      .map((x) => [x, Math.min(1, sum / count)])
  );
  return { from: points.map(([x]) => x), to: points.map(([, to]) => to) };
}
