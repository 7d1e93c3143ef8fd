/** A checkpoint from somebody else is only data: it can't name files to read or write, nor set how a run works. */
import assert from "node:assert/strict";
import {
  decodeSafetensors,
  encodeSafetensors,
} from "../../src/models/safetensors.ts";
import { CommandLine, type Json } from "./command_line.ts";

const line = new CommandLine();

/** Writes a good checkpoint whose record of options says something else. */
function writeHostile(name: string, change: (training: Json) => Json): void {
  const { tensors, metadata } = decodeSafetensors(
    Deno.readFileSync(line.path("good.ck")),
    "good.ck",
  );
  const description = JSON.parse(metadata.description);
  description.training = change(description.training);
  line.write(
    name,
    encodeSafetensors(tensors, {
      ...metadata,
      description: JSON.stringify(description),
    }),
  );
}

const VICTIM = '{ "name": "a project" }\n';

Deno.test.beforeAll(async () => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 4 --epochs 1 --quiet --checkpoint good.ck --save good.json",
  );
  line.write("victim.json", VICTIM);
});

/** What it wants to set, and the name of that in the message. */
const ORDERS: Record<string, Json> = {
  save: "victim.json",
  checkpoint: "victim.json",
  "checkpoint-every": "1",
  resume: "good.ck",
  config: "victim.json",
  workers: "256",
  kernels: "reference",
  "skip-zeros": "always",
  timings: true,
  quiet: true,
  json: true,
  help: true,
  unheard: 1,
};

Deno.test("train --resume refuses a checkpoint that sets more than what makes the model", async (test) => {
  for (const [name, value] of Object.entries(ORDERS)) {
    writeHostile(`${name}.ck`, (training) => ({ ...training, [name]: value }));
  }
  await line.refusedAll(
    test,
    Object.keys(ORDERS).map((name) => ({
      title: name,
      name: "train",
      args: `--resume ${name}.ck --dataset iris.csv --epochs 2`,
      message: new RegExp(
        `^Cannot read '${name}.ck' as '${name}' is nothing that a checkpoint may set$`,
        "m",
      ),
    })),
  );
  assert.equal(Deno.readTextFileSync(line.path("victim.json")), VICTIM);
});

Deno.test("train --resume reads no file that the checkpoint names: the dataset is typed again, wherever it lies now", async (test) => {
  const wanted =
    /^Cannot go on with the training as '--dataset' must be given as before: a checkpoint's own is not read: current value is undefined$/m;
  writeHostile("device.ck", (training) => ({
    ...training,
    dataset: "/dev/zero",
  }));
  writeHostile("list.ck", (training) => ({ ...training, dataset: ["mnist"] }));
  await line.refusedAll(
    test,
    ["good.ck", "device.ck", "list.ck"].map((name) => ({
      title: name,
      name: "train",
      args: `--resume ${name} --epochs 2`,
      message: wanted,
    })),
  );
  Deno.mkdirSync(line.path("moved"));
  Deno.copyFileSync(line.path("iris.csv"), line.path("moved/flowers.csv"));
  const [moved, whole] = await Promise.all([
    line.json(
      "train",
      "--resume good.ck --dataset moved/flowers.csv --epochs 2",
    ),
    line.json("train", "--dataset iris.csv --hidden 4 --epochs 2"),
  ]);
  assert.equal(moved.at(-1).weightsSha256, whole.at(-1).weightsSha256);
});

Deno.test("train --resume refuses samples that aren't those of before", async (test) => {
  const text = Deno.readTextFileSync(line.path("iris.csv"));
  line.write(
    "swapped.csv",
    text.replace("sepal length,sepal width", "sepal width,sepal length"),
  );
  line.write("longer.csv", text.replace("\n5.1,", "\n5.2,"));
  line.write("other.csv", text.replaceAll("setosa", "sitosa"));
  await line.refusedAll(
    test,
    ["swapped.csv", "longer.csv", "other.csv"].map((name) => ({
      title: name,
      name: "train",
      args: `--resume good.ck --dataset ${name} --epochs 2`,
      message: new RegExp(
        `^Cannot go on with the training as '--dataset' must be the samples of before, with the same columns, classes and scaling, unless --other-data is given: current value is '${name}'$`,
        "m",
      ),
    })),
  );
});

Deno.test("train --resume --other-data goes on with samples of other values, encoded as before", async () => {
  const text = Deno.readTextFileSync(line.path("iris.csv"));
  line.write("longer.csv", text.replace("\n5.1,", "\n5.2,"));
  const again = "--resume good.ck --epochs 2 --dataset";
  await line.output(
    "train",
    `${again} longer.csv --other-data --quiet --save longer.json`,
  );
  const [before, after] = ["good.json", "longer.json"].map((name) =>
    line.readJson(name).description
  );
  assert.deepEqual(after.preprocessing, before.preprocessing);
  assert.notEqual(after.training.rows.sha256, before.training.rows.sha256);
  await line.refused(
    "train",
    "--dataset iris.csv --other-data",
    /'--other-data' is not read without '--resume'/,
  );
});

Deno.test("train --resume takes a dataset of a package from the checkpoint, as it is no file of anybody", async () => {
  await line.output(
    "train",
    "--hidden 4 --epochs 1 --quiet --dataset mnist --checkpoint digits.ck",
  );
  const [start, epoch] = await line.json(
    "train",
    "--resume digits.ck --epochs 2",
  );
  assert.equal(start.trainSamples, 8000);
  assert.equal(epoch.epoch, 2);
});

Deno.test("--config can't say what is written", async (test) => {
  const text = '{ "dataset": "iris.csv", "epochs": 1, "hidden": 2 }';
  for (const name of ["save", "checkpoint"]) {
    line.write(
      `${name}.json`,
      text.replace("{", `{ "${name}": "victim.json",`),
    );
  }
  line.write("to.json", '{ "to": "victim.json" }');
  await line.refusedAll(test, [
    ...["save", "checkpoint"].map((name) => ({
      name: "train" as const,
      args: `--config ${name}.json`,
      message: new RegExp(
        `^Cannot read '${name}.json' as '${name}' must be typed: a file can't say what is written$`,
        "m",
      ),
    })),
    {
      name: "export",
      args: "--model any.json --config to.json",
      message:
        /^Cannot read 'to.json' as 'to' must be typed: a file can't say what is written$/m,
    },
  ]);
  assert.equal(Deno.readTextFileSync(line.path("victim.json")), VICTIM);
});
