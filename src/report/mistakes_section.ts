import { shortNumber } from "../charts/axis.ts";
import { type Markup, markup, type Part } from "../charts/markup.ts";
import { isCsr } from "../data/csr.ts";
import { grayPng } from "../logs/gray_png.ts";
import { decideClasses, decideLabels } from "../metrics/decide.ts";
import { classOf } from "../metrics/classification.ts";
import { base64 } from "../runtime/deflate.ts";
import { inSlices } from "../slices/in_slices.ts";
import { type Section, table, type Tested } from "./section.ts";

/** Samples that are shown, cells of each, and letters of a cell. */
const [MOST_ROWS, MOST_IMAGES, MOST_CELLS, MOST_LETTERS] = [12, 24, 30, 60];

/** Values that are judged between two looks at the clock. */
const SLICE_VALUES = 5000;

/** What the samples are judged by: a class of each, or each of their outputs. */
interface Judge {
  readonly count: number;
  /** By what the worst are found; NaN if nothing is wrong. */
  readonly badness: (at: number) => number;
  /** The target, the prediction, and its error or confidence. */
  readonly told: (at: number) => Told;
}

type Told = readonly [actual: string, predicted: string, how: string];

/** A sample, and in a few words what is wrong with it. */
interface Mistake {
  readonly sample: number;
  readonly told: Told;
}

/** The samples that the network is most wrong about, as they are. */
export async function mistakesSection(
  tested: Tested,
  names: readonly string[],
): Promise<Section> {
  const { mlp, size, samples } = tested;
  const judge = mlp.task === "numbers"
    ? judgeOfNumbers(tested)
    : mlp.task === "labels"
    ? judgeOfLabels(tested, names)
    : judgeOfClasses(tested, names);
  const images = size !== undefined && !isCsr(samples.x);
  const [wrong, places] = await worstOf(
    judge,
    images ? MOST_IMAGES : MOST_ROWS,
  );
  const each = judge.count / samples.count;
  const worst = places.map((at): Mistake => ({
    ...{ sample: Math.floor(at / each), told: judge.told(at) },
  }));
  const head = mlp.task === "numbers"
    ? ["true", "predicted", "error"]
    : ["true", "predicted", "probability"];
  const what = mlp.task === "labels" ? "label" : "sample";
  const many = mlp.task === "numbers"
    ? markup`<p>The largest errors of ${samples.count} samples.</p>`
    : wrong === 0
    ? markup`<p>No ${what} is wrong.</p>`
    : markup`<p>Of the ${what}s, ${wrong} are wrong. The first are those about which the network was most sure.</p>`;
  return {
    ...{ name: "mistakes", title: "Worst mistakes" },
    content: [
      many,
      worst.length === 0
        ? undefined
        : images
        ? await imagesOf(tested, worst)
        : rowsOf(tested, worst, head),
    ],
  };
}

/** How many are wrong, and which most, the first of equals first. */
async function worstOf(
  { count, badness }: Judge,
  most: number,
): Promise<[wrong: number, worst: number[]]> {
  let wrong = 0;
  const worst: [at: number, bad: number][] = [];
  await inSlices(count, SLICE_VALUES, (from, to) => {
    for (let at = from; at < to; at++) {
      const bad = badness(at);
      if (Number.isNaN(bad)) continue;
      wrong++;
      if (worst.length === most && bad <= worst[most - 1][1]) continue;
      const better = worst.findIndex(([, other]) => other < bad);
      worst.splice(better < 0 ? worst.length : better, 0, [at, bad]);
      worst.length = Math.min(worst.length, most);
    }
  });
  return [wrong, worst.map(([at]) => at)];
}

/** The probability of the class that a sample has is what counts. */
function judgeOfClasses(
  { mlp, samples, found }: Tested,
  names: readonly string[],
): Judge {
  const { y, outputs, count } = samples;
  const actual = classOf(y, outputs);
  const predicted = decideClasses(found, outputs, mlp.thresholds);
  const probability = (sample: number, label: number) => {
    const value = found[sample * outputs + (outputs === 1 ? 0 : label)];
    return outputs === 1 && label === 0 ? 1 - value : value;
  };
  return {
    count,
    badness: (at) =>
      actual[at] === predicted[at]
        ? NaN
        : probability(at, predicted[at]) - probability(at, actual[at]),
    told: (at) => [
      ...[names[actual[at]], names[predicted[at]]] as const,
      shortNumber(probability(at, predicted[at]), 3),
    ],
  };
}

function judgeOfLabels(
  { mlp, samples, found }: Tested,
  names: readonly string[],
): Judge {
  const { y, outputs } = samples;
  const actual = decideLabels(y, outputs);
  const predicted = decideLabels(found, outputs, mlp.thresholds);
  const sureness = (at: number) => actual[at] ? 1 - found[at] : found[at];
  const word = (has: number, at: number) =>
    `${has ? "" : "not "}${names[at % outputs]}`;
  return {
    count: found.length,
    badness: (at) => actual[at] === predicted[at] ? NaN : sureness(at),
    told: (at) => [
      ...[word(actual[at], at), word(predicted[at], at)] as const,
      shortNumber(sureness(at), 3),
    ],
  };
}

function judgeOfNumbers({ mlp, samples, found }: Tested): Judge {
  const { y, outputs } = samples;
  const name = (at: number) =>
    outputs === 1 ? "" : `${mlp.targetNames?.[at % outputs] ?? at % outputs}: `;
  return {
    count: found.length,
    badness: (at) => Math.abs(found[at] - y[at]),
    told: (at) => [
      `${name(at)}${shortNumber(y[at])}`,
      shortNumber(found[at]),
      shortNumber(found[at] - y[at]),
    ],
  };
}

/** Cells of the table that samples come from, or their inputs. */
function rowsOf(
  { rows, samples }: Tested,
  worst: readonly Mistake[],
  head: readonly string[],
): Markup {
  const { x, inputs } = samples;
  const columns = rows?.columns ??
    Array.from({ length: isCsr(x) ? 0 : inputs }, (_, at) => `x[${at}]`);
  const cellsOf = (sample: number): Part[] =>
    columns.slice(0, MOST_CELLS).map((_, at) =>
      rows === undefined
        ? shortNumber((x as Float32Array)[sample * inputs + at])
        : short(rows.rows[sample][at])
    );
  const lines = rows?.lines;
  return table(
    "Samples with the worst mistakes",
    [lines ? "line" : "sample", ...head, ...columns.slice(0, MOST_CELLS)],
    worst.map(({ sample, told }) => [
      ...[lines?.[sample] ?? sample, ...told, ...cellsOf(sample)],
    ]),
  );
}

function short(text: string): string {
  return text.length <= MOST_LETTERS
    ? text
    : `${text.slice(0, MOST_LETTERS - 1)}…`;
}

/** Images with what they are and were taken for. */
async function imagesOf(
  { samples, size }: Tested,
  worst: readonly Mistake[],
): Promise<Markup> {
  const { inputs } = samples;
  const x = samples.x as Float32Array;
  const { width, height } = size!;
  const shown = worst.map(({ sample }) =>
    x.subarray(sample * inputs, (sample + 1) * inputs)
  );
  // Pixels may be from 0 to 1, or to 255.
  const most = shown.reduce(
    (most, pixels) => pixels.reduce((one, pixel) => Math.max(one, pixel), most),
    0,
  ) || 1;
  const items = worst.map(async ({ sample, told }, at) => {
    const [actual, predicted, how] = told;
    const gray = Uint8Array.from(
      shown[at],
      (pixel) => Math.round(255 * Math.max(0, pixel) / most),
    );
    const png = await grayPng(gray, width, height);
    return markup`<li><img src="data:image/png;base64,${
      base64(png)
    }" width="72" height="72" alt="Sample ${sample}"><span><b>${actual}</b> taken for <b>${predicted}</b>, ${how}</span></li>`;
  });
  return markup`<ul class="images">${await Promise.all(items)}</ul>`;
}
