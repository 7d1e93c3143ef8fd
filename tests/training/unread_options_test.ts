/** Options that the chosen optimizer or schedule doesn't read are refused, and every one that is accepted has an effect. */
import assert from "node:assert/strict";
import { Mlp, type OptimizerName, type TrainOptions } from "../../mod.ts";
import {
  TRAIN_OPTION_ROWS,
  TRAIN_OPTION_TABLE,
} from "../../src/training/options/option_table.ts";
import { matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

const SAMPLES = randomSamples(30, 3, 2, 5);

const OPTIMIZERS = TRAIN_OPTION_TABLE.optimizer.kind.words as OptimizerName[];

const REFUSED: [TrainOptions, string][] = [
  [
    { optimizer: "adam", weightDecay: 0.1 },
    "'weightDecay' is not read by the optimizer 'adam': leave it out, or write optimizer: 'adamw'",
  ],
  [
    { optimizer: "rmsprop", momentum: 0 },
    "'momentum' is not read by the optimizer 'rmsprop': leave it out, or write optimizer: 'article' or 'sgd'",
  ],
  [
    { optimizer: "adam", nesterov: false },
    "'nesterov' is not read by the optimizer 'adam': leave it out, or write optimizer: 'sgd'",
  ],
  [
    { epsilon: 1e-8 },
    "'epsilon' is not read by the optimizer 'article': leave it out, or write optimizer: 'rmsprop' or 'adam' or 'adamw' or 'nadam'",
  ],
  [
    { optimizer: "sgd", learningRateDecay: 0 },
    "'learningRateDecay' is not read by the schedule 'constant': leave it out, or write schedule: 'article'",
  ],
  [
    { schedule: "cosine", stepEpochs: 3 },
    "'stepEpochs' is not read by the schedule 'cosine': leave it out, or write schedule: 'step'",
  ],
  [
    { schedule: "constant", minLearningRate: 0 },
    "'minLearningRate' is not read by the schedule 'constant': leave it out, or write schedule: 'article' or 'step' or 'exponential' or 'cosine' or 'plateau'",
  ],
  [
    { monitor: "loss", patience: 0 },
    "'monitor' is not read by the schedule 'article' without 'patience': leave it out, or write schedule: 'plateau' or patience: 10",
  ],
  [
    { schedule: "plateau", restoreBestWeights: false },
    "'restoreBestWeights' is not read without 'patience': leave it out, or write patience: 10",
  ],
];

Deno.test("options that nothing reads are refused, and the error says what would read them", async () => {
  await using mlp = new Mlp({
    ...{ preset: "article", layers: [3, 4, 2], workers: 1 },
  });
  for (const [options, message] of REFUSED) {
    await assert.rejects(
      mlp.fit(SAMPLES, options),
      matches(RangeError, `Cannot train as ${message}`),
    );
    // Left out, and yet a field of the object.
    const without = Object.fromEntries(
      Object.keys(options).map((name) => [name, undefined]),
    );
    await mlp.fit(SAMPLES, { ...without, epochs: 1 });
  }
});

/** Settings by which each schedule does something in a few epochs. */
const SCHEDULES: Record<string, TrainOptions> = {
  article: { schedule: "article" },
  constant: { schedule: "constant" },
  step: { schedule: "step", stepEpochs: 2 },
  exponential: { schedule: "exponential" },
  cosine: { schedule: "cosine" },
  plateau: { schedule: "plateau", plateauPatience: 2 },
};

/** Other values than those above and the defaults. */
const OTHERS: TrainOptions = {
  momentum: 0.3,
  nesterov: true,
  rho: 0.5,
  beta1: 0.5,
  beta2: 0.9,
  epsilon: 0.1,
  weightDecay: 0.3,
  learningRateDecay: 0.2,
  stepEpochs: 1,
  decayFactor: 0.9,
  plateauPatience: 1,
  minLearningRate: 0.04,
  monitor: "accuracy",
  minDelta: 1000,
  restoreBestWeights: false,
};

Deno.test("an option is accepted where it changes the training, and refused elsewhere", async () => {
  const names = TRAIN_OPTION_ROWS.filter(([, { readBy }]) => readBy)
    .map(([name]) => name);
  assert.deepEqual(names.toSorted(), Object.keys(OTHERS).toSorted());
  await using mlp = new Mlp({
    preset: "article",
    layers: [3, 4, 2],
    workers: 1,
    seed: 3,
  });
  const { weights } = mlp;
  const outcome = async (options: TrainOptions) => {
    mlp.weights = weights;
    const { epochs, ...rest } = await mlp.fit(SAMPLES, options);
    const rates = epochs.map(({ learningRate }) => learningRate);
    return JSON.stringify([rates, rest, await mlp.weightsSha256()]);
  };
  let taken = 0;
  for (const optimizer of OPTIMIZERS) {
    for (const schedule of Object.values(SCHEDULES)) {
      // A rate at which the loss goes up and down, so that no value is the best for long.
      const base = {
        ...{ epochs: 8, batchSize: 10, optimizer, learningRate: 0.5 },
        ...{ reduction: "mean" as const, ...schedule },
      };
      for (const patience of [0, 3]) {
        const before = await outcome({ ...base, patience });
        for (const name of names) {
          const options = { ...base, patience, [name]: OTHERS[name] };
          let other: string;
          try {
            other = await outcome(options);
          } catch (error) {
            assert.match((error as Error).message, / is not read /);
            continue;
          }
          taken++;
          assert.notEqual(other, before, JSON.stringify(options));
        }
      }
    }
  }
  assert.ok(taken > 300, `${taken} were taken`);
});
