import assert from "node:assert/strict";
import { Mlp } from "../../src/mlp/mlp.ts";
import { batchRange } from "../../src/step/split.ts";
import { Engine } from "../../src/engine/engine.ts";
import { closeSession, openSession } from "../../src/training/session.ts";
import { newProgress } from "../../src/training/progress.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { trainSettings } from "../../src/training/options/train_settings.ts";
import { randomSamples } from "../samples.ts";

const LAYERS = [8, 6, 3];

async function session(engine: Engine, count = 400, batchSize = 20) {
  const { x, y, inputs, outputs } = randomSamples(count, 8, 3, 1);
  const samples = { x, y, inputs, outputs, count, labels: false };
  const settings = trainSettings({ batchSize, shuffle: "epoch" }, {
    samples: count,
    layers: LAYERS,
    validated: false,
  });
  const progress = newProgress(
    settings,
    count,
    "00000000",
    new Xoshiro128(1, 1),
  );
  return await openSession(engine, samples, progress, {
    ...{ seed: 1, samplesOfRanks: undefined },
  });
}

function engineOf(workers: number): Engine {
  const engine = new Engine(
    {
      layers: LAYERS,
      activations: ["sigmoid"],
      task: "labels",
      output: "sigmoid",
      loss: "binaryCrossEntropy",
    },
    workers,
    { kernels: "wasm", skipZeros: "never" },
  );
  return engine;
}

const RUN = {
  ...{ samples: 400, batches: 20, from: 0, to: 20 },
  ...{ learningRate: 0.1, steps: 0, seed: 1, timings: false },
};

Deno.test("a worker that throws in the middle of an epoch: its error reaches the caller, nothing hangs", async () => {
  const engine = engineOf(4);
  const opened = await session(engine);
  const indices = engine.arena.integers(opened.data.indices, 400);
  // The 11th batch gathers a sample far outside the memory: one worker traps, the others wait at the barrier.
  const [first] = batchRange(400, 20, 10);
  const kept = indices[first + 7];
  indices[first + 7] = 0x7fff_0000;
  await assert.rejects(
    engine.exclusive(() => engine.run(opened.plan, RUN)),
    (error: Error) =>
      error.name === "RuntimeError" && /out of bounds/.test(error.message) &&
      /run_plan\.ts/.test(error.stack ?? ""),
  );

  // The same network goes on with new workers once the cause is gone.
  indices[first + 7] = kept;
  await engine.exclusive(() => engine.run(opened.plan, RUN));
  closeSession(opened);
  await engine.dispose();
});

Deno.test("dispose() ends a training under way, and may be called twice", async () => {
  const samples = randomSamples(20_000, 100, 10, 1);
  const mlp = new Mlp({ preset: "article", layers: [100, 50, 10], workers: 3 });
  const training = Array.fromAsync(mlp.fit(samples, { epochs: 1000 }));
  const ended = assert.rejects(training, /worker pool is closed|was disposed/);
  await mlp.fit(samples).catch(() => {});
  await mlp.predict(samples.x.subarray(0, 100));
  await mlp.dispose();
  await mlp.dispose();
  await ended;
  await assert.rejects(
    mlp.predict(samples.x.subarray(0, 100)),
    new Error("Cannot compute as the network was disposed"),
  );
});

Deno.test("a pool of 8 on fewer cores, and one of 40, give the same bits as one worker", async () => {
  const samples = randomSamples(60, 5, 2, 1);
  const sums = new Set<string>();
  for (const workers of [1, 8, 40]) {
    await using mlp = new Mlp({
      preset: "article",
      layers: [5, 6, 2],
      workers,
    });
    await Array.fromAsync(mlp.fit(samples, { epochs: 2, batchSize: 11 }));
    sums.add(await mlp.weightsSha256());
  }
  assert.equal(sums.size, 1);
});

Deno.test("a pool starts the runtime's workers, whatever other packages put in their place", async () => {
  const { Worker } = globalThis;
  globalThis.Worker = class {} as unknown as typeof Worker;
  try {
    await using mlp = new Mlp({
      preset: "article",
      layers: [3, 2],
      workers: 2,
    });
    assert.equal((await mlp.predict([[1, 2, 3]])).length, 2);
  } finally {
    globalThis.Worker = Worker;
  }
});
