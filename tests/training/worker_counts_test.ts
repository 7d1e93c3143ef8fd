import assert from "node:assert/strict";
import { Mlp } from "../../src/mlp/mlp.ts";
import type { MlpOptions } from "../../src/mlp/mlp_options.ts";
import type { TrainOptions } from "../../src/training/options/train_options.ts";
import { SOFT_TASKS, softSamples } from "../soft_samples.ts";

/** No size is a multiple of a tile, a panel or a block. */
const LAYERS = [50, 21, 17, 4];
const SAMPLES = 203;

const NETWORKS: Partial<MlpOptions>[] = [
  { activation: ["tanh", "gelu"], output: "sigmoid" },
  { activation: ["relu", "swish"], output: "softmax" },
  { activation: ["elu", "leakyRelu"], output: "linear" },
  { activation: ["identity", "sigmoid"], output: "linear", loss: "huber" },
];

const TRAININGS: TrainOptions[] = [
  { optimizer: "article", momentum: 0.1, shuffle: "epoch", l1: 1e-4 },
  { optimizer: "sgd", nesterov: true, shuffle: "once", clipNorm: 0.3 },
  { optimizer: "rmsprop", l2: 1e-3, dropout: [0.1, 0.3] },
  { optimizer: "adam", reduction: "sum", shuffle: "once", l1: 1e-4 },
  { optimizer: "adamw", dropout: 0.5, clipNorm: 0.1 },
];

/** All results of a training of a network, for each of {@linkcode TRAININGS}. */
async function traces(
  network: Partial<MlpOptions>,
  workers: number,
): Promise<string[]> {
  const samples = softSamples(network.output!, SAMPLES, 50, 4, 12);
  const sampleWeights = Array.from({ length: SAMPLES }, (_, s) => s % 7 / 3);
  await using mlp = new Mlp({
    preset: "article",
    layers: LAYERS,
    task: SOFT_TASKS[network.output!],
    ...network,
    workers,
  });
  const start = mlp.weights;
  const found: string[] = [];
  for (const training of TRAININGS) {
    mlp.weights = start;
    const events = await Array.fromAsync(
      mlp.fit(samples, {
        ...{ ...training, epochs: 2, batchSize: 40, sampleWeights },
      }),
      ({ seconds: _, ...figures }) => figures,
    );
    const evaluation = await mlp.evaluate(samples);
    const outputs = [...await mlp.predict(samples.x)];
    const sum = await mlp.weightsSha256();
    found.push(JSON.stringify({ events, evaluation, outputs, sum }));
  }
  return found;
}

for (const network of NETWORKS) {
  const { activation, output, loss = "its loss" } = network;
  Deno.test(`every optimizer gives the same bits with 1, 2, 3 and 8 workers: ${activation}, ${output} and ${loss}`, async () => {
    const alone = await traces(network, 1);
    // The results must not be equal because nothing was trained.
    assert.equal(new Set(alone).size, TRAININGS.length);
    assert.ok(alone.every((trace) => !trace.includes("null")));
    for (const workers of [2, 3, 8]) {
      const found = await traces(network, workers);
      for (const [n, { optimizer }] of TRAININGS.entries()) {
        const what = `${optimizer} with ${workers} workers`;
        assert.ok(found[n] === alone[n], `${what} gives other bits`);
      }
    }
  });
}
