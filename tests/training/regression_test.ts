/** Trainings on numbers: no accuracies, but R² and errors in the units of raw targets. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  fitTargetScaling,
  meanAbsoluteError,
  meanSquaredError,
  Mlp,
  r2,
  type Samples,
  samplesFrom,
} from "../../mod.ts";
import { assertNear } from "../assert_close.ts";
import { randomSamples } from "../samples.ts";

/** Samples whose targets are of different sizes, far from 0. */
function numbers(count: number, outputs: number, seed: number): Samples {
  const samples = randomSamples(count, 3, outputs, seed);
  const y = samples.y.map((value, at) =>
    1000 * (at % outputs) + 10 ** (at % outputs) * value
  );
  return { ...samples, y };
}

function rootMeanSquaredError(
  targets: Float32Array,
  outputs: Float32Array,
  width: number,
): number {
  let sum = 0;
  for (let column = 0; column < width; column++) {
    const isOf = (_: number, at: number) => at % width === column;
    const [y, a] = [targets.filter(isOf), outputs.filter(isOf)];
    sum += Math.sqrt(meanSquaredError(y, a));
  }
  return sum / width;
}

Deno.test("evaluate() of numbers has R² and errors in raw units, and no accuracy", async () => {
  await using mlp = new Mlp({
    preset: "article",
    layers: [1, 1],
    output: "linear",
    weights: [Float32Array.of(1, 2)],
    workers: 1,
  });
  // Off by 147, 0 and -1.
  const samples = samplesFrom({ x: [[0], [1], [2]], y: [[-146], [3], [6]] });
  const evaluation = await mlp.evaluate(samples);
  // Of a unit below 0 too, as files may have: off by 144, 9 and 16.
  await using turned = new Mlp({
    ...{ layers: [1, 1], output: "linear", weights: mlp.weights, workers: 1 },
    targets: { center: [0], unit: [-2] },
  });
  const { meanAbsoluteError } = await turned.evaluate(samples);
  assertNear(meanAbsoluteError, 169 / 3, 1e-6, "error of a unit below 0");
  assert.deepEqual(Object.keys(evaluation).toSorted(), [
    ...["loss", "meanAbsoluteError", "r2"],
    "rootMeanSquaredError",
  ]);
  assertNear(evaluation.meanAbsoluteError, 148 / 3, 1e-7, "error");
  const root = Math.sqrt((147 ** 2 + 1) / 3);
  assertNear(evaluation.rootMeanSquaredError!, root, 1e-7, "root");
  assertNear(evaluation.loss, (147 ** 2 + 1) / 6, 1e-7, "loss");
  const mean = -137 / 3;
  const spread = (-146 - mean) ** 2 + (3 - mean) ** 2 + (6 - mean) ** 2;
  assertNear(evaluation.r2!, 1 - (147 ** 2 + 1) / spread, 1e-7, "R²");
});

Deno.test("evaluate() of numbers agrees with the metrics of what predict() returns", async () => {
  const size = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(
        size,
        fc.integer({ min: 2, max: 60 }),
        fc.boolean(),
        fc.boolean(),
      ),
      async ([outputs, count, scaled, huber]) => {
        const samples = numbers(count, outputs, 7 * count + outputs);
        await using mlp = new Mlp({
          preset: "article",
          ...{ layers: [3, 5, outputs], output: "linear", workers: 2 },
          ...(huber ? { loss: "huber" } : {}),
          ...(scaled
            ? { targets: await fitTargetScaling(samples.y, outputs) }
            : {}),
        });
        const found = await mlp.predict(samples.x);
        const evaluation = await mlp.evaluate(samples);
        const of = [samples.y, found, outputs] as const;
        const near = (value: number, wanted: number, what: string) =>
          assertNear(value, wanted, 1e-4, what);
        near(evaluation.r2!, r2(...of), "R²");
        near(evaluation.meanAbsoluteError, meanAbsoluteError(...of), "error");
        near(
          evaluation.rootMeanSquaredError!,
          rootMeanSquaredError(...of),
          "root",
        );
      },
    ),
    { seed: 3, numRuns: 12 },
  );
});

Deno.test("R² of constant targets is 1 if the outputs equal them, else 0; of a diverged network it is not finite", async () => {
  const of = async (weights: number[], y: number) => {
    await using mlp = new Mlp({
      preset: "article",
      layers: [1, 1],
      output: "linear",
      weights: [Float32Array.from(weights)],
      workers: 1,
    });
    return await mlp.evaluate(samplesFrom({ x: [[1], [1]], y: [[y], [y]] }));
  };
  assert.equal((await of([2, 3], 5)).r2, 1);
  assert.equal((await of([2, 3], 5.5)).r2, 0);
  const lost = await of([3e38, 3e38], 5);
  assert.equal(lost.r2, -Infinity);
  assert.equal(lost.rootMeanSquaredError, Infinity);
  assert.equal(lost.meanAbsoluteError, Infinity);
});

Deno.test("epochs, batches and pieces of numbers have no accuracies; the validation has R²", async () => {
  const samples = numbers(40, 2, 5);
  await using mlp = new Mlp({
    preset: "article",
    layers: [3, 4, 2],
    output: "linear",
    targets: await fitTargetScaling(samples.y, 2),
    workers: 2,
  });
  const options = {
    optimizer: "adam",
    batchSize: 10,
    validationData: samples,
  } as const;
  const absent = (value: object) =>
    assert.ok(!Object.keys(value).some((name) => /accuracy/i.test(name)));
  const onBatch = absent;
  const { epochs } = await mlp.fit(samples, { ...options, epochs: 2, onBatch });
  const pieces = await mlp.fit(() => [samples, samples], {
    ...options,
    epochs: 1,
    onBatch,
  });
  const passed = await mlp.partialFit(samples, { ...options, onBatch });
  for (const event of [...epochs, ...pieces.epochs, passed]) {
    absent(event);
    absent(event.validation!);
    assert.ok(event.validation!.r2! < 1);
    // The workers know it of scaled targets alone.
    assert.equal(event.lastBatch.meanAbsoluteError, undefined);
  }
  const { validation } = passed;
  assert.deepEqual(await mlp.evaluate(samples), validation);
});

Deno.test("classes have accuracies, and no R²", async () => {
  const samples = samplesFrom({ x: [[0], [1]], labels: [0, 1] });
  for (const output of ["sigmoid", "softmax"] as const) {
    await using mlp = new Mlp({
      preset: "article",
      layers: [1, 2],
      output,
      workers: 1,
    });
    assert.deepEqual(
      Object.keys(await mlp.evaluate(samples)).toSorted(),
      ["accuracy", "loss", "meanAbsoluteError"],
    );
  }
});

Deno.test("options and calls for classes are refused where numbers are learned", async () => {
  const samples = numbers(10, 1, 1);
  await using mlp = new Mlp({
    preset: "article",
    ...{ layers: [3, 1], output: "linear", workers: 1 },
  });
  for (const monitor of ["accuracy", "validationAccuracy"] as const) {
    await assert.rejects(
      mlp.fit(samples, { monitor, patience: 2, validationSplit: 0.5 }),
      {
        name: "RangeError",
        message:
          `Cannot train as 'monitor' must be 'loss' or 'validationLoss' for the task 'numbers': current value is '${monitor}'`,
      },
    );
  }
  for (const classWeights of ["balanced", [1, 2]] as const) {
    await assert.rejects(mlp.fit(samples, { classWeights }), {
      name: "RangeError",
      message:
        /^Cannot train as 'classWeights' must be left out for the task 'numbers': current value is /,
    });
  }
  const numbersOnly =
    "Cannot predict classes as 'task' must be 'classes': current value is 'numbers'";
  await assert.rejects(mlp.predictClasses(samples.x), {
    name: "RangeError",
    message: numbersOnly,
  });
  await using scaled = new Mlp({
    preset: "article",
    ...{ layers: [3, 2], output: "linear", workers: 1 },
    targets: { center: [0, 0], unit: [1, 1] },
  });
  await assert.rejects(scaled.predictClasses(samples.x), {
    name: "RangeError",
    message: numbersOnly,
  });
});
