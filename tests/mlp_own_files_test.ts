/** Files of networks: scalings of a caller, contradictions in a file, and weights that can't be saved. */
import assert from "node:assert/strict";
import { Mlp } from "../mod.ts";
import { matches } from "./defects.ts";
import { inFolder } from "./in_folder.ts";
import { randomSamples } from "./samples.ts";

Deno.test("offsets and scales are rounded to float32, and kept so", async () => {
  const preprocessing = { offset: [0, 0.1], scale: [1 / 255, 1 / 3] };
  const targets = { center: [0.1], unit: [0.7] };
  await using mlp = new Mlp({
    preset: "article",
    ...{ layers: [2, 3, 1], output: "linear", preprocessing, targets },
    workers: 1,
  });
  const rounded = (values: readonly number[]) => values.map(Math.fround);
  assert.deepEqual(mlp.preprocessing, {
    offset: rounded(preprocessing.offset),
    scale: rounded(preprocessing.scale),
  });
  assert.deepEqual(mlp.targets?.unit, rounded(targets.unit));
  const x = [[120, 0.5], [255, -1]];
  await inFolder(async (folder) => {
    for (const name of ["a.safetensors", "a.json"]) {
      await mlp.save(`${folder}/${name}`);
      await using same = await Mlp.load(`${folder}/${name}`);
      assert.deepEqual(await same.predict(x), await mlp.predict(x));
    }
  });
});

Deno.test("a file whose output and scaled targets contradict each other is refused by its name", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.json`;
    const targets = { center: [1, 2], unit: [1, 1] };
    await new Mlp({
      preset: "article",
      layers: [2, 2],
      output: "linear",
      targets,
    }).save(path);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      text.replace('"linear"', '"softmax"').replace(
        '"halfSquaredError"',
        '"crossEntropy"',
      ),
    );
    await assert.rejects(Mlp.load(path), {
      name: "RangeError",
      message:
        `Cannot read '${path}' as 'output' must be 'linear' where 'targets' are given: current value is 'softmax'`,
    });
  });
});

Deno.test("a training that diverged leaves the older checkpoint", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.ck`;
    await using mlp = new Mlp({
      preset: "article",
      layers: [3, 2],
      output: "linear",
      workers: 1,
    });
    const samples = randomSamples(20, 3, 2, 1);
    await mlp.fit(samples, { epochs: 1 });
    await mlp.saveCheckpoint(path);
    const before = await Deno.readFile(path);
    await mlp.fit(samples, { optimizer: "sgd", learningRate: 1e30, epochs: 3 });
    await assert.rejects(mlp.saveCheckpoint(path), {
      name: "Error",
      message:
        "Cannot save a checkpoint as the training has diverged: its loss is NaN",
    });
    assert.deepEqual(await Deno.readFile(path), before);
    assert.equal([...Deno.readDirSync(folder)].length, 1);
  });
});

Deno.test("arguments that aren't paths or models are refused with what is wanted", async () => {
  const any = (value: unknown) => value as never;
  await using mlp = new Mlp({ preset: "article", layers: [2, 2], workers: 1 });
  const calls: [string, (path: unknown) => Promise<unknown>][] = [
    ["save a network", (path) => mlp.save(any(path))],
    ["save a checkpoint", (path) => mlp.saveCheckpoint(any(path))],
    ["load a network", (path) => Mlp.load(any(path))],
    ["load a checkpoint", (path) => Mlp.loadCheckpoint(any(path))],
  ];
  const wrong = "'path' must be a path or a URL: current value is";
  const far =
    "'path' must be a path, or the URL of a file on this machine: current value is";
  const url = new URL("https://example.com/m.json");
  for (const [action, call] of calls) {
    for (
      const [path, type, message] of [
        [undefined, TypeError, `${wrong} undefined`],
        [null, TypeError, `${wrong} null`],
        [1, TypeError, `${wrong} 1`],
        [{}, TypeError, `${wrong} Object`],
        [url, RangeError, `${far} 'https://example.com/m.json'`],
      ] as const
    ) {
      await assert.rejects(
        () => call(path),
        matches(type, `Cannot ${action} as ${message}`),
      );
    }
  }
  for (
    const [model, message] of [
      [undefined, "'model' must be an object: current value is undefined"],
      ["m.json", "'model' must be an object: current value is 'm.json'"],
      [
        mlp,
        "'model.description' must be an object: current value is undefined",
      ],
    ] as const
  ) {
    assert.throws(
      () => Mlp.fromModel(any(model)),
      matches(TypeError, `Cannot make a network as ${message}`),
    );
  }
});
