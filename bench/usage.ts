/**
 * `deno task bench:usage`: what other settings than the article's cost, and how fast predictions are. Epochs of 60,000
 * digits with the article's settings and with Adam, relu and softmax, in turn; 10,000 digits in one call of `predict()`
 * beside the forward pass of as many digits in a training.
 */
import { loadDataset, Mlp } from "../mod.ts";
import { machine } from "./lib/machine.ts";
import { median, spread } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const LAYERS = [784, 70, 30, 10];
const ROUNDS = 15;

const { train, test } = await loadDataset("mnist-60k");
await using article = new Mlp({ preset: "article", layers: LAYERS });
await using adam = new Mlp({
  layers: LAYERS,
  activation: "relu",
  output: "softmax",
});
await using forward = new Mlp({
  preset: "article",
  layers: LAYERS,
  skipZeros: "never",
});
const common = { epochs: ROUNDS + 1, batchSize: 500, timings: true } as const;
const runs = [
  article.fit(train, { ...common, shuffle: "once" }),
  adam.fit(train, { ...common, shuffle: "once", optimizer: "adam" }),
  adamShuffled().fit(train, { ...common, optimizer: "adam" }),
  forward.fit(test, { ...common, shuffle: "once" }),
].map((run) => run[Symbol.asyncIterator]());
const seconds: number[][] = runs.map(() => []);
const predictions: number[] = [];
const forwards: number[] = [];

function adamShuffled(): Mlp {
  return new Mlp({ layers: LAYERS, activation: "relu", output: "softmax" });
}

for (let round = 0; round <= ROUNDS; round++) {
  for (const [at, run] of runs.entries()) {
    const { value } = await run.next();
    // The first round is for the compilers to warm up.
    if (round > 0) seconds[at].push(value!.seconds);
    if (at === 3 && round > 0) {
      const parts = value!.timings!.filter(({ part }) => part === "forward");
      forwards.push(
        parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000,
      );
    }
  }
  const before = performance.now();
  await article.predict(test.x);
  if (round > 0) predictions.push((performance.now() - before) / 1000);
}

const [own, ...others] = seconds;
console.log(`${machine()}, batch 500\n`);
console.log(table(["what", "seconds (least … most)", "ratio"], [
  ["epoch, article's settings", spread(own), "1.00"],
  ...[
    ["epoch, adam, relu, softmax, the same order", others[0]] as const,
    ["the same, a new order every epoch", others[1]] as const,
  ].map(([name, values]) => [
    name,
    spread(values),
    (median(values) / median(own)).toFixed(2),
  ]),
  ["forward pass of 10,000 digits in a training, dense", spread(forwards), ""],
  ["predict() of 10,000 digits", spread(predictions), ""],
]));
Deno.exit();
