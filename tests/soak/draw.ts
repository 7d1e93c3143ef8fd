import type {
  ActivationName,
  MlpOptions,
  OutputName,
  Samples,
  SparseSamples,
  TrainOptions,
} from "../../mod.ts";
import type { Xoshiro128 } from "../../src/units/random.ts";
import { SOFT_TASKS, softSamples } from "../soft_samples.ts";

/** A network, samples and settings: all that the bits of a training depend on. */
export interface Scene {
  readonly network: MlpOptions;
  readonly samples: Samples | SparseSamples;
  readonly training: TrainOptions & { readonly epochs: number };
  /** Mini-batches of an epoch. */
  readonly batches: number;
}

/** One of `choices`. */
export function pick<T>(random: Xoshiro128, choices: readonly T[]): T {
  return choices[random.below(choices.length)];
}

/** A whole number from `least` to `most`. */
export function between(
  random: Xoshiro128,
  least: number,
  most: number,
): number {
  return least + random.below(most - least + 1);
}

const ACTIVATIONS: readonly ActivationName[] = [
  ...["sigmoid", "tanh", "relu", "leakyRelu"] as const,
  ...["elu", "gelu", "swish", "identity"] as const,
];

/** Each with options of its own. */
const OPTIMIZERS: readonly TrainOptions[] = [
  { optimizer: "article", momentum: 0.1, learningRate: 0.001 },
  { optimizer: "sgd", nesterov: true },
  { optimizer: "sgd", momentum: 0.5 },
  { optimizer: "rmsprop" },
  { optimizer: "adam", reduction: "sum" },
  { optimizer: "adamw", weightDecay: 0.1 },
];

const EXTRAS: readonly TrainOptions[] = [
  {},
  { clipNorm: 0.2 },
  { dropout: 0.3 },
  { l1: 1e-4, l2: 1e-3 },
];

/** Draws a scene that takes a few milliseconds an epoch. */
export function drawScene(random: Xoshiro128): Scene {
  const output = pick<OutputName>(random, ["sigmoid", "softmax", "linear"]);
  const hidden = Array.from(
    { length: between(random, 1, 2) },
    () => between(random, 1, 40),
  );
  const layers = [between(random, 1, 60), ...hidden, between(random, 2, 5)];
  const count = between(random, 30, 400);
  const batchSize = between(random, 5, 60);
  const drawn = softSamples(
    output,
    count,
    layers[0],
    layers.at(-1)!,
    random.below(1_000),
  );
  const kind = pick(random, ["dense", "zeros", "rows"]);
  if (kind !== "dense") {
    for (let at = 0; at < drawn.x.length; at++) {
      if (random.below(5) > 0) drawn.x[at] = 0;
    }
  }
  return {
    network: {
      layers,
      activation: hidden.map(() => pick(random, ACTIVATIONS)),
      task: SOFT_TASKS[output],
      output,
      seed: random.below(1_000),
    },
    samples: kind === "rows" ? compressed(drawn) : drawn,
    training: {
      ...pick(random, OPTIMIZERS),
      ...pick(random, EXTRAS),
      shuffle: pick(random, ["once", "epoch"]),
      epochs: between(random, 1, 5),
      batchSize,
    },
    batches: Math.ceil(count / Math.min(batchSize, count)),
  };
}

/** The same samples as compressed sparse rows. */
function compressed(
  { x, y, count: samples, inputs, outputs }: Samples,
): SparseSamples {
  const data: number[] = [];
  const indices: number[] = [];
  const indptr = [0];
  for (let s = 0; s < samples; s++) {
    for (let input = 0; input < inputs; input++) {
      const value = x[s * inputs + input];
      if (value === 0) continue;
      data.push(value);
      indices.push(input);
    }
    indptr.push(data.length);
  }
  return {
    x: {
      data: Float32Array.from(data),
      indices: Int32Array.from(indices),
      indptr: Int32Array.from(indptr),
    },
    ...{ y, count: samples, inputs, outputs },
  };
}
