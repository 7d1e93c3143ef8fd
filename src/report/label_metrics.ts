import type { Samples, SparseSamples } from "../data/dataset.ts";
import { classReport, type ClassScores } from "../metrics/class_report.ts";
import { decideLabels } from "../metrics/decide.ts";
import { inSlices } from "../slices/in_slices.ts";

/** Labels between two looks at the clock. */
const SLICE_LABELS = 20_000;

/** The scores of labels of which any number may apply. */
export interface LabelMetrics {
  /** The fraction of all labels of all samples that are correct, from 0 to 1. */
  readonly accuracy: number;
  /** Of each label, in their order; the support is how many samples have it. */
  readonly labels: readonly (ClassScores & { readonly name: string })[];
}

/**
 * Takes each label as two classes: a sample has it, from a threshold on, 0.5 unless one is given, or has it not. Also counts
 * the labels of each sample that are correct.
 */
export async function labelMetrics(
  names: readonly string[],
  { y, outputs, count }: Samples | SparseSamples,
  found: Float32Array,
  thresholds: readonly number[] | undefined,
): Promise<[LabelMetrics, correct: Int32Array]> {
  const actual = decideLabels(y, outputs);
  const predicted = decideLabels(found, outputs, thresholds);
  const correct = new Int32Array(count);
  const confusions = names.map(() => [[0, 0], [0, 0]]);
  await inSlices(count, Math.ceil(SLICE_LABELS / outputs), (from, to) => {
    for (let at = from * outputs; at < to * outputs; at++) {
      confusions[at % outputs][actual[at]][predicted[at]]++;
      if (actual[at] === predicted[at]) correct[Math.floor(at / outputs)]++;
    }
  });
  const reports = confusions.map((confusion, label) =>
    classReport(confusion, [`not ${names[label]}`, names[label]])
  );
  // There are as many samples for each label.
  const right = reports.reduce((sum, { accuracy }) => sum + accuracy, 0);
  return [{
    accuracy: right / names.length,
    labels: reports.map(({ classes }) => classes[1]),
  }, correct];
}
