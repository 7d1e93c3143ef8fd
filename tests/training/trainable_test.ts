/** Layers that learn, and layers that don't. */
import assert from "node:assert/strict";
import { Mlp, type MlpOptions, type TrainOptions } from "../../mod.ts";
import { assertClose, assertNear } from "../assert_close.ts";
import { matches } from "../defects.ts";
import { unpack } from "../float64_mlp.ts";
import {
  ExactTrainer,
  RULES,
  type TrainingSettings,
} from "../float64_training.ts";
import { inFolder } from "../in_folder.ts";
import { rows } from "../samples.ts";
import { softSamples } from "../soft_samples.ts";

const LAYERS = [11, 9, 6, 3];
const SAMPLES = softSamples("softmax", 83, 11, 3, 6);
const NETWORK: MlpOptions = {
  ...{ layers: LAYERS, activation: "tanh", output: "softmax", seed: 8 },
};
const OPTIONS: TrainOptions = {
  ...{ optimizer: "adam", learningRate: 0.01, epsilon: 1e-2, epochs: 2 },
  ...{ batchSize: 20, shuffle: "epoch", l1: 1e-3, l2: 0.05, clipNorm: 0.1 },
  dropout: [0.2, 0.3],
};

/** Inputs most of which are the most frequent value of their column, so that they are skipped. */
const USUAL = {
  ...SAMPLES,
  x: SAMPLES.x.map((value, at) =>
    at % 6 === 0 ? value : Math.fround(at % 11 / 7 - 0.5)
  ),
};

/** What a new network with these weights predicts. */
async function predicted(
  weights: Float32Array[],
  x: Float32Array,
): Promise<Float32Array> {
  await using copy = new Mlp({ ...NETWORK, weights, workers: 1 });
  return await copy.predict(x);
}

for (const [kind, samples] of Object.entries({ full: SAMPLES, USUAL })) {
  for (const mask of ["011", "001", "010", "101", "110"]) {
    const trainable = [...mask].map((digit) => digit === "1");
    Deno.test(`layers ${mask} learn as in float64, the others keep their bits: ${kind} inputs`, async () => {
      const trainer = new ExactTrainer(
        unpack(new Mlp(NETWORK).weights, LAYERS),
        8,
      );
      const settings: TrainingSettings = {
        ...{ activation: "tanh", output: "softmax", loss: "crossEntropy" },
        ...{ reduction: "mean", rule: RULES.adamw(0.9, 0.999, 1e-2, 0) },
        ...{ l1: 1e-3, l2: 0.05, clipNorm: 0.1, dropout: [0.2, 0.3] },
        ...{ epochs: 2, batchSize: 20, shuffle: "epoch", rate: () => 0.01 },
      };
      const exact = (change: { trainable?: boolean[] }) => [
        ...trainer.train(rows(samples.x, 11), rows(samples.y, 3), {
          ...settings,
          ...change,
        }),
      ];
      exact({});
      const wanted = exact({ trainable });
      assert.ok(wanted.some(({ norm }) => norm > 0.1));
      const bits = new Set<string>();
      let outputs: Float32Array | undefined;
      for (const workers of [1, 2, 3]) {
        await using mlp = new Mlp({ ...NETWORK, workers });
        // All of them first: what is kept of penalties and gradients must not count in the second training.
        await mlp.fit(samples, OPTIONS);
        const before = mlp.weights;
        const { epochs } = await mlp.fit(samples, { ...OPTIONS, trainable });
        const after = mlp.weights;
        for (const [n, learns] of trainable.entries()) {
          if (learns) assert.notDeepEqual(after[n], before[n], `layer ${n}`);
          else assert.deepEqual(after[n], before[n], `layer ${n}`);
        }
        assertClose(unpack(after, LAYERS), trainer.w, 1e-5, mask);
        const last = wanted.at(-1)!;
        const { cost } = epochs[1].lastBatch;
        assertNear(cost, last.loss / last.samples + last.penalty, 1e-5, "cost");
        // Predictions read packed copies of all layers.
        outputs ??= await predicted(after, samples.x);
        assert.deepEqual(await mlp.predict(samples.x), outputs);
        bits.add(await mlp.weightsSha256());
      }
      assert.equal(bits.size, 1);
    });
  }
}

Deno.test("what only layers need that don't learn is not computed", async () => {
  const names = async (trainable: boolean[]) => {
    await using mlp = new Mlp({ ...NETWORK, workers: 1 });
    const { epochs: [{ timings }] } = await mlp.fit(SAMPLES, {
      ...{ ...OPTIONS, epochs: 1, timings: true, trainable },
    });
    return timings!.filter(({ part }) =>
      part === "backward" || part === "update"
    ).map(({ name, layer }) => `${name} ${layer}`);
  };
  const of = (name: string, ...layers: number[]) =>
    layers.map((layer) => `${name} ${layer}`);
  assert.deepEqual((await names([false, false, true])).toSorted(), [
    ...of("clip", 2),
    ...of("gradient", 2),
    ...of("output delta", 3),
    ...of("pack", 2),
    ...of("regularize", 2),
    ...of("update", 2),
    ...of("weigh", 3),
  ]);
  const found = await names([false, true, false]);
  assert.deepEqual(
    found.filter((name) => /^(delta|gradient|update|pack)/.test(name)),
    ["delta 2", "gradient 1", "update 1", "pack 1"],
  );
});

Deno.test("trainable that doesn't fit is refused", async () => {
  await using mlp = new Mlp(NETWORK);
  const wrong: [unknown, new () => Error, string][] = [
    [
      true,
      TypeError,
      "'trainable' must be an array of true and false: current value is true",
    ],
    [
      [true, 1, true],
      TypeError,
      "'trainable[1]' must be true or false: current value is 1",
    ],
    [
      [true, true],
      RangeError,
      "'trainable.length' must be 3 for as many layers of weights: current value is 2",
    ],
    [
      [false, false, false],
      RangeError,
      "'trainable' must be true for one layer at least: current value is [false, false, false]",
    ],
  ];
  for (const [trainable, type, message] of wrong) {
    await assert.rejects(
      mlp.fit(SAMPLES, { trainable } as TrainOptions),
      matches(type, `Cannot train as ${message}`),
    );
  }
});

Deno.test("a training goes on with the layers that learned before alone", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.checkpoint`;
    const options = { ...OPTIONS, trainable: [false, true, true] };
    await using whole = new Mlp({ ...NETWORK, workers: 1 });
    await whole.fit(SAMPLES, options);
    await using mlp = new Mlp({ ...NETWORK, workers: 1 });
    await mlp.fit(SAMPLES, { ...options, epochs: 1 });
    await mlp.saveCheckpoint(path);
    await using loaded = await Mlp.loadCheckpoint(path, { workers: 2 });
    for (const trainable of [undefined, [true, false, true]]) {
      const shown = `[${trainable ?? [true, true, true]}]`.replaceAll(
        ",",
        ", ",
      );
      await assert.rejects(
        loaded.fit(SAMPLES, { ...options, trainable, resume: true }),
        matches(
          RangeError,
          `Cannot go on with the training as 'trainable' must be [false, true, true] as before: current value is ${shown}`,
        ),
      );
    }
    await loaded.fit(SAMPLES, { ...options, resume: true });
    assert.equal(await loaded.weightsSha256(), await whole.weightsSha256());
  });
});
