/**
 * Weights that trainings of earlier versions gave, to the last bit. Refactoring must not change them. A hash changes only
 * where the mathematics is meant to change, and then the commit says so. They need fused multiply-adds, as every x86 with
 * FMA and every 64-bit ARM has.
 */
import assert from "node:assert/strict";
import {
  loadDataset,
  Mlp,
  type MlpOptions,
  type TrainOptions,
} from "../mod.ts";
import { SOFT_TASKS, softSamples } from "./soft_samples.ts";

/** A network of sizes that are no multiples of a tile, a panel or a block; samples of all sorts. */
const LAYERS = [50, 21, 17, 4];
const SAMPLES = 203;

interface Run {
  readonly network: Partial<MlpOptions>;
  readonly training: TrainOptions;
  readonly sha256: string;
}

const RUNS: readonly Run[] = [
  {
    network: { activation: ["sigmoid", "tanh"], output: "sigmoid" },
    training: {
      optimizer: "article",
      momentum: 0.1,
      shuffle: "epoch",
      l1: 0.0001,
      learningRate: 0.01,
    },
    sha256: "f5c63e2927ceca727edfaf44258d4fc525f957ffc13851519aac5dd3c382f64b",
  },
  {
    network: {
      activation: ["relu", "swish"],
      output: "softmax",
      initializer: "he",
    },
    training: {
      optimizer: "sgd",
      nesterov: true,
      l2: 0,
      clipNorm: 0.3,
      schedule: "cosine",
    },
    sha256: "ca0ecb0ccc4876fa70eea6ecda18b9b5080d797e80d5803a63f8d0079c95b161",
  },
  {
    network: {
      activation: ["elu", "leakyRelu"],
      output: "linear",
      initializer: "glorot",
    },
    training: {
      optimizer: "rmsprop",
      l2: 0.001,
      dropout: [0.1, 0.3],
      schedule: "step",
      stepEpochs: 1,
    },
    sha256: "e546429c63870e8ee5b6c2a1fd6037240c93f75a2f07d9b9bc3cce161353d7c4",
  },
  {
    network: {
      activation: ["identity", "gelu"],
      output: "linear",
      loss: "huber",
      initializer: "lecun",
    },
    training: {
      optimizer: "adam",
      reduction: "sum",
      shuffle: "once",
      l1: 0.0001,
      l2: 0,
      warmUpEpochs: 2,
    },
    sha256: "e38c063bc21e739dc61030436642964f6352e40011dcb06e468daf022216589b",
  },
  {
    network: {
      activation: ["gelu", "sigmoid"],
      output: "sigmoid",
      loss: "halfSquaredError",
    },
    training: {
      optimizer: "adamw",
      dropout: 0.5,
      clipNorm: 0.1,
      schedule: "exponential",
    },
    sha256: "8e34becce877090fd02a310b4362fef2057c9080b3694143d1697e15ecba0938",
  },
  {
    network: {
      activation: ["swish", "relu"],
      output: "sigmoid",
      loss: "huber",
    },
    training: { optimizer: "sgd", momentum: 0.5, l2: 0.01 },
    sha256: "22e35c8fbd801e59ae495deb1969504e91586f86b7752b9f80fbc98cf8c5d3c9",
  },
];

for (const { network, training, sha256 } of RUNS) {
  const { activation, output, loss = "its loss" } = network;
  const { optimizer } = training;
  Deno.test(`bits of ${optimizer}, ${activation}, ${output}, ${loss} are those of earlier versions`, async () => {
    const samples = softSamples(network.output!, SAMPLES, 50, 4, 12);
    await using mlp = new Mlp({
      preset: "article",
      task: SOFT_TASKS[network.output!],
      ...{ layers: LAYERS, workers: 2, kernels: "wasm", skipZeros: "never" },
      ...network,
    });
    await mlp.fit(samples, { epochs: 3, batchSize: 40, ...training });
    assert.equal(await mlp.weightsSha256(), sha256);
  });
}

Deno.test("bits of the article's settings on the digits are those of earlier versions", async () => {
  const { train } = await loadDataset("mnist");
  for (const skipZeros of ["never", "always"] as const) {
    await using mlp = new Mlp({
      preset: "article",
      layers: [784, 70, 30, 10],
      workers: 2,
      kernels: "wasm",
      skipZeros,
    });
    await mlp.fit(train, { epochs: 3 });
    assert.equal(
      await mlp.weightsSha256(),
      "303bd564e4e6eee8b2a24069950623e6a6b864ed438c8cf94af3b30ae125ef1d",
    );
  }
});
