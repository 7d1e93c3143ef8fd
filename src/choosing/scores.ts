import { WrongValueError } from "../checks/errors.ts";
import { requireChoice, wrong } from "../checks/validate.ts";
import type { Evaluation } from "../inference/evaluate.ts";
import type { Task } from "../units/tasks.ts";
import type { Fold } from "./folds.ts";

/**
 * What networks are compared by: a value of an {@linkcode Evaluation}. Higher is better for accuracy and R², lower for
 * losses and errors.
 *
 * @example
 * ```ts
 * import { type ScoreName } from "@lockstep/lockstep";
 *
 * const score: ScoreName = "accuracy";
 * console.log(score);
 * ```
 */
export type ScoreName = keyof Evaluation;

/** 1 where more is better, and the tasks that have it. */
const SCORES: Readonly<
  Record<ScoreName, { readonly sign: 1 | -1; readonly tasks?: readonly Task[] }>
> = {
  accuracy: { sign: 1, tasks: ["classes", "labels"] },
  loss: { sign: -1 },
  r2: { sign: 1, tasks: ["numbers"] },
  meanAbsoluteError: { sign: -1 },
  rootMeanSquaredError: { sign: -1, tasks: ["numbers"] },
};

/** Names of the scores. */
export const SCORE_NAMES = Object.keys(SCORES) as ScoreName[];

/** 1 where a larger score is better, -1 where a smaller one is. */
export function signOf(score: ScoreName): 1 | -1 {
  return SCORES[score].sign;
}

/** Whether all folds have a score: of a lone sample there is no R². */
export function haveScore(
  score: ScoreName,
  folds: readonly Pick<Fold, "test">[],
): boolean {
  return score !== "r2" || folds.every(({ test }) => test.length > 1);
}

/**
 * The score that is asked for, or that goes with a task: accuracy, and R² of numbers.
 *
 * @throws {RangeError} If there is none, or the task, or a fold, has it not.
 */
export function scoreFor(
  action: string,
  score: unknown,
  task: Task,
  folds: readonly Pick<Fold, "test">[],
): ScoreName {
  const name = score === undefined
    ? task === "numbers" ? "r2" : "accuracy"
    : requireChoice(action, "score", score, SCORE_NAMES);
  const { tasks } = SCORES[name];
  const fits = tasks === undefined || tasks.includes(task);
  if (fits && haveScore(name, folds)) return name;
  const wanted = SCORE_NAMES.filter((one) =>
    (SCORES[one].tasks?.includes(task) ?? true) && haveScore(one, folds)
  ).map((one) => `'${one}'`).join(" or ");
  throw new WrongValueError(
    wrong(
      action,
      "score",
      fits
        ? `${wanted} where a fold has one sample`
        : `${wanted} for the task '${task}'`,
      name,
    ),
  );
}

/** Mean of numbers, and their standard deviation as of a sample of them; 0 of one. */
export function meanAndDeviation(
  values: readonly number[],
): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, values.length - 1));
  return { mean, deviation };
}
