import assert from "node:assert/strict";
import { Mlp } from "../../src/mlp/mlp.ts";
import { assertClose, assertNear } from "../assert_close.ts";
import { gradient, unpack, type Weights } from "../float64_mlp.ts";
import { ExactTrainer, RULES } from "../float64_training.ts";
import { rows } from "../samples.ts";
import { softSamples } from "../soft_samples.ts";

const LAYERS = [11, 9, 6, 3];
const SAMPLES = 83;

const norm = (values: Weights) => Math.hypot(...values.flat(2));

/** The exact gradient of all samples, and what one step with rate 1 takes off the weights. */
function oneStep(penalty: { readonly l1: number; readonly l2: number }) {
  const samples = softSamples("linear", SAMPLES, 11, 3, 2);
  const network = { activation: "tanh", output: "linear" } as const;
  // A new one each time, as the same order of samples gives the same bits.
  const make = () =>
    new Mlp({
      preset: "article",
      ...network,
      layers: LAYERS,
      workers: 1,
      seed: 5,
    });
  const w = unpack(make().weights, LAYERS);
  const exact = gradient(w, rows(samples.x, 11), rows(samples.y, 3), {
    ...{ ...network, loss: "halfSquaredError", reduction: "mean", ...penalty },
  });
  const step = async (clipNorm: number): Promise<Weights> => {
    await using mlp = make();
    await Array.fromAsync(mlp.fit(samples, {
      ...{ optimizer: "sgd", momentum: 0, learningRate: 1, clipNorm },
      ...{ epochs: 1, batchSize: SAMPLES, ...penalty },
    }));
    const after = unpack(mlp.weights, LAYERS);
    return w.map((layer, n) =>
      layer.map((row, o) => row.map((value, c) => value - after[n][o][c]))
    );
  };
  return { exact, step };
}

function scaled(values: Weights, factor: number): Weights {
  return values.map((layer) =>
    layer.map((row) => row.map((value) => factor * value))
  );
}

Deno.test("a gradient that is too long is scaled to the limit, penalties included, and a shorter one left as it is", async () => {
  for (const penalty of [{ l1: 0, l2: 0 }, { l1: 0.05, l2: 0.5 }]) {
    const { exact, step } = oneStep(penalty);
    const length = norm(exact);
    for (const part of [1e-3, 0.5, 0.999]) {
      const clipped = await step(part * length);
      assertClose(clipped, scaled(exact, part), 5e-7, `limit ${part}`);
      assertNear(norm(clipped) / length, part, 2e-6, `norm at limit ${part}`);
    }
    const whole = await step(0);
    assertClose(whole, exact, 5e-7, "without a limit");
    for (const part of [1.001, 1e3, 1e30]) {
      assert.deepEqual(await step(part * length), whole);
    }
  }
});

Deno.test("the norm over all layers is limited, biases included", async () => {
  const { exact, step } = oneStep({ l1: 0, l2: 0 });
  const length = norm(exact);
  const parts = exact.flatMap((layer) => [
    Math.hypot(...layer.map((row) => row[0])),
    Math.hypot(...layer.flatMap((row) => row.slice(1))),
  ]);
  // Without any one of these parts the norm would be below the limit, though the smallest is no more than its share.
  const least = Math.min(...parts);
  const limit = Math.sqrt(length ** 2 - least ** 2 / 2);
  assert.ok(least > 0.02 * length, `parts ${parts} of ${length}`);
  assert.ok(Math.max(...parts) < limit);
  assertClose(await step(limit), scaled(exact, limit / length), 5e-7, "step");
});

const LIMIT = 0.18;

const OPTIMIZERS = [
  [{ optimizer: "article", momentum: 0.4 }, RULES.article(0.4)],
  [{ optimizer: "adam", epsilon: 1e-2 }, RULES.adamw(0.9, 0.999, 1e-2, 0)],
] as const;

for (const [options, rule] of OPTIMIZERS) {
  Deno.test(`${options.optimizer} with a limit that some batches exceed agrees with float64`, async () => {
    const samples = softSamples("softmax", SAMPLES, 11, 3, 6);
    const layers = LAYERS;
    const network = { activation: "elu", output: "softmax" } as const;
    await using mlp = new Mlp({
      preset: "article",
      layers,
      ...network,
      seed: 8,
      workers: 2,
    });
    const trainer = new ExactTrainer(unpack(mlp.weights, layers), 8);
    const common = {
      epochs: 3,
      batchSize: 20,
      shuffle: "epoch",
      reduction: "mean",
      l1: 0,
      l2: 1e-3,
      clipNorm: LIMIT,
    } as const;
    const batches = [
      ...trainer.train(rows(samples.x, 11), rows(samples.y, 3), {
        ...{ ...common, ...network, loss: "crossEntropy", rule },
        rate: () => 0.02,
      }),
    ];
    const exceeding = batches.filter((batch) => batch.norm > LIMIT).length;
    assert.ok(exceeding >= 3 && exceeding <= batches.length - 3);
    await Array.fromAsync(mlp.fit(samples, {
      ...{ ...common, ...options, learningRate: 0.02, schedule: "constant" },
    }));
    assertClose(unpack(mlp.weights, layers), trainer.w, 1e-5, "weights");
  });
}

Deno.test("clipped gradients have the same bits for any number of workers", async () => {
  const layers = [50, 21, 17, 4];
  const samples = softSamples("sigmoid", 203, 50, 4, 9);
  const train = async (workers: number, clipNorm: number) => {
    await using mlp = new Mlp({
      preset: "article",
      task: "labels",
      layers,
      workers,
      activation: "gelu",
    });
    await Array.fromAsync(mlp.fit(samples, {
      ...{ optimizer: "sgd", learningRate: 0.1, l2: 1e-3, clipNorm },
      ...{ epochs: 2, batchSize: 40 },
    }));
    return await mlp.weightsSha256();
  };
  const limited = await train(1, 0.05);
  assert.equal(await train(2, 0.05), limited);
  assert.equal(await train(3, 0.05), limited);
  assert.notEqual(await train(2, 0), limited);
});
