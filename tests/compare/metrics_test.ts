/** Metrics and scalings compared with other libraries. */
import assert from "node:assert/strict";
import {
  accuracy,
  classOf,
  fitScaling,
  logLoss,
  Mlp,
  r2,
  samplesFrom,
} from "../../mod.ts";
import { applyScaling } from "../../src/data/scaling.ts";
import { assertNear } from "../assert_close.ts";
import { near, passing, reference, row } from "./rows.ts";

const { metrics, scaling } = reference;

/** A network with these outputs for any input. */
function constant(outputs: readonly number[]): Mlp {
  const weights = [Float32Array.of(...outputs, ...outputs.map(() => 0))];
  const layers = [1, outputs.length];
  return new Mlp({
    preset: "article",
    layers,
    output: "linear",
    weights,
    workers: 1,
  });
}

row("`r2`", async () => {
  const flat = [metrics.y, metrics.a].map((rows) => rows.flat()) as [
    number[],
    number[],
  ];
  assertNear(r2(...flat, 2), metrics.r2, 1e-12, "R²");
  assert.equal(r2([5, 5, 5], [5, 5, 5]), metrics.r2Constant[0]);
  assert.equal(r2([5, 5, 5], [5, 5, 6]), metrics.r2Constant[1]);
  assert.equal(r2([5], [6]), 0);
  assert.equal(metrics.r2OfOneSampleIsNaN, true);
  await using mlp = passing(2, { output: "linear" });
  const evaluation = await mlp.evaluate(
    samplesFrom({ x: metrics.a, y: metrics.y }),
  );
  assertNear(evaluation.r2!, metrics.r2, 1e-6, "R²");
});

row("`rootMeanSquaredError`", async () => {
  await using mlp = passing(2, { output: "linear" });
  const { rootMeanSquaredError } = await mlp.evaluate(
    samplesFrom({ x: metrics.a, y: metrics.y }),
  );
  assertNear(rootMeanSquaredError!, metrics.rmse, 1e-6, "error");
});

row("`accuracy` of labels", async () => {
  // Logits of 9 and -9.
  const x = metrics.labelsFound.map((row) => row.map((one) => 18 * one - 9));
  await using mlp = passing(3, { task: "labels" });
  const evaluation = await mlp.evaluate(samplesFrom({ x, y: metrics.labels }));
  assertNear(evaluation.accuracy!, metrics.labelsEachRight, 1e-6, "accuracy");
  assert.equal(metrics.labelsAllRight, 0.5);
});

row("class of one output", () => {
  const [found] = classOf([0.5], 1);
  assert.equal(found, 1);
  assert.equal(metrics.classOfHalf, 0);
  assert.equal(accuracy([1], [found]), 1);
});

row("`accuracy` of numbers", async () => {
  await using mlp = constant([1]);
  const evaluation = await mlp.evaluate(samplesFrom({ x: [[0]], y: [[1]] }));
  assert.equal("accuracy" in evaluation, false);
});

row("`logLoss`", () => {
  const found = logLoss([0, 1], [1, 0], 2);
  assertNear(found, -Math.log(1e-12), 1e-12, "log loss");
  const [double, single] = [2 ** -52, 2 ** -23];
  assertNear(metrics.logLossOfZero, -Math.log(double), 1e-9, "float64");
  assertNear(metrics.logLossOfZeroFloat32, -Math.log(single), 1e-6, "float32");
});

row("`standardize`", async () => {
  const x = Float32Array.from(scaling.table.flat());
  const fitted = await fitScaling(x, 3, "standardize");
  near(fitted.offset, scaling.mean);
  near(fitted.scale.slice(0, 2), [
    1 / scaling.deviation[0],
    1 / scaling.deviation[1],
  ]);
  near(await applyScaling(x, fitted), scaling.scaled.flat());
  // With ddof=1, as PyTorch and pandas have it, the deviation is larger.
  assertNear(
    scaling.torchStd[0] ** 2 * 2 / 3,
    scaling.deviation[0] ** 2,
    1e-12,
    "std",
  );
});
