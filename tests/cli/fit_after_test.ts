/** What is fitted after a training, to the samples that were held back. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

const IRIS = "--dataset iris.csv --hidden 8 --epochs 40 --learning-rate 0.01";

Deno.test("train --calibrate: told, kept, and what evaluate goes by", async () => {
  const events = await line.json(
    "train",
    `${IRIS} --validation-split 0.4 --calibrate temperature --save iris.json`,
  );
  const { calibration: { calibration, before, after } } = events.find((
    { event },
  ) => event === "fitted");
  assert.ok(after < before, `${before} → ${after}`);
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
      args: `${IRIS} --validation-split 0.2 --calibrate sigmoid`,
      message: /'--calibrate' must be 'temperature' or 'platt' or 'isotonic'/,
    },
  ]);
});
