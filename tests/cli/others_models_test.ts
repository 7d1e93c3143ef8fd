/** Models from somebody else are only data: whatever they record about their training, only files that were typed are read or written. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

/** What such a model may record about its training: each name is an option of a command. */
const TRAINING = {
  ...{ dataset: "secret.csv", save: "iris.csv", checkpoint: "precious.json" },
  ...{ resume: "secret.csv", config: "secret.csv", model: "secret.csv" },
  ...{ to: "precious.json", format: "png", json: true, help: true },
  ...{ workers: 1e9, kernels: "blas", epochs: 1e9, notes: [{ a: [null] }] },
  target: "species",
};

const MODEL = {
  format: "lockstep",
  version: 1,
  description: {
    layers: [4, 3],
    activations: [],
    output: "softmax",
    loss: "crossEntropy",
    seed: 1,
    classNames: ["setosa", "versicolor", "virginica"],
    targetNames: ["species"],
    preprocessing: {
      columns: ["sepal length", "sepal width", "petal length", "petal width"]
        .map((name) => ({ name, kind: "number" })),
    },
    training: TRAINING,
  },
  weights: [Array.from({ length: 15 }, (_, at) => at / 15)],
};

Deno.test("a model's record of its training names no file that is read or written", async () => {
  line.write("model.json", JSON.stringify(MODEL));
  line.write("precious.json", '{ "mine": true }');
  const before = new Map(
    [...Deno.readDirSync(line.folder)].map(({ name }) => [
      name,
      Deno.readFileSync(line.path(name)),
    ]),
  );

  const shown = await line.output("inspect", "--model model.json");
  assert.match(
    shown,
    /--checkpoint precious.json .* --notes \[{"a":\[null\]}\]/,
  );
  const [{ samples, accuracy }] = await line.json(
    "evaluate",
    "--model model.json --dataset iris.csv",
  );
  assert.equal(samples, 150);
  assert.ok(accuracy >= 0 && accuracy <= 1);
  const predicted = await line.output("predict", "--model model.json iris.csv");
  assert.equal(predicted.trim().split("\n").length, 151);
  await line.output("export", "--model model.json --to copy.onnx");

  const after = [...Deno.readDirSync(line.folder)].map(({ name }) => name);
  assert.deepEqual(after.sort(), [...before.keys(), "copy.onnx"].sort());
  for (const [name, bytes] of before) {
    assert.deepEqual(Deno.readFileSync(line.path(name)), bytes, name);
  }
});

Deno.test("models and configs that are nested 100,000 deep are refused in one line", async (t) => {
  const nested = "[".repeat(1e5) + "]".repeat(1e5);
  line.write("deep.json", nested);
  // A part of a graph that is unknown, in groups within groups.
  line.write("deep.onnx", new Uint8Array(1e5).fill(0x7b).with(0, 0x08));
  await line.refusedAll(t, [
    {
      name: "inspect",
      args: "--model deep.json",
      message:
        /^Cannot read 'deep.json' as its text must be nested at most 100 deep\n$/,
    },
    {
      name: "inspect",
      args: "--model deep.onnx",
      message: /^Cannot read 'deep.onnx' as it must be whole ONNX data: .*\n$/,
    },
    {
      name: "predict",
      args: "--config deep.json",
      message:
        /^Cannot read 'deep.json' as its text must be nested at most 100 deep\n$/,
    },
  ]);
});
