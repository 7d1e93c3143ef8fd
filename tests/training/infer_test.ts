/** Predictions in chunks or at once, from shared memory or a copy, in memory that was used before. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Mlp, samplesFrom } from "../../mod.ts";
import { sharedFloats } from "../../src/data/floats.ts";
import { matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

function shared(values: Float32Array): Float32Array<SharedArrayBuffer> {
  const copy = sharedFloats(values.length);
  copy.set(values);
  return copy;
}

Deno.test("predict() gives the same bits for shared inputs, for copied ones, and for each sample alone", async () => {
  const size = fc.integer({ min: 1, max: 40 });
  const sizes = fc.tuple(size, size, size, fc.integer({ min: 1, max: 50 }));
  await fc.assert(
    fc.asyncProperty(sizes, async ([inputs, hidden, outputs, count]) => {
      const { x } = randomSamples(count, inputs, outputs, inputs + count);
      const layers = [inputs, hidden, outputs];
      await using mlp = new Mlp({
        preset: "article",
        layers,
        workers: 2,
        activation: "tanh",
      });
      const copied = await mlp.predict(x);
      assert.deepEqual(await mlp.predict(shared(x)), copied);
      const last = (count - 1) * inputs;
      assert.deepEqual(
        await mlp.predict(x.subarray(last)),
        copied.subarray((count - 1) * outputs),
      );
    }),
    { seed: 1, numRuns: 12 },
  );
});

/** A signal that is aborted when it is looked at for the nth time. */
function abortedAt(look: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  let looks = 0;
  signal.throwIfAborted = () => {
    if (++looks === look) controller.abort(reason);
    AbortSignal.prototype.throwIfAborted.call(signal);
  };
  return signal;
}

Deno.test("a signal ends predictions between two chunks, with its reason, and the network can be used after", async () => {
  // Four chunks, of copied inputs and of shared ones.
  const [inputs, count] = [784, 40_000];
  const samples = randomSamples(count, 1, 2, 1);
  await using mlp = new Mlp({ layers: [inputs, 20, 2], workers: 2 });
  const copied = new Float32Array(inputs * count).fill(0.25);
  const few = copied.subarray(0, inputs);
  const wanted = await mlp.predict(few);
  const calls: ((
    x: Float32Array,
    options: { signal: AbortSignal },
  ) => Promise<unknown>)[] = [
    (x, options) => mlp.predict(x, options),
    (x, options) => mlp.predictRows(x, options),
    (x, options) => mlp.predictClasses(x, options),
    (x, options) => mlp.evaluate({ ...samples, x, inputs }, options),
  ];
  for (const x of [copied, shared(copied)]) {
    for (const call of calls) {
      // At once, before the first chunk, and after it.
      for (const look of [1, 2, 3, 4]) {
        const reason = new Error(`look ${look}`);
        await assert.rejects(
          call(x, { signal: abortedAt(look, reason) }),
          (error) => error === reason,
        );
        assert.deepEqual(await mlp.predict(few), wanted);
      }
    }
  }
  const signal = AbortSignal.abort();
  await assert.rejects(mlp.predict(few, { signal }), { name: "AbortError" });
});

Deno.test("options of predictions that are none are refused", async () => {
  await using mlp = new Mlp({ layers: [3, 2], workers: 1 });
  const { x } = randomSamples(2, 3, 2, 1);
  await assert.rejects(
    mlp.predict(x, { signal: 5 } as object),
    matches(
      TypeError,
      "Cannot predict as 'signal' must be an AbortSignal: current value is 5",
    ),
  );
  await assert.rejects(
    mlp.evaluate(randomSamples(2, 3, 2, 1), { batchSize: 5 } as object),
    matches(
      TypeError,
      "Cannot evaluate as 'batchSize' is no option: there are 'signal'",
    ),
  );
});

Deno.test("predictRows() has the values of predict(), an array for each sample in the same memory", async () => {
  const { x } = randomSamples(5, 4, 3, 1);
  await using mlp = new Mlp({ layers: [4, 3], workers: 1 });
  const values = await mlp.predict(x);
  const found = await mlp.predictRows(x);
  assert.deepEqual(
    found,
    [0, 3, 6, 9, 12].map((at) => values.slice(at, at + 3)),
  );
  assert.equal(new Set(found.map(({ buffer }) => buffer)).size, 1);
});

Deno.test("many samples are computed in chunks: the bits are those of one, and of each sample alone", async () => {
  // More floats than a chunk has, also one of shared inputs: 10 of each sample.
  const count = 1_100_001;
  const samples = randomSamples(count, 8, 2, 5);
  const other = { ...samples, x: shared(samples.x) };
  await using mlp = new Mlp({
    preset: "article",
    layers: [8, 2],
    workers: 3,
    output: "softmax",
  });
  const outputs = await mlp.predict(samples.x);
  assert.equal(outputs.length, 2 * count);
  // Two million numbers take deepEqual() seconds.
  const same = (values: Float32Array) =>
    Buffer.from(values.buffer).equals(Buffer.from(outputs.buffer));
  assert.ok(same(await mlp.predict(other.x)));
  for (const at of [0, 275_000, 275_001, 550_000, 550_001, count - 1]) {
    const alone = await mlp.predict(samples.x.slice(8 * at, 8 * at + 8));
    assert.deepEqual(alone, outputs.slice(2 * at, 2 * at + 2), `sample ${at}`);
  }
  assert.deepEqual(await mlp.evaluate(other), await mlp.evaluate(samples));
});

Deno.test("what memory held before doesn't show in a prediction or a training", async () => {
  for (const inputs of [5, 16]) {
    const samples = randomSamples(70, inputs, 3, inputs);
    const large = randomSamples(900, inputs, 3, 1).x.fill(NaN, 89 * inputs);
    const layers = [inputs, 9, 3];
    const options = { epochs: 2, batchSize: 7, shuffle: "epoch" } as const;
    await using mlp = new Mlp({ preset: "article", layers, workers: 2 });
    await using clean = new Mlp({ preset: "article", layers, workers: 2 });
    for (let round = 0; round < 2; round++) {
      await mlp.fit(samples, options);
      await clean.fit(samples, options);
      await assert.rejects(mlp.predict(large), /NaN/);
      await using fresh = new Mlp({
        preset: "article",
        layers,
        weights: mlp.weights,
      });
      assert.deepEqual(
        await mlp.predict(samples.x),
        await fresh.predict(samples.x),
      );
    }
    assert.equal(await mlp.weightsSha256(), await clean.weightsSha256());
  }
});

Deno.test("predict() finds an input that isn't finite, though its weights are zero, shared or not, scaled or not", async () => {
  const preprocessing = { offset: [1, 2, 3], scale: [4, 5, 6] };
  const networks = [
    { layers: [3, 4, 2], initializer: "zeros" },
    { layers: [3, 2], output: "linear", initializer: "zeros" },
    { layers: [3, 4, 2], preprocessing },
  ] as const;
  for (const options of networks) {
    await using mlp = new Mlp({ preset: "article", ...options, workers: 2 });
    for (const bad of [NaN, Infinity, -Infinity]) {
      const { x } = randomSamples(100, 3, 2, 8);
      x[299] = bad;
      for (const values of [x, shared(x)]) {
        await assert.rejects(mlp.predict(values), {
          name: "RangeError",
          message:
            `Cannot predict as 'x[299]' must be a finite number: current value is ${bad}`,
        });
      }
      x[299] = 3e38;
      assert.equal((await mlp.predict(x)).length, 200);
    }
  }
});

Deno.test("accuracy of labels, any number of which may apply, is the fraction of all that are correct", async () => {
  const y = [[1, 1, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0], [0, 1, 1]];
  // Passes its inputs on, and turns the last label into its opposite.
  const weights = [Float32Array.of(-5, -6, 7, 10, 0, 0, 0, 12, 0, 0, 0, -14)];
  await using mlp = new Mlp({
    task: "labels",
    layers: [3, 3],
    weights,
    workers: 2,
  });
  const samples = samplesFrom({ x: y, y });
  const outputs = await mlp.predict(samples.x);
  const right = outputs.filter((p, at) => p >= 0.5 === samples.y[at] >= 0.5);
  assert.equal(right.length, 10);
  const { accuracy } = await mlp.evaluate(samples);
  assert.ok(Math.abs(accuracy! - 10 / 15) < 1e-7, `${accuracy}`);
  const history = await mlp.fit(samples, {
    epochs: 1,
    learningRate: 0,
    validationData: samples,
  });
  assert.equal(history.epochs[0].accuracy, accuracy);
  assert.equal(history.epochs[0].validation?.accuracy, accuracy);
  // What it learns doesn't depend on the targets at hand: of those that add up to 1, all three of a sample count.
  const single = samplesFrom({ x: y.slice(0, 4), labels: [0, 1, 0, 2] });
  const found = await mlp.predict(single.x);
  const count = found.filter((p, at) => p >= 0.5 === single.y[at] >= 0.5);
  const of12 = (await mlp.evaluate(single)).accuracy!;
  assert.ok(Math.abs(of12 - count.length / 12) < 1e-7, `${of12}`);
  // As classes, three of these four are right.
  await using classes = new Mlp({
    task: "classes",
    output: "sigmoid",
    layers: [3, 3],
    weights,
  });
  assert.equal((await classes.evaluate(single)).accuracy, 0.75);
});
