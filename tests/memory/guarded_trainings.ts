/** Trainings of several shapes, to be run with guards around all buffers. */
import { Mlp } from "../../src/mlp/mlp.ts";
import type { MlpOptions } from "../../src/mlp/mlp_options.ts";
import type { TrainOptions } from "../../src/training/options/train_options.ts";
import { softSamples } from "../soft_samples.ts";

interface GuardedTraining {
  readonly name: string;
  readonly hidden: readonly number[];
  readonly network: Partial<MlpOptions>;
  readonly training: TrainOptions;
  readonly weighted?: true;
}

export const TRAININGS: readonly GuardedTraining[] = [
  {
    name: "dense, in a new order each epoch, with dropout and weights",
    hidden: [13, 70],
    network: {
      ...{ activation: ["gelu", "softplus"], output: "softmax" },
      ...{ skipZeros: "never" },
    },
    training: { optimizer: "nadam", shuffle: "epoch", dropout: 0.3, l2: 1e-3 },
    weighted: true,
  },
  {
    name: "sparse, in the same order",
    hidden: [70, 30],
    network: { preset: "article", task: "labels", skipZeros: "always" },
    training: { shuffle: "once", clipNorm: 0.5 },
  },
  {
    name: "sparse, in a new order each epoch",
    hidden: [9, 1],
    network: {
      ...{ activation: ["elu", "swish"], output: "linear", loss: "huber" },
      ...{ skipZeros: "always" },
    },
    training: { optimizer: "rmsprop", shuffle: "epoch", l1: 1e-4 },
  },
  {
    name: "dense, in the same order",
    hidden: [33],
    network: { activation: "leakyRelu", output: "softmax", skipZeros: "never" },
    training: { optimizer: "adam", shuffle: "once" },
  },
];

const [SAMPLES, INPUTS, OUTPUTS] = [107, 61, 11];

/** Trains, predicts and evaluates: what the weights are then. */
export async function trainGuarded(
  { hidden, network, training, weighted }: GuardedTraining,
  kernels: "wasm" | "native",
): Promise<string> {
  const output = network.output ?? "sigmoid";
  const drawn = softSamples(output, SAMPLES, INPUTS, OUTPUTS, 12);
  const x = (drawn.x as Float32Array).map((x) => x < 0.5 ? 0 : x);
  const weights = Float32Array.from({ length: SAMPLES }, (_, n) => 1 + n % 3);
  const samples = { ...drawn, x, ...(weighted ? { weights } : {}) };
  const layers = [INPUTS, ...hidden, OUTPUTS];
  await using mlp = new Mlp({
    ...{ ...network, layers, kernels, workers: 2, seed: 5 },
  });
  await mlp.fit(samples, { ...training, epochs: 2, batchSize: 25 });
  await mlp.evaluate(samples);
  await mlp.predict(x);
  return await mlp.weightsSha256();
}
