import { shortNumber } from "../charts/axis.ts";
import type { Chart } from "../charts/chart.ts";
import { xyChart } from "../charts/xy_chart.ts";
import { calibrationBins } from "../metrics/calibration_error.ts";
import { classOf } from "../metrics/classification.ts";
import { rocAuc } from "../metrics/roc_auc.ts";
import { rocCurve } from "../metrics/roc_curve.ts";
import { figures, type Section, type Tested } from "./section.ts";

/** Curves that can be told from each other. */
const MOST_CURVES = 6;

const BINS = 10;

const ROC =
  "For each threshold: of the samples of a class, the fraction that is found, and of all others the fraction that is taken for it. Beside the name of a class is the area below its curve.";

const RELIABILITY =
  "How often the network is right when it is as sure as that: on the dotted line it is neither too sure nor too careful. Larger dots are more samples.";

/** A column of yes and no, and the probability that goes with it. */
interface Decision {
  readonly name: string;
  readonly labels: Uint8Array;
  readonly scores: Float32Array;
}

/** How well probabilities tell apart what is from what isn't, and whether they are true. */
export function probabilitiesSection(
  tested: Tested,
  names: readonly string[],
): Section | undefined {
  const [roc, reliability] = [
    rocChart(tested, names),
    reliabilityChart(tested),
  ];
  if (roc === undefined && reliability === undefined) return undefined;
  return {
    ...{ name: "probabilities", title: "Probabilities" },
    content: figures([
      ...(roc === undefined ? [] : [[roc, ROC] as const]),
      ...(reliability === undefined
        ? []
        : [[reliability, RELIABILITY] as const]),
    ]),
  };
}

/** What is to be decided: each class against all others, of two the second, or each label. */
function decisions({ mlp, samples, found }: Tested, names: readonly string[]) {
  const { y, outputs, count } = samples;
  const labels = mlp.task === "labels";
  const actual = labels ? undefined : classOf(y, outputs);
  const columns = outputs === 2 && !labels
    ? [1]
    : Array.from({ length: outputs }, (_, at) => at);
  return columns.map((column): Decision => ({
    name: names[outputs === 1 ? names.length - 1 : column],
    labels: Uint8Array.from(
      { length: count },
      (_, s) =>
        actual === undefined
          ? Number(y[s * outputs + column] >= 0.5)
          : Number(actual[s] === (outputs === 1 ? 1 : column)),
    ),
    scores: Float32Array.from(
      { length: count },
      (_, s) => found[s * outputs + column],
    ),
  }));
}

function rocChart(tested: Tested, names: readonly string[]): Chart | undefined {
  const all = decisions(tested, names)
    .filter(({ labels }) => labels.includes(0) && labels.includes(1))
    .map((one) => ({ ...one, area: rocAuc(one.labels, one.scores) }));
  if (all.length === 0) return undefined;
  const shown = all.length <= MOST_CURVES
    ? all
    : all.toSorted((one, other) => one.area - other.area).slice(0, MOST_CURVES);
  const worst = shown.length < all.length ? `, the ${MOST_CURVES} worst` : "";
  return xyChart({
    title: "ROC curve",
    x: { label: "false positive rate", range: [0, 1] },
    y: { label: `ROC: true positive rate${worst}`, range: [0, 1] },
    diagonal: true,
    curves: shown.map(({ name, labels, scores, area }) => ({
      name: `${name} ${area.toFixed(3)}`,
      points: rocCurve(labels, scores),
    })),
  });
}

function reliabilityChart(
  { mlp, samples, found }: Tested,
): Chart | undefined {
  if (mlp.output === "linear") return undefined;
  const { y, outputs } = samples;
  const actual = mlp.task === "labels"
    ? Array.from(y, (one) => Number(one >= 0.5))
    : classOf(y, outputs);
  const bins = calibrationBins(actual, found, BINS)
    .filter(({ count }) => count > 0);
  const most = Math.max(...bins.map(({ count }) => count));
  return xyChart({
    title: "Reliability curve",
    x: { label: "how sure the network is", range: [0, 1] },
    y: { label: "Reliability: fraction correct", range: [0, 1] },
    diagonal: true,
    curves: [{
      ...{ name: "reliability", style: "both" },
      points: bins.map(({ count, correct, confidence }) =>
        [confidence / count, correct / count] as const
      ),
      radii: bins.map(({ count }) => 2 + 7 * Math.sqrt(count / most)),
      titles: bins.map(({ count, correct, confidence }) =>
        `${count} samples, ${
          shortNumber(confidence / count, 3)
        } sure on average, ${shortNumber(correct / count, 3)} correct`
      ),
    }],
  });
}
