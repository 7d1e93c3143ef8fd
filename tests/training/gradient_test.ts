import assert from "node:assert/strict";
import type { Samples } from "../../src/data/dataset.ts";
import { Mlp } from "../../src/mlp/mlp.ts";
import {
  ACTIVATION_NAMES,
  type ActivationName,
} from "../../src/units/activations.ts";
import { lossesOf } from "../../src/units/losses.ts";
import { OUTPUT_NAMES } from "../../src/units/outputs.ts";
import type { TrainOptions } from "../../src/training/options/train_options.ts";
import { assertClose, assertNear } from "../assert_close.ts";
import {
  cost,
  differences,
  gradient,
  quality,
  type Settings,
  unpack,
} from "../float64_mlp.ts";
import { rows } from "../samples.ts";
import { SOFT_TASKS, softSamples } from "../soft_samples.ts";

const LAYERS = [4, 6, 5, 3];
const SAMPLES = 9;

/** Factors of the samples, zeros among them. */
const FACTORS = Array.from({ length: SAMPLES }, (_, s) => s % 4 * 0.75);

/** Options of the training, and the weight of each sample that follows from them. */
interface Case {
  readonly options: TrainOptions;
  readonly sampleWeights?: (classes: number[]) => number[];
}

const CASES: Case[] = [
  { options: { reduction: "sum", l1: 0, l2: 0 } },
  {
    options: { reduction: "mean", l1: 0.03, l2: 0.07, sampleWeights: FACTORS },
    sampleWeights: () => FACTORS,
  },
  {
    options: {
      ...{ optimizer: "sgd", reduction: "sum", l1: 0.03, l2: 0 },
      classWeights: [0.5, 2, 1.25],
      sampleWeights: FACTORS,
    },
    sampleWeights: (classes) =>
      classes.map((label, s) => [0.5, 2, 1.25][label] * FACTORS[s]),
  },
  {
    options: {
      ...{ optimizer: "sgd", reduction: "mean", l1: 0, l2: 0.07 },
      classWeights: "balanced",
    },
    sampleWeights(classes) {
      const present = new Set(classes).size;
      return classes.map((label) =>
        classes.length / present / classes.filter((c) => c === label).length
      );
    },
  },
];

/**
 * Compares one step of training with float64, for each case: with rate 1 and no momentum, W falls by exactly the
 * gradient.
 */
async function checkGradients(
  mlp: Mlp,
  samples: Samples,
  cases: readonly Case[] = CASES,
): Promise<void> {
  const { layers, weights } = mlp;
  const w = unpack(weights, layers);
  const [x, y] = [
    rows(samples.x, samples.inputs),
    rows(samples.y, samples.outputs),
  ];
  const classes = y.map((values) =>
    values.length === 1
      ? Number(values[0] >= 0.5)
      : values.indexOf(Math.max(...values))
  );
  for (const [at, { options: given, sampleWeights }] of cases.entries()) {
    const { classWeights, ...others } = given;
    // Outputs other than softmax get targets that aren't classes, and the same weights sample by sample.
    const options = classWeights === undefined || mlp.output === "softmax" ||
        samples.outputs === 1
      ? given
      : { ...others, sampleWeights: sampleWeights!(classes) };
    const settings: Settings = {
      activation: mlp.activations,
      output: mlp.output,
      loss: mlp.loss,
      l1: options.l1!,
      l2: options.l2!,
      reduction: options.reduction!,
      ...(sampleWeights && { sampleWeights: sampleWeights(classes) }),
    };
    mlp.weights = weights;
    const evaluation = await mlp.evaluate(samples);
    const [event] = await Array.fromAsync(mlp.fit(samples, {
      ...options,
      epochs: 1,
      batchSize: samples.count,
      learningRate: 1,
      momentum: 0,
    }));
    const after = unpack(mlp.weights, layers);
    const step = w.map((layer, n) =>
      layer.map((row, o) => row.map((value, c) => value - after[n][o][c]))
    );
    const name = `case ${at}`;
    const exact = gradient(w, x, y, settings);
    // The other cases differ in the factors of the samples alone.
    if (at < 2) assertClose(exact, differences(w, x, y, settings), 1e-7, name);
    // W is float32: its difference is good to an ulp of W.
    assertClose(step, exact, 2e-6, name);

    const { loss, penalty } = cost(w, x, y, settings);
    const { correct, meanError } = quality(w, x, y, settings);
    const summed = cost(w, x, y, { ...settings, reduction: "sum" }).loss;
    const count = samples.count;
    assertNear(event.lastBatch.cost, loss + penalty, 2e-6, `cost of ${name}`);
    assertNear(event.loss, summed / count, 2e-6, `loss of ${name}`);
    const fraction = penalty / (loss + penalty);
    assertNear(
      event.lastBatch.regularizationFraction,
      fraction,
      2e-6,
      `fraction of ${name}`,
    );
    assertNear(
      event.lastBatch.meanAbsoluteError!,
      meanError,
      2e-6,
      `error of ${name}`,
    );
    // Numbers have no accuracy.
    const accuracy = settings.output === "linear" ? undefined : correct / count;
    assert.equal(event.accuracy, accuracy);
    assert.equal(event.lastBatch.accuracy, accuracy);

    const { sampleWeights: _, ...equal } = settings;
    const mean = cost(w, x, y, { ...equal, reduction: "mean" }).loss;
    assertNear(evaluation.loss, mean, 2e-6, "loss of evaluate()");
    assertNear(
      evaluation.meanAbsoluteError,
      meanError,
      2e-6,
      "error of evaluate()",
    );
    assert.equal(evaluation.accuracy, accuracy);
  }
}

const MIXED: ActivationName[][] = [["gelu", "leakyRelu"], ["relu", "swish"]];

for (const output of OUTPUT_NAMES) {
  for (const loss of lossesOf(output)) {
    for (const activation of [...ACTIVATION_NAMES, ...MIXED]) {
      Deno.test(`gradients of ${activation} with ${output} and ${loss} agree with central differences`, async () => {
        const samples = softSamples(output, SAMPLES, 4, 3, 5);
        const kind = { activation, output, loss };
        await using mlp = new Mlp({
          preset: "article",
          task: SOFT_TASKS[output],
          ...{ ...kind, layers: LAYERS, workers: 1, seed: 11 },
        });
        await checkGradients(mlp, samples);
      });
    }

    Deno.test(`gradients of ${output} with ${loss} right behind the inputs agree with central differences`, async () => {
      const layers = [5, 3];
      await using mlp = new Mlp({
        preset: "article",
        layers,
        task: SOFT_TASKS[output],
        output,
        loss,
        workers: 1,
        seed: 3,
      });
      await checkGradients(mlp, softSamples(output, SAMPLES, 5, 3, 6));
    });
  }
}

Deno.test("gradients of a single output agree with central differences, with a factor for each of its two classes", async () => {
  const soft = softSamples("sigmoid", SAMPLES, 5, 1, 7);
  const samples = { ...soft, y: soft.y.map((y) => Number(y >= 0.5)) };
  await using mlp = new Mlp({
    preset: "article",
    layers: [5, 4, 1],
    workers: 1,
    seed: 4,
  });
  const classWeights = [0.25, 3];
  await checkGradients(mlp, samples, [{
    options: { reduction: "sum", l1: 0.01, l2: 0.02, classWeights },
    sampleWeights: (classes) => classes.map((label) => classWeights[label]),
  }, CASES[3]]);
});

Deno.test("targets of a softmax that don't add up to 1 are refused, as its gradient is not theirs", async () => {
  const samples = softSamples("sigmoid", SAMPLES, 5, 3, 8);
  const layers = [5, 4, 3];
  await using mlp = new Mlp({
    preset: "article",
    layers,
    output: "softmax",
    workers: 1,
  });
  await assert.rejects(() => checkGradients(mlp, samples), {
    name: "RangeError",
    message: /y of sample \d+.* sum of 1/,
  });
});
