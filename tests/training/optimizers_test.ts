import assert from "node:assert/strict";
import { type Told, told } from "./figures.ts";
import type { Samples } from "../../src/data/dataset.ts";
import { Mlp } from "../../src/mlp/mlp.ts";
import type { MlpOptions } from "../../src/mlp/mlp_options.ts";
import type { TrainOptions } from "../../src/training/options/train_options.ts";
import { assertClose, assertNear } from "../assert_close.ts";
import { unpack } from "../float64_mlp.ts";
import {
  type ExactBatch,
  ExactTrainer,
  type Rule,
  RULES,
  type TrainingSettings,
} from "../float64_training.ts";
import { rows } from "../samples.ts";
import { softSamples } from "../soft_samples.ts";

const LAYERS = [11, 9, 6, 3];
const SAMPLES = 83;
/** Five batches, of 17 and 16 samples. */
const BATCH = 20;
const EPOCHS = 3;

/** Weights are float32, and so are the ten to twenty steps that led to them. */
const TOLERANCE = 1e-5;

const EXACT = {
  epochs: EPOCHS,
  batchSize: BATCH,
  shuffle: "epoch",
  l1: 0,
  l2: 0,
} as const;

/** The network and training for the float64 implementation. */
function exactSettings(
  mlp: Mlp,
  rule: Rule,
  rate: number,
  options: TrainOptions,
): TrainingSettings {
  const { activations, output, loss } = mlp;
  const { epochs, batchSize, shuffle, l1, l2 } = { ...EXACT, ...options };
  return {
    ...{ activation: activations, output, loss, rule, reduction: "mean" },
    ...{ epochs, batchSize, shuffle, l1, l2, rate: () => rate },
  };
}

/** Compares each batch with float64: its figures, and its place in the epoch. Numbers have no accuracy. */
function checkBatches(
  events: Told[],
  exact: ExactBatch[],
  numbers: boolean,
): void {
  const found = events.flatMap((event) =>
    event.type === "batch" ? [event.batch] : []
  );
  assert.equal(found.length, exact.length);
  for (const [at, batch] of found.entries()) {
    const { samples, loss, correct, epoch } = exact[at];
    assert.equal(batch.epoch, epoch + 1);
    assert.equal(batch.samples, samples);
    assertNear(batch.loss, loss / samples, TOLERANCE, `loss of batch ${at}`);
    const accuracy = numbers ? undefined : correct / samples;
    assert.equal(batch.accuracy, accuracy, `accuracy of batch ${at}`);
  }
}

/** Compares each epoch with the float64 figures of its batches. */
function checkEpochs(
  events: Told[],
  exact: ExactBatch[],
  { reduction, rate }: TrainingSettings,
  numbers: boolean,
): void {
  const sum = (values: number[]) => values.reduce((total, x) => total + x, 0);
  for (const event of events) {
    if (event.type === "batch") continue;
    const found = event.epoch;
    const epoch = found.epoch - 1;
    const batches = exact.filter((batch) => batch.epoch === epoch);
    const last = batches.at(-1)!;
    const samples = sum(batches.map((batch) => batch.samples));
    const loss = reduction === "mean" ? last.loss / last.samples : last.loss;
    const { cost, meanAbsoluteError, accuracy } = found.lastBatch;
    const near = (value: number, wanted: number, name: string) =>
      assertNear(value, wanted, TOLERANCE, `${name} of epoch ${epoch}`);
    near(found.loss, sum(batches.map((batch) => batch.loss)) / samples, "loss");
    near(cost, loss + last.penalty, "cost");
    near(meanAbsoluteError!, last.meanError, "mean error");
    const correct = sum(batches.map((batch) => batch.correct));
    assert.equal(found.accuracy, numbers ? undefined : correct / samples);
    assert.equal(accuracy, numbers ? undefined : last.correct / last.samples);
    assertNear(found.learningRate, rate(epoch), 1e-12, "learning rate");
  }
}

/** The article's schedule. */
function articleRate(rate: number, decay: number): (epoch: number) => number {
  return (epoch) => {
    let current = rate;
    for (let i = 0; i <= epoch; i++) current /= 1 + decay * i;
    return current;
  };
}

interface Training {
  readonly options: TrainOptions;
  readonly exact: Partial<TrainingSettings> & { rule: Rule };
}

/** Rates that move the weights by some hundredths in a step, as do those in use. */
const TRAININGS: Record<string, Training> = {
  article: {
    options: {
      ...{ learningRate: 0.01, learningRateDecay: 0.05, momentum: 0.4 },
      ...{ l1: 1e-3, l2: 1e-2 },
    },
    exact: {
      ...{ rule: RULES.article(0.4), rate: articleRate(0.01, 0.05) },
      ...{ reduction: "sum", l1: 1e-3, l2: 1e-2 },
    },
  },
  sgd: {
    options: { optimizer: "sgd", learningRate: 0.1, l1: 1e-3 },
    exact: { rule: RULES.sgd(0.9), rate: () => 0.1, l1: 1e-3 },
  },
  nesterov: {
    options: {
      ...{ optimizer: "sgd", learningRate: 0.2, momentum: 0.8 },
      ...{ nesterov: true, clipNorm: 0.15 },
    },
    exact: { rule: RULES.sgd(0.8, true), rate: () => 0.2, clipNorm: 0.15 },
  },
  rmsprop: {
    options: {
      ...{ optimizer: "rmsprop", learningRate: 0.01, rho: 0.8 },
      ...{ epsilon: 1e-3, l2: 1e-2 },
    },
    exact: { rule: RULES.rmsprop(0.8, 1e-3), rate: () => 0.01, l2: 1e-2 },
  },
  adam: {
    options: { optimizer: "adam", learningRate: 0.01, epsilon: 1e-4 },
    exact: { rule: RULES.adamw(0.9, 0.999, 1e-4, 0), rate: () => 0.01 },
  },
  adamw: {
    options: {
      ...{ optimizer: "adamw", learningRate: 0.02, weightDecay: 0.5 },
      ...{ beta1: 0.7, beta2: 0.95, epsilon: 1e-3, dropout: [0.25, 0] },
    },
    exact: {
      rule: RULES.adamw(0.7, 0.95, 1e-3, 0.5),
      ...{ rate: () => 0.02, dropout: [0.25, 0] },
    },
  },
};

const NETWORKS: Partial<MlpOptions>[] = [
  { activation: ["tanh", "elu"], output: "softmax" },
  {
    ...{ activation: ["swish", "sigmoid"], output: "linear", loss: "huber" },
    skipZeros: "always",
  },
];

for (const [name, { options, exact }] of Object.entries(TRAININGS)) {
  for (const [at, shuffle] of (["once", "epoch"] as const).entries()) {
    Deno.test(`${name}, order of samples by ${shuffle}: 15 batches agree with an independent float64 implementation`, async () => {
      const kind = NETWORKS[at];
      const seed = 21 + at;
      const samples = softSamples(kind.output!, SAMPLES, 11, 3, 3);
      const sampleWeights = Array.from(
        { length: SAMPLES },
        (_, s) => 0.5 + s % 5 / 4,
      );
      await using mlp = new Mlp({
        preset: "article",
        layers: LAYERS,
        ...kind,
        seed,
        workers: 2,
      });
      const trainer = new ExactTrainer(unpack(mlp.weights, LAYERS), seed);
      const rate = options.learningRate!;
      const settings = {
        ...exactSettings(mlp, exact.rule, rate, { shuffle }),
        ...{ sampleWeights, ...exact },
      };
      const wanted = [
        ...trainer.train(rows(samples.x, 11), rows(samples.y, 3), settings),
      ];
      const before = mlp.weights;
      const events = await told(mlp, samples, {
        ...{ epochs: EPOCHS, batchSize: BATCH, shuffle, sampleWeights, l2: 0 },
        ...options,
      });
      const numbers = kind.output === "linear";
      checkBatches(events, wanted, numbers);
      checkEpochs(events, wanted, settings, numbers);
      assertClose(unpack(mlp.weights, LAYERS), trainer.w, TOLERANCE, name);
      const moved = Math.max(
        ...before[0].map((value, n) => Math.abs(value - mlp.weights[0][n])),
      );
      assert.ok(moved > 0.02, `weights moved by ${moved} only`);
    });
  }
}

const ADAM = { optimizer: "adam", learningRate: 0.01, epsilon: 1e-4 } as const;
const ADAM_RULE = RULES.adamw(0.9, 0.999, 1e-4, 0);

/** A network, its float64 reference, and what both are trained with. */
function references(seed: number) {
  const samples: Samples = softSamples("softmax", SAMPLES, 11, 3, 4);
  const mlp = new Mlp({
    preset: "article",
    layers: LAYERS,
    ...NETWORKS[0],
    seed,
    workers: 2,
  });
  const trainer = new ExactTrainer(unpack(mlp.weights, LAYERS), seed);
  const settings = exactSettings(mlp, ADAM_RULE, 0.01, {});
  const exact = (change: Partial<TrainingSettings> = {}, x = samples.x) =>
    trainer.train(rows(x, 11), rows(samples.y, 3), { ...settings, ...change });
  const options = { ...ADAM, epochs: EPOCHS, batchSize: BATCH, l2: 0 };
  return { samples, mlp, trainer, exact, options };
}

Deno.test("a second training with the same optimizer continues with its moments, steps and masks", async () => {
  const { samples, mlp, trainer, exact, options } = references(31);
  await using _ = mlp;
  const dropout = [0.2, 0.4];
  for (const epochs of [2, 1]) {
    await Array.fromAsync(mlp.fit(samples, { ...options, epochs, dropout }));
    [...exact({ epochs, dropout })];
  }
  assertClose(unpack(mlp.weights, LAYERS), trainer.w, TOLERANCE, "weights");
});

Deno.test("a training after one that was left between batches continues with the steps of its optimizer", async () => {
  const { samples, mlp, trainer, exact, options } = references(32);
  await using _ = mlp;
  const run = mlp.fit(samples, {
    ...options,
    onBatch: ({ batch }) => void (batch === 3 && run.stop()),
  });
  await run;
  for (const _ of exact()) if (trainer.steps === 3) break;
  assertClose(unpack(mlp.weights, LAYERS), trainer.w, TOLERANCE, "3 batches");
  await Array.fromAsync(mlp.fit(samples, { ...options, epochs: 1 }));
  [...exact({ epochs: 1 })];
  assertClose(unpack(mlp.weights, LAYERS), trainer.w, TOLERANCE, "8 batches");
});

Deno.test("another optimizer, or other weights, start without moments", async () => {
  const { samples, mlp, options } = references(33);
  await using _ = mlp;
  const train = async (change: TrainOptions) => {
    // The order of the samples is of no matter to a single batch, but for rounding.
    const single = { ...options, epochs: 2, batchSize: SAMPLES, ...change };
    await Array.fromAsync(mlp.fit(samples, single));
  };
  await train({});
  const start = mlp.weights;
  await train({ optimizer: "sgd", learningRate: 0.1, epsilon: undefined });
  const found = mlp.weights;

  const layers = LAYERS;
  const reference = new ExactTrainer(unpack(start, layers), 1);
  const settings = exactSettings(mlp, RULES.sgd(0.9), 0.1, {
    epochs: 2,
    batchSize: SAMPLES,
  });
  [...reference.train(rows(samples.x, 11), rows(samples.y, 3), settings)];
  assertClose(
    unpack(found, layers),
    reference.w,
    TOLERANCE,
    "another optimizer",
  );

  mlp.weights = start;
  await train({ optimizer: "sgd", learningRate: 0.1, epsilon: undefined });
  const again = unpack(mlp.weights, layers);
  assertClose(again, reference.w, TOLERANCE, "the same weights again");
});

Deno.test("skipped column modes, sample weights and dropout together agree with float64", async () => {
  const { mlp, samples, trainer, exact, options } = references(34);
  await using _ = mlp;
  const mode = (at: number) => Math.fround(at % 11 / 7 - 0.5);
  const x = samples.x.map((value, at) => at % 6 === 0 ? value : mode(at));
  const sampleWeights = Array.from({ length: SAMPLES }, (_, s) => s % 4 / 2);
  const dropout = [0.3, 0.1];
  const [{ kernels }] = await Array.fromAsync(
    mlp.fit({ ...samples, x }, {
      ...{ ...options, sampleWeights, dropout, timings: true },
    }),
  );
  assert.match(
    kernels!,
    /16.8 % of the inputs are not the most frequent .* skipped/,
  );
  [...exact({ sampleWeights, dropout }, x)];
  assertClose(unpack(mlp.weights, LAYERS), trainer.w, TOLERANCE, "weights");
});
