import assert from "node:assert/strict";
import {
  Mlp,
  type Samples,
  type SparseSamples,
  trainTestSplit,
} from "../../mod.ts";
import { randomSamples } from "../samples.ts";
import { figures } from "./figures.ts";

const LAYERS = [5, 7, 3];

/** Keeps every value but zeros. */
function toSparse(samples: Samples): SparseSamples {
  const { x, inputs } = samples;
  const [data, indices, indptr]: number[][] = [[], [], [0]];
  for (let s = 0; s < samples.count; s++) {
    for (let input = 0; input < inputs; input++) {
      const value = x[s * inputs + input];
      if (value === 0) continue;
      data.push(value);
      indices.push(input);
    }
    indptr.push(data.length);
  }
  return {
    ...samples,
    x: {
      data: Float32Array.from(data),
      indices: Int32Array.from(indices),
      indptr: Int32Array.from(indptr),
    },
  };
}

function withZeros(samples: Samples): Samples {
  return { ...samples, x: samples.x.map((value, at) => at % 3 ? 0 : value) };
}

Deno.test("fit() resolves to the history of what it yields, an event for each epoch", async () => {
  const samples = randomSamples(43, 5, 3, 1);
  const options = { epochs: 4, batchSize: 10, learningRate: 0.05 };
  await using first = new Mlp({
    preset: "article",
    layers: LAYERS,
    workers: 2,
  });
  await using second = new Mlp({
    preset: "article",
    layers: LAYERS,
    workers: 2,
  });
  const yielded = await Array.fromAsync(first.fit(samples, options));
  const { epochs, ...rest } = await second.fit(samples, options);
  assert.deepEqual(rest, { stopReason: "finished" });
  assert.deepEqual(epochs.map(({ epoch }) => epoch), [1, 2, 3, 4]);
  assert.deepEqual(figures(epochs), figures(yielded));
  assert.ok(epochs.every(({ seconds }) => seconds > 0));
  assert.equal(await second.weightsSha256(), await first.weightsSha256());
});

for (const reduction of ["sum", "mean"] as const) {
  Deno.test(`the figures of an epoch of one batch are those before it, reduction "${reduction}"`, async () => {
    const count = 30;
    const samples = randomSamples(count, 5, 3, 2);
    await using mlp = new Mlp({
      preset: "article",
      layers: LAYERS,
      workers: 2,
    });
    const [l1, l2] = [0.002, 0.01];
    const options = { epochs: 3, batchSize: count, reduction, l1, l2 };
    let before = await mlp.evaluate(samples);
    let { weights } = mlp;
    let done = 0;
    for await (const event of mlp.fit(samples, options)) {
      const close = (found: number, wanted: number, what: string) =>
        assert.ok(
          Math.abs(found - wanted) <= 1e-6 * Math.abs(wanted),
          `${what}: ${found} instead of ${wanted}`,
        );
      const factors = weights.flatMap((values, n) => [
        ...values.subarray(LAYERS[n + 1]),
      ]);
      const penalty = factors.reduce(
        (sum, w) => sum + 0.5 * l2 * w ** 2 + l1 * Math.abs(w),
        0,
      );
      const loss = reduction === "sum" ? count * before.loss : before.loss;
      close(event.loss, before.loss, "loss");
      close(event.lastBatch.cost, loss + penalty, "cost");
      close(
        event.lastBatch.regularizationFraction,
        penalty / (loss + penalty),
        "fraction",
      );
      close(
        event.lastBatch.meanAbsoluteError!,
        before.meanAbsoluteError,
        "mean absolute error",
      );
      assert.equal(event.accuracy, before.accuracy);
      assert.equal(event.lastBatch.accuracy, before.accuracy);
      before = await mlp.evaluate(samples);
      ({ weights } = mlp);
      done++;
    }
    assert.equal(done, options.epochs);
  });
}

for (const kind of ["dense", "sparse"]) {
  Deno.test(`validationSplit holds back what trainTestSplit() tests with, of ${kind} samples`, async () => {
    const dense = withZeros(randomSamples(40, 5, 3, 3));
    const { train, test } = trainTestSplit(dense, {
      ...{ testFraction: 0.25, seed: 7 },
    });
    const [all, first, last] = [dense, train, test]
      .map((samples) => kind === "dense" ? samples : toSparse(samples));
    const options = { epochs: 3, batchSize: 8, learningRate: 0.05 };
    await using split = new Mlp({
      preset: "article",
      layers: LAYERS,
      seed: 7,
      workers: 2,
    });
    await using alone = new Mlp({
      preset: "article",
      layers: LAYERS,
      seed: 7,
      workers: 1,
    });
    await using given = new Mlp({
      preset: "article",
      layers: LAYERS,
      seed: 7,
      workers: 1,
    });
    const { epochs } = await split.fit(all, {
      ...options,
      validationSplit: 0.25,
    });
    const evaluations = [];
    const plain = [];
    for await (const event of alone.fit(first, options)) {
      plain.push(event);
      evaluations.push(await alone.evaluate(last));
    }
    assert.deepEqual(epochs.map(({ validation }) => validation), evaluations);
    assert.deepEqual(
      figures(epochs.map(({ validation: _, ...event }) => event)),
      figures(plain),
    );
    const bits = await alone.weightsSha256();
    assert.equal(await split.weightsSha256(), bits);

    const history = await given.fit(first, {
      ...options,
      validationData: last,
    });
    assert.deepEqual(figures(history.epochs), figures(epochs));
    assert.equal(await given.weightsSha256(), bits);
  });
}

Deno.test("validationSplit rounds to whole samples", async () => {
  const samples = randomSamples(10, 5, 3, 4);
  for (const [validationSplit, held] of [[0.14, 1], [0.16, 2]]) {
    await using mlp = new Mlp({
      preset: "article",
      layers: LAYERS,
      workers: 1,
    });
    const { epochs: [{ validation }] } = await mlp.fit(samples, {
      ...{ epochs: 1, validationSplit },
    });
    const { test } = trainTestSplit(samples, { testFraction: held / 10 });
    assert.equal(test.count, held);
    assert.deepEqual(validation, await mlp.evaluate(test));
  }
});

/** Samples of the classes 0 (one half), 1 (three tenths) and 2 (a fifth). */
function unevenSamples(count: number): Samples {
  const y = new Float32Array(3 * count);
  for (let s = 0; s < count; s++) {
    y[3 * s + [0, 0, 1, 0, 2, 1, 0, 0, 2, 1][s % 10]] = 1;
  }
  return { ...randomSamples(count, 5, 3, 5), y };
}

async function bitsOf(
  samples: Samples,
  options: Parameters<Mlp["fit"]>[1],
): Promise<string> {
  await using mlp = new Mlp({
    preset: "article",
    ...{ layers: LAYERS, output: "softmax", workers: 2 },
  });
  await mlp.fit(samples, { epochs: 2, batchSize: 12, ...options });
  return await mlp.weightsSha256();
}

Deno.test("balanced classes weigh samples / (classes · samples of the class)", async () => {
  const samples = unevenSamples(50);
  const counts = [25, 15, 10];
  const classWeights = counts.map((count) => 50 / (3 * count));
  const sampleWeights = Array.from(
    { length: 50 },
    (_, s) => classWeights[samples.y.subarray(3 * s, 3 * s + 3).indexOf(1)],
  );
  const balanced = await bitsOf(samples, { classWeights: "balanced" });
  assert.equal(await bitsOf(samples, { classWeights }), balanced);
  assert.equal(await bitsOf(samples, { sampleWeights }), balanced);
  assert.notEqual(await bitsOf(samples, {}), balanced);
});

Deno.test("classes that don't occur are left out of the balance", async () => {
  const samples = unevenSamples(50);
  const y = samples.y.map((value, at) =>
    at % 3 === 1 ? value + samples.y[at + 1] : at % 3 === 2 ? 0 : value
  );
  const two = { ...samples, y };
  assert.equal(
    await bitsOf(two, { classWeights: "balanced" }),
    await bitsOf(two, { classWeights: [50 / (2 * 25), 50 / (2 * 25), 7] }),
  );
});

Deno.test("a sample's weight is its own times that of its class", async () => {
  const samples = unevenSamples(50);
  const own = Float32Array.from({ length: 50 }, (_, s) => s % 4);
  const classWeights = [1, 2, 0.5];
  const both = own.map((weight, s) =>
    weight * classWeights[samples.y.subarray(3 * s, 3 * s + 3).indexOf(1)]
  );
  assert.equal(
    await bitsOf(samples, { classWeights, sampleWeights: own }),
    await bitsOf(samples, { sampleWeights: both }),
  );
});

Deno.test("one output tells two classes, whose weights are balanced", async () => {
  const { x, inputs } = randomSamples(20, 5, 1, 6);
  const y = Float32Array.from({ length: 20 }, (_, s) => s % 4 ? 0 : 1);
  const samples = { x, y, count: 20, inputs, outputs: 1 };
  const run = async (options: Parameters<Mlp["fit"]>[1]) => {
    await using mlp = new Mlp({
      preset: "article",
      layers: [5, 1],
      workers: 1,
    });
    await mlp.fit(samples, { epochs: 2, ...options });
    return await mlp.weightsSha256();
  };
  assert.equal(
    await run({ classWeights: "balanced" }),
    await run({ classWeights: [20 / (2 * 15), 20 / (2 * 5)] }),
  );
});

Deno.test("'sampleWeights' has a weight for each sample, those held back included", async () => {
  const samples = unevenSamples(50);
  const sampleWeights = Float32Array.from({ length: 50 }, (_, s) => s / 25);
  const { train } = trainTestSplit(samples, { testFraction: 0.3 });
  // The inputs tell which sample it was.
  const placeOf = (x: number) => samples.x.indexOf(x) / samples.inputs;
  assert.equal(
    await bitsOf(samples, { sampleWeights, validationSplit: 0.3 }),
    await bitsOf(train, {
      sampleWeights: Array.from(
        { length: train.count },
        (_, s) => sampleWeights[placeOf(train.x[s * train.inputs])],
      ),
    }),
  );
});

Deno.test("of samples sorted by class, a single 0 or 1 as well, each gives its share to what is held back", async () => {
  const labels = Array.from({ length: 40 }, (_, s) => +(s >= 30));
  for (const outputs of [1, 2]) {
    const x = Float32Array.from(labels, (_, s) => s / 40);
    const y = new Float32Array(
      outputs === 1 ? labels : labels.flatMap((k) => [1 - k, k]),
    );
    await using mlp = new Mlp({
      ...{ layers: [1, outputs], output: "sigmoid", workers: 1 },
      // Says 0 always.
      weights: [Float32Array.of(...outputs === 1 ? [-9, 0] : [9, -9, 0, 0])],
    });
    const { epochs: [{ validation }] } = await mlp.fit(
      { x, y, count: 40, inputs: 1, outputs },
      { epochs: 1, learningRate: 0, validationSplit: 0.2 },
    );
    assert.equal(validation!.accuracy, 6 / 8, `${outputs}`);
  }
});
