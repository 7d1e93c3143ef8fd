/** The default number of workers of a command. */
import { MAXIMUM_WORKERS } from "../pool/control.ts";

/** Seconds that it takes to start a worker, one after another. */
const START_SECONDS = 0.05;

/** Multiplications and additions that a worker does in a second where layers are small; several times that in large ones. */
const RATE = 5e9;

/** What a training is to compute. */
export interface TrainingWork {
  /** Nodes of the layers. */
  readonly layers: readonly number[];
  /** Samples to train with. */
  readonly samples: number;
  readonly epochs: number;
}

/**
 * The number of workers with which a training is fastest, including their start: a small training ends before a second
 * worker would have started. Results don't depend on it.
 *
 * @param cores Cores of the machine.
 */
export function defaultWorkers(
  { layers, samples, epochs }: TrainingWork,
  cores = navigator.hardwareConcurrency,
): number {
  const weights = layers.slice(1)
    .reduce((sum, outputs, n) => sum + outputs * (layers[n] + 1), 0);
  // A multiplication and an addition forward, and twice that backward.
  const seconds = 6 * weights * samples * epochs / RATE;
  // Where `START_SECONDS · workers + seconds / workers` is least.
  const best = Math.round(Math.sqrt(seconds / START_SECONDS));
  return Math.max(1, Math.min(best, cores, MAXIMUM_WORKERS));
}
