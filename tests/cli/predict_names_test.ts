/** Names of classes and columns that could be taken for something else: what `predict` writes can be read back. */
import assert from "node:assert/strict";
import { parseCsv } from "../../src/data/csv.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

/** In the order that a table gives them. */
const NAMES = [
  ...["+sum", "-1.5", "10", "2", "=1+1", "@x", "__proto__", "a,b"],
  ...["constructor", "label", "probability_label"],
];

const quoted = (name: string) => name.includes(",") ? `"${name}"` : name;

const OPTIONS = "--optimizer adam --learning-rate 0.1 --quiet --test-split 0";

Deno.test.beforeAll(async () => {
  const rows = NAMES.flatMap((name, at) =>
    Array.from({ length: 4 }, () => `${at},${at % 2},${quoted(name)}`)
  );
  line.write("names.csv", `__proto__,toString,=kind\n${rows.join("\n")}\n`);
  await line.output(
    "train",
    `--dataset names.csv --epochs 300 --hidden 16 --activation relu ${OPTIONS} --save names.json`,
  );
});

Deno.test("predict's CSV and JSON can be read back, whatever the classes are called", async () => {
  assert.deepEqual(line.readJson("names.json").description.classNames, NAMES);
  const args = "--model names.json --probabilities names.csv";
  const text = await line.output("predict", args);
  const { columns, rows } = await parseCsv(text, {
    name: "p.csv",
    header: true,
  });
  assert.deepEqual(columns, [
    ...["label", "probability"],
    ...NAMES.map((name) => `probability_${name}`),
  ]);
  const found = new Set(rows.map(([label]) => label));
  assert.ok(found.size > NAMES.length / 2, `${[...found]}`);
  const objects = await line.json("predict", args);
  for (const [at, { label, probabilities }] of objects.entries()) {
    const [first, , ...values] = rows[at];
    assert.equal(label, first);
    const kept = new Map(Object.entries<number>(probabilities));
    assert.deepEqual(NAMES.map((name) => `${kept.get(name)}`), values);
    assert.equal(kept.size, NAMES.length);
  }
});

Deno.test("predict --spreadsheet-safe: an apostrophe before text that would be run, numbers as they are", async () => {
  const args = "--model names.json --spreadsheet-safe";
  const text = await line.output("predict", `${args} names.csv`);
  const { rows } = await parseCsv(text, { name: "p.csv", header: true });
  const plain = await line.output("predict", "--model names.json names.csv");
  const labels = (await parseCsv(plain, { name: "p.csv", header: true })).rows
    .map(([label]) => label);
  assert.ok(labels.some((label) => /^[=+@]/.test(label)), `${labels}`);
  assert.deepEqual(
    rows.map(([label]) => label),
    labels.map((label) => /^[=+@]/.test(label) ? `'${label}` : label),
  );
  await line.refused(
    "predict",
    `${args} --json names.csv`,
    /^Cannot read the command line as '--spreadsheet-safe' must be left out with JSON, which no spreadsheet runs$/m,
  );
});

Deno.test("predict refuses labels in CSV that semicolons would part wrongly, and names a column that runs", async (test) => {
  line.write("labels.csv", "x,a;b,=c\n0,0,1\n1,1,0\n2,1,1\n3,0,0\n");
  const train = `--dataset labels.csv --epochs 2 ${OPTIONS} --target`;
  await line.output(
    "train",
    [
      ...train.split(" "),
      ...["a;b,=c", "--task", "labels", "--save", "labels.json"],
    ],
  );
  await line.output("train", `${train} =c --task numbers --save number.json`);
  await line.refusedAll(test, [{
    name: "predict",
    args: "--model labels.json labels.csv",
    message:
      /^Cannot predict as 'labels' must be without semicolons, which part them in CSV: JSON takes them: current value is 'a;b'$/m,
  }]);
  const [first] = await line.json("predict", "--model labels.json labels.csv");
  assert.deepEqual(Object.keys(first.probabilities), ["a;b", "=c"]);
  const number = await line.output(
    "predict",
    "--model number.json --spreadsheet-safe labels.csv",
  );
  assert.match(number, /^'=c\n-?[\d.]+\n/);
});
