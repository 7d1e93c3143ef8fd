/** The errors of one column of outputs, summed up sample by sample. */
export class ColumnErrors {
  #count = 0;
  #absolute = 0;
  #squared = 0;
  #mean = 0;
  /** Sum of the squared distances of the targets from their mean. */
  #spread = 0;
  #first = NaN;
  /** Whether all targets are equal. The spread doesn't tell, as it may be tiny instead of 0 where the mean is rounded. */
  #constant = true;

  /** Adds the target and the output of one sample. */
  add(target: number, output: number): void {
    const error = output - target;
    this.#absolute += Math.abs(error);
    this.#squared += error * error;
    if (this.#count++ === 0) this.#first = target;
    if (target !== this.#first) this.#constant = false;
    // Welford 1962, https://doi.org/10.1080/00401706.1962.10490022: exact also where the mean is far from 0.
    const distance = target - this.#mean;
    this.#mean += distance / this.#count;
    this.#spread += distance * (target - this.#mean);
  }

  /** What is known so far, as numbers that others can go on with. */
  toNumbers(): number[] {
    const constant = this.#constant ? 1 : 0;
    return [
      ...[this.#count, this.#absolute, this.#squared],
      ...[this.#mean, this.#spread, this.#first, constant],
    ];
  }

  /** Adds samples of others, see {@linkcode ColumnErrors.toNumbers}. In another order it may be other last digits. */
  merge(numbers: readonly number[]): void {
    const [count, absolute, squared, mean, spread, first, constant] = numbers;
    if (count === 0) return;
    const before = this.#count;
    this.#count += count;
    this.#absolute += absolute;
    this.#squared += squared;
    if (before === 0) this.#first = first;
    if (constant === 0 || first !== this.#first) this.#constant = false;
    // Chan, Golub, LeVeque 1979: Welford's for two parts.
    const distance = mean - this.#mean;
    this.#mean += distance * count / this.#count;
    this.#spread += spread + distance * distance * before * count / this.#count;
  }

  /** The mean of the absolute differences. */
  get meanAbsolute(): number {
    return this.#absolute / this.#count;
  }

  /** The mean of the squared differences. */
  get meanSquared(): number {
    return this.#squared / this.#count;
  }

  /** R², see `r2`. */
  get r2(): number {
    const residual = this.#squared;
    if (this.#constant && Number.isFinite(residual)) {
      return residual === 0 ? 1 : 0;
    }
    return 1 - residual / this.#spread;
  }
}

/** The mean of what `measure` returns for each column; every column counts the same. */
export function meanOfColumns(
  columns: readonly ColumnErrors[],
  measure: (errors: ColumnErrors, column: number) => number,
): number {
  const sum = columns.reduce(
    (total, errors, column) => total + measure(errors, column),
    0,
  );
  return sum / columns.length;
}
