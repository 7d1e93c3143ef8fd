/** Optimizer steps, penalties and clipping compared with other libraries. */
import assert from "node:assert/strict";
import {
  afterSteps,
  near,
  reference,
  row,
  STEP_SAMPLES,
  stepNetwork,
} from "./rows.ts";

const { steps } = reference;

/** Fails where numbers are the same. */
function differ(found: ArrayLike<number>, other: readonly number[]): void {
  assert.throws(() => near(found, other, 1e-4), assert.AssertionError);
}

row("`sgd`", async () => {
  near(await afterSteps({ optimizer: "sgd", momentum: 0 }), steps.sgd);
});

row("`momentum` of `sgd`", async () => {
  const found = await afterSteps({ optimizer: "sgd", momentum: 0.5 });
  near(found, steps.momentum);
  near(found, steps.momentumKeras);
  near(found, steps.momentumSklearn);
  await using mlp = stepNetwork();
  for (const learningRate of steps.rates) {
    await mlp.partialFit(STEP_SAMPLES, {
      ...{ optimizer: "sgd", momentum: 0.5, batchSize: 4, learningRate, l2: 0 },
    });
  }
  const [weights] = mlp.weights;
  near(weights, steps.momentumRates);
  differ(weights, steps.momentumRatesKeras);
});

row("`momentum` of `article`", async () => {
  // step = rate·grad; w -= step + momentum·previous: reaches one step back.
  const [x, y] = [steps.x, steps.y.map(([value]) => value)];
  const w = [...steps.start];
  let previous = [0, 0, 0];
  for (let n = 0; n < 5; n++) {
    const errors = x.map(([a, b], s) => w[0] + w[1] * a + w[2] * b - y[s]);
    const sum = (of: (s: number) => number) =>
      errors.reduce((total, error, s) => total + error * of(s), 0);
    const gradient = [sum(() => 1), sum((s) => x[s][0]), sum((s) => x[s][1])];
    const step = gradient.map((value) => 0.025 * value);
    step.forEach((value, at) => w[at] -= value + 0.5 * previous[at]);
    previous = step;
  }
  const found = await afterSteps({
    ...{ learningRate: 0.025, momentum: 0.5, l2: 0, learningRateDecay: 0 },
  });
  near(found, w, 2e-6);
  differ(found, steps.momentum);
});

row("`nesterov`", async () => {
  const found = await afterSteps({
    ...{ optimizer: "sgd", momentum: 0.5, nesterov: true },
  });
  near(found, steps.nesterov);
  near(found, steps.nesterovKeras);
  near(found, steps.nesterovSklearn);
});

row("`rmsprop`", async () => {
  const found = await afterSteps({ optimizer: "rmsprop", epsilon: 0.1 });
  near(found, steps.rmsprop);
  differ(found, steps.rmspropKeras);
});

row("`adam`", async () => {
  const found = await afterSteps({ optimizer: "adam", epsilon: 0.1 });
  near(found, steps.adam);
  differ(found, steps.adamKeras);
  near(steps.adamSklearn, steps.adamKeras);
});

row("`adamw`", async () => {
  const found = await afterSteps({ optimizer: "adamw", weightDecay: 0.25 });
  near(found, steps.adamw);
});

row("`l2`", async () => {
  const penalized = (l2: number) =>
    afterSteps({ optimizer: "sgd", momentum: 0, l2 });
  const found = await penalized(0.25);
  near(found, steps.l2);
  differ(found, steps.l2Everywhere);
  near(await penalized(2 * 0.25), steps.l2Keras);
  near(await penalized(0.25 / 4), steps.l2Sklearn);
});

row("`l1`", async () => {
  near(
    await afterSteps({ optimizer: "sgd", momentum: 0, l1: 0.25 }),
    steps.l1Keras,
  );
});

row("`clipNorm`", async () => {
  const found = await afterSteps({
    ...{ optimizer: "sgd", momentum: 0, l2: 0.25, clipNorm: 0.5 },
  });
  // PyTorch divides by the norm plus 1e-6.
  near(found, steps.clipped, 1e-5);
  differ(found, steps.clippedDecay);
});
