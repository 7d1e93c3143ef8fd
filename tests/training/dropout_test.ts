import assert from "node:assert/strict";
import type { Samples } from "../../src/data/dataset.ts";
import { Mlp } from "../../src/mlp/mlp.ts";
import type { MlpOptions } from "../../src/mlp/mlp_options.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import type { TrainOptions } from "../../src/training/options/train_options.ts";
import { assertClose, assertNear } from "../assert_close.ts";
import {
  cost,
  differences,
  forward,
  gradient,
  quality,
  unpack,
} from "../float64_mlp.ts";
import { dropoutMasks } from "../float64_training.ts";
import { rows } from "../samples.ts";
import { SOFT_TASKS, softSamples } from "../soft_samples.ts";

const NETWORKS: MlpOptions[] = [
  { layers: [5, 9, 4, 3], activation: ["relu", "tanh"] },
  { layers: [5, 9, 4, 3], activation: ["gelu", "sigmoid"], output: "softmax" },
  { layers: [5, 9, 4, 3], activation: ["swish", "elu"], output: "linear" },
  {
    ...{ layers: [5, 9, 4, 3], activation: ["identity", "leakyRelu"] },
    ...{ output: "linear", loss: "huber" },
  },
];

for (const network of NETWORKS) {
  const { activation, output = "sigmoid" } = network;
  Deno.test(`gradients of ${activation} with ${output} and dropout agree with central differences with the same mask`, async () => {
    const [count, seed] = [13, 0xdead_beef];
    const samples = softSamples(output, count, 5, 3, 4);
    for (const dropout of [[0.5, 0.25], [0, 0.7]]) {
      await using mlp = new Mlp({
        preset: "article",
        task: SOFT_TASKS[output],
        ...network,
        seed,
        workers: 2,
      });
      const w = unpack(mlp.weights, mlp.layers);
      const [event] = await Array.fromAsync(mlp.fit(samples, {
        ...{ optimizer: "sgd", momentum: 0, learningRate: 1, dropout },
        ...{ epochs: 1, batchSize: count, l1: 0.01, l2: 0.02 },
      }));
      // The mask goes by the place in the batch, in the order of the call.
      const order = Array.from({ length: count }, (_, s) => s);
      const { loss } = mlp;
      const settings = {
        ...{ activation: mlp.activations, output, loss, l1: 0.01, l2: 0.02 },
        reduction: "mean" as const,
        masks: dropoutMasks([9, 4], dropout, count, seed, 1),
      };
      new Xoshiro128(seed, 1).shuffle(order);
      const [x, y] = [rows(samples.x, 5), rows(samples.y, 3)].map((all) =>
        order.map((s) => all[s])
      );
      const exact = gradient(w, x, y, settings);
      assertClose(exact, differences(w, x, y, settings), 1e-7, "float64");
      const after = unpack(mlp.weights, mlp.layers);
      const step = w.map((layer, n) =>
        layer.map((row, o) => row.map((value, c) => value - after[n][o][c]))
      );
      assertClose(step, exact, 2e-6, `dropout ${dropout}`);
      const sums = cost(w, x, y, settings);
      assertNear(event.lastBatch.cost, sums.loss + sums.penalty, 2e-6, "cost");
      // Numbers have no accuracy.
      const { correct } = quality(w, x, y, settings);
      const accuracy = mlp.output === "linear" ? undefined : correct / count;
      assert.equal(event.accuracy, accuracy);
    }
  });
}

/** A network whose gradient shows the mask: every node computes 1, and the single output is wrong. */
const BARE = {
  layers: [1, 40, 40, 1],
  activation: "identity",
  output: "linear",
  workers: 1,
} as const;

/** Which of the 40 nodes of both hidden layers were kept in each of some updates, for a single sample. */
async function keptNodes(
  seed: number,
  dropout: number | number[],
  updates: number,
): Promise<string[][]> {
  await using mlp = new Mlp({ preset: "article", ...BARE, seed });
  // Biases of 1; weights that don't matter to the nodes, but let the delta through.
  const ones = (outputs: number, inputs: number) =>
    Float32Array.from(
      { length: outputs * (inputs + 1) },
      (_, at) => at < outputs ? 1 : 1e-3,
    );
  const start = [ones(40, 1), ones(40, 40), ones(1, 40)];
  mlp.weights = start;
  const samples: Samples = {
    ...{ x: Float32Array.of(1), y: Float32Array.of(-1) },
    ...{ count: 1, inputs: 1, outputs: 1 },
  };
  const kept: string[][] = [];
  let before = mlp.weights;
  const training = { optimizer: "sgd", momentum: 0, learningRate: 1e-3, l2: 0 };
  for await (
    const _ of mlp.fit(samples, {
      ...(training as TrainOptions),
      ...{ epochs: updates, dropout },
    })
  ) {
    const now = mlp.weights;
    const changed = (layer: number, from: number, step: number) =>
      Array.from({ length: 40 }, (_, i) => {
        const at = from + step * i;
        return Number(now[layer][at] !== before[layer][at]);
      }).join("");
    // A node that was dropped has a gradient of 0 to the right of it, and at its own bias.
    const second = changed(2, 1, 1);
    assert.equal(changed(1, 0, 1), second);
    kept.push([changed(0, 0, 1), second]);
    before = now;
  }
  return kept;
}

Deno.test("every step, layer and seed has a mask of its own, by the formula", async () => {
  const [updates, dropout] = [6, [0.5, 0.3]];
  const all = new Set<string>();
  for (const seed of [1, 2, 0xffff_ffff]) {
    const found = await keptNodes(seed, dropout, updates);
    const wanted = Array.from(
      { length: updates },
      (_, at) =>
        dropoutMasks([40, 40], dropout, 1, seed, at + 1)[0]
          .map((mask) => mask.map((factor) => Number(factor > 0)).join("")),
    );
    assert.deepEqual(found, wanted);
    for (const mask of found.flat()) all.add(mask);
  }
  assert.equal(all.size, 3 * 2 * updates);
});

/** The results of a training that have to be the same. */
async function trace(
  mlp: Mlp,
  samples: Samples,
  options: TrainOptions,
): Promise<string> {
  const events = await Array.fromAsync(
    mlp.fit(samples, { epochs: 2, batchSize: 40, ...options }),
    ({ seconds: _, ...figures }) => figures,
  );
  return JSON.stringify(events) + await mlp.weightsSha256();
}

const WIDE = {
  layers: [50, 21, 17, 4],
  activation: ["gelu", "relu"],
  output: "softmax",
} as const;

Deno.test("dropout gives the same bits for 1, 2, 3 and 5 workers and kernels that skip zeros or don't", async () => {
  const samples = softSamples("softmax", 203, 50, 4, 14);
  // Few enough inputs that "auto" skips the others.
  const few = samples.x.map((value, at) => at * 7 % 10 < 2 ? value : 0);
  for (const x of [few, samples.x]) {
    const traces = new Set<string>();
    for (const skipZeros of ["auto", "never", "always"] as const) {
      for (const workers of x === few ? [1, 2, 3, 5] : [3]) {
        await using mlp = new Mlp({
          preset: "article",
          ...WIDE,
          workers,
          skipZeros,
        });
        const options = { optimizer: "adam", dropout: [0.5, 0.2] } as const;
        traces.add(await trace(mlp, { ...samples, x }, options));
      }
    }
    assert.equal(traces.size, 1);
  }
});

Deno.test("a dropout of 0 changes nothing to the bit", async () => {
  const samples = softSamples("softmax", 203, 50, 4, 15);
  for (const layers of [WIDE.layers, [50, 4]]) {
    const traces: string[] = [];
    const hidden = layers.length - 2;
    for (const dropout of [undefined, 0, new Array(hidden).fill(0)]) {
      const activation = WIDE.activation.slice(0, hidden);
      await using mlp = new Mlp({
        preset: "article",
        ...WIDE,
        layers,
        activation,
        workers: 2,
      });
      const options = dropout === undefined ? {} : { dropout };
      traces.push(await trace(mlp, samples, options));
    }
    assert.equal(new Set(traces).size, 1);
  }
});

Deno.test("evaluate(), predict() and validation drop nothing", async () => {
  const samples = softSamples("softmax", 203, 50, 4, 16);
  const held = softSamples("softmax", 60, 50, 4, 17);
  await using mlp = new Mlp({ preset: "article", ...WIDE, workers: 2 });
  await using plain = new Mlp({ preset: "article", ...WIDE, workers: 2 });
  for await (
    const { validation } of mlp.fit(samples, {
      ...{ optimizer: "adam", learningRate: 0.01, dropout: [0.6, 0.6] },
      ...{ epochs: 3, validationData: held },
    })
  ) {
    plain.weights = mlp.weights;
    assert.deepEqual(validation, await plain.evaluate(held));
    assert.deepEqual(await mlp.evaluate(held), validation);
    const outputs = await mlp.predict(held.x);
    assert.deepEqual(outputs, await plain.predict(held.x));
    const w = unpack(mlp.weights, WIDE.layers);
    const settings = { ...WIDE, loss: "crossEntropy", l1: 0, l2: 0 } as const;
    for (const [s, x] of rows(held.x, 50).entries()) {
      const exact = forward(w, x, settings).a.at(-1)!;
      for (const [o, value] of exact.entries()) {
        assertNear(outputs[4 * s + o], value, 1e-6, `output ${o} of ${s}`);
      }
    }
  }
});
