/** Options from a file of JSON, and those that a model keeps. */
import assert from "node:assert/strict";
import {
  type Arguments,
  CommandLine,
  type Json,
  someAtATime,
} from "./command_line.ts";

const line = new CommandLine();

async function sha256(args: Arguments): Promise<string> {
  return (await line.json("train", args)).at(-1).weightsSha256;
}

let configs = 0;

/** Writes a config file, and trains with it. */
async function configured(config: Json, args = ""): Promise<string> {
  const file = `config${configs++}.json`;
  line.write(file, JSON.stringify(config));
  return await sha256(`--config ${file} ${args}`.trim());
}

/** All kinds of values: text, numbers, lists of them, switches. */
const CONFIG = {
  dataset: "iris.csv",
  epochs: 3,
  hidden: [6, 5],
  activation: ["relu", "tanh"],
  dropout: [0.25, 0],
  optimizer: "sgd",
  nesterov: true,
  "learning-rate": "0.05",
  momentum: 0.9,
  target: -1,
  scale: "standardize",
  workers: 1,
};

const TYPED =
  "--dataset iris.csv --epochs 3 --hidden 6,5 --activation relu,tanh " +
  "--dropout 0.25,0 --optimizer sgd --nesterov --learning-rate 0.05";

Deno.test("train --config does what the same options do when typed, which win", async () => {
  const [typed, same, other, last] = await Promise.all([
    sha256(TYPED),
    configured(CONFIG),
    configured(CONFIG, "--seed 5 --hidden 4,3"),
    sha256(`${TYPED.replace("6,5", "4,3")} --seed 5`),
  ]);
  assert.equal(same, typed);
  assert.equal(other, last);
  assert.notEqual(other, typed);
});

Deno.test("train --config: no hidden layers as an empty list, or as empty text", async () => {
  const config = { dataset: "iris.csv", epochs: 1 };
  const args = "--dataset iris.csv --epochs 1 --hidden";
  const [list, text, typed, other] = await Promise.all([
    configured({ ...config, hidden: [] }),
    configured({ ...config, hidden: "" }),
    sha256([...args.split(" "), ""]),
    configured(config),
  ]);
  assert.deepEqual([list, text], [typed, typed]);
  assert.notEqual(other, typed);
});

Deno.test("a model keeps the options that made it: as a config they give the same bits", async () => {
  line.write(
    "diabetes.json",
    JSON.stringify({ dataset: "diabetes.csv", epochs: 9, dropout: [0.1] }),
  );
  const runs: [string, Json][] = [
    [`${TYPED} --workers 2 --timings --save kept.json`, {
      dataset: "iris.csv",
      epochs: "3",
      hidden: "6,5",
      activation: "relu,tanh",
      dropout: "0.25,0",
      optimizer: "sgd",
      nesterov: true,
      "learning-rate": "0.05",
      target: "species",
    }],
    [
      "--config diabetes.json --epochs 2 --hidden 4 --scale standardize --save kept.onnx",
      {
        dataset: "diabetes.csv",
        epochs: "2",
        dropout: "0.1",
        hidden: "4",
        scale: "standardize",
        target: "progression",
      },
    ],
    [
      "--dataset iris.csv --epochs 2 --checkpoint kept.ck --checkpoint-every 1 --kernels wasm --save kept.safetensors",
      {
        dataset: "iris.csv",
        epochs: "2",
        target: "species",
      },
    ],
  ];
  await someAtATime(runs, async ([args, wanted]) => {
    const sum = await sha256(args);
    const [{ training, weightsSha256 }] = await line.json(
      "inspect",
      `--model ${args.slice(args.lastIndexOf(" ") + 1)}`,
    );
    const { rows, curves, ...options } = training;
    assert.equal(curves.epoch.length, Number(wanted.epochs));
    assert.deepEqual(options, wanted);
    assert.equal(rows.train, wanted.dataset === "iris.csv" ? 120 : 354);
    assert.equal(weightsSha256, sum);
    assert.equal(await configured(training), sum);
  });
});

Deno.test("a model keeps a target with a comma or of digits in its name", async (t) => {
  for (const name of ["height, cm", "2020"]) {
    await t.step(name, async () => {
      const rows = [1, 2.5, 3, 4.5, 5].map((x) => `${x},${3 * x}`);
      line.write("names.csv", [`x,"${name}"`, ...rows].join("\n"));
      await line.output(
        "train",
        "--dataset names.csv --header yes --epochs 1 --quiet --save names.json",
      );
      const [{ samples }] = await line.json(
        "evaluate",
        "--model names.json --dataset names.csv --header yes",
      );
      assert.equal(samples, 5);
      await configured(line.readJson("names.json").description.training);
    });
  }
});

Deno.test("what a training found about its data is no option, and goes with the others", async () => {
  const found = { image: "28x28", rows: { train: 120, test: 30 } };
  const [same, typed] = await Promise.all([
    configured({ ...CONFIG, ...found }),
    sha256(TYPED),
  ]);
  assert.equal(same, typed);
});

Deno.test("every command takes --config", async () => {
  await line.output(
    "train",
    "--dataset iris.csv --epochs 1 --quiet --save m.json",
  );
  line.write(
    "config.json",
    JSON.stringify({
      model: "m.json",
      dataset: "iris.csv",
      workers: 1,
      json: true,
    }),
  );
  const [{ samples }] = JSON.parse(
    `[${await line.output("evaluate", "--config config.json")}]`,
  );
  assert.equal(samples, 150);
  line.write("config.json", JSON.stringify({ model: "m.json", header: "no" }));
  const found = await line.output("predict", "--config config.json -", {
    stdin: "5.1,3.5,1.4,0.2\n",
  });
  assert.match(
    found,
    /^label,probability\n[a-z]+,[01]\.\d+\n$/,
  );
  line.write(
    "config.json",
    '{ "model": "m.json", "json": true }',
  );
  assert.equal(
    await line.output("export", "--config config.json --to n.onnx"),
    '{"wrote":"n.onnx"}\n',
  );
  line.write("config.json", '{ "model": "n.onnx", "json": false }');
  const text = await line.output("inspect", "--config config.json");
  assert.match(text, /^1 +4 → 70 .*\n2 +70 → 30 .*\n3 +30 → 3 /m);
});

const MISTAKES: [string, RegExp][] = [
  ["[]", /as it must hold one object$/m],
  ["null", /as it must hold one object$/m],
  ['"epochs"', /as it must hold one object$/m],
  ['{"epoch": 1}', /as 'epoch' is no option: did you mean 'epochs'\?$/m],
  ['{"--epochs": 1}', /as '--epochs' is no option: did you mean 'epochs'\?$/m],
  [
    '{"learningRate": 1}',
    /as 'learningRate' is no option: did you mean 'learning-rate'\?$/m,
  ],
  ['{"lr": 1}', /as 'lr' is no option: did you mean 'learning-rate'\?$/m],
  ['{"config": "other.json"}', /as 'config' is no option$/m],
  ['{"help": true}', /as 'help' is no option$/m],
  ['{"toString": 1}', /as 'toString' is no option$/m],
  ['{"rows": 5}', /as 'rows' is no option/m],
  ['{"image": "large"}', /as 'image' is no option/m],
  [
    '{"epochs": null}',
    /as 'epochs' must be text, a number or an array of them$/m,
  ],
  [
    '{"epochs": true}',
    /as 'epochs' must be text, a number or an array of them$/m,
  ],
  [
    '{"hidden": [[5]]}',
    /as 'hidden' must be text, a number or an array of them$/m,
  ],
  ['{"nesterov": 1}', /as 'nesterov' must be true or false$/m],
  ['{"nesterov": "yes"}', /as 'nesterov' must be true or false$/m],
  ["", /as its text must be JSON: /],
  ["{", /as its text must be JSON: /],
  ['{\n  "epochs": ten\n}\n', /as its text must be JSON: .*ten/],
  ['{"epochs": 1, "epochs": 2}', /'epochs' is there twice$/m],
];

Deno.test("train refuses a config that isn't what it should be", async (test) => {
  await line.refusedAll(
    test,
    MISTAKES.map(([content, message], at) => {
      const file = `bad${at}.json`;
      line.write(file, content);
      return {
        title: JSON.stringify(content),
        name: "train",
        args: `--dataset iris.csv --config ${file} --quiet --epochs 1`,
        message: new RegExp(`^Cannot read '${file}' .*${message.source}`, "m"),
      };
    }),
  );
});

Deno.test("train refuses a config that isn't there, and values that the command refuses", async () => {
  const args = "--dataset iris.csv --config";
  await line.refused(
    "train",
    `${args} no.json`,
    /'no.json' as there is no such file/,
  );
  line.write("bad.json", '{ "epochs": "many" }');
  await line.refused(
    "train",
    `${args} bad.json`,
    /'--epochs' must be a number: .*'many'/,
  );
  line.write("bad.json", '{ "optimizer": "adam", "weight-decay": 0.1 }');
  await line.refused(
    "train",
    `${args} bad.json`,
    /^Cannot train as '--weight-decay' is not read by the optimizer 'adam': /,
  );
  line.write("bad.json", '{ "json": true, "quiet": true }');
  await line.refused(
    "train",
    `${args} bad.json`,
    /'--json' and '--quiet' exclude/,
  );
  line.write("bad.json", '{ "epochs": 1 }');
  await line.refused("evaluate", "--config bad.json", /'epochs' is no option/);
});
