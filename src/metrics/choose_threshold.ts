import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { FACTOR, requireNumber, wrong } from "../checks/validate.ts";
import {
  requireLength,
  requireProbabilities,
  requireSamples,
} from "./checks.ts";

const ACTION = "choose a threshold";

/**
 * What a threshold should optimize:
 *
 * - `"f1"`: the largest F1, the harmonic mean of precision and recall;
 * - `{ recall }`: the largest precision with at least this recall;
 * - `{ precision }`: the largest recall with at least this precision;
 * - `{ cost: [falsePositive, falseNegative] }`: the smallest cost, where each false positive costs the first number and
 * each false negative the second.
 *
 * @example
 * ```ts
 * import { chooseThreshold, type ThresholdAim } from "@lockstep/lockstep";
 *
 * const aim: ThresholdAim = { cost: [5, 1] };
 * console.log(chooseThreshold([0, 1], [0.2, 0.4], aim).precision); // 1
 * ```
 */
export type ThresholdAim =
  | "f1"
  | { readonly recall: number }
  | { readonly precision: number }
  | { readonly cost: readonly [falsePositive: number, falseNegative: number] };

/**
 * A threshold, and its scores on the samples that it was chosen by.
 *
 * @example
 * ```ts
 * import { chooseThreshold, type ThresholdChoice } from "@lockstep/lockstep";
 *
 * const choice: ThresholdChoice = chooseThreshold([0, 1], [0.2, 0.4], "f1");
 * console.log(choice.recall); // 1
 * ```
 */
export interface ThresholdChoice {
  /** A sample is positive from this probability on; from 0 to 1. */
  readonly threshold: number;
  /** Of the samples predicted as positive, the fraction that are, from 0 to 1; 0 if there are none. */
  readonly precision: number;
  /** Of the positive samples, the fraction predicted as positive, from 0 to 1. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
}

/**
 * Chooses the probability from which a sample is predicted as positive: a value between two probabilities of the samples.
 * Of equally good thresholds, it is the one nearest to 0.5.
 *
 * @param targets Whether each sample is positive: 1 or 0, or a probability, which counts as positive from 0.5.
 * @param scores The probability of each sample, from 0 to 1, such as the second of two outputs.
 * @param aim What to optimize. Default: `"f1"`
 *
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If a value is out of its range, lengths differ, no sample is positive or all are, or no threshold
 * reaches the requested precision.
 *
 * @example
 * ```ts
 * import { chooseThreshold } from "@lockstep/lockstep";
 * import assert from "node:assert/strict";
 *
 * const [targets, scores] = [[0, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.6]];
 * assert.equal(chooseThreshold(targets, scores, "f1").threshold, 0.25);
 * assert.equal(chooseThreshold(targets, scores, { cost: [5, 1] }).threshold, 0.5);
 * ```
 */
export function chooseThreshold(
  targets: ArrayLike<number>,
  scores: ArrayLike<number>,
  aim: ThresholdAim = "f1",
): ThresholdChoice {
  const samples = requireSamples(ACTION, "targets", targets, 1);
  requireLength(ACTION, "scores", scores, samples, "as of 'targets'");
  requireProbabilities(ACTION, "targets", targets);
  requireProbabilities(ACTION, "scores", scores);
  const isBetter = goalOf(aim);
  const order = Array.from({ length: samples }, (_, at) => at)
    .sort((one, other) => scores[other] - scores[one]);
  const positives = order.filter((at) => targets[at] >= 0.5).length;
  if (positives === 0 || positives === samples) {
    const wanted = "of positive and of other samples";
    throw new WrongValueError(
      wrong(ACTION, "targets", wanted, `${positives} of ${samples} positive`),
    );
  }
  let best: Counts | undefined;
  let found = 0;
  for (let told = 0; told <= samples; told++) {
    if (told > 0 && targets[order[told - 1]] >= 0.5) found++;
    const above = told === 0 ? 1 : scores[order[told - 1]];
    const below = told === samples ? 0 : scores[order[told]];
    // There is no threshold between equals; nor one above 1.
    if (above === below && told < samples) continue;
    const middle = (above + below) / 2;
    // Of neighbors among the floats it would be the lower one.
    const threshold = middle > below ? middle : above;
    const counts = { found, told, positives, threshold };
    if (isBetter(counts, best)) best = counts;
  }
  if (best === undefined) {
    throw new WrongValueError(
      `Cannot ${ACTION} as no threshold has the precision that is wanted: current value is ${
        (aim as { precision: number }).precision
      }`,
    );
  }
  const { threshold } = best;
  const [precision, recall, f1] = [precisionOf, recallOf, f1Of]
    .map((of) => of(best));
  return { threshold, precision, recall, f1 };
}

/** The counts for a threshold. */
interface Counts {
  readonly threshold: number;
  /** Samples predicted as positive. */
  readonly told: number;
  /** Those of them that are positive. */
  readonly found: number;
  readonly positives: number;
}

const precisionOf = ({ found, told }: Counts) => told === 0 ? 0 : found / told;
const recallOf = ({ found, positives }: Counts) => found / positives;
const f1Of = ({ found, told, positives }: Counts) =>
  2 * found / (told + positives);

/** Whether a threshold is to be taken, and rather than the best one so far. */
function goalOf(
  aim: ThresholdAim,
): (counts: Counts, best: Counts | undefined) => boolean {
  const by = (
    value: (counts: Counts) => number,
    holds: (counts: Counts) => boolean = () => true,
  ) =>
  (counts: Counts, best: Counts | undefined) => {
    if (!holds(counts)) return false;
    if (best === undefined) return true;
    const more = value(counts) - value(best);
    const off = ({ threshold }: Counts) => Math.abs(threshold - 0.5);
    return more > 0 || (more === 0 && off(counts) < off(best));
  };
  if (aim === "f1") return by(f1Of);
  const [[name, value], ...others] = typeof aim === "object" && aim !== null
    ? Object.entries(aim)
    : [[]];
  if (others.length === 0 && (name === "recall" || name === "precision")) {
    const least = requireNumber(ACTION, name, value, FACTOR);
    return name === "recall"
      ? by(precisionOf, (counts) => recallOf(counts) >= least)
      : by(
        recallOf,
        (counts) => counts.told > 0 && precisionOf(counts) >= least,
      );
  }
  if (others.length === 0 && name === "cost" && Array.isArray(value)) {
    const [positive, negative] = [0, 1].map((at) =>
      requireNumber(ACTION, `cost[${at}]`, value[at], {
        wanted: "a finite number of more than 0",
        holds: (cost) => Number.isFinite(cost) && cost > 0,
      })
    );
    return by(({ told, found, positives }) =>
      -positive * (told - found) - negative * (positives - found)
    );
  }
  const wanted =
    "'f1', { recall }, { precision } or { cost: [falsePositive, falseNegative] }";
  throw new WrongTypeError(wrong(ACTION, "aim", wanted, aim));
}
