import type { Samples } from "../data/dataset.ts";
import { classReport, type ClassScores } from "../metrics/class_report.ts";
import { classOf, confusionMatrix } from "../metrics/classification.ts";

/** How well a model tells labels that don't exclude each other. */
export interface LabelMetrics {
  /** The fraction of all labels of all samples that are correct, from 0 to 1. */
  readonly accuracy: number;
  /** Of each label, in their order; the support is how many samples have it. */
  readonly labels: readonly (ClassScores & { readonly name: string })[];
}

/** Takes each label as two classes: a sample has it, from a probability of 0.5 on, or has it not. */
export function labelMetrics(
  names: readonly string[],
  { y, outputs }: Samples,
  found: Float32Array,
): LabelMetrics {
  const reports = names.map((name, label) => {
    const isOf = (_: number, at: number) => at % outputs === label;
    const confusion = confusionMatrix(
      classOf(y.filter(isOf), 1),
      classOf(found.filter(isOf), 1),
      2,
    );
    return classReport(confusion, [`not ${name}`, name]);
  });
  // There are as many samples for each label.
  const right = reports.reduce((sum, { accuracy }) => sum + accuracy, 0);
  return {
    accuracy: right / names.length,
    labels: reports.map(({ classes }) => classes[1]),
  };
}
