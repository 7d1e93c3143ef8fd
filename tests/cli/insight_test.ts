/** What `evaluate` tells of columns. */
import assert from "node:assert/strict";
import { Mlp, permutationImportance, readTable } from "../../mod.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

Deno.test.beforeAll(async () => {
  await line.output(
    "train",
    "--dataset iris.csv --hidden 8 --epochs 30 --learning-rate 0.01 --quiet --save iris.json",
  );
});

Deno.test("evaluate --importance: columns, the most important first, as the library tells them", async () => {
  const args = "--model iris.json --dataset iris.csv";
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
