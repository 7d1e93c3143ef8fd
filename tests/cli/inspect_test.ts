/** What `inspect` prints of models. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { CommandLine, type Json } from "./command_line.ts";

const line = new CommandLine();

/** The SHA-256 of the weights in a file of JSON, as little-endian float32 in their order. */
function sumOf({ weights }: Json): string {
  const hash = createHash("sha256");
  for (const layer of weights) {
    const bytes = new DataView(new ArrayBuffer(4 * layer.flat().length));
    for (const [at, value] of layer.flat().entries()) {
      bytes.setFloat32(4 * at, value, true);
    }
    hash.update(new Uint8Array(bytes.buffer));
  }
  return hash.digest("hex");
}

/** The table of layers, and the lines below it as names and values. */
function partsOf(text: string) {
  const lines = text.trimEnd().split("\n");
  const start = lines.findIndex((row) => row.startsWith("layer "));
  const end = lines.findIndex((row) => row.startsWith("parameters"));
  const fields = lines.slice(end).map((row) =>
    [row.slice(0, 12).trim(), row.slice(13)] as const
  );
  return {
    columns: lines.slice(0, start),
    layers: lines.slice(start, end),
    fields: Object.fromEntries(fields) as Record<string, string>,
  };
}

Deno.test("inspect a model of classes: everything that was trained", async () => {
  const [start, epoch, end] = await line.json(
    "train",
    "--dataset iris.csv --epochs 1 --hidden 7,6 --activation relu,tanh --optimizer sgd --nesterov --seed 9 --save iris.json",
  );
  const file = line.readJson("iris.json");
  const [found] = await line.json("inspect", "--model iris.json");
  const { parameters, weightsSha256, ...description } = found;
  assert.deepEqual(description, file.description);
  assert.deepEqual(description.layers, start.layers);
  assert.equal(parameters, 7 * 5 + 6 * 8 + 3 * 7);
  assert.equal(weightsSha256, end.weightsSha256);
  assert.equal(weightsSha256, sumOf(file));
  const { rows, curves, ...options } = description.training;
  assert.deepEqual(curves, {
    epoch: [1],
    learningRate: [0.01],
    loss: [Number(epoch.loss.toPrecision(6))],
    accuracy: [Number(epoch.accuracy.toPrecision(6))],
  });
  const [{ titles }] = await line.json("plot", "iris.json --output iris.svg");
  assert.deepEqual(titles, ["Loss by epoch", "Accuracy by epoch"]);
  assert.deepEqual(options, {
    ...{ dataset: "iris.csv", epochs: "1", hidden: "7,6" },
    ...{ activation: "relu,tanh", optimizer: "sgd", nesterov: true, seed: "9" },
    target: "species",
  });

  const { columns, fields } = partsOf(
    await line.output("inspect", "--model iris.json"),
  );
  assert.deepEqual(start.columns, description.preprocessing.table.columns);
  assert.equal(
    columns[0],
    "column        kind    missing  distinct  inputs  example",
  );
  assert.match(
    columns[1],
    /^sepal length +number +0 +\d\d +1 +\d/,
  );
  assert.match(
    columns[5],
    /^species +target +0 +3 +\w/,
  );
  assert.equal(columns.length, 6);
  assert.deepEqual(
    fields,
    {
      parameters: "104, trainable 104",
      memory: "4,416 bytes",
      task: "classes",
      loss: "crossEntropy",
      seed: "9",
      classes: "setosa, versicolor, virginica",
      targets: "species",
      inputs: "scaled",
      training:
        "--dataset iris.csv --epochs 1 --hidden 7,6 --activation relu,tanh --optimizer sgd --nesterov --seed 9 --target species",
      rows:
        `120 trained on, 0 to validate, 30 to test, of the file with the SHA-256 ${rows.sha256}`,
      "SHA-256": weightsSha256,
    },
  );
});

Deno.test("inspect a model of numbers, without hidden layers and scaled inputs", async () => {
  await line.output("train", [
    ..."--dataset diabetes.csv --epochs 1 --scale none --loss huber --quiet --save d.onnx --hidden"
      .split(" "),
    "",
  ]);
  const { layers, fields } = partsOf(
    await line.output("inspect", "--model d.onnx"),
  );
  assert.deepEqual(layers, [
    "layer  nodes   activation  parameters  trainable",
    "1      10 → 1  linear              11  yes",
  ]);
  const { "SHA-256": sum, training: _, rows: __, ...rest } = fields;
  assert.match(sum, /^[0-9a-f]{64}$/);
  assert.deepEqual(rest, {
    parameters: "11, trainable 11",
    memory: "2,144 bytes",
    task: "numbers",
    loss: "huber",
    seed: "1",
    targets: "progression scaled",
  });
});

Deno.test("inspect a model that has no more than its weights", async () => {
  line.write(
    "plain.json",
    JSON.stringify({
      format: "lockstep",
      version: 1,
      description: {
        layers: [2, 1],
        activations: [],
        output: "sigmoid",
        loss: "binaryCrossEntropy",
        seed: 3,
      },
      weights: [[0.5, 1, -2]],
    }),
  );
  const text = await line.output("inspect", "--model plain.json", {
    permissions: ["--allow-read=plain.json"],
  });
  const sum = createHash("sha256")
    .update(new Uint8Array(Float32Array.of(0.5, 1, -2).buffer)).digest("hex");
  assert.deepEqual(partsOf(text).fields, {
    parameters: "3, trainable 3",
    memory: "864 bytes",
    loss: "binaryCrossEntropy",
    seed: "3",
    "SHA-256": sum,
  });
});
