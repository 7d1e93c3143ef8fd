/** Tries candidates one beside another, and ranks them. */
import { isMistake, WrongValueError } from "../checks/errors.ts";
import type { Candidate, Part } from "./candidate.ts";
import { meanAndDeviation, type ScoreName, signOf } from "./scores.ts";
import type { Choice } from "./space.ts";
import { TrialPool } from "./trial_pool.ts";
import type { Outcome, TrialsFile } from "./trials_file.ts";

/**
 * The result of one choice of options.
 *
 * @example
 * ```ts
 * import { samplesFrom, search, type Trial } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0], [1], [0], [1]], labels: [0, 1, 0, 1] });
 * const { mlp, trials } = await search(samples, {
 *   space: { hidden: [[2], [4]] },
 *   training: { epochs: 5 },
 *   folds: 2,
 * });
 * await mlp.dispose();
 * const [best]: readonly Trial[] = trials;
 * console.log(best.options, best.score, best.deviation);
 * ```
 */
export interface Trial extends Outcome {
  /** What was tried. */
  readonly options: Choice;
  /** Mean of the scores; absent if it failed. */
  readonly score?: number;
  /** Standard deviation of the scores, if there are several. */
  readonly deviation?: number;
}

/** What is to be tried, and how. */
export interface SearchPlan {
  readonly parts: readonly Part[];
  readonly trials: readonly {
    readonly options: Choice;
    readonly candidate: Candidate;
    /** That it has, in the last round. */
    readonly epochs: number;
  }[];
  readonly score: ScoreName;
  /** What halving divides trials by, and multiplies epochs with, from round to round; none for one round. */
  readonly factor: number | undefined;
  readonly threads: number;
  readonly file: TrialsFile | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called after each trial, with how many are done and how many there will be. */
  readonly onTrial:
    | ((trial: Trial, done: number, all: number) => void)
    | undefined;
}

/** Trials of a round of halving, and their epochs. */
export interface Round {
  readonly trials: number;
  readonly epochs: number;
}

/** The rounds of successive halving: as many as there are trials and epochs for; one without it. */
export function roundsOf(
  trials: number,
  epochs: number,
  factor: number | undefined,
): Round[] {
  const rounds = [{ trials, epochs }];
  if (factor === undefined) return rounds;
  let [left, divisor] = [Math.floor(trials / factor), factor];
  while (left >= 1 && Math.floor(epochs / divisor) >= 1) {
    rounds.push({ trials: left, epochs });
    left = Math.floor(left / factor);
    divisor *= factor;
  }
  return rounds.map((round, at) => ({
    ...round,
    epochs: Math.floor(epochs / factor ** (rounds.length - 1 - at)),
  }));
}

/**
 * Tries all candidates. Which are best doesn't depend on how many threads there are, nor on what was done before.
 *
 * @returns The trials, each as it was judged last, the best first.
 *
 * @throws {RangeError} If all fail.
 * @throws {Error} If a thread fails, or the signal says so: then its reason.
 */
export async function runSearch(plan: SearchPlan): Promise<Trial[]> {
  const { trials, score, signal } = plan;
  signal?.throwIfAborted();
  const pool = new TrialPool(plan.parts, plan.threads);
  const stop = () => pool.end(signal!.reason);
  signal?.addEventListener("abort", stop);
  try {
    const rounds = roundsOf(trials.length, trials[0].epochs, plan.factor);
    const all = rounds.reduce((sum, round) => sum + round.trials, 0);
    const known = new Map(
      plan.file?.before.map((outcome) => [keyOf(outcome), outcome]),
    );
    let done = 0;
    const latest = new Map<number, Trial>();
    for (const [at, round] of rounds.entries()) {
      const ranked = latest.size === 0
        ? trials.map((_, at) => at + 1)
        : ranking([...latest.values()], score).map(({ trial }) => trial);
      const chosen = ranked.slice(0, round.trials);
      await Promise.all(chosen.map(async (number) => {
        const trial = await tried(plan, pool, known, number, [at + 1, round]);
        latest.set(number, trial);
        plan.onTrial?.(trial, ++done, all);
      }));
    }
    const ranked = ranking([...latest.values()], score);
    if (ranked[0].score === undefined) {
      const { trial, error } = ranked[0];
      throw new WrongValueError(
        `Cannot choose as all ${trials.length} trials failed: ${trial} as '${error}'`,
      );
    }
    return ranked;
  } finally {
    signal?.removeEventListener("abort", stop);
    pool.end(new Error("The search is over"));
  }
}

function keyOf({ trial, round }: Pick<Outcome, "trial" | "round">): string {
  return `${trial} ${round}`;
}

/** What a trial came to, now or before. */
async function tried(
  plan: SearchPlan,
  pool: TrialPool,
  known: ReadonlyMap<string, Outcome>,
  trial: number,
  [at, round]: readonly [number, Round],
): Promise<Trial> {
  const { options, candidate, epochs: own } = plan.trials[trial - 1];
  const epochs = plan.factor === undefined ? own : round.epochs;
  let outcome = known.get(keyOf({ trial, round: at }));
  if (outcome === undefined) {
    outcome = {
      ...{ trial, round: at, epochs },
      ...await scoresOf(plan, pool, {
        ...candidate,
        training: { ...candidate.training, epochs },
      }),
    };
    await plan.file?.add(outcome);
  }
  const { scores } = outcome;
  if (scores === undefined) return { ...outcome, options };
  const { mean, deviation } = meanAndDeviation(scores);
  const spread = scores.length > 1 ? { deviation } : {};
  return { ...outcome, options, score: mean, ...spread };
}

async function scoresOf(
  { parts, score }: SearchPlan,
  pool: TrialPool,
  candidate: Candidate,
): Promise<Pick<Outcome, "scores" | "error" | "seconds">> {
  const results = await Promise.allSettled(
    parts.map((_, part) => pool.train(part, candidate)),
  );
  const scores: number[] = [];
  let [seconds, error]: [number, string | undefined] = [0, undefined];
  for (const result of results) {
    if (result.status === "rejected") {
      const { reason } = result;
      if (!isMistake(reason)) throw reason;
      error ??= reason.message;
      continue;
    }
    const { evaluation, seconds: own } = result.value;
    const value = evaluation[score];
    if (Number.isFinite(value)) scores.push(value!);
    else error ??= `The score ${score} is ${value}`;
    seconds += own;
  }
  seconds = Number(seconds.toFixed(3));
  return error === undefined ? { scores, seconds } : { error, seconds };
}

/** Trials with the best first: those of later rounds, then the better score, then the lower number; failed ones come last. */
function ranking(trials: readonly Trial[], score: ScoreName): Trial[] {
  const sign = signOf(score);
  return trials.toSorted((a, b) => {
    if (a.score === undefined || b.score === undefined) {
      return Number(a.score === undefined) - Number(b.score === undefined) ||
        a.trial - b.trial;
    }
    return b.round - a.round || sign * (b.score - a.score) ||
      a.trial - b.trial;
  });
}
