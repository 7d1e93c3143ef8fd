import { shortNumber } from "../charts/axis.ts";
import type { Chart } from "../charts/chart.ts";
import { fewer, type Point, xyChart } from "../charts/xy_chart.ts";
import { binsInSlices } from "../metrics/calibration_error.ts";
import { classOf } from "../metrics/classification.ts";
import { decideLabels } from "../metrics/decide.ts";
import { rocArea, rocCurve } from "../metrics/roc_curve.ts";
import { turnTaker } from "../slices/in_slices.ts";
import { figures, type Section, type Tested } from "./section.ts";

/** Largest number of curves in a chart that can be distinguished. */
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

/** A decision, the area below its curve, and the points to draw. */
interface RocCurve extends Pick<Decision, "name"> {
  readonly area: number;
  readonly points: readonly Point[];
}

/** How well probabilities separate the classes, and how well calibrated they are. */
export async function probabilitiesSection(
  tested: Tested,
  names: readonly string[],
): Promise<Section | undefined> {
  const roc = await rocChart(tested, names);
  const reliability = await reliabilityChart(tested);
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
function* decisions(
  { mlp, samples, found }: Tested,
  names: readonly string[],
): Generator<Decision> {
  const { y, outputs, count } = samples;
  const actual = mlp.task === "labels" ? undefined : classOf(y, outputs);
  for (let column = 0; column < outputs; column++) {
    if (outputs === 2 && actual !== undefined && column === 0) continue;
    const labels = new Uint8Array(count);
    const scores = new Float32Array(count);
    const own = outputs === 1 ? 1 : column;
    for (let s = 0; s < count; s++) {
      const at = s * outputs + column;
      labels[s] = Number(actual ? actual[s] === own : y[at] >= 0.5);
      scores[s] = found[at];
    }
    const name = names[outputs === 1 ? names.length - 1 : column];
    yield { name, labels, scores };
  }
}

async function rocChart(
  tested: Tested,
  names: readonly string[],
): Promise<Chart | undefined> {
  const turn = turnTaker();
  const all: RocCurve[] = [];
  for (const { name, labels, scores } of decisions(tested, names)) {
    if (!labels.includes(0) || !labels.includes(1)) continue;
    const area = rocArea(labels, scores);
    await turn();
    all.push({ name, area, points: fewer(rocCurve(labels, scores)) });
    await turn();
  }
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
    curves: shown.map(({ name, area, points }) => ({
      name: `${name} ${area.toFixed(3)}`,
      points,
    })),
  });
}

async function reliabilityChart(
  { mlp, samples, found }: Tested,
): Promise<Chart | undefined> {
  if (mlp.output === "linear") return undefined;
  const { y, outputs } = samples;
  const actual = mlp.task === "labels"
    ? decideLabels(y, outputs)
    : classOf(y, outputs);
  const bins = (await binsInSlices(actual, found, BINS))
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
