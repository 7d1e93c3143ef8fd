/** Batches, rates, patience and figures of an epoch compared with other libraries. */
import assert from "node:assert/strict";
import {
  type BatchEvent,
  Mlp,
  samplesFrom,
  type TrainOptions,
  trainTestSplit,
} from "../../mod.ts";
import { EarlyStopping } from "../../src/training/early_stopping.ts";
import { Schedule } from "../../src/units/schedules.ts";
import {
  type TrainSettings,
  trainSettings,
} from "../../src/training/options/train_settings.ts";
import { assertNear } from "../assert_close.ts";
import { randomSamples } from "../samples.ts";
import { near, reference, row, STEP_SAMPLES, stepNetwork } from "./rows.ts";

const { rates, defaults } = reference;

function settingsOf(options: TrainOptions): TrainSettings {
  const shape = { samples: 1000, layers: [2, 3, 1], validated: true };
  return trainSettings(options, shape);
}

row("batches", async () => {
  const samples = randomSamples(23, 2, 1, 1);
  const sizes: number[] = [];
  await using mlp = new Mlp({ preset: "article", layers: [2, 1], workers: 1 });
  await mlp.fit(samples, {
    ...{ epochs: 1, batchSize: 5, learningRate: 0 },
    onBatch: ({ samples }) => void sizes.push(samples),
  });
  assert.deepEqual(sizes, reference.batches.numpy);
  assert.notDeepEqual(sizes, reference.batches.torch);
  assert.deepEqual(reference.batches.sklearn, reference.batches.torch);
});

row("order of the samples", async () => {
  // Each batch is one sample, known by its loss.
  const orders = async (shuffle: "once" | "epoch" | undefined) => {
    const samples = samplesFrom({
      x: Array.from({ length: 30 }, (_, s) => [s]),
      y: new Array(30).fill([0]),
    });
    const found: number[][] = [[], []];
    const weights = [Float32Array.of(0, 1)];
    await using mlp = new Mlp({
      preset: "article",
      ...{ layers: [1, 1], output: "linear", weights, workers: 1, seed: 3 },
    });
    await mlp.fit(samples, {
      ...{ optimizer: "sgd", learningRate: 0, epochs: 2, batchSize: 1 },
      ...(shuffle === undefined ? {} : { shuffle }),
      onBatch: ({ epoch, loss }: BatchEvent) =>
        void found[epoch - 1].push(Math.sqrt(2 * loss)),
    });
    return found;
  };
  const sorted = (order: number[]) => order.toSorted((a, b) => a - b);
  const all = Array.from({ length: 30 }, (_, s) => s);
  const [first, second] = await orders(undefined);
  near(sorted(first), all);
  near(sorted(second), all);
  assert.notDeepEqual(first, second);
  assert.notDeepEqual(first, all);
  const [once, again] = await orders("once");
  assert.deepEqual(once, again);
  assert.equal(defaults.sklearn.shuffle, true);
  assert.equal(defaults.loader.shuffle, null);
});

row("`validationSplit`", async () => {
  const samples = randomSamples(10, 2, 1, 2);
  const { test } = trainTestSplit(samples, { testFraction: 0.3 });
  await using mlp = new Mlp({ preset: "article", layers: [2, 1], workers: 1 });
  const { epochs: [{ validation }] } = await mlp.fit(samples, {
    ...{ epochs: 1, learningRate: 0, validationSplit: 0.3 },
  });
  assert.deepEqual(validation, await mlp.evaluate(test));
});

/** The rates of epochs, with a monitored value after each. */
function ratesOf(
  options: TrainOptions,
  values: readonly number[] = new Array(6).fill(1),
): number[] {
  const schedule = new Schedule(settingsOf({
    ...{ optimizer: "sgd", learningRate: 0.8, epochs: values.length },
    ...options,
  }));
  return values.map((value) => {
    const rate = schedule.next();
    schedule.observe(value);
    return rate;
  });
}

row("`step`, `exponential`, `cosine`", () => {
  near(
    ratesOf({ schedule: "step", stepEpochs: 2, decayFactor: 0.5 }),
    rates.step,
    1e-12,
  );
  near(
    ratesOf({ schedule: "exponential", decayFactor: 0.5 }),
    rates.exponential,
    1e-12,
  );
  near(
    ratesOf({ schedule: "cosine", minLearningRate: 0.1 }),
    rates.cosine,
    1e-12,
  );
});

row("`plateau`", () => {
  const found = (plateauPatience: number, values: readonly number[]) =>
    ratesOf({ schedule: "plateau", decayFactor: 0.5, plateauPatience }, values);
  // A patience of 3 is one of 2 for PyTorch, and of 3 for Keras.
  near(found(3, rates.flat), rates.plateau2, 1e-12);
  near(found(3, rates.flat), rates.plateauKeras3, 1e-12);
  // Any fall counts here, as there is no threshold.
  near(found(3, rates.slow), new Array(9).fill(0.8), 1e-12);
  assert.equal(rates.plateauSlow.at(-1), 0.2);
  assert.equal(rates.plateauSlowKeras.at(-1), 0.2);
});

row("`patience`", () => {
  const stopping = new EarlyStopping({
    ...{ patience: 3, minDelta: 0, mode: "min" },
  });
  let epochs = 1;
  while (!stopping.observe(1).stop) epochs++;
  assert.equal(epochs, reference.stopping.keras3);
  assert.equal(epochs, reference.stopping.sklearn3 - 1);
  // Any smaller value counts as better.
  assert.equal(settingsOf({}).minDelta, 0);
  assert.equal(defaults.sklearn.tol, 1e-4);
});

row("`restoreBestWeights`", async () => {
  await using mlp = stepNetwork();
  const weights: Float32Array[] = [];
  // A rate of 2 leads away from the first step on.
  const { bestEpoch } = await mlp.fit(STEP_SAMPLES, {
    ...{ optimizer: "sgd", learningRate: 2, epochs: 5, batchSize: 4 },
    ...{ patience: 2, validationData: STEP_SAMPLES },
    onEpoch: () => void weights.push(mlp.weights[0]),
  });
  assert.equal(bestEpoch, 1);
  assert.deepEqual(mlp.weights[0], weights[0]);
});

row("`loss` and `cost` of an epoch", async () => {
  await using mlp = stepNetwork();
  const batches: number[] = [];
  const { epochs: [epoch] } = await mlp.fit(STEP_SAMPLES, {
    ...{ optimizer: "sgd", momentum: 0, learningRate: 0.1, l2: 0.5, epochs: 1 },
    batchSize: 2,
    onBatch: ({ loss }) => void batches.push(loss),
  });
  const before = stepNetwork();
  const { loss } = await before.evaluate(STEP_SAMPLES);
  await before.dispose();
  // The mean over the epoch while it learns, without penalties.
  assertNear(epoch.loss, (batches[0] + batches[1]) / 2, 1e-6, "loss");
  assert.ok(Math.abs(epoch.loss - loss) > 0.1);
  // Of the last batch alone, with penalties of the weights before its step.
  await using halfway = stepNetwork();
  const seen: Float32Array[] = [];
  await halfway.fit(STEP_SAMPLES, {
    ...{ optimizer: "sgd", momentum: 0, learningRate: 0.1, l2: 0.5, epochs: 1 },
    batchSize: 2,
    onBatch: () => void seen.push(halfway.weights[0]),
  });
  const [, first, second] = seen[0];
  const penalty = 0.5 * 0.5 * (first ** 2 + second ** 2);
  assertNear(epoch.lastBatch.cost, batches[1] + penalty, 1e-6, "cost");
  assertNear(
    epoch.lastBatch.regularizationFraction,
    penalty / epoch.lastBatch.cost,
    1e-6,
    "fraction",
  );
});

row("defaults", () => {
  const { adam, adamw, rmsprop, sgd, sklearn } = defaults;
  const found = settingsOf({ optimizer: "adam" });
  const { learningRate, beta1, beta2, epsilon } = found;
  assert.deepEqual([learningRate, epsilon], [adam.lr, adam.eps]);
  assert.deepEqual([beta1, beta2], adam.betas);
  assert.deepEqual([found.batchSize, found.epochs, found.l2], [32, 100, 0.003]);
  assert.deepEqual([sklearn.batch_size, sklearn.max_iter], ["auto", 200]);
  const { weightDecay } = settingsOf({ optimizer: "adamw" });
  assert.equal(weightDecay, adamw.weight_decay);
  const other = settingsOf({ optimizer: "rmsprop" });
  assert.deepEqual([other.rho, other.learningRate], [0.9, 0.001]);
  assert.deepEqual([rmsprop.alpha, rmsprop.lr], [0.99, 0.01]);
  const plain = settingsOf({ optimizer: "sgd" });
  assert.deepEqual(
    [plain.learningRate, plain.momentum, plain.nesterov],
    [0.01, 0.9, false],
  );
  assert.deepEqual([sgd.momentum, sgd.nesterov], [0, false]);
  assert.deepEqual([sklearn.momentum, sklearn.nesterovs_momentum], [0.9, true]);
});
