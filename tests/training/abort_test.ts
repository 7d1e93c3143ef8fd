import assert from "node:assert/strict";
import { Mlp, type Samples, type TrainOptions } from "../../mod.ts";
import { decodeSafetensors } from "../../src/models/safetensors.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";
import { untilWriting } from "./writing.ts";

const SAMPLES = randomSamples(40, 4, 3, 5);
const NETWORK = { layers: [4, 6, 3], seed: 8 } as const;
const OPTIONS: TrainOptions = {
  ...{ epochs: 6, batchSize: 5, optimizer: "adam", dropout: 0.2 },
};

class Enough extends Error {}

/** Whether an error is the same object. */
const is = (reason: unknown) => (error: unknown) => error === reason;

/** A network that can be trained and used. */
async function assertUsable(mlp: Mlp): Promise<void> {
  const before = (await mlp.evaluate(SAMPLES)).loss;
  const { epochs } = await mlp.fit(SAMPLES, { ...OPTIONS, dropout: 0 });
  assert.deepEqual(epochs.map(({ epoch }) => epoch), [1, 2, 3, 4, 5, 6]);
  assert.ok((await mlp.evaluate(SAMPLES)).loss < before);
}

Deno.test("with a signal that is aborted already nothing is learned", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 2 });
  const before = await mlp.weightsSha256();
  const reason = new Enough("before");
  const refuse = () => assert.fail("something was computed");
  const options = {
    ...OPTIONS,
    signal: AbortSignal.abort(reason),
    ...{ onBatch: refuse, onEpoch: refuse },
  };
  await assert.rejects(mlp.fit(SAMPLES, options), is(reason));
  const { epochs: _, ...onePass } = options;
  await assert.rejects(mlp.partialFit(SAMPLES, onePass), is(reason));
  await assert.rejects(
    Array.fromAsync(mlp.fit(SAMPLES, options)),
    is(reason),
  );
  await assert.rejects(mlp.fit(() => [SAMPLES], options), is(reason));
  assert.equal(await mlp.weightsSha256(), before);
  await assertUsable(mlp);
});

Deno.test("a signal without a reason rejects with an AbortError", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const signal = AbortSignal.abort();
  await assert.rejects(mlp.fit(SAMPLES, { signal }), (error: Error) => {
    assert.ok(error instanceof DOMException);
    assert.equal(error.name, "AbortError");
    return true;
  });
});

Deno.test("a signal aborted between epochs keeps the epochs that are done", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 2 });
  await using short = new Mlp({ ...NETWORK, workers: 1 });
  const controller = new AbortController();
  const reason = new Enough("between epochs");
  const told: number[] = [];
  await assert.rejects(
    mlp.fit(SAMPLES, {
      ...OPTIONS,
      signal: controller.signal,
      onEpoch({ epoch }) {
        told.push(epoch);
        if (epoch === 3) controller.abort(reason);
      },
    }),
    is(reason),
  );
  assert.deepEqual(told, [1, 2, 3]);
  await short.fit(SAMPLES, { ...OPTIONS, epochs: 3 });
  assert.equal(await mlp.weightsSha256(), await short.weightsSha256());
  await assertUsable(mlp);
});

Deno.test("a signal aborted by onBatch keeps the batches that are done", async () => {
  for (const last of [[1, 1], [2, 3], [2, 8]] as const) {
    await using mlp = new Mlp({ ...NETWORK, workers: 2 });
    await using left = new Mlp({ ...NETWORK, workers: 1 });
    const controller = new AbortController();
    const reason = new Enough("within an epoch");
    let told: number[] = [];
    await assert.rejects(
      mlp.fit(SAMPLES, {
        ...OPTIONS,
        signal: controller.signal,
        onBatch({ epoch, batch }) {
          told = [epoch, batch];
          if (`${told}` === `${last}`) controller.abort(reason);
        },
      }),
      is(reason),
    );
    assert.deepEqual(told, last);
    const run = left.fit(SAMPLES, {
      ...OPTIONS,
      onBatch: ({ epoch, batch }) =>
        void (`${[epoch, batch]}` === `${last}` && run.stop()),
    });
    await run;
    assert.equal(await mlp.weightsSha256(), await left.weightsSha256());
    await assertUsable(mlp);
  }
});

Deno.test("a signal can be aborted in the middle of a long epoch", async () => {
  // An epoch takes seconds, so that it is seen that it has begun.
  const samples = randomSamples(20_000, 4, 3, 1);
  await using mlp = new Mlp({
    ...{ ...NETWORK, layers: [4, 200, 200, 3], workers: 1 },
  });
  const controller = new AbortController();
  const reason = new Enough("in the middle");
  const training = assert.rejects(
    mlp.fit(samples, {
      ...{ batchSize: 2, epochs: 1, signal: controller.signal },
      onEpoch: () => assert.fail("the epoch went on to its end"),
    }),
    is(reason),
  );
  await untilWriting(mlp);
  controller.abort(reason);
  await training;
  await inFolder(async (folder) => {
    const path = `${folder}/checkpoint`;
    await mlp.saveCheckpoint(path);
    const { metadata } = decodeSafetensors(await Deno.readFile(path), path);
    const { epoch, batch } = JSON.parse(metadata.progress);
    assert.equal(epoch, 0);
    assert.ok(batch < 10_000, `${batch} batches`);
  });
  await assertUsable(mlp);
});

Deno.test("aborting closes a stream of pieces", async () => {
  const controller = new AbortController();
  const reason = new Enough("within a stream");
  let closed = 0;
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  let batches = 0;
  await assert.rejects(
    mlp.fit(async function* () {
      try {
        while (true) yield await Promise.resolve(SAMPLES);
      } finally {
        closed++;
      }
    }, {
      ...OPTIONS,
      signal: controller.signal,
      onBatch() {
        if (++batches === 11) controller.abort(reason);
      },
    }),
    is(reason),
  );
  assert.equal(batches, 11);
  assert.equal(closed, 1);
  await assertUsable(mlp);
});

/** Samples that are all the same, so that their order doesn't matter. */
function equalSamples(count: number): Samples {
  const one = randomSamples(1, 4, 3, 3);
  const repeat = (values: Float32Array) =>
    Float32Array.from(
      { length: count * values.length },
      (_, at) => values[at % values.length],
    );
  return { ...one, x: repeat(one.x), y: repeat(one.y), count: count };
}

// Adam divides by 1 - betaⁿ in its nth step.
const STEPS: TrainOptions = {
  ...{ optimizer: "adam", batchSize: 1, learningRate: 0.01, dropout: 0.5 },
};

/** Leaves or aborts a training after five of its ten steps. */
async function stopHalfway(mlp: Mlp, way: "left" | "aborted"): Promise<void> {
  const controller = new AbortController();
  const training = mlp.fit(equalSamples(10), {
    ...STEPS,
    signal: controller.signal,
    onBatch({ batch }) {
      if (batch < 5) return;
      if (way === "left") training.stop();
      else controller.abort();
    },
  });
  if (way === "left") await training;
  else await assert.rejects(training, { name: "AbortError" });
}

for (const way of ["left", "aborted"] as const) {
  Deno.test(`the optimizer counts the steps of a training that was ${way}`, async () => {
    await using whole = new Mlp({ ...NETWORK, workers: 1 });
    await whole.partialFit(equalSamples(12), STEPS);
    await using mlp = new Mlp({ ...NETWORK, workers: 1 });
    await stopHalfway(mlp, way);
    await mlp.partialFit(equalSamples(7), STEPS);
    assert.equal(await mlp.weightsSha256(), await whole.weightsSha256());
  });
}

Deno.test("the optimizer counts no steps from before weights were set", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  await stopHalfway(mlp, "aborted");
  const { weights } = mlp;
  mlp.weights = weights;
  await mlp.partialFit(equalSamples(7), STEPS);
  await using other = new Mlp({
    ...NETWORK,
    weights,
    workers: 1,
  });
  await other.partialFit(equalSamples(7), STEPS);
  assert.equal(await mlp.weightsSha256(), await other.weightsSha256());
});

Deno.test("a training aborted before its first batch is done resumes with the first rate", async () => {
  const samples = randomSamples(60, 5, 3, 4);
  for (const schedule of ["article", "exponential", "cosine"] as const) {
    const options = {
      ...{ epochs: 4, batchSize: 20, learningRate: 0.1, schedule },
      ...(schedule === "article" ? { learningRateDecay: 0.5 } : {}),
    };
    await using whole = new Mlp({
      preset: "article",
      layers: [5, 4, 3],
      workers: 2,
    });
    await whole.fit(samples, options);
    await using mlp = new Mlp({
      preset: "article",
      layers: [5, 4, 3],
      workers: 2,
    });
    const controller = new AbortController();
    await assert.rejects(
      mlp.fit(samples, {
        ...options,
        signal: controller.signal,
        // While the workers start, which takes longer: the epoch has its rate, and no batch is done.
        onStart: () => void setTimeout(() => controller.abort(), 0),
      }),
      { name: "AbortError" },
    );
    assert.deepEqual(mlp.position, { epoch: 0, batch: 0 });
    await mlp.fit(samples, { ...options, resume: true });
    assert.equal(await mlp.weightsSha256(), await whole.weightsSha256());
  }
});
