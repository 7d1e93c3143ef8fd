import assert from "node:assert/strict";
import { type CsrMatrix, Mlp, samplesFrom, trainTestSplit } from "../../mod.ts";
import { checkWeights, weightsOf } from "../../src/samples/sample_weights.ts";
import { assertClose } from "../assert_close.ts";
import { unpack } from "../float64_mlp.ts";
import { softSamples } from "../soft_samples.ts";

const labeled = (labels: number[], classes?: number) =>
  samplesFrom({
    ...{ x: labels.map((label) => [label]), labels },
    ...(classes === undefined ? {} : { classes }),
  });

Deno.test("a sample's weight is that of its class times its own", () => {
  const samples = labeled([0, 2, 1, 2]);
  assert.equal(weightsOf({}, samples), undefined);
  assert.deepEqual(
    weightsOf(
      { classWeights: [1, 2, 0.5], sampleWeights: [1, 0, 3, 4] },
      samples,
    ),
    Float32Array.of(1, 0, 6, 2),
  );
  assert.deepEqual(
    weightsOf({ sampleWeights: Float64Array.of(5, 6, 7, 8) }, samples),
    Float32Array.of(5, 6, 7, 8),
  );
});

Deno.test("balanced weights are those of scikit-learn, 1 on average, whatever classes don't occur", () => {
  // compute_class_weight("balanced"): samples / (classes · samples of the class).
  const wanted = Float32Array.of(2, 2 / 3, 2 / 3, 2 / 3);
  const samples = labeled([0, 2, 2, 2], 5);
  assert.deepEqual(weightsOf({ classWeights: "balanced" }, samples), wanted);
  const binary = samplesFrom({
    x: [[1], [2], [3], [4]],
    y: [[0.2], [0.5], [1], [0.9]],
  });
  assert.deepEqual(weightsOf({ classWeights: "balanced" }, binary), wanted);
});

Deno.test("weights that don't fit are refused", () => {
  assert.throws(() => checkWeights({ classWeights: [1] }, 3, 2), {
    name: "RangeError",
    message:
      "Cannot train as 'classWeights.length' must be 2 for as many classes: current value is 1",
  });
  assert.throws(() => checkWeights({ sampleWeights: [1, 1, -1] }, 3, 2), {
    name: "RangeError",
    message:
      "Cannot train as 'sampleWeights[2]' must be a finite number of 0 or more: current value is -1",
  });
  assert.throws(
    () => checkWeights({ sampleWeights: 3 as unknown as number[] }, 3, 2),
    {
      name: "TypeError",
      message:
        "Cannot train as 'sampleWeights' must be an array of numbers: current value is 3",
    },
  );
});

Deno.test("a sample with the weight 0, 1 or 2 counts as that many samples", async () => {
  const samples = softSamples("softmax", 31, 6, 3, 20);
  const sampleWeights = Array.from({ length: 31 }, (_, s) => s % 3);
  const repeated = (values: Float32Array, width: number) =>
    Float32Array.from(
      sampleWeights.flatMap((times, s) =>
        new Array(times).fill([...values.subarray(s * width, (s + 1) * width)])
          .flat()
      ),
    );
  const count = sampleWeights.reduce((sum, times) => sum + times, 0);
  const { x, y, inputs, outputs } = samples;
  const copies = {
    ...{ x: repeated(x, 6), y: repeated(y, 3), count },
    ...{ inputs, outputs },
  };
  const layers = [6, 5, 3];
  const results = [];
  for (const [data, options] of [[samples, { sampleWeights }], [copies, {}]]) {
    await using mlp = new Mlp({
      preset: "article",
      layers,
      output: "softmax",
      workers: 2,
    });
    await Array.fromAsync(mlp.fit(data as typeof samples, {
      ...options,
      // Batches of all samples, as their order is another one.
      ...{ epochs: 5, batchSize: data === samples ? 31 : count },
      learningRate: 0.05,
    }));
    results.push(unpack(mlp.weights, layers));
  }
  assertClose(results[0], results[1], 1e-5, "weights");
});

Deno.test("compressed sparse rows with weights train to the bits of the same samples in full", async () => {
  const full = softSamples("sigmoid", 103, 30, 4, 21);
  const indptr = Int32Array.from({ length: 104 }, (_, s) => 30 * s);
  const indices = full.x.map((_, at) => at % 30);
  const x: CsrMatrix = {
    data: full.x,
    indices: new Int32Array(indices),
    indptr,
  };
  const sums = new Set<string>();
  const sampleWeights = Array.from({ length: 103 }, (_, s) => s % 5);
  for (const shuffle of ["once", "epoch"] as const) {
    for (const samples of [full, { ...full, x }]) {
      await using mlp = new Mlp({
        preset: "article",
        layers: [30, 9, 4],
        task: "labels",
        workers: 2,
      });
      const options = { epochs: 2, batchSize: 40, shuffle, sampleWeights };
      await Array.fromAsync(mlp.fit(samples, options));
      sums.add(shuffle + await mlp.weightsSha256());
    }
  }
  assert.equal(sums.size, 2);
});

Deno.test("weights are those of the samples to learn from, without those held back", async () => {
  const labels = [0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1];
  const all = samplesFrom({ x: labels.map((_, at) => [at / 8]), labels });
  const learned = trainTestSplit(all, { testFraction: 1 / 3 }).train;
  // Of each sample its own, which goes with it.
  const ownOf = ({ x }: typeof all) => Array.from(x, (x) => 1 + 8 * x);
  const results = [];
  for (const [samples, validationSplit] of [[all, 1 / 3], [learned, 0]]) {
    await using mlp = new Mlp({
      preset: "article",
      layers: [1, 3, 2],
      workers: 1,
    });
    await Array.fromAsync(mlp.fit(samples as typeof all, {
      ...{ epochs: 2, batchSize: 4, learningRate: 0.1 },
      ...{ validationSplit: validationSplit as number },
      classWeights: "balanced",
      sampleWeights: ownOf(samples as typeof all),
    }));
    results.push(await mlp.weightsSha256());
  }
  assert.equal(results[0], results[1]);
});
