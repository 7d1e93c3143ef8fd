import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import {
  type Evaluation,
  fitScaling,
  fitTargetScaling,
  type History,
  Mlp,
  type MlpOptions,
  type Samples,
} from "../mod.ts";
import { forward } from "./models/models.ts";
import { matches } from "./defects.ts";
import { inFolder } from "./in_folder.ts";
import { randomSamples, rows } from "./samples.ts";

const EXTENSIONS = [".safetensors", ".json", ".onnx"];

/** Inputs of very different sizes, and targets far from 0. */
function rawSamples(count: number): Samples {
  const samples = randomSamples(count, 4, 2, 11);
  const x = samples.x.map((value, at) =>
    1000 * (at % 4) + value * [0.01, 1, 50, 3][at % 4]
  );
  const y = Float32Array.from(
    { length: 2 * count },
    (_, at) => 40 + 7 * samples.x[2 * at] - 3 * samples.x[2 * at + 1],
  );
  return { ...samples, x, y };
}

const RAW = rawSamples(30);

const CLASSIFIER: MlpOptions = {
  ...{
    preset: "article",
    layers: [4, 9, 5, 3],
    activation: ["tanh", "gelu"],
    seed: 4,
  },
  ...{ output: "softmax", classNames: ["ant", "bee", "çat"] },
};

async function regression(): Promise<MlpOptions> {
  return {
    ...{ layers: [4, 8, 2], activation: "swish", output: "linear" },
    preprocessing: await fitScaling(RAW.x, 4, "standardize"),
    targets: await fitTargetScaling(RAW.y, 2),
  };
}

for (const extension of EXTENSIONS) {
  Deno.test(`a classifier is the same after ${extension}`, async () => {
    const samples = randomSamples(30, 4, 3, 2);
    await using mlp = new Mlp({ ...CLASSIFIER, workers: 2 });
    await mlp.fit(samples, { optimizer: "adam", epochs: 5, batchSize: 6 });
    await assertSameAfter(mlp, extension, samples.x);
  });

  Deno.test(`a regression on raw values is the same after ${extension}`, async () => {
    await using mlp = new Mlp({
      preset: "article",
      ...await regression(),
      workers: 2,
    });
    await mlp.fit(RAW, { optimizer: "adam", epochs: 5, batchSize: 6 });
    await assertSameAfter(mlp, extension, RAW.x);
  });
}

/** Saves, loads with another number of workers, and compares the network and what it computes. */
async function assertSameAfter(
  mlp: Mlp,
  extension: string,
  x: Float32Array,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/model${extension}`;
    mlp.training = { epochs: 5 };
    await mlp.save(path);
    await using loaded = await Mlp.load(path, { workers: 3, kernels: "wasm" });
    assert.equal(loaded.workers, 3);
    assert.deepEqual(loaded.toModel(), mlp.toModel());
    assert.equal(await loaded.weightsSha256(), await mlp.weightsSha256());
    const [found, wanted] = [await loaded.predict(x), await mlp.predict(x)];
    if (extension !== ".onnx") assert.deepEqual(found, wanted);
    for (const [at, value] of wanted.entries()) {
      const most = 1e-6 * Math.max(1, Math.abs(value));
      assert.ok(
        Math.abs(found[at] - value) <= most,
        `output ${at}: ${found[at]} instead of ${value}`,
      );
    }
    if (mlp.output === "linear") return;
    assert.deepEqual(
      await loaded.predictClasses(x),
      await mlp.predictClasses(x),
    );
  });
}

Deno.test("the settings that made a model are kept with it", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/model.json`;
    await using mlp = new Mlp(CLASSIFIER);
    const training = { optimizer: "adam", epochs: 5, notes: ["a", null] };
    mlp.training = training;
    await mlp.save(path);
    const { description } = JSON.parse(await Deno.readTextFile(path));
    assert.deepEqual(description.training, training);
    assert.deepEqual(description, mlp.toModel().description);
  });
});

Deno.test("save() and load() take the URL of a file", async () => {
  await inFolder(async (folder) => {
    for (const [at, extension] of EXTENSIONS.entries()) {
      const path = `${folder}/ä #${at} 100%${extension}`;
      await using mlp = new Mlp(CLASSIFIER);
      await mlp.save(pathToFileURL(path));
      assert.ok((await Deno.stat(path)).isFile);
      await using loaded = await Mlp.load(pathToFileURL(path));
      assert.equal(await loaded.weightsSha256(), await mlp.weightsSha256());
    }
    const files = await Array.fromAsync(Deno.readDir(folder));
    assert.equal(files.length, 3);
  });
});

Deno.test("save() and load() name a file or folder that isn't there, and leave nothing behind", async () => {
  await inFolder(async (folder) => {
    await using mlp = new Mlp(CLASSIFIER);
    const path = `${folder}/none/model.json`;
    await assert.rejects(
      mlp.save(path),
      matches(
        Deno.errors.NotFound,
        `Cannot write '${path}' as there is no such folder '${folder}/none'`,
      ),
    );
    await assert.rejects(
      Mlp.load(path),
      matches(
        Deno.errors.NotFound,
        `Cannot read '${path}' as there is no such file`,
      ),
    );
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("toModel() and fromModel() are inverse, and copy", async () => {
  const training = { epochs: 3 };
  const model = new Mlp({ preset: "article", ...await regression(), training })
    .toModel();
  await using mlp = Mlp.fromModel(model, { workers: 2 });
  assert.equal(mlp.workers, 2);
  assert.deepEqual(mlp.toModel(), model);
  model.weights[0].fill(0);
  assert.notDeepEqual(mlp.toModel().weights, model.weights);
  assert.deepEqual(
    Object.keys(new Mlp({ preset: "article", layers: [2, 1] }).toModel()),
    [
      "description",
      "weights",
    ],
  );
  assert.deepEqual(
    new Mlp({ layers: [2, 1] }).toModel().description,
    {
      ...{
        layers: [2, 1],
        activations: [],
        task: "classes",
        output: "sigmoid",
        loss: "binaryCrossEntropy",
      },
      seed: 1,
    },
  );
});

Deno.test("a preset is kept with the network, and applies to its trainings", async () => {
  const path = await Deno.makeTempFile({ suffix: ".onnx" });
  await new Mlp({ preset: "article", layers: [2, 3, 2] }).save(path);
  await using mlp = await Mlp.load(path);
  await Deno.remove(path);
  assert.equal(mlp.preset, "article");
  assert.equal(mlp.toModel().description.preset, "article");
  const samples = randomSamples(60, 2, 2, 1);
  const { epochs } = await mlp.fit(samples);
  assert.equal(epochs.length, 35);
  await using twin = Mlp.fromModel(
    new Mlp({ preset: "article", layers: [2, 3, 2] }).toModel(),
  );
  await twin.fit(samples, { optimizer: "article", reduction: "sum" });
  assert.equal(await mlp.weightsSha256(), await twin.weightsSha256());
  assert.equal(
    (await mlp.fit(samples, { preset: "standard" })).epochs.length,
    100,
  );
});

Deno.test("predict() takes raw inputs and gives raw units", async () => {
  await using mlp = new Mlp({
    preset: "article",
    ...await regression(),
    workers: 2,
  });
  await mlp.fit(RAW, { optimizer: "adam", epochs: 200, learningRate: 0.01 });
  const outputs = await mlp.predict(RAW.x);
  const model = mlp.toModel();
  for (const [s, inputs] of rows(RAW.x, 4).entries()) {
    for (const [o, wanted] of forward(model, inputs).entries()) {
      const found = outputs[2 * s + o];
      assert.ok(Math.abs(found - wanted) < 1e-4, `${found} not ${wanted}`);
    }
  }
  // It has learned: to predict the mean of the targets would be off by some units.
  const error = RAW.y.reduce(
    (sum, y, at) => sum + Math.abs(outputs[at] - y),
    0,
  );
  assert.ok(error / 60 < 1, `${error / 60} units off`);
});

Deno.test("a network with a scaling trains as one without on scaled samples", async () => {
  const options = await regression();
  const { preprocessing, targets, ...plain } = options;
  const [{ offset, scale }, to] = [preprocessing!, targets!];
  const scaled = {
    ...RAW,
    x: RAW.x.map((value, at) =>
      Math.fround(value - offset![at % 4]) * scale![at % 4]
    ),
    y: RAW.y.map((value, at) => (value - to.center[at % 2]) / to.unit[at % 2]),
  };
  const settings = { epochs: 3, batchSize: 8, validationSplit: 0.2 };
  await using raw = new Mlp({ preset: "article", ...options, workers: 2 });
  await using other = new Mlp({ preset: "article", ...plain, workers: 2 });
  const [found, wanted] = await Promise.all([
    raw.fit(RAW, settings),
    other.fit(scaled, settings),
  ]);
  // What is in the units of raw targets is another number.
  const unitless = ({ loss, r2 }: Evaluation) => ({ loss, r2 });
  const shown = ({ epochs }: History) =>
    epochs.map(({ loss, validation }) => [loss, unitless(validation!)]);
  assert.deepEqual(shown(found), shown(wanted));
  assert.equal(await raw.weightsSha256(), await other.weightsSha256());
  assert.deepEqual(
    unitless(await raw.evaluate(RAW)),
    unitless(await other.evaluate(scaled)),
  );
  const outputs = await other.predict(scaled.x);
  assert.deepEqual(
    await raw.predict(RAW.x),
    outputs.map((value, at) => value * to.unit[at % 2] + to.center[at % 2]),
  );
});

/** The same numbers in compressed sparse rows. */
function toSparse({ x, ...rest }: Samples) {
  const { count: samples, inputs } = rest;
  return {
    ...rest,
    x: {
      data: x,
      indices: Uint16Array.from(x, (_, at) => at % inputs),
      indptr: Int32Array.from({ length: samples + 1 }, (_, s) => s * inputs),
    },
  };
}

Deno.test("sparse rows can't be scaled, their targets can", async () => {
  const options = await regression();
  const sparse = toSparse(RAW);
  await using mlp = new Mlp({ preset: "article", ...options, workers: 1 });
  const because =
    "as compressed sparse rows can't be scaled: scale their values before, and make the network without 'preprocessing'";
  const cases: [string, () => Promise<unknown>][] = [
    ["train", () => mlp.fit(sparse, { epochs: 1 })],
    ["validate", () => mlp.fit(RAW, { validationData: sparse })],
    ["evaluate", () => mlp.evaluate(sparse)],
    ["predict", () => mlp.predict(sparse.x)],
  ];
  for (const [action, use] of cases) {
    await assert.rejects(
      use,
      matches(RangeError, `Cannot ${action} ${because}`),
    );
  }
  const { preprocessing: _, ...plain } = options;
  await using first = new Mlp({ preset: "article", ...plain, workers: 1 });
  await using second = new Mlp({ preset: "article", ...plain, workers: 1 });
  const small = { ...RAW, x: RAW.x.map((value) => value / 1000) };
  const settings = { epochs: 2, batchSize: 7 };
  await first.fit(toSparse(small), settings);
  await second.fit(small, settings);
  assert.equal(await first.weightsSha256(), await second.weightsSha256());
  assert.deepEqual(
    await first.predict(toSparse(small).x),
    await second.predict(small.x),
  );
});

Deno.test("load() names a file whose output can't have its loss", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/model.json`;
    await new Mlp(CLASSIFIER).save(path);
    const model = JSON.parse(await Deno.readTextFile(path));
    model.description.loss = "halfSquaredError";
    await Deno.writeTextFile(path, JSON.stringify(model));
    await assert.rejects(
      Mlp.load(path),
      matches(
        RangeError,
        `Cannot read '${path}' as 'loss' must be 'crossEntropy' for the output 'softmax': current value is 'halfSquaredError'`,
      ),
    );
  });
});
