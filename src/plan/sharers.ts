/** How many workers compute a batch. Results don't depend on it. */

/**
 * Seconds that each further worker adds to a batch: by waiting at the ends of stages, and by moving weights between the
 * caches of cores. Two workers lost 40 to 150 µs a batch, depending on where the cores of a virtual machine were.
 */
const SECONDS_A_WORKER = 50e-6;

/** The work of a batch. */
export interface BatchWork {
  /** Nodes of each layer. */
  readonly layers: readonly number[];
  readonly samples: number;
  /** Fraction of the inputs that isn't skipped. */
  readonly density: number;
  /** Multiplications and additions of a worker in a second. */
  readonly rate: number;
}

/** The number of workers, up to `most`, with which a batch is computed fastest. */
export function workersThatShare(
  { layers, samples, density, rate }: BatchWork,
  most: number,
): number {
  const weights = layers.slice(1).reduce(
    (sum, outputs, n) => sum + outputs * layers[n] * (n === 0 ? density : 1),
    0,
  );
  // A multiplication and an addition forward, and twice that backward.
  const seconds = 6 * weights * samples / rate;
  const time = (workers: number) =>
    seconds / workers + (workers > 1 ? SECONDS_A_WORKER * workers : 0);
  // The minimum of `time` for several workers; a single one waits for no other.
  const best = Math.round(Math.sqrt(seconds / SECONDS_A_WORKER));
  const workers = Math.max(1, Math.min(best, most));
  return time(workers) < time(1) ? workers : 1;
}
