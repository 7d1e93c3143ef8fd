/** What `evaluate` tells of columns, and ensembles. */
import assert from "node:assert/strict";
import {
  dependenceSvg,
  Mlp,
  partialDependence,
  permutationImportance,
  readTable,
} from "../../mod.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

Deno.test.beforeAll(async () => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 8 --epochs 30 --learning-rate 0.01 --quiet --save iris.json",
  );
});

Deno.test("evaluate --importance: columns, the most important first, as the library tells them", async () => {
  const args = "--model iris.json --dataset iris.csv --part all";
  const [plain] = await line.json("evaluate", args);
  const [found] = await line.json(
    "evaluate",
    `${args} --importance --repeats 2 --seed 4`,
  );
  const { importance, ...rest } = found;
  assert.deepEqual(rest, plain);
  await using mlp = await Mlp.load(line.path("iris.json"), { workers: 1 });
  const table = await readTable(line.path("iris.csv"));
  const wanted = await permutationImportance(mlp, table, {
    repeats: 2,
    seed: 4,
  });
  assert.deepEqual(
    importance,
    wanted.toSorted((one, other) => other.mean - one.mean),
  );
  assert.ok(importance[0].mean > 0.1);
  const [most, ...others] =
    (await line.output("evaluate", `${args} --importance --repeats 2 --seed 4`))
      .trimEnd().split("\n").slice(-4);
  assert.equal(others.length, 3);
  const { name, mean, deviation } = importance[0];
  assert.deepEqual(most.split(/ {2,}/), [
    name,
    mean.toFixed(4),
    deviation.toFixed(4),
  ]);
  await line.refused(
    "evaluate",
    `${args} --repeats 2`,
    /'--repeats' is not read without '--importance'/,
  );
});

Deno.test("evaluate --dependence: what is told on average for each value of a column, as the library tells it", async () => {
  const args = [
    "--model",
    "iris.json",
    "--dataset",
    "iris.csv",
    "--part",
    "all",
    "--dependence",
    "petal width",
  ];
  const [{ dependence, samples }] = await line.json("evaluate", args);
  assert.equal(samples, 150);
  await using mlp = await Mlp.load(line.path("iris.json"), { workers: 1 });
  const table = await readTable(line.path("iris.csv"));
  const wanted = await partialDependence(mlp, table, { column: "petal width" });
  assert.deepEqual(dependence, wanted);
  const { grid, values } = wanted;
  assert.ok(values[0][0] > values.at(-1)![0] + 0.02, `${values}`);
  const lines = (await line.output("evaluate", args)).trimEnd().split("\n")
    .slice(-grid.length - 1).map((text) => text.split(/ {2,}/));
  assert.deepEqual(lines[0], [
    "petal width",
    "setosa",
    "versicolor",
    "virginica",
  ]);
  assert.deepEqual(lines[1], [
    grid[0],
    ...values[0].map((value) => value.toPrecision(5)),
  ]);
  await line.output("evaluate", [...args, "--plot", "petals.svg"]);
  assert.equal(
    await Deno.readTextFile(line.path("petals.svg")),
    dependenceSvg(wanted),
  );
  await line.refused(
    "evaluate",
    "--model iris.json --dataset iris.csv --plot petals.svg",
    /'--plot' is not read without '--dependence'/,
  );
  await line.refused(
    "evaluate",
    args.with(-1, "petal widht"),
    /'column' must be .*did you mean 'petal width'/,
  );
});

Deno.test("train --ensemble: one model whose predictions are the mean of those of its seeds", async () => {
  const args =
    "--dataset iris.csv --hidden 4 --epochs 5 --validation-split 0.2 --calibrate temperature --quiet";
  const told = await line.output(
    "train",
    `${args} --ensemble 2 --save two.onnx --report two.html`,
  );
  const html = Deno.readTextFileSync(line.path("two.html"));
  assert.ok(html.includes("<p>The 2 networks were trained one after another."));
  const [, loss] = html.split('aria-label="Loss by epoch"');
  const [chart] = loss.split("</figure>");
  const curves = [...chart.matchAll(/points="(.*?)"/g)].map(([, points]) =>
    points.split(" ")
  );
  assert.deepEqual(curves.map(({ length }) => length), [5, 5]);
  assert.notDeepEqual(curves[0], curves[1]);
  assert.match(chart, />network 1<[^]*>network 2<[^]*>Loss, validation</);
  assert.equal(told.match(/^calibrated by temperature/gm)?.length, 1);
  assert.equal(told.match(/test accuracy/g)?.length, 1);
  await line.output("export", "--model two.onnx --to two.json");
  const { description, weights } = line.readJson("two.json");
  assert.equal(description.members, 2);
  assert.equal(description.training.ensemble, "2");
  await line.output("train", `${args} --save one.json`);
  assert.deepEqual(weights.slice(0, 2), line.readJson("one.json").weights);
  assert.notDeepEqual(weights.slice(2), weights.slice(0, 2));
  assert.match(
    await line.output("inspect", "--model two.onnx"),
    /^members +2 of these layers$/m,
  );
  const rows = await line.json(
    "predict",
    "--model two.json --probabilities iris.csv",
  );
  await using mlp = await Mlp.load(line.path("two.onnx"), { workers: 2 });
  const table = await readTable(line.path("iris.csv"));
  const found = (await mlp.predictTable(table)).map(({ task: _, ...row }) =>
    row
  );
  assert.deepEqual(rows, found);
  const [{ accuracy }] = await line.json(
    "evaluate",
    "--model two.onnx --dataset iris.csv",
  );
  assert.equal(
    accuracy,
    (await mlp.evaluate(await mlp.encoder!.samples(table))).accuracy,
  );
  await line.refused(
    "train",
    `${args} --ensemble 1`,
    /'--ensemble' must be a whole number from 2/,
  );
  await line.refused(
    "train",
    `${args} --ensemble 2 --checkpoint c.safetensors`,
    /'--ensemble' and '--checkpoint' exclude each other/,
  );
});
