/** Labels that don't exclude each other: several columns of 0 and 1 that are learned with --task labels. */
import assert from "node:assert/strict";
import { cellsOf, CommandLine } from "./command_line.ts";

const line = new CommandLine();

/** Four rows that are easy to tell apart, again and again; the labels are a, b, and a or b. */
const ROWS = Array.from({ length: 40 }, (_, at) => {
  const [a, b] = [at & 1, at >> 1 & 1];
  return `${a},${b},${a},${b},${a | b}`;
});

const TRAIN = "--optimizer adam --learning-rate 0.05 " +
  "--hidden 4 --scale none --test-split 0";

Deno.test.beforeAll(async () => {
  line.write("ml.csv", `x1,x2,l1,l2,l3\n${ROWS.join("\n")}\n`);
  line.write("four.csv", "x1,x2\n0,0\n0,1\n1,0\n1,1\n");
  await line.output(
    "train",
    `--dataset ml.csv --target l1,-2,l3 --task labels ${TRAIN} --epochs 200 --quiet --save ml.json`,
  );
});

Deno.test("train --task labels with several targets: a label each, not scaled", () => {
  const { description } = line.readJson("ml.json");
  assert.deepEqual(description.layers, [2, 4, 3]);
  assert.equal(description.output, "sigmoid");
  assert.deepEqual(description.classNames, ["l1", "l2", "l3"]);
  assert.equal(description.targets, undefined);
  assert.equal(description.training.target, "l1,l2,l3");
});

Deno.test("predict names every label whose probability is at least 0.5", async () => {
  const [header, ...rows] = cellsOf(
    await line.output("predict", "--model ml.json four.csv"),
  );
  assert.deepEqual(header, [
    "label",
    ...["l1", "l2", "l3"].map((name) => `probability_${name}`),
  ]);
  const wanted = [[], ["l2", "l3"], ["l1", "l3"], ["l1", "l2", "l3"]];
  assert.deepEqual(rows.map(([label]) => label), [
    ...wanted.map((names) => names.join(";")),
  ]);
  for (const [at, [, ...values]] of rows.entries()) {
    assert.deepEqual(
      ["l1", "l2", "l3"].filter((_, label) => Number(values[label]) >= 0.5),
      wanted[at],
    );
  }
  const objects = await line.json("predict", "--model ml.json four.csv");
  assert.deepEqual(objects.map(({ labels }) => labels), wanted);
  for (const [at, { probabilities }] of objects.entries()) {
    assert.deepEqual(
      Object.entries(probabilities).map(([name, value]) => `${name} ${value}`),
      ["l1", "l2", "l3"].map((name, n) => `${name} ${rows[at][n + 1]}`),
    );
  }
});

Deno.test("evaluate counts each label by itself", async () => {
  // Of the labels that the model tells, two aren't so here: l2 of the second row, l1 of the third.
  line.write(
    "truth.csv",
    "l3,x1,x2,l2,l1\n0,0,0,0,0\n1,0,1,0,0\n1,1,0,0,0\n1,1,1,1,1\n",
  );
  const args = "--model ml.json --dataset truth.csv";
  const [found] = await line.json("evaluate", args);
  assert.equal(found.samples, 4);
  assert.equal(found.accuracy, 10 / 12);
  const half = { precision: 0.5, recall: 1, f1: 2 / 3, support: 1 };
  assert.deepEqual(found.labels, [
    { name: "l1", ...half },
    { name: "l2", ...half },
    { name: "l3", precision: 1, recall: 1, f1: 1, support: 3 },
  ]);
  const text = await line.output("evaluate", args);
  // Of the four samples, two have 1 and two have 2/3: drawn again, seldom all are of one kind. Most have l3, and lack the others.
  const { low, high } = found.accuracyInterval;
  assert.ok(Math.abs(low - 2 / 3) < 1e-9 && high === 1, `${low}, ${high}`);
  assert.equal(found.baselineAccuracy, 9 / 12);
  assert.match(text, /^accuracy +0.8333 +0.6667 to 1.0000 +0.7500$/m);
  assert.match(text, /^label +precision +recall +f1 +support$/m);
  assert.match(text, /^l1 +0.5000 +1.0000 +0.6667 +1$/m);
  assert.match(text, /^l3 +1.0000 +1.0000 +1.0000 +3$/m);
  // Other columns, by name: the same as x1 and x2 tell.
  const [other] = await line.json("evaluate", `${args} --target x1,x2,l3`);
  assert.equal(other.accuracy, 1);
});

Deno.test("one column of 0 and 1 is one label with --task labels, else two classes", async () => {
  line.write(
    "one.csv",
    `x1,x2,l1\n${ROWS.map((row) => row.slice(0, 5)).join("\n")}\n`,
  );
  const one = `--dataset one.csv --target l1 ${TRAIN} --epochs 100 --quiet`;
  await line.output("train", `${one} --task labels --save one.json`);
  await line.output("train", `${one} --save two.json`);
  const { description } = line.readJson("one.json");
  assert.deepEqual(description.layers, [2, 4, 1]);
  assert.equal(description.targets, undefined);
  assert.deepEqual(description.classNames, ["l1"]);
  assert.deepEqual(line.readJson("two.json").description.layers, [2, 4, 2]);
  const rows = cellsOf(
    await line.output("predict", "--model one.json four.csv"),
  );
  assert.deepEqual(rows.map(([label]) => label), ["label", "", "", "l1", "l1"]);
  assert.deepEqual(rows[0], ["label", "probability_l1"]);
  const [two] = await line.json(
    "evaluate",
    "--model two.json --dataset one.csv",
  );
  assert.deepEqual(two.confusion, [[20, 0], [0, 20]]);
});

Deno.test("labels that aren't from 0 to 1, and other numbers of them, are refused", async (test) => {
  line.write("wide.csv", "x,a,b\n1,0,1\n2,1,3\n3,0,1\n4,1,1\n");
  await line.refusedAll(test, [
    {
      name: "train",
      args:
        "--dataset wide.csv --target a,b --task labels --test-split 0 --quiet",
      message:
        /^Cannot read 'wide.csv' as 'line 3, b' must be 0 or 1, or a probability between them: current value is '3'$/m,
    },
    {
      name: "train",
      args:
        "--dataset ml.csv --target l1,l2 --task labels --class-weights balanced",
      message:
        /^Cannot train as '--class-weights' must be left out as labels don't exclude each other: current value is 'balanced'$/m,
    },
    {
      name: "evaluate",
      args: "--model ml.json --dataset ml.csv --target l1,l2",
      message:
        /^Cannot read 'ml.csv' as '--target' must be 3 columns: current value is \['l1', 'l2'\]$/m,
    },
    {
      name: "evaluate",
      args: "--model ml.json --dataset four.csv",
      message:
        /^Cannot read 'four.csv' as there must be 'l1' to learn, or other columns given as 'target': columns are 'x1', 'x2'$/m,
    },
  ]);
});
