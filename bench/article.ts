/**
 * `deno task bench:article`: the article's two runs, 35 epochs over 60,000 digits in batches of 500 and of 20,000, best
 * of three, beside what the article printed on its author's machine.
 *
 * The settings are those that the article prints: standardized pixels and λ2 0.01.
 */
import { loadDataset, Mlp, type TrainOptions } from "../mod.ts";
import { machine } from "./lib/machine.ts";
import { table } from "./lib/table.ts";

const LAYERS = [784, 70, 30, 10];
const REPEATS = 3;

/** What the article printed for epoch 35; it shows the learning rate, cost and so on for batches of 500 alone. */
const ARTICLE = {
  500: {
    seconds: 7.53,
    learningRate: 0.0009994051838157095,
    cost: 65.4,
    share: 0.123,
    meanError: 0.0076,
  },
  20_000: { seconds: 6.72 },
} as const;

const SETTINGS: readonly TrainOptions[] = [
  { batchSize: 500, learningRate: 0.001, l2: 0.01, epochs: 35 },
  { batchSize: 20_000, learningRate: 0.0001, l2: 0.01, epochs: 35 },
];

console.log(`${machine()}\n`);
const data = await loadDataset("mnist-60k", { standardize: true });

/** Trains once, and returns what the article prints. */
async function run(options: TrainOptions) {
  await using mlp = new Mlp({ preset: "article", layers: LAYERS, seed: 1 });
  const events = await Array.fromAsync(mlp.fit(data.train, options));
  const seconds = events.reduce((sum, event) => sum + event.seconds, 0);
  const { accuracy } = await mlp.evaluate(data.test);
  return { seconds, last: events.at(-1)!, accuracy };
}

const columns: string[][] = [];
for (const options of SETTINGS) {
  let best = await run(options);
  for (let repeat = 1; repeat < REPEATS; repeat++) {
    const next = await run(options);
    if (next.seconds < best.seconds) best = next;
  }
  const { seconds, last, accuracy } = best;
  columns.push([
    seconds.toFixed(2),
    (seconds / options.epochs!).toFixed(4),
    String(last.learningRate),
    last.lastBatch.cost.toFixed(1),
    last.lastBatch.regularizationFraction.toFixed(3),
    last.lastBatch.meanAbsoluteError!.toFixed(4),
    last.lastBatch.accuracy!.toFixed(4),
    accuracy!.toFixed(4),
  ]);
}

const [small, large] = [ARTICLE[500], ARTICLE[20_000]];
const printed: [string, string, string][] = [
  ["total, s", String(small.seconds), String(large.seconds)],
  [
    "per epoch, s",
    (small.seconds / 35).toFixed(4),
    (large.seconds / 35).toFixed(4),
  ],
  ["learning rate", String(small.learningRate), "-"],
  ["cost of the last batch", String(small.cost), "-"],
  ["fraction of regularization", String(small.share), "-"],
  ["mean error", String(small.meanError), "-"],
  ["accuracy of the last batch", "-", "-"],
  ["test accuracy", "-", "-"],
];
console.log(table(
  ["35 epochs", "batch 500", "article", "batch 20,000", "article "],
  printed.map(([name, first, second], at) => [
    name,
    columns[0][at],
    first,
    columns[1][at],
    second,
  ]),
));
