/** Networks that know the table that they were trained on. */
import assert from "node:assert/strict";
import {
  Mlp,
  type MlpOptions,
  parseCsv,
  readTable,
  TableEncoder,
  type TableRows,
  type Task,
  trainTestSplit,
} from "../mod.ts";
import { CommandLine } from "./cli/command_line.ts";
import { matches } from "./defects.ts";

const line = new CommandLine();

/** Rows from which each task is learned: numbers, a text, and a column of each kind of targets. */
const ROWS = Array.from({ length: 60 }, (_, at) => ({
  size: 3 * (at % 10) - 10,
  color: ["red", "green", "blue"][at % 3],
  kind: at % 10 < 5 ? "small" : "large",
  hot: Number(at % 3 === 0),
  big: Number(at % 10 >= 5),
  price: 1000 + 40 * (at % 10) + 7 * (at % 3),
}));

const INPUTS = ROWS.slice(0, 20).map(({ size, color }) => ({ size, color }));

const TARGETS: Record<Task, string[]> = {
  classes: ["kind"],
  labels: ["hot", "big"],
  numbers: ["price"],
};

const rowsFor = (task: Task) =>
  ROWS.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) =>
        ["size", "color", ...TARGETS[task]].includes(name)
      ),
    )
  );

async function network(task: Task) {
  const rows = rowsFor(task);
  const target = TARGETS[task];
  const encoder = await TableEncoder.fit(rows, { target, task });
  const mlp = new Mlp({ encoder, hidden: [8], workers: 1 });
  const samples = await encoder.samples(rows);
  await mlp.fit(samples, { learningRate: 0.05, epochs: 150 });
  return { encoder, mlp, samples };
}

const OUTPUTS = { classes: "softmax", labels: "sigmoid", numbers: "linear" };

for (const task of ["classes", "labels", "numbers"] as const) {
  Deno.test(`a network for ${task} tells them of raw rows, and after a load the same`, async () => {
    const made = await network(task);
    await using mlp = made.mlp;
    assert.deepEqual(mlp.layers, [4, 8, task === "numbers" ? 1 : 2]);
    assert.equal(mlp.output, OUTPUTS[task]);
    assert.equal(mlp.encoder, made.encoder);
    const found = await mlp.predictTable(INPUTS);
    for (const [at, row] of found.entries()) {
      const { kind, hot, big, price } = ROWS[at];
      assert.equal(row.task, task);
      if (row.task === "classes") {
        assert.equal(row.label, kind);
        assert.ok(row.probabilities[kind] > 0.5);
        const sum = row.probabilities.small + row.probabilities.large;
        assert.ok(Math.abs(sum - 1) < 1e-6);
      } else if (row.task === "labels") {
        const wanted = [...(hot ? ["hot"] : []), ...(big ? ["big"] : [])];
        assert.deepEqual(row.labels, wanted);
      } else {
        assert.ok(Math.abs(row.values.price - price) < 30, `${at}`);
      }
    }
    const folder = await Deno.makeTempDir();
    try {
      for (const ending of ["json", "safetensors", "onnx"]) {
        const path = `${folder}/model.${ending}`;
        await mlp.save(path);
        await using loaded = await Mlp.load(path, { workers: 1 });
        assert.deepEqual(loaded.encoder!.toParts(), made.encoder.toParts());
        assert.deepEqual(await loaded.predictTable(INPUTS), found);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a table, arrays, objects and inputs give the same outputs", async () => {
  const { encoder, mlp } = await network("classes");
  await using _ = mlp;
  const text = "kind,color,size\n" +
    INPUTS.map(({ size, color }) => `?,${color},${size}`).join("\n");
  const inputs = await encoder.inputs(INPUTS);
  const outputs = await mlp.predict(inputs);
  const others: TableRows[] = [
    INPUTS,
    INPUTS.map(({ size, color }) => [size, color]),
    INPUTS.map(({ size, color }) => [`${size}`, color]),
    await parseCsv(text),
  ];
  for (const rows of others) {
    assert.deepEqual(await mlp.predict(rows), outputs);
    const classes = await mlp.predictClasses(rows);
    const found = await mlp.predictTable(rows);
    for (const [at, row] of found.entries()) {
      assert.ok(row.task === "classes");
      assert.equal(row.label, encoder.classNames![classes[at]]);
    }
  }
  const rows = INPUTS.map((_, at) => inputs.subarray(4 * at, 4 * at + 4));
  assert.deepEqual(await mlp.predict(rows), outputs);
  await assert.rejects(
    mlp.predict([[1, "red"], ["large", "red"]]),
    matches(
      RangeError,
      "Cannot read 'rows' as 'rows[1], column 1' must be a number within ±3.4e38: current value is 'large'",
    ),
  );
  await assert.rejects(
    mlp.predict([{ size: 1, colour: "red" }]),
    matches(
      RangeError,
      "Cannot read 'rows' as 'colour' in 'rows[0]' is no column: did you mean 'color'?",
    ),
  );
});

Deno.test("options that contradict an encoder, or need one, are refused", async () => {
  const encoder = await TableEncoder.fit(rowsFor("classes"), {
    target: "kind",
  });
  const cases: [MlpOptions, ErrorConstructor, string][] = [
    [
      { encoder },
      TypeError,
      "'hidden' must be an array of the nodes of each hidden layer, [] for none: current value is undefined",
    ],
    [
      { hidden: [3] },
      TypeError,
      "'hidden' is not read without 'encoder': give 'layers', from the inputs to the outputs",
    ],
    [
      { encoder, hidden: [3], layers: [4, 3, 2] },
      TypeError,
      "'layers' is what 'encoder' says: leave it out",
    ],
    [
      { encoder, hidden: [], classNames: ["a", "b"] },
      TypeError,
      "'classNames' is what 'encoder' says: leave it out",
    ],
    [
      { encoder: encoder.toParts() as unknown as TableEncoder, hidden: [] },
      TypeError,
      "'encoder' must be a TableEncoder, as TableEncoder.fit() makes it: current value is Object",
    ],
    [
      { encoder, hidden: [], output: "linear" },
      RangeError,
      "'output' must be 'sigmoid' or 'softmax' for the task 'classes': current value is 'linear'",
    ],
    [
      { encoder, hidden: [0] },
      RangeError,
      "'layers[1]' must be a whole number of 1 or more: current value is 0",
    ],
  ];
  for (const [options, type, message] of cases) {
    assert.throws(
      () => new Mlp(options),
      matches(type, `Cannot make a network as ${message}`),
    );
  }
  await using plain = new Mlp({ layers: [2, 1], workers: 1 });
  await assert.rejects(plain.predictTable([[1, 2]]), {
    name: "Error",
    message:
      "Cannot predict rows as the network has no encoder: make it with new Mlp({ encoder, hidden })",
  });
  await using mlp = new Mlp({ encoder, hidden: [], workers: 1 });
  const table = await parseCsv("size,color,kind\n1,red,small\n");
  await assert.rejects(
    mlp.evaluate(table as never),
    matches(
      TypeError,
      "Cannot evaluate as 'samples' must be samples: write await encoder.samples(table), with a TableEncoder: current value is Object",
    ),
  );
});

Deno.test("classes of sigmoids stay classes, and a model without names has no encoder", async () => {
  const encoder = await TableEncoder.fit(rowsFor("classes"), {
    target: "kind",
  });
  await using mlp = new Mlp({
    ...{ encoder, hidden: [], output: "sigmoid", workers: 1 },
  });
  await using again = Mlp.fromModel(mlp.toModel(), { workers: 1 });
  assert.equal(again.encoder!.task, "classes");
  const { preprocessing } = encoder.toParts();
  await using nameless = new Mlp({ layers: [4, 2], preprocessing });
  assert.equal(nameless.encoder, undefined);
});

Deno.test("the program of the guide gives the weights of its command", async () => {
  const [command] = (await line.json(
    "train",
    "--dataset iris.csv --hidden 16 --learning-rate 0.01 --epochs 5",
  )).slice(-1);
  const table = await readTable("data/iris.csv");
  const { train, test } = trainTestSplit(table, { stratify: "species" });
  const encoder = await TableEncoder.fit(train, { target: "species" });
  await using mlp = new Mlp({ encoder, hidden: [16] });
  await mlp.fit(await encoder.samples(train), {
    learningRate: 0.01,
    epochs: 5,
  });
  assert.equal(await mlp.weightsSha256(), command.weightsSha256);
  const { accuracy } = await mlp.evaluate(await encoder.samples(test));
  assert.equal(accuracy, command.testAccuracy);
});
