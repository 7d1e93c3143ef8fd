import assert from "node:assert/strict";
import { Mlp, readCsv, tableSamples, writeNpy } from "../../mod.ts";
import { objects, type Output, ROOT, run } from "./run.ts";

const IRIS = "data/iris.csv";
const TRAIN = [
  ...["--dataset", IRIS, "--hidden", "16", "--activation", "relu"],
  ...["--optimizer", "adam", "--learning-rate", "0.01", "--batch-size", "16"],
  ...["--epochs", "15"],
];

const folder = await Deno.makeTempDir();
const model = `${folder}/iris.safetensors`;
const trained = await run("train", [...TRAIN, "--json", "--save", model]);

globalThis.addEventListener("unload", () => {
  Deno.removeSync(folder, { recursive: true });
});

function succeeded({ code, stdout, stderr }: Output): string {
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout;
}

/** One line on stderr, nothing on stdout, exit status 2. */
function refused({ code, stdout, stderr }: Output, message: RegExp): void {
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  assert.equal(stdout, "");
  assert.equal(code, 2);
}

async function iris() {
  const text = await Deno.readTextFile(`${ROOT}${IRIS}`);
  return await tableSamples(await readCsv(text, IRIS));
}

Deno.test("train keeps the model with what its inputs and outputs are, and how it was made", async () => {
  const end = objects(succeeded(trained)).at(-1);
  const [found] = objects(
    succeeded(await run("inspect", ["--model", model, "--json"])),
  );
  assert.equal(found.weightsSha256, end.weightsSha256);
  assert.deepEqual(found.layers, [4, 16, 3]);
  assert.equal(found.parameters, 4 * 16 + 16 + 16 * 3 + 3);
  assert.deepEqual(found.classNames, ["setosa", "versicolor", "virginica"]);
  assert.equal(found.output, "softmax");
  assert.deepEqual(
    found.preprocessing.columns.map(({ name }: { name: string }) => name),
    ["sepal length", "sepal width", "petal length", "petal width"],
  );
  assert.deepEqual(found.training, {
    ...{ dataset: IRIS, hidden: "16", activation: "relu", optimizer: "adam" },
    ...{ "learning-rate": "0.01", "batch-size": "16", epochs: "15" },
    target: "species",
  });
  const text = succeeded(await run("inspect", ["--model", model]));
  assert.match(text, /^layers {7}4-16-3$/m);
  assert.match(
    text,
    /^training {5}--dataset data\/iris.csv .*--target species$/m,
  );

  // The options that were kept make the same model again, from a config file.
  const config = `${folder}/config.json`;
  await Deno.writeTextFile(config, JSON.stringify(found.training));
  const again = await run("train", ["--config", config, "--json"]);
  assert.equal(
    objects(succeeded(again)).at(-1).weightsSha256,
    end.weightsSha256,
  );
  // What is typed counts more than the file.
  const shorter = await run("train", [
    ...["--config", config, "--epochs", "2", "--json"],
  ]);
  assert.equal(objects(succeeded(shorter)).length, 2 + 2);
});

Deno.test("evaluate agrees with the outputs of the model", async () => {
  const { samples } = await iris();
  await using mlp = await Mlp.load(model, { workers: 1 });
  const outputs = await mlp.predict(samples.x);
  let hits = 0;
  let loss = 0;
  const confusion = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
  for (let s = 0; s < 150; s++) {
    const p = [...outputs.subarray(3 * s, 3 * s + 3)];
    const is = samples.y.subarray(3 * s, 3 * s + 3).indexOf(1);
    const found = p.indexOf(Math.max(...p));
    confusion[is][found]++;
    if (is === found) hits++;
    loss -= Math.log(p[is]);
  }
  const args = ["--model", model, "--dataset", IRIS];
  const [result] = objects(
    succeeded(await run("evaluate", [...args, "--json"])),
  );
  assert.equal(result.samples, 150);
  assert.ok(Math.abs(result.accuracy - hits / 150) < 1e-12);
  assert.ok(Math.abs(result.logLoss - loss / 150) < 1e-6);
  assert.deepEqual(result.confusion, confusion);
  assert.ok(result.accuracy > 0.9);
  const text = succeeded(await run("evaluate", args));
  assert.match(text, /^accuracy +0\.\d{4}$/m);
  assert.match(text, /^setosa +1\.0000 +1\.0000 +1\.0000 +50$/m);
  assert.match(text, /^macro average +[\d.]+ +[\d.]+ +[\d.]+ +150$/m);
});

Deno.test("a table of two classes has a ROC AUC; a regression has R² and predictions in raw units", async () => {
  const two = `${folder}/two.csv`;
  const rows = Array.from(
    { length: 60 },
    (_, at) => `${at % 7},${at % 5},${at % 7 > 2 ? "yes" : "no"}`,
  );
  await Deno.writeTextFile(two, `a,b,c\n${rows.join("\n")}\n`);
  const file = `${folder}/two.json`;
  succeeded(
    await run("train", [
      ...["--dataset", two, "--hidden", "8", "--optimizer", "adam", "--quiet"],
      ...["--learning-rate", "0.05", "--epochs", "20", "--save", file],
    ]),
  );
  const [result] = objects(
    succeeded(
      await run("evaluate", ["--model", file, "--dataset", two, "--json"]),
    ),
  );
  assert.equal(result.rocAuc, 1);

  const numbers = `${folder}/diabetes.onnx`;
  const end = objects(succeeded(
    await run("train", [
      ...["--dataset", "data/diabetes.csv", "--hidden", "16", "--json"],
      ...["--activation", "relu", "--optimizer", "adam", "--epochs", "10"],
      ...["--learning-rate", "0.01", "--save", numbers],
    ]),
  )).at(-1);
  assert.ok(end.testR2 > 0.3 && end.testR2 < 1, `R² ${end.testR2}`);
  assert.ok(!("testAccuracy" in end));
  const table = succeeded(
    await run("evaluate", [
      "--model",
      numbers,
      "--dataset",
      "data/diabetes.csv",
    ]),
  );
  assert.match(table, /^meanAbsoluteError +\d+\.\d{4}$/m);
  const lines = succeeded(
    await run("predict", ["--model", numbers, "data/diabetes.csv"]),
  ).trimEnd().split("\n");
  assert.equal(lines[0], "progression");
  assert.equal(lines.length, 1 + 442);
  const mean = lines.slice(1).reduce((sum, line) => sum + Number(line), 0) /
    442;
  assert.ok(mean > 120 && mean < 185, `mean ${mean}`);
});

Deno.test("predict reads files and stdin, and writes CSV and JSON lines", async () => {
  const text = await Deno.readTextFile(`${ROOT}${IRIS}`);
  const some = text.split("\n").slice(0, 4).join("\n");
  const csv = succeeded(
    await run("predict", ["--model", model], { input: some }),
  );
  const lines = csv.trimEnd().split("\n");
  assert.equal(lines[0], "label,setosa,versicolor,virginica");
  assert.equal(lines.length, 4);
  assert.match(lines[1], /^setosa,0\.9\d+,/);
  const json = objects(
    succeeded(await run("predict", ["--model", model, "--json", IRIS])),
  );
  assert.equal(json.length, 150);
  assert.equal(json[0].label, "setosa");
  assert.equal(`${json[0].probabilities.setosa}`, lines[1].split(",")[1]);

  // Plain numbers, of which the model's scaling makes inputs.
  const { samples } = await iris();
  const npy = `${folder}/iris.npy`;
  await Deno.writeFile(npy, writeNpy(samples.x, [150, 4]));
  assert.equal(
    succeeded(await run("predict", ["--model", model, npy])),
    succeeded(await run("predict", ["--model", model, IRIS])),
  );
});

Deno.test("export writes every format, from any other, to the same predictions", async () => {
  const wanted = succeeded(await run("predict", ["--model", model, IRIS]));
  let from = model;
  for (const ending of ["json", "onnx", "safetensors"]) {
    const to = `${folder}/copy.${ending}`;
    const said = succeeded(await run("export", ["--model", from, "--to", to]));
    assert.equal(said, `Wrote '${to}'\n`);
    assert.equal(
      succeeded(await run("predict", ["--model", to, IRIS])),
      wanted,
    );
    from = to;
  }
});

Deno.test("mistakes are one line, exit status 2, and leave nothing behind", async () => {
  refused(await run("predict", []), /'--model FILE' must be given/);
  refused(
    await run("inspect", ["--model", "no.json"]),
    /'no.json' as there is no such file/,
  );
  refused(
    await run("predict", ["--model", model], {
      input: "sepal length,sepal width,petal length,petal width\n1,2,3,?\n",
    }),
    /^Cannot read 'stdin' as 'row 2, petal width' must be a value: current value is '\?'$/m,
  );
  refused(
    await run("predict", ["--model", model], { input: "a,b\n1,2\n" }),
    /^Cannot read 'stdin' as there must be 'sepal length': columns are 'a', 'b'$/m,
  );
  refused(
    await run("evaluate", ["--model", model]),
    /^Cannot evaluate .* as 'inputs and outputs' must be 784 and 10: current value is \[4, 3\]$/m,
  );
  refused(
    await run("export", ["--model", model, "--to", `${folder}/x.txt`]),
    /x\.txt/,
  );
  const unwritten = `${folder}/unwritten.json`;
  refused(
    await run("export", ["--model", model, "--to", unwritten], {
      write: false,
    }),
    /unwritten\.json/,
  );
  await assert.rejects(Deno.stat(unwritten), Deno.errors.NotFound);
  const config = `${folder}/wrong.json`;
  for (
    const [text, message] of [
      ["[1]", /must hold one object/],
      ["{", /must be JSON/],
      ['{"hiden": 3}', /'hiden' is no option/],
      ['{"epochs": true}', /'epochs' must be text, a number or an array/],
      ['{"quiet": 1}', /'quiet' must be true or false/],
    ] as const
  ) {
    await Deno.writeTextFile(config, text);
    refused(await run("train", ["--config", config]), message);
  }
  for (
    const [args, message] of [
      [["--optimizer", "sdg"], /'optimizer' must be 'article' or 'sgd'/],
      [
        ["--output", "softmax", "--loss", "mse"],
        /'loss' must be 'crossentropy' for the output 'softmax'/,
      ],
      [
        ["--dropout", "1"],
        /'dropout' must be from 0 up to but not 1: current value is 1/,
      ],
      [["--schedule", "linear"], /'schedule' must be 'article' or/],
      [
        ["--scale", "log"],
        /'scale' must be 'none' or 'standardize' or 'minmax'/,
      ],
      [["--class-weights", "1,2"], /'classWeights.length' must be 3/],
      [
        ["--checkpoint-every", "0"],
        /'--checkpoint-every' must be a whole number 1 or more/,
      ],
      [
        ["--monitor", "validationLoss"],
        /'validationData' or 'validationSplit' must be given/,
      ],
      [["--target", "colour"], /'target' must be 'sepal length'/],
      [
        ["--resume", "no.checkpoint"],
        /'no.checkpoint' as there is no such file/,
      ],
    ] as const
  ) {
    refused(
      await run("train", ["--dataset", IRIS, "--quiet", ...args]),
      message,
    );
  }
});
