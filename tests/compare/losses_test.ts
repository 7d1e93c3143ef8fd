/** Losses and sample weights compared with other libraries. */
import assert from "node:assert/strict";
import {
  type LossName,
  Mlp,
  type OutputName,
  type Samples,
  samplesFrom,
  type TrainOptions,
} from "../../mod.ts";
import { assertNear } from "../assert_close.ts";
import { near, passing, reference, row } from "./rows.ts";

const { losses } = reference;
const SAMPLES = samplesFrom({ x: losses.z, y: losses.y });

/** What evaluate() says of the samples of the reference, which have two outputs. */
async function lossOf(output: OutputName, loss: LossName): Promise<number> {
  await using mlp = passing(2, { output, loss });
  return (await mlp.evaluate(SAMPLES)).loss;
}

/** The loss of an epoch, whose rate of 0 changes nothing. */
async function trained(
  samples: Samples,
  options: TrainOptions,
): Promise<number> {
  await using mlp = passing(2, { output: "softmax" });
  const { epochs: [epoch] } = await mlp.fit(samples, {
    ...{ optimizer: "sgd", learningRate: 0, l2: 0, epochs: 1, batchSize: 3 },
    ...options,
  });
  assertNear(epoch.lastBatch.cost, epoch.loss, 1e-6, "cost");
  return epoch.loss;
}

row("`halfSquaredError`", async () => {
  const found = await lossOf("linear", "halfSquaredError");
  assertNear(found, losses.halfSquaredError * 2 / 2, 1e-6, "PyTorch");
  assertNear(found, losses.mseSklearn * 2, 1e-6, "scikit-learn");
  // Though its steps are those of the sum over outputs.
  const { x, y, start, twoTargetsSklearn } = reference.steps;
  const weights = [Float32Array.from(start.flatMap((w) => [w, w]))];
  await using mlp = new Mlp({
    preset: "article",
    ...{ layers: [2, 2], output: "linear", weights, workers: 1 },
  });
  await mlp.fit(samplesFrom({ x, y: y.map(([value]) => [value, -value]) }), {
    ...{ optimizer: "sgd", momentum: 0, learningRate: 0.1, l2: 0 },
    ...{ epochs: 1, batchSize: 4 },
  });
  near(mlp.weights[0], twoTargetsSklearn);
});

row("`huber`", async () => {
  assertNear(await lossOf("linear", "huber"), losses.huber * 2, 1e-6, "huber");
  // In scaled units: an error of 3 with a deviation of 2 is one of 1.5.
  await using mlp = passing(1, {
    ...{ output: "linear", loss: "huber" },
    targets: { center: [0], unit: [2] },
  });
  const { loss } = await mlp.evaluate(samplesFrom({ x: [[0]], y: [[3]] }));
  assert.equal(loss, 1);
});

row("`binaryCrossEntropy`", async () => {
  const found = await lossOf("sigmoid", "binaryCrossEntropy");
  assertNear(found, losses.bce * 2, 1e-6, "PyTorch");
  assertNear(found, losses.bceSklearn, 1e-6, "scikit-learn");
  assert.ok(losses.bceOfFloats > losses.bce + 10);
});

row("`crossEntropy`", async () => {
  const found = await lossOf("softmax", "crossEntropy");
  assertNear(found, losses.crossEntropy, 1e-6, "crossEntropy");
});

row("`reduction`", async () => {
  const mean = losses.crossentropyEach.reduce((sum, loss) => sum + loss) / 3;
  assertNear(mean, losses.crossEntropy, 1e-12, "mean");
  await using mlp = passing(2, { output: "softmax" });
  const { epochs: [epoch] } = await mlp.fit(SAMPLES, {
    ...{ optimizer: "sgd", learningRate: 0, l2: 0, epochs: 1, batchSize: 3 },
    reduction: "sum",
  });
  assertNear(epoch.lastBatch.cost, 3 * mean, 1e-6, "cost");
  assertNear(epoch.loss, mean, 1e-6, "loss");
});

row("`classWeights`", async () => {
  const weights = losses.classes.map((label) => [1, 3][label]);
  const sum = losses.crossentropyEach.reduce(
    (total, loss, s) => total + weights[s] * loss,
    0,
  );
  assertNear(sum / (3 + 1 + 3), losses.crossentropyWeighted, 1e-12, "PyTorch");
  const found = await trained(SAMPLES, { classWeights: [1, 3] });
  assertNear(found, sum / 3, 1e-6, "by the number of samples");
  // What the network is judged by isn't weighed.
  await using mlp = passing(2, { output: "softmax" });
  const { epochs: [{ validation }] } = await mlp.fit(SAMPLES, {
    ...{ optimizer: "sgd", learningRate: 0, l2: 0, epochs: 1 },
    ...{ classWeights: [1, 3], validationData: SAMPLES },
  });
  assertNear(validation!.loss, losses.crossEntropy, 1e-6, "validation");
});

row('`classWeights: "balanced"`', async () => {
  const given = await trained(SAMPLES, { classWeights: losses.balanced });
  assert.equal(await trained(SAMPLES, { classWeights: "balanced" }), given);
});

row("`sampleWeights`", async () => {
  const sampleWeights = [0, 2, 0.5];
  const [, second, third] = losses.crossentropyEach;
  const found = await trained(SAMPLES, { sampleWeights });
  assertNear(found, (2 * second + 0.5 * third) / 3, 1e-6, "loss");
});

row("`dropout`", async () => {
  const one = Float32Array.of(0, 1);
  await using mlp = new Mlp({
    preset: "article",
    ...{ layers: [1, 1, 1], activation: "identity", output: "linear" },
    ...{ weights: [one, one], workers: 1 },
  });
  const samples = samplesFrom({
    x: new Array(200).fill([1]),
    y: new Array(200).fill([0]),
  });
  const outputs = new Set<number>();
  await mlp.fit(samples, {
    ...{ optimizer: "sgd", learningRate: 0, l2: 0, epochs: 1, batchSize: 1 },
    dropout: 0.25,
    onBatch: ({ loss }) => void outputs.add(Math.sqrt(2 * loss)),
  });
  near([...outputs].toSorted((a, b) => a - b), losses.dropout);
  // In use, nothing is dropped and nothing is scaled.
  near(await mlp.predict([[1]]), [1]);
});
