/** What is known of a batch after its sums, in this order, as float64. */
export const STATISTICS = [
  "loss",
  "error",
  "correct",
  "squares",
  "magnitudes",
  "gradientSquares",
] as const;

export type StatisticName = typeof STATISTICS[number];
