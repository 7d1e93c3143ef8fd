import assert from "node:assert/strict";
import { logLoss, Mlp, type MlpOptions, type Samples } from "../../mod.ts";
import { assertNear } from "../assert_close.ts";
import { inFolder } from "../in_folder.ts";
import { runOnnx } from "../models/onnx/run_onnx.ts";
import { randomSamples } from "../samples.ts";

const TRAIN = randomSamples(40, 4, 3, 2);
const HELD = randomSamples(60, 4, 3, 5);

const NETWORKS: readonly (readonly [string, MlpOptions, Samples, Samples])[] = [
  ["a softmax", { layers: [4, 8, 3] }, TRAIN, HELD],
  [
    "labels",
    { layers: [4, 8, 3], task: "labels", loss: "halfSquaredError" },
    TRAIN,
    HELD,
  ],
  [
    "one output",
    { layers: [4, 8, 1], preset: "standard" },
    one(TRAIN),
    one(HELD),
  ],
];

/** The first class or not. */
function one({ x, y, count, inputs }: Samples): Samples {
  const first = y.filter((_, at) => at % 3 === 0);
  return { x, y: first, count, inputs, outputs: 1 };
}

for (const [title, options, train, held] of NETWORKS) {
  Deno.test(`${title}: predictions, evaluation and files go by the calibration`, async () => {
    await using mlp = new Mlp({ ...options, workers: 1 });
    await mlp.fit(train, { epochs: 60, learningRate: 0.02, l2: 0 });
    const { layers: [, , width] } = mlp;
    const raw = await mlp.predict(held.x);
    for (const method of ["temperature", "platt", "isotonic"] as const) {
      const { before, after } = await mlp.calibrate(held, { method });
      assert.ok(after < 0.95 * before, `${before} → ${after}`);
      const found = await mlp.predict(held.x);
      // Of labels each is a log loss of its own.
      const each = mlp.task === "labels" ? 1 : width;
      const sum = mlp.task === "labels" ? width : 1;
      assertNear(sum * logLoss(held.y, found, each), after, 1e-5, method);
      assertNear(sum * logLoss(held.y, raw, each), before, 1e-5, method);
      const { loss, accuracy, meanAbsoluteError } = await mlp.evaluate(held);
      if (mlp.loss !== "halfSquaredError") {
        assertNear(loss, after, 1e-5, "loss");
      } else {
        const squares = found.reduce((s, p, i) => s + (p - held.y[i]) ** 2, 0);
        assertNear(loss, squares / 2 / held.count, 1e-5, "loss");
      }
      const off = found.reduce((s, p, i) => s + Math.abs(p - held.y[i]), 0);
      assertNear(meanAbsoluteError, off / found.length, 1e-6, "error");
      const right = mlp.task === "classes" && width > 1
        ? (await mlp.predictClasses(held.x)).filter((k, s) =>
          held.y[width * s + k] === 1
        )
        : found.filter((p, i) => p >= 0.5 === held.y[i] >= 0.5);
      const decisions = width > 1 && mlp.task === "classes"
        ? held.count
        : found.length;
      assertNear(accuracy!, right.length / decisions, 1e-12, "accuracy");
      await inFolder(async (folder) => {
        for (const ending of [".safetensors", ".json", ".onnx"]) {
          const path = `${folder}/model${ending}`;
          if (method === "isotonic" && ending === ".onnx") {
            await assert.rejects(
              () => mlp.save(path),
              { name: "RangeError", message: /isotonic.*platt/ },
            );
            continue;
          }
          await mlp.save(path);
          await using again = await Mlp.load(path, { workers: 2 });
          assert.deepEqual(again.calibration, mlp.calibration);
          assert.deepEqual(await again.predict(held.x), found, ending);
          assert.equal(await again.weightsSha256(), await mlp.weightsSha256());
          if (ending !== ".onnx") continue;
          const { values: theirs } = await runOnnx(
            await Deno.readFile(path),
            held.count,
            held.x,
          );
          for (const [at, value] of found.entries()) {
            assertNear(theirs[at], value, 2e-6, `${method} [${at}]`);
          }
        }
      });
    }
    await mlp.fit(train, { epochs: 1 });
    assert.equal(mlp.calibration, undefined);
  });
}

Deno.test("a temperature keeps every class that is predicted, and training goes on as without it", async () => {
  const options: MlpOptions = { layers: [4, 8, 3], workers: 1 };
  await using mlp = new Mlp(options);
  await using other = new Mlp(options);
  for (const one of [mlp, other]) await one.fit(TRAIN, { epochs: 20 });
  const before = await mlp.predictClasses(HELD.x);
  await mlp.calibrate(HELD, { method: "temperature" });
  assert.deepEqual(await mlp.predictClasses(HELD.x), before);
  for (const one of [mlp, other]) await one.fit(TRAIN, { epochs: 3 });
  assert.equal(await mlp.weightsSha256(), await other.weightsSha256());
});

Deno.test("what can't be calibrated, and calibrations that aren't right, are refused", async () => {
  await using numbers = new Mlp({
    layers: [4, 3],
    task: "numbers",
    workers: 1,
  });
  await assert.rejects(
    () => numbers.calibrate(HELD, { method: "platt" }),
    { name: "RangeError", message: /'task' must be 'classes' or 'labels'/ },
  );
  await using mlp = new Mlp({ layers: [4, 3], workers: 1 });
  await assert.rejects(
    () => mlp.calibrate(HELD, { method: "sigmoid" as "platt" }),
    {
      name: "RangeError",
      message: /'method' must be 'temperature' or 'platt'/,
    },
  );
  const wrong = [
    [{ method: "temperature", temperature: 0 }, "temperature"],
    [{ method: "platt", slope: [1, 1], intercept: [0, 0, 0] }, "slope.length"],
    [{ method: "isotonic", curves: [] }, "curves.length"],
    [{
      method: "isotonic",
      curves: new Array(3).fill({ from: [0, 1], to: [1, 0] }),
    }, "curves[0].to[1]"],
    [{
      method: "isotonic",
      curves: new Array(3).fill({ from: [1, 1], to: [0, 1] }),
    }, "curves[0].from[1]"],
  ] as const;
  for (const [calibration, field] of wrong) {
    assert.throws(
      () => new Mlp({ layers: [4, 3], calibration: calibration as never }),
      (error: Error) =>
        error instanceof RangeError &&
        error.message.includes(`'calibration.${field}' must be`),
    );
  }
  assert.throws(
    () =>
      new Mlp({
        layers: [4, 3],
        task: "numbers",
        output: "sigmoid",
        calibration: { method: "temperature", temperature: 2 },
      }),
    { name: "RangeError", message: /'calibration' must be left out/ },
  );
});
