import type { Samples, SparseSamples } from "../data/dataset.ts";
import { classReport, type ClassScores } from "../metrics/class_report.ts";
import { confusionMatrix } from "../metrics/classification.ts";
import { decideLabels } from "../metrics/decide.ts";

/** How well a model tells labels that don't exclude each other. */
export interface LabelMetrics {
  /** The fraction of all labels of all samples that are correct, from 0 to 1. */
  readonly accuracy: number;
  /** Of each label, in their order; the support is how many samples have it. */
  readonly labels: readonly (ClassScores & { readonly name: string })[];
}

/** Takes each label as two classes: a sample has it, from a threshold on, 0.5 unless one is given, or has it not. */
export function labelMetrics(
  names: readonly string[],
  { y, outputs }: Samples | SparseSamples,
  found: Float32Array,
  thresholds: readonly number[] | undefined,
): LabelMetrics {
  const decided = [
    decideLabels(y, outputs),
    decideLabels(found, outputs, thresholds),
  ];
  const reports = names.map((name, label) => {
    const isOf = (_: number, at: number) => at % outputs === label;
    const [actual, predicted] = decided.map((labels) => labels.filter(isOf));
    const confusion = confusionMatrix(actual, predicted, 2);
    return classReport(confusion, [`not ${name}`, name]);
  });
  // There are as many samples for each label.
  const right = reports.reduce((sum, { accuracy }) => sum + accuracy, 0);
  return {
    accuracy: right / names.length,
    labels: reports.map(({ classes }) => classes[1]),
  };
}
