/** Trainings that one process and several have to do alike. */
import assert from "node:assert/strict";
import {
  type Communicator,
  Mlp,
  type MlpOptions,
  samplesFrom,
  type TrainOptions,
} from "../../mod.ts";

/** Sizes that are no multiples of a tile or a block; more than one unit of weights in each layer. */
const INPUTS = 50;
const CLASSES = 4;
const SAMPLES = 203;

/** What a caller throws ends a training in all ranks alike. */
function fail(): never {
  throw new Error("enough");
}

interface Training {
  readonly network?: Partial<MlpOptions>;
  readonly training: TrainOptions;
  /** Further ones of the same network. */
  readonly then?: readonly TrainOptions[];
}

/** Every optimizer, sparse and dense inputs, dropout, clipping, penalties, batches with fewer samples than shards. */
export const TRAININGS: readonly Training[] = [
  {
    network: { skipZeros: "always", output: "sigmoid", preset: "article" },
    training: { momentum: 0.1, l1: 0.0001, batchSize: 50 },
  },
  {
    network: { skipZeros: "never", activation: ["swish", "elu"] },
    training: { optimizer: "adamw", dropout: [0.1, 0.3], batchSize: 64 },
  },
  {
    network: { skipZeros: "always" },
    training: { optimizer: "adam", l2: 0.001, batchSize: 29, patience: 2 },
  },
  {
    training: { optimizer: "sgd", nesterov: true, clipNorm: 0.3, batchSize: 7 },
  },
  {
    training: {
      optimizer: "rmsprop",
      schedule: "cosine",
      validationSplit: 0.2,
    },
  },
  // Which moments are whose changes from each to the next one.
  {
    training: { optimizer: "nadam", epochs: 2 },
    then: [
      { optimizer: "nadam", epochs: 1, trainable: [false, true, true] },
      { optimizer: "nadam", trainable: [true, false, false], onEpoch: fail },
      { optimizer: "nadam", epochs: 1, clipNorm: 1 },
    ],
  },
  // So large that ranks send the last layers while they compute the first ones.
  {
    network: { layers: [INPUTS, 520, 520, 520, CLASSES] },
    training: { optimizer: "adam", epochs: 1, batchSize: 100 },
  },
];

/** One that is broken off, and goes on elsewhere. */
export const LONG: TrainOptions = {
  ...{ batchSize: 50, optimizer: "adam", clipNorm: 0.5, dropout: 0.2 },
};

/** Mostly zeros, so that both ways to read inputs have something to do. */
export function samples() {
  let state = 12345;
  const next = () => {
    state = Math.imul(state, 1103515245) + 12345 & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
  const x = Array.from(
    { length: SAMPLES },
    () => Array.from({ length: INPUTS }, () => next() < 0.7 ? 0 : next()),
  );
  const labels = x.map((row) =>
    Math.floor(row[0] * row[1] * 7 + row[2] * 3) % CLASSES
  );
  return samplesFrom({ x, labels, classes: CLASSES });
}

/** What is left of a training: all weights and moments go into it. */
export async function train(
  { network, training, then = [] }: Training,
  distributed?: Communicator,
): Promise<{ weights: string; loss: number; accuracy: number | undefined }> {
  await using mlp = new Mlp({
    layers: [INPUTS, 21, 17, CLASSES],
    seed: 3,
    // Ranks may have different numbers of them.
    workers: (distributed?.rank ?? 0) === 0 ? 2 : 1,
    kernels: "wasm",
    ...network,
    ...(distributed === undefined ? {} : { distributed }),
  });
  const options = { epochs: 3, learningRate: 0.01, shards: 8 };
  const { epochs } = await mlp.fit(samples(), { ...options, ...training });
  for (const each of then) {
    const run = mlp.fit(samples(), { ...options, ...each });
    if (each.onEpoch === undefined) await run;
    else await assert.rejects(() => run, /enough/);
  }
  const { loss, accuracy } = epochs.at(-1)!;
  return { weights: await mlp.weightsSha256(), loss, accuracy };
}
