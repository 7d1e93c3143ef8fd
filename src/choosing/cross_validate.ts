import { requireOptions } from "../checks/options.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import type { Evaluation } from "../inference/evaluate.ts";
import { type Candidate, type Part, requireCandidate } from "./candidate.ts";
import { FOLD_HINTS } from "./folds.ts";
import { partsOf } from "./parts.ts";
import { meanAndDeviation, type ScoreName } from "./scores.ts";
import { settingOf } from "./setting.ts";
import { TrialPool } from "./trial_pool.ts";
import {
  requireParts,
  threadsOf,
  VALIDATION_NAMES,
  type ValidationOptions,
} from "./validation_options.ts";

const ACTION = "cross-validate";

/**
 * The evaluations of a cross-validation.
 *
 * @example
 * ```ts
 * import { crossValidate, type CrossValidation, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0], [1], [0], [1]], labels: [0, 1, 0, 1] });
 * const found: CrossValidation = await crossValidate(samples, { folds: 2 });
 * console.log(found.scores.length, found.mean.accuracy, found.deviation.accuracy);
 * ```
 */
export interface CrossValidation {
  /** The evaluation of each fold, repeat after repeat; without `r2` where one has a single sample. */
  readonly scores: readonly Evaluation[];
  /** Mean over the folds. */
  readonly mean: Evaluation;
  /**
   * Sample standard deviation over the folds. It is only a rough estimate, as trainings of different folds share samples.
   */
  readonly deviation: Evaluation;
}

/**
 * Trains a network for each fold of the samples and evaluates it on that fold. Nothing of the fold leaks into the training:
 * scaling and the encoding of columns are fitted to the other folds. Only the set of classes and the kinds of columns are
 * determined from all rows. Networks are trained in parallel, each on one core.
 *
 * @throws {TypeError} If `samples` are none, or an option is unknown or of the wrong type.
 * @throws {RangeError} If an option is out of its range, or a training diverges.
 * @throws {Error} If the signal is aborted, or a thread fails.
 *
 * @example
 * ```ts
 * import { crossValidate, readTable } from "@lockstep/lockstep";
 *
 * const table = await readTable("data/iris.csv");
 * const { mean, deviation } = await crossValidate(table, {
 *   network: { hidden: [16] },
 *   training: { epochs: 20, learningRate: 0.01 },
 *   folds: 5,
 * });
 * console.log(mean.accuracy, deviation.accuracy);
 * ```
 */
export async function crossValidate(
  samples: Samples | SparseSamples | Table,
  options: ValidationOptions = {},
): Promise<CrossValidation> {
  requireOptions(ACTION, options, Object.keys(VALIDATION_NAMES), FOLD_HINTS);
  requireParts(ACTION, options);
  const { network = {}, training = {}, signal } = options;
  const { source, folds, scale } = await settingOf(ACTION, samples, options);
  return await validateParts(
    await partsOf(source, folds, [scale]),
    { network, training, scale },
    { threads: threadsOf(options), signal },
  );
}

/** Trains a candidate on each part. */
export async function validateParts(
  parts: readonly Part[],
  candidate: Candidate,
  { threads, signal, onFold }: {
    readonly threads: number;
    readonly signal: AbortSignal | undefined;
    /** Called when a fold is done, with its number. */
    readonly onFold?: (fold: number) => void;
  },
): Promise<CrossValidation> {
  signal?.throwIfAborted();
  requireCandidate(parts[0], candidate);
  const pool = new TrialPool(parts, threads);
  const stop = () => pool.end(signal!.reason);
  signal?.addEventListener("abort", stop);
  const alone = parts.some(({ test }) => test.count === 1);
  try {
    const scores = await Promise.all(parts.map(async (_, part): Promise<
      Evaluation
    > => {
      const { evaluation } = await pool.train(part, candidate);
      onFold?.(part);
      if (!alone) return evaluation;
      // Of a lone sample there is no R².
      const { r2: _r2, ...rest } = evaluation;
      return rest;
    }));
    const names = Object.keys(scores[0]) as ScoreName[];
    const over = (key: "mean" | "deviation") =>
      Object.fromEntries(names.map((name) => [
        name,
        meanAndDeviation(scores.map((score) => score[name]!))[key],
      ])) as unknown as Evaluation;
    return { scores, mean: over("mean"), deviation: over("deviation") };
  } finally {
    signal?.removeEventListener("abort", stop);
    pool.end(new Error("The validation is over"));
  }
}
