import { WrongTypeError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { requireChoice, requireNumber, wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { Table } from "../data/table.ts";
import { Mlp } from "../mlp/mlp.ts";
import {
  type Candidate,
  epochsOf,
  networkOf,
  requireCandidate,
  type ScaleName,
  scalesOf,
} from "./candidate.ts";
import { FOLD_HINTS } from "./folds.ts";
import { partsOf, wholeOf } from "./parts.ts";
import { runSearch, type Trial } from "./run_search.ts";
import { scoreFor, type ScoreName } from "./scores.ts";
import {
  requireComparable,
  requireMethod,
  requireNames,
} from "./search_checks.ts";
import { settingOf } from "./setting.ts";
import {
  type Choice,
  choicesOf,
  type NumberRange,
  requireSpace,
  type SearchMethod,
} from "./space.ts";
import {
  FILE_VERSION,
  hashOf,
  type Heading,
  SAMPLES,
  TrialsFile,
} from "./trials_file.ts";
import {
  NETWORK_NAMES,
  requireParts,
  SCALE_NAMES,
  threadsOf,
  TRAINING_NAMES,
  VALIDATION_NAMES,
  type ValidationOptions,
} from "./validation_options.ts";

const ACTION = "search";

/**
 * What to search for, and how.
 *
 * @example
 * ```ts
 * import { type SearchOptions } from "@lockstep/lockstep";
 *
 * const options: SearchOptions = {
 *   space: { learningRate: { from: 1e-4, to: 0.1, log: true }, hidden: [[16], [32, 16]] },
 *   method: "halving",
 *   trials: 27,
 *   training: { epochs: 90 },
 * };
 * console.log(options.trials); // 27
 * ```
 */
export interface SearchOptions extends ValidationOptions {
  /**
   * The values to try: for each option of the network or the training, or `scale`, a list or a range of numbers.
   */
  readonly space: Readonly<Record<string, readonly unknown[] | NumberRange>>;
  /**
   * The method: random choices (`"random"`), all combinations (`"grid"`), or successive halving (`"halving"`), which trains
   * random choices for few epochs, then trains the best `1 / factor` of them anew for `factor` times as many epochs, and so
   * on up to the epochs of the training. Default: `"random"`
   */
  readonly method?: SearchMethod;
  /** How many choices to try, from 1 to 1,000,000, or all if there are fewer; not for `"grid"`. Default: 20 */
  readonly trials?: number;
  /** Only for `"halving"`, see there; from 2 to 100. Default: 3 */
  readonly factor?: number;
  /** What to compare networks by. Default: accuracy, for numbers R² */
  readonly score?: ScoreName;
  /** Fraction of the samples to evaluate all networks on, instead of using folds. */
  readonly holdout?: number;
  /**
   * Path of a file that records each completed trial. If the file exists, the search continues it; it refuses a file of
   * other samples or options. Default: none
   */
  readonly file?: string;
  /** Called after every trial, with the number of completed trials and of all trials. */
  readonly onTrial?: (trial: Trial, done: number, all: number) => void;
}

/**
 * The result of a search.
 *
 * @example
 * ```ts
 * import { samplesFrom, search, type SearchResult } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0], [1], [0], [1]], labels: [0, 1, 0, 1] });
 * const found: SearchResult = await search(samples, {
 *   space: { learningRate: [0.001, 0.1] },
 *   training: { epochs: 5 },
 *   folds: 2,
 * });
 * await using mlp = found.mlp;
 * console.log(found.best.options, mlp.layers);
 * ```
 */
export interface SearchResult {
  /** The trial with the best score, the first one of equals. */
  readonly best: Trial;
  /** All trials, the best first; those that failed last. */
  readonly trials: readonly Trial[];
  /** What they were compared by. */
  readonly score: ScoreName;
  /** A network with the options of the best trial, trained on all samples; dispose it after use. */
  readonly mlp: Mlp;
}

const NAMES = Object.keys(
  {
    ...VALIDATION_NAMES,
    space: true,
    method: true,
    trials: true,
    factor: true,
    score: true,
    holdout: true,
    file: true,
    onTrial: true,
  } satisfies Readonly<Record<keyof SearchOptions, true>>,
);

/**
 * Searches for the options with which networks do best on samples that they didn't learn from, then trains a network with
 * these options on all samples. All choices are checked before the first trial starts. Trials run in parallel, each on one
 * core; results don't depend on how many run at a time. A trial whose training diverges counts as failed. The best score is
 * too optimistic, as it is the best of many: evaluate the network on samples that the search didn't use.
 *
 * @throws {TypeError} If `samples` are none, or an option is unknown or of the wrong type.
 * @throws {RangeError} If an option is out of its range, the file is of another search, or all trials fail.
 * @throws {Error} If the signal is aborted, or a thread fails.
 *
 * @example
 * ```ts
 * import { readTable, search, trainTestSplit, TableEncoder } from "@lockstep/lockstep";
 *
 * const table = await readTable("data/iris.csv");
 * const { train, test } = trainTestSplit(table, { stratify: "species" });
 * const { best, mlp } = await search(train, {
 *   space: {
 *     learningRate: { from: 1e-3, to: 0.1, log: true },
 *     hidden: [[8], [16]],
 *   },
 *   trials: 6,
 *   training: { epochs: 10 },
 *   folds: 3,
 * });
 * console.log(best.options, best.score);
 * console.log((await mlp.evaluate(await mlp.encoder!.samples(test))).accuracy);
 * await mlp.dispose();
 * ```
 */
export async function search(
  samples: Samples | SparseSamples | Table,
  options: SearchOptions,
): Promise<SearchResult> {
  requireOptions(ACTION, options, NAMES, {
    ...FOLD_HINTS,
    paramgrid: "space",
    paramdistributions: "space",
    niter: "trials",
    scoring: "score",
    njobs: "workers",
  });
  requireParts(ACTION, options);
  const { signal, onTrial, file, holdout } = options;
  const space = requireNames(
    ACTION,
    requireSpace(ACTION, options.space),
    options,
  );
  const how = requireMethod(ACTION, options);
  if (onTrial !== undefined && typeof onTrial !== "function") {
    throw new WrongTypeError(wrong(ACTION, "onTrial", "a function", onTrial));
  }
  if (file !== undefined && typeof file !== "string") {
    throw new WrongTypeError(wrong(ACTION, "file", "a path", file));
  }
  if (holdout !== undefined) {
    requireNumber(ACTION, "holdout", holdout, {
      wanted: "a number between 0 and 1",
      holds: (value) => value > 0 && value < 1,
    });
  }
  const setting = await settingOf(ACTION, samples, options, holdout);
  const score = scoreFor(
    ...[ACTION, options.score, setting.task, setting.folds] as const,
  );
  requireComparable(ACTION, score, space);
  const choices = choicesOf(ACTION, space, how);
  const trials = choices.map((choice) => {
    const candidate = candidateOf(options, choice, setting.scale);
    return { options: choice, candidate, epochs: epochsOf(candidate) };
  });
  const scales = scalesOf(trials.map(({ candidate }) => candidate));
  const parts = await partsOf(setting.source, setting.folds, scales);
  for (const { candidate } of trials) requireCandidate(parts[0], candidate);
  await using opened = file === undefined ? undefined : await TrialsFile.open(
    file,
    headingOf(options, await hashOf(parts)),
    (name) => `'${name}'`,
  );
  const ranked = await runSearch({
    ...{ parts, trials, score, signal, onTrial, file: opened },
    factor: how.method === "halving" ? how.factor : undefined,
    threads: threadsOf(options),
  });
  const [best] = ranked;
  const { candidate } = trials[best.trial - 1];
  const whole = await wholeOf(setting.source, candidate.scale);
  const mlp = new Mlp({
    ...networkOf(whole, candidate),
    workers: threadsOf(options),
  });
  try {
    await mlp.fit(whole.train, {
      ...candidate.training,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    await mlp.dispose();
    throw error;
  }
  return { best, trials: ranked, score, mlp };
}

/** The candidate that a choice from the space makes of the options. */
function candidateOf(
  { network = {}, training = {} }: SearchOptions,
  choice: Choice,
  standard: ScaleName,
): Candidate {
  const pickFrom = (names: readonly string[]) =>
    Object.fromEntries(
      Object.entries(choice).filter(([name]) => names.includes(name)),
    );
  return {
    network: { ...network, ...pickFrom(NETWORK_NAMES) },
    training: { ...training, ...pickFrom(TRAINING_NAMES) },
    scale: choice.scale === undefined
      ? standard
      : requireChoice(ACTION, "scale", choice.scale, SCALE_NAMES),
  };
}

/** Options that have options of their own. */
const NESTED = ["space", "network", "training"];

/** What a file of trials is about: options by name, and their own options. */
function headingOf(options: SearchOptions, samples: string): Heading {
  const { signal: _s, onTrial: _o, workers: _w, file: _f, ...kept } = options;
  const fields = Object.entries(kept).flatMap((
    [name, value],
  ): [string, unknown][] =>
    NESTED.includes(name)
      ? Object.entries(value as object).map(([key, one]) => [
        `${name}.${key}`,
        one,
      ])
      : [[name, value]]
  );
  return {
    lockstep: FILE_VERSION,
    ...Object.fromEntries(fields),
    [SAMPLES]: samples,
  };
}
