import assert from "node:assert/strict";
import { Mlp, type MlpOptions, type SkipZeros } from "../../mod.ts";
import { yieldToEventLoop } from "../../src/runtime/event_loop.ts";
import { StateError } from "../../src/checks/errors.ts";
import { Engine } from "../../src/engine/engine.ts";
import { evaluate } from "../../src/inference/evaluate.ts";
import { predict } from "../../src/inference/infer.ts";
import type { PreparedSamples } from "../../src/samples/prepared_samples.ts";
import { closeSession, openSession } from "../../src/training/session.ts";
import { newProgress } from "../../src/training/progress.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { trainSettings } from "../../src/training/options/train_settings.ts";
import { matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

const LAYERS = [6, 5, 2];
const COUNT = 40;
const TIMES = 1_000;

const { x, y } = randomSamples(COUNT, 6, 2, 1);

const GOOD: PreparedSamples = {
  ...{ x, y, count: COUNT, inputs: 6, outputs: 2, labels: false },
};

/** A row for each sample; the last one names a column that doesn't exist, as if the caller had just changed it. */
const CHANGED: PreparedSamples = {
  ...GOOD,
  x: {
    data: new Float32Array(COUNT).fill(1),
    indices: new Int32Array(COUNT).fill(6, COUNT - 1),
    indptr: Int32Array.from({ length: COUNT + 1 }, (_, at) => at),
  },
};

function engineOf(skipZeros: SkipZeros): Engine {
  return new Engine(
    {
      layers: LAYERS,
      activations: ["sigmoid"],
      task: "labels",
      output: "sigmoid",
      loss: "binaryCrossEntropy",
    },
    1,
    { kernels: "wasm", skipZeros },
  );
}

const CALLS: [string, (engine: Engine) => Promise<unknown>][] = [
  ["train", (engine) => open(engine, CHANGED)],
  ["evaluate", (engine) => evaluate(engine, CHANGED)],
  ["predict", (engine) => predict(engine, CHANGED.x, COUNT, () => {})],
];

async function open(engine: Engine, samples: PreparedSamples) {
  const settings = trainSettings({ batchSize: 8 }, {
    ...{ samples: COUNT, layers: LAYERS, validated: false },
  });
  const progress = newProgress(
    settings,
    COUNT,
    "00000000",
    new Xoshiro128(1, 1),
  );
  return await openSession(engine, samples, progress, {
    ...{ seed: 1, samplesOfRanks: undefined },
  });
}

for (const skipZeros of ["never", "always"] as const) {
  for (const [name, call] of CALLS) {
    Deno.test(`what fails to start gives back its memory, ${TIMES} times: ${name}, zeros skipped ${skipZeros}`, async () => {
      const engine = engineOf(skipZeros);
      const { bytes } = engine.arena;
      const refused = () =>
        assert.rejects(
          call(engine),
          matches(
            StateError,
            "Cannot copy samples as their arrays must not change meanwhile: they did",
          ),
        );
      await refused();
      const grown = engine.arena.memory.buffer.byteLength;
      for (let time = 1; time < TIMES; time++) await refused();
      assert.equal(engine.arena.bytes, bytes);
      assert.equal(engine.arena.memory.buffer.byteLength, grown);
      // The memory that was given back is used again.
      const session = await open(engine, GOOD);
      closeSession(session);
      assert.equal(engine.arena.bytes, bytes);
      await engine.dispose();
    });
  }
}

Deno.test("a training for which there is no memory leaves everything as it was", async () => {
  const options: MlpOptions = {
    preset: "article",
    ...{ layers: [2, 20_000, 2], workers: 1, seed: 4 },
  };
  await using mlp = new Mlp(options);
  await using other = new Mlp(options);
  const few = randomSamples(20, 2, 2, 1);
  const training = { epochs: 2, batchSize: 8, patience: 1 };
  for (const each of [mlp, other]) await each.fit(few, training);
  const many = randomSamples(30_000, 2, 2, 1);
  const message =
    /^Cannot allocate memory as 30000 samples and the batches of layers 2-20000-2 need \d+ bytes: \d+ bytes can be addressed$/;
  for (let time = 0; time < 3; time++) {
    await assert.rejects(
      mlp.fit(many, { batchSize: 30_000, epochs: 1 }),
      { name: "RangeError", message },
    );
  }
  assert.deepEqual(mlp.position, other.position);
  assert.deepEqual(mlp.position, { epoch: 2, batch: 0 });
  // Nor does it draw an order, so that what comes next is the same.
  for (const each of [mlp, other]) {
    await each.fit(few, { ...training, epochs: 3, resume: true });
    await each.fit(few, training);
  }
  assert.equal(await mlp.weightsSha256(), await other.weightsSha256());
});

Deno.test("a prediction whose workers end while the next inputs are copied rejects, and leaves no unhandled rejection", async () => {
  // Four chunks, each of which takes some turns of the event loop to copy.
  const wide = new Float32Array(10_000 * 784);
  const found = new Set<string>();
  for (let turn = 0; turn < 12; turn++) {
    await using mlp = new Mlp({
      preset: "article",
      layers: [784, 20, 10],
      workers: 1,
    });
    await mlp.predict(wide.subarray(0, 784));
    const predicted = mlp.predict(wide).then(
      () => "predicted",
      (error: Error) => error.message,
    );
    for (let n = 0; n < turn; n++) await yieldToEventLoop();
    await mlp.dispose();
    found.add(await predicted);
  }
  found.delete("predicted");
  assert.ok(found.size > 0);
  for (const message of found) {
    assert.equal(message, "Cannot compute as the network was disposed");
  }
});

Deno.test("a training that is refused after dispose() leaves the last one's position and checkpoint", async () => {
  const samples = { x, y, count: COUNT, inputs: 6, outputs: 2 };
  await using mlp = new Mlp({ layers: LAYERS, task: "labels", workers: 1 });
  await mlp.fit(samples, { epochs: 2 });
  await mlp.dispose();
  await assert.rejects(
    async () => await mlp.fit(samples),
    matches(StateError, "Cannot compute as the network was disposed"),
  );
  assert.deepEqual(mlp.position, { epoch: 2, batch: 0 });
});
