/** The scores of a model on samples, the same after `train` as by `evaluate`. */
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { FinalScores } from "../history/training_notes.ts";
import { bootstrapInterval } from "../metrics/bootstrap_interval.ts";
import { calibrationError } from "../metrics/calibration_error.ts";
import { classOf, logLoss } from "../metrics/classification.ts";
import { ColumnErrors, meanOfColumns } from "../metrics/column_errors.ts";
import {
  meanAbsoluteError,
  r2,
  rootMeanSquaredError,
} from "../metrics/regression.ts";
import { classArea } from "../metrics/roc_auc.ts";
import { rocArea } from "../metrics/roc_curve.ts";
import type { Interval } from "../metrics/wilson_interval.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { turnTaker } from "../slices/in_slices.ts";
import {
  countClasses,
  type CountedClasses,
  reportOfCounts,
} from "./counted_classes.ts";
import { type LabelMetrics, labelMetrics } from "./label_metrics.ts";

/** Draws of samples for an interval; of many samples fewer sets are drawn, as their scores differ less. */
const DRAWS = 20_000_000;

/** What is known of classes. */
export interface ClassesReport extends CountedClasses {
  /** This and the calibration error are of probabilities alone, so not of linear outputs. */
  readonly logLoss?: number;
  readonly calibrationError?: number;
  /** Only where samples of every class are there; of more than two the mean of each against all others. */
  readonly rocAuc?: number;
}

/** What is known of labels that don't exclude each other; the baseline says of each what most samples have. */
export interface LabelsReport extends LabelMetrics {
  readonly samples: number;
  readonly accuracyInterval: Interval;
  readonly baselineAccuracy: number;
}

/** What is known of numbers; the baseline says always the mean of these samples. */
export interface NumbersReport {
  readonly samples: number;
  readonly r2: number;
  readonly r2Interval: Interval;
  readonly meanAbsoluteError: number;
  readonly baselineMeanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  readonly baselineRootMeanSquaredError: number;
}

/** How well a model does on samples. */
export type SampleReport = ClassesReport | LabelsReport | NumbersReport;

/**
 * Finds out how well a model does on samples.
 *
 * @param found What it predicts for them, if that is known.
 * @param loss Of classes, the logarithmic loss, if that is known.
 */
export async function reportOn(
  mlp: Mlp,
  samples: Samples | SparseSamples,
  found?: Float32Array,
  loss?: number,
): Promise<SampleReport> {
  found ??= await mlp.predict(samples.x);
  switch (mlp.task) {
    case "numbers":
      return await ofNumbers(samples, found);
    case "labels":
      return await ofLabels(mlp, samples, found);
    default:
      return await ofClasses(mlp, samples, found, loss);
  }
}

/** The score that a training is judged by, its interval, and what guessing reaches. */
export function testScore(
  found: SampleReport,
): Required<Omit<FinalScores, "train">> {
  return "r2" in found
    ? { test: { score: found.r2, interval: found.r2Interval }, baseline: 0 }
    : {
      test: { score: found.accuracy, interval: found.accuracyInterval },
      baseline: found.baselineAccuracy,
    };
}

/**
 * The logarithmic loss. Where it is what was trained, from before the outputs are rounded: there, a sure and wrong one
 * costs as much as it is sure.
 */
export async function lossOfClasses(
  mlp: Mlp,
  samples: Samples | SparseSamples,
  found: Float32Array,
): Promise<number> {
  const { y, outputs } = samples;
  const trained = mlp.loss === "crossEntropy" ||
    (mlp.loss === "binaryCrossEntropy" && outputs === 1);
  return trained
    ? (await mlp.evaluate(samples)).loss
    : logLoss(y, found, outputs);
}

async function ofClasses(
  mlp: Mlp,
  samples: Samples | SparseSamples,
  found: Float32Array,
  loss?: number,
): Promise<ClassesReport> {
  const { y, outputs } = samples;
  const counted = reportOfCounts(mlp, await countClasses(mlp, samples, found));
  const { report, confusion, ...scores } = counted;
  const actual = classOf(y, outputs);
  const occur = report.classes.every(({ support }) => support > 0);
  return {
    ...scores,
    ...(mlp.output === "linear" ? {} : {
      logLoss: loss ?? await lossOfClasses(mlp, samples, found),
      calibrationError: calibrationError(actual, found),
    }),
    ...(occur ? { rocAuc: await areaOfClasses(actual, found, outputs) } : {}),
    report,
    confusion,
  };
}

/** What `rocAuc` computes, while timers and I/O get their turn. */
async function areaOfClasses(
  actual: Int32Array,
  found: Float32Array,
  outputs: number,
): Promise<number> {
  if (outputs === 1) return rocArea(actual, found);
  const turn = turnTaker();
  const first = outputs === 2 ? 1 : 0;
  let sum = 0;
  for (let label = first; label < outputs; label++) {
    await turn();
    sum += classArea(actual, found, outputs, label);
  }
  return sum / (outputs - first);
}

async function ofLabels(
  mlp: Mlp,
  samples: Samples | SparseSamples,
  found: Float32Array,
): Promise<LabelsReport> {
  const { outputs, count } = samples;
  const names = mlp.classNames ??
    Array.from({ length: outputs }, (_, at) => `${at}`);
  const [{ accuracy, labels }, correct] = await labelMetrics(
    ...[names, samples, found, mlp.thresholds] as const,
  );
  return {
    samples: count,
    accuracy,
    // Labels of a sample aren't independent of each other, so that samples are drawn, not labels.
    accuracyInterval: await intervalOf(
      count,
      (order) =>
        order.reduce((sum, at) => sum + correct[at], 0) / (count * outputs),
    ),
    baselineAccuracy: labels.reduce(
      (sum, { support }) => sum + Math.max(support, count - support),
      0,
    ) / (count * outputs),
    labels,
  };
}

async function ofNumbers(
  { y, outputs, count }: Samples | SparseSamples,
  found: Float32Array,
): Promise<NumbersReport> {
  const turn = turnTaker();
  const means = new Float64Array(outputs);
  for (let at = 0; at < y.length; at++) means[at % outputs] += y[at] / count;
  await turn();
  const mean = new Float64Array(y.length);
  for (let at = 0; at < y.length; at++) mean[at] = means[at % outputs];
  const scoreOf = (order: Int32Array) => {
    const columns = Array.from(means, (_, column) => {
      const errors = new ColumnErrors();
      for (const sample of order) {
        const at = sample * outputs + column;
        errors.add(y[at], found[at]);
      }
      return errors;
    });
    return meanOfColumns(columns, ({ r2 }) => r2);
  };
  /** A metric of what was predicted, or of the means, when it is its turn. */
  const measured = async (metric: typeof r2, predicted: ArrayLike<number>) => {
    await turn();
    return metric(y, predicted, outputs);
  };
  return {
    samples: count,
    r2: await measured(r2, found),
    r2Interval: await intervalOf(count, scoreOf),
    meanAbsoluteError: await measured(meanAbsoluteError, found),
    baselineMeanAbsoluteError: await measured(meanAbsoluteError, mean),
    rootMeanSquaredError: await measured(rootMeanSquaredError, found),
    baselineRootMeanSquaredError: await measured(rootMeanSquaredError, mean),
  };
}

/** By the bootstrap, from a fixed seed. */
function intervalOf(
  samples: number,
  score: (order: Int32Array) => number,
): Promise<Interval> {
  const most = Math.floor(DRAWS / samples);
  const resamples = Math.max(100, Math.min(1000, most));
  return bootstrapInterval(samples, score, { resamples });
}
