/** How well a network does on the samples to test of all ranks, where each has its own. */
import type { Samples } from "../data/dataset.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { sumsOfRanks } from "../inference/sums_of_ranks.ts";
import type { Mlp } from "../mlp/mlp.ts";
import {
  type ClassCounts,
  countClasses,
  reportOfCounts,
} from "../report/counted_classes.ts";
import {
  lossOfClasses,
  reportOn,
  type SampleReport,
} from "../report/sample_report.ts";

/** Targets and outputs that each rank gets of all: in float64, 32 MB. */
const MOST_VALUES = 4_000_000;

/** What is known, and in words what isn't. */
export interface ReportOfRanks {
  readonly report?: SampleReport;
  readonly note?: string;
}

/**
 * The same on all ranks. Few samples are brought together, with all that is told of those of one process; of more what can be
 * counted is told of classes, and nothing of labels and numbers.
 *
 * @param most Targets and outputs of all samples that are brought together.
 */
export async function reportOfRanks(
  others: Communicator,
  mlp: Mlp,
  samples: Samples,
  most = MOST_VALUES,
): Promise<ReportOfRanks> {
  const { outputs } = samples;
  const found = await mlp.predict(samples.x);
  const classes = mlp.task === "classes";
  const hasLoss = classes && mlp.output !== "linear";
  const loss = hasLoss ? await lossOfClasses(mlp, samples, found) : 0;
  const own = [samples.count, samples.count * loss];
  const [count, losses] = await sumsOfRanks(others, own);
  const logLoss = hasLoss ? losses / count : undefined;
  if (2 * count * outputs <= most) {
    const y = await floatsOfRanks(others, samples.y);
    const all = { x: new Float32Array(), y, count, inputs: 0, outputs };
    const outputsOfAll = await floatsOfRanks(others, found);
    return { report: await reportOn(mlp, all, outputsOfAll, logLoss) };
  }
  const many = `as ${count} samples to test are too many for one process`;
  if (!classes) return { note: `the table of scores is left out, ${many}` };
  const counts = await countClasses(mlp, samples, found);
  return {
    report: {
      ...reportOfCounts(mlp, await countsOfRanks(others, counts)),
      ...(logLoss === undefined ? {} : { logLoss }),
    },
    note: `calibration error and ROC AUC are left out, ${many}`,
  };
}

/** The numbers of all ranks, one after another. */
async function floatsOfRanks(
  others: Communicator,
  own: Float32Array,
): Promise<Float32Array> {
  const all = await others.gatherDoubles(Float64Array.from(own));
  const floats = new Float32Array(
    all.reduce((sum, { length }) => sum + length, 0),
  );
  let start = 0;
  for (const each of all) {
    floats.set(each, start);
    start += each.length;
  }
  return floats;
}

async function countsOfRanks(
  others: Communicator,
  { confusion, top3 }: ClassCounts,
): Promise<ClassCounts> {
  const own = [top3 ?? 0, ...confusion.flat()];
  const [top, ...counts] = await sumsOfRanks(others, own);
  const { length } = confusion;
  return {
    confusion: confusion.map((_, row) =>
      counts.slice(length * row, length * (row + 1))
    ),
    ...(top3 === undefined ? {} : { top3: top }),
  };
}
