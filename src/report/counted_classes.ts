/** Counts of correct and confused classes, which can be added up over several processes. */
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { type ClassReport, classReport } from "../metrics/class_report.ts";
import {
  classOf,
  confusionMatrix,
  topKAccuracy,
} from "../metrics/classification.ts";
import { decideClasses } from "../metrics/decide.ts";
import { type Interval, wilsonInterval } from "../metrics/wilson_interval.ts";
import type { Mlp } from "../mlp/mlp.ts";
import { turnTaker } from "../slices/in_slices.ts";

/** Classes among which the right one counts as found. */
const TOP = 3;

/** What is counted of samples. */
export interface ClassCounts {
  /** How many of each class were taken for which. */
  readonly confusion: readonly (readonly number[])[];
  /** Of how many the right class is among the first three; only of more than three. */
  readonly top3?: number;
}

/** The scores that follow from the counts. */
export interface CountedClasses {
  readonly samples: number;
  /** The fraction of the samples whose class is correct. */
  readonly accuracy: number;
  readonly accuracyInterval: Interval;
  /** The accuracy of always the most frequent class of these samples. */
  readonly baselineAccuracy: number;
  readonly top3Accuracy?: number;
  readonly report: ClassReport;
  readonly confusion: readonly (readonly number[])[];
}

/** @param found What a model predicts for the samples. */
export async function countClasses(
  { thresholds }: Pick<Mlp, "thresholds">,
  { y, outputs, count }: Samples | SparseSamples,
  found: Float32Array,
): Promise<ClassCounts> {
  const turn = turnTaker();
  const actual = classOf(y, outputs);
  await turn();
  const predicted = decideClasses(found, outputs, thresholds);
  await turn();
  const confusion = confusionMatrix(actual, predicted, Math.max(2, outputs));
  if (outputs <= TOP) return { confusion };
  await turn();
  const top3 = Math.round(count * topKAccuracy(actual, found, TOP));
  return { confusion, top3 };
}

/** Accuracy, its interval, precision and recall. */
export function reportOfCounts(
  { layers, classNames }: Pick<Mlp, "layers" | "classNames">,
  { confusion, top3 }: ClassCounts,
): CountedClasses {
  const names = layers.at(-1) === 1 ? undefined : classNames;
  const report = classReport(confusion, names);
  const correct = confusion.reduce((sum, row, at) => sum + row[at], 0);
  const supports = report.classes.map(({ support }) => support);
  const samples = supports.reduce((sum, support) => sum + support, 0);
  return {
    samples,
    accuracy: report.accuracy,
    accuracyInterval: wilsonInterval(correct, samples),
    baselineAccuracy: Math.max(...supports) / samples,
    ...(top3 === undefined ? {} : { top3Accuracy: top3 / samples }),
    report,
    confusion,
  };
}
