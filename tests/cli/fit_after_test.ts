/** What is fitted after a training, to the samples that were held back. */
import assert from "node:assert/strict";
import { fittedLines } from "../../src/cli/fit_after.ts";
import { cellsOf, CommandLine } from "./command_line.ts";

const line = new CommandLine();

const IRIS = "--dataset iris.csv --hidden 8 --epochs 40 --learning-rate 0.01";

Deno.test("train --calibrate: told, kept, and what evaluate goes by", async () => {
  const events = await line.json(
    "train",
    `${IRIS} --validation-split 0.4 --calibrate temperature --save iris.json`,
  );
  const { calibration: { calibration, before, after, samples } } = events.find((
    { event },
  ) => event === "fitted");
  assert.ok(after < before, `${before} → ${after}`);
  assert.equal(samples, 48);
  const curves = { method: "isotonic", curves: [] } as const;
  assert.deepEqual(
    [999, 1000].map((samples) =>
      fittedLines({
        calibration: { calibration: curves, before: 1, after: 0.5, samples },
      })[0].slice("calibrated by isotonic: validation ".length)
    ),
    [
      "log loss 1.0000 → 0.5000, of 999 samples: such curves need some thousand, temperature and platt fewer",
      "log loss 1.0000 → 0.5000",
    ],
  );
  assert.deepEqual(
    line.readJson("iris.json").description.calibration,
    calibration,
  );
  // The same network without it does worse on all flowers.
  const model = line.readJson("iris.json");
  delete model.description.calibration;
  line.write("plain.json", JSON.stringify(model));
  const [found, plain] = await Promise.all(
    ["iris", "plain"].map(async (name) =>
      (await line.json("evaluate", `--model ${name}.json --dataset iris.csv`))[
        0
      ]
    ),
  );
  assert.ok(found.logLoss < plain.logLoss, `${found.logLoss} ${plain.logLoss}`);
  assert.match(
    await line.output("inspect", "--model iris.json"),
    /^calibrated +temperature 0\.\d+$/m,
  );
});

Deno.test("train --threshold: told, kept, and what predict and evaluate go by", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, at) => `${at},${at * 7 % 60 < at}`,
  );
  line.write("two.csv", `x,sold\n${rows.join("\n")}\n`);
  const told = await line.output(
    "train",
    "--dataset two.csv --hidden 4 --epochs 5 --validation-split 0.4 --threshold recall=1 --quiet --save two.json",
  );
  const [, text, precision] =
    /^threshold of true (\S+): validation precision (\S+) {2}recall 1\.0000/m
      .exec(told)!;
  const [threshold] = line.readJson("two.json").description.thresholds;
  assert.equal(text, threshold.toFixed(4));
  assert.ok(Number(precision) > 0.2 && Math.abs(threshold - 0.5) > 0.01, told);
  const args = "--model two.json --probabilities two.csv";
  const [header, ...found] = cellsOf(await line.output("predict", args));
  assert.deepEqual(header, [
    ...["label", "probability"],
    ...["probability_false", "probability_true"],
  ]);
  let right = 0;
  for (const [at, [label, chosen, no, yes]] of found.entries()) {
    assert.equal(label, `${Number(yes) >= threshold}`);
    assert.equal(chosen, label === "true" ? yes : no);
    if (rows[at].endsWith(label)) right++;
  }
  const [{ accuracy }] = await line.json(
    "evaluate",
    "--model two.json --dataset two.csv",
  );
  assert.equal(accuracy, right / 60);
});

Deno.test("train --interval: predict writes between which numbers a target is expected", async () => {
  const told = await line.output(
    "train",
    "--dataset diabetes.csv --hidden 8 --epochs 20 --validation-split 0.3 --interval 0.9 --quiet --save numbers.safetensors",
  );
  assert.match(told, /^interval of 0\.9: ±\d+\.\d+$/m);
  const args = "--model numbers.safetensors diabetes.csv";
  const [header, ...found] = cellsOf(await line.output("predict", args));
  const target = header[0];
  assert.deepEqual(header, [target, `low_${target}`, `high_${target}`]);
  const wanted = cellsOf(Deno.readTextFileSync(line.path("diabetes.csv")))
    .slice(1).map((row) => Number(row.at(-1)));
  const within =
    found.filter(([, low, high], at) =>
      Number(low) <= wanted[at] && wanted[at] <= Number(high)
    ).length;
  assert.ok(Math.abs(within / wanted.length - 0.9) < 0.05, `${within}`);
  const [first] = await line.json("predict", args);
  assert.deepEqual(Object.values(first).map(String), found[0]);
  // Too few samples for what is asked: told, and what was learned is kept.
  const few =
    "--dataset diabetes.csv --epochs 1 --validation-split 0.1 --interval 0.99 --quiet --save few.json";
  const { code, stderr } = await line.run("train", few);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Cannot find an interval as 'samples' must be from 99 on/,
  );
  assert.equal(line.readJson("few.json").description.interval, undefined);
});

Deno.test("what can't be fitted is refused before the training", async (test) => {
  await line.refusedAll(test, [
    {
      name: "train",
      args: `${IRIS} --calibrate platt`,
      message:
        /'--calibrate' is fitted to samples that are held back: write --validation-split 0\.2/,
    },
    {
      name: "train",
      args:
        `${IRIS} --validation-split 0.2 --calibrate isotonic --save iris.onnx`,
      message: /ONNX has no nodes for '--calibrate isotonic'/,
    },
    {
      name: "train",
      args: "--dataset diabetes.csv --validation-split 0.2 --calibrate platt",
      message: /'--calibrate' is for probabilities/,
    },
    {
      name: "train",
      args: `${IRIS} --validation-split 0.2 --threshold f1`,
      message:
        /'--threshold' is for labels or two classes, and the task is 'classes' with 3 of them/,
    },
    {
      name: "train",
      args: `${IRIS} --validation-split 0.2 --threshold recall=2`,
      message:
        /'--threshold' must be f1, recall=0\.9, precision=0\.9 or cost=5:1/,
    },
    {
      name: "train",
      args: `${IRIS} --validation-split 0.2 --interval 0.9`,
      message: /'--interval' is for numbers, and the task is 'classes'/,
    },
    {
      name: "predict",
      args: "--model numbers.safetensors --probabilities diabetes.csv",
      message: /'--probabilities' is about classes/,
    },
    {
      name: "train",
      args: `${IRIS} --validation-split 0.2 --calibrate sigmoid`,
      message: /'--calibrate' must be 'temperature' or 'platt' or 'isotonic'/,
    },
  ]);
});
