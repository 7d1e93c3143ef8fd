import { shortNumber } from "../charts/axis.ts";
import { type Markup, markup, type Part } from "../charts/markup.ts";
import { isCsr } from "../data/csr.ts";
import { grayPng } from "../logs/gray_png.ts";
import { decideClasses } from "../metrics/decide.ts";
import { classOf } from "../metrics/classification.ts";
import { base64 } from "../runtime/deflate.ts";
import { type Section, table, type Tested } from "./section.ts";

/** Samples that are shown, cells of each, and letters of a cell. */
const [MOST_ROWS, MOST_IMAGES, MOST_CELLS, MOST_LETTERS] = [12, 24, 30, 60];

/** A sample, and in a few words what is wrong with it. */
interface Mistake {
  readonly sample: number;
  /** By what the worst are found. */
  readonly badness: number;
  /** What is true, what was told, and how far off or sure that is. */
  readonly told: readonly [actual: string, predicted: string, how: string];
}

/** The samples that the network is most wrong about, as they are. */
export async function mistakesSection(
  tested: Tested,
  names: readonly string[],
): Promise<Section> {
  const { mlp, size, samples } = tested;
  const all = mlp.task === "numbers"
    ? errorsOf(tested)
    : mlp.task === "labels"
    ? wrongLabels(tested, names)
    : wrongClasses(tested, names);
  all.sort((one, other) => other.badness - one.badness);
  const images = size !== undefined && !isCsr(samples.x);
  const worst = all.slice(0, images ? MOST_IMAGES : MOST_ROWS);
  const head = mlp.task === "numbers"
    ? ["true", "predicted", "error"]
    : ["true", "predicted", "probability"];
  const what = mlp.task === "labels" ? "label" : "sample";
  const many = mlp.task === "numbers"
    ? markup`<p>The largest errors of ${samples.count} samples.</p>`
    : all.length === 0
    ? markup`<p>No ${what} is wrong.</p>`
    : markup`<p>Of the ${what}s, ${all.length} are wrong. The first are those about which the network was most sure.</p>`;
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

/** The probability of the class that a sample has is what counts. */
function wrongClasses(
  { mlp, samples, found }: Tested,
  names: readonly string[],
): Mistake[] {
  const { y, outputs, count } = samples;
  const actual = classOf(y, outputs);
  const predicted = decideClasses(found, outputs, mlp.thresholds);
  const probability = (sample: number, label: number) => {
    const value = found[sample * outputs + (outputs === 1 ? 0 : label)];
    return outputs === 1 && label === 0 ? 1 - value : value;
  };
  const wrong: Mistake[] = [];
  for (let sample = 0; sample < count; sample++) {
    const [a, p] = [actual[sample], predicted[sample]];
    if (a === p) continue;
    const [ofTrue, ofTold] = [probability(sample, a), probability(sample, p)];
    const how = shortNumber(ofTold, 3);
    wrong.push({
      ...{ sample, badness: ofTold - ofTrue },
      told: [names[a], names[p], how],
    });
  }
  return wrong;
}

function wrongLabels(
  { mlp, samples, found }: Tested,
  names: readonly string[],
): Mistake[] {
  const { y, outputs } = samples;
  return Array.from(found).flatMap((value, at) => {
    const label = at % outputs;
    const has = y[at] >= 0.5;
    if (has === value >= (mlp.thresholds?.[label] ?? 0.5)) return [];
    const [yes, no] = [names[label], `not ${names[label]}`];
    return [{
      ...{ sample: Math.floor(at / outputs), badness: has ? 1 - value : value },
      told: [
        ...[has ? yes : no, has ? no : yes],
        shortNumber(has ? 1 - value : value, 3),
      ] as unknown as Mistake["told"],
    }];
  });
}

function errorsOf({ mlp, samples, found }: Tested): Mistake[] {
  const { y, outputs } = samples;
  const name = (at: number) =>
    outputs === 1 ? "" : `${mlp.targetNames?.[at % outputs] ?? at % outputs}: `;
  return Array.from(found, (value, at) => ({
    ...{ sample: Math.floor(at / outputs), badness: Math.abs(value - y[at]) },
    told: [
      `${name(at)}${shortNumber(y[at])}`,
      shortNumber(value),
      shortNumber(value - y[at]),
    ],
  }));
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
