import type { TrainingSnapshot } from "../history/snapshot.ts";

/** Batches that are remembered; of more, the oldest are forgotten. */
const MOST_KEPT = 60_000;

/** The loss of each batch, as far as snapshots had it, by its number over all epochs. */
export class BatchLosses {
  readonly #numbers: number[] = [];
  readonly #losses: number[] = [];
  /** Batches that were added, with those that are forgotten. */
  count = 0;
  #epoch = 0;
  #known = 0;

  /** Adds what a snapshot has that those before hadn't. */
  add({ epoch, batch, batches, losses }: TrainingSnapshot): void {
    const between = batch === 0;
    const of = between ? epoch - 1 : epoch;
    if (of !== this.#epoch) [this.#epoch, this.#known] = [of, 0];
    for (let at = this.#known; at < losses.length; at++) {
      this.#numbers.push((of - 1) * batches + at + 1);
      this.#losses.push(losses[at]);
      this.count++;
    }
    this.#known = Math.max(this.#known, losses.length);
    // Now and then, as all others move.
    if (this.#losses.length < 2 * MOST_KEPT) return;
    const old = this.#losses.length - MOST_KEPT;
    this.#numbers.splice(0, old);
    this.#losses.splice(0, old);
  }

  /**
   * Those after so many, as numbers and losses; of more than `most`, means of equally many side by side.
   *
   * @param from How many are known already.
   */
  since(from: number, most: number): [numbers: number[], losses: number[]] {
    const first = this.count - this.#losses.length;
    const start = Math.max(0, from - first);
    const width = Math.ceil((this.#losses.length - start) / most);
    const numbers: number[] = [];
    const losses: number[] = [];
    for (let at = start; at < this.#losses.length; at += width) {
      const end = Math.min(at + width, this.#losses.length);
      let sum = 0;
      for (let one = at; one < end; one++) sum += this.#losses[one];
      numbers.push(this.#numbers[end - 1]);
      losses.push(sum / (end - at));
    }
    return [numbers, losses];
  }
}
