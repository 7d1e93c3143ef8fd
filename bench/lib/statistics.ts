/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, smallest and largest, with the same number of decimals: `0.250 (0.241 … 0.302)`. */
export function spread(values: readonly number[], decimals = 3): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(decimals)} (${least.toFixed(decimals)} … ${
    most.toFixed(decimals)
  })`;
}
