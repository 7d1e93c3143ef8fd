/** The state after a training that ended in the middle of a batch, because a worker failed. */
import assert from "node:assert/strict";
import { Mlp, type TrainOptions } from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";
import { told } from "./figures.ts";
import { untilWriting } from "./writing.ts";

const COUNT = 400;
const SAMPLES = randomSamples(COUNT, 4, 3, 5);
const OPTIONS: TrainOptions = {
  ...{ epochs: 3, batchSize: 20, shuffle: "epoch", optimizer: "adam" },
};

/** A network, and the memory that its workers share. */
function withMemory(): { mlp: Mlp; memory: WebAssembly.Memory } {
  const { Memory } = WebAssembly;
  let memory: WebAssembly.Memory | undefined;
  WebAssembly.Memory = function (descriptor: WebAssembly.MemoryDescriptor) {
    return memory = new Memory(descriptor);
  } as unknown as typeof Memory;
  try {
    const mlp = new Mlp({
      preset: "article",
      layers: [4, 6, 3],
      seed: 8,
      workers: 2,
    });
    return { mlp, memory: memory! };
  } finally {
    WebAssembly.Memory = Memory;
  }
}

/** Overwrites the order of the samples in memory, so that the worker that gathers them reads far outside the memory. */
function spoilOrder(memory: WebAssembly.Memory): void {
  const all = new Int32Array(memory.buffer);
  for (let at = 0; at + COUNT <= all.length; at += 16) {
    const order = all.subarray(at, at + COUNT);
    const found = new Set(order);
    if (found.size === COUNT && order.every((s) => s >= 0 && s < COUNT)) {
      order.fill(0x7fff_0000);
      return;
    }
  }
  assert.fail("no order was found");
}

const AGAIN =
  " as the last training ended in the middle of a batch: train anew, or go on from an earlier checkpoint";

Deno.test("a training that a worker's failure ended in the middle of a batch can't be resumed", async () => {
  const { mlp, memory } = withMemory();
  await using _end = mlp;
  let batches = 0;
  await assert.rejects(
    mlp.fit(SAMPLES, {
      ...OPTIONS,
      onBatch() {
        if (++batches === 31) spoilOrder(memory);
      },
    }),
    /^RuntimeError: memory access out of bounds/,
  );
  assert.equal(batches, 31);
  await inFolder(async (folder) => {
    const path = `${folder}/checkpoint`;
    const action = "Cannot save a checkpoint";
    await assert.rejects(
      mlp.saveCheckpoint(path),
      new StateError(action + AGAIN),
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  });
  await assert.rejects(
    mlp.fit(SAMPLES, { ...OPTIONS, resume: true }),
    new StateError("Cannot go on with the training" + AGAIN),
  );
  assert.throws(
    () => mlp.position,
    new StateError("Cannot tell the position" + AGAIN),
  );

  // The weights are still there, are what is computed with, and can be trained from: the optimizer starts anew.
  const { weights } = mlp;
  assert.ok(weights.flatMap((layer) => [...layer]).every(Number.isFinite));
  await using other = new Mlp({
    preset: "article",
    layers: [4, 6, 3],
    seed: 8,
    weights,
  });
  assert.deepEqual(
    await mlp.predict(SAMPLES.x),
    await other.predict(SAMPLES.x),
  );
  const options: TrainOptions = {
    ...OPTIONS,
    ...{ epochs: 1, shuffle: "once" },
  };
  await mlp.fit(SAMPLES, options);
  assert.deepEqual(mlp.position, { epoch: 1, batch: 0 });
  await inFolder(async (folder) => {
    const path = `${folder}/checkpoint`;
    await mlp.saveCheckpoint(path);
    await using resumed = await Mlp.loadCheckpoint(path, { workers: 1 });
    const more = { ...options, epochs: 2, resume: true };
    await mlp.fit(SAMPLES, more);
    await resumed.fit(SAMPLES, more);
    assert.equal(await mlp.weightsSha256(), await resumed.weightsSha256());
  });
});

Deno.test("dispose() in the middle of an epoch: the position is the one of the weights", async () => {
  const samples = randomSamples(20_000, 4, 3, 1);
  const options: TrainOptions = {
    ...{ batchSize: 4, epochs: 40, optimizer: "adam" },
  };
  const mlp = new Mlp({
    preset: "article",
    layers: [4, 6, 3],
    seed: 8,
    workers: 2,
  });
  const begun = Promise.withResolvers<void>();
  const training = assert.rejects(
    mlp.fit(samples, { ...options, onEpoch: () => begun.resolve() }),
    new StateError("Cannot compute as the network was disposed"),
  );
  await begun.promise;
  await untilWriting(mlp);
  await mlp.dispose();
  await training;
  const { epoch, batch } = mlp.position;
  const sha256 = await mlp.weightsSha256();

  await using other = new Mlp({
    preset: "article",
    layers: [4, 6, 3],
    seed: 8,
    workers: 1,
  });
  assert.ok(epoch > 0);
  await told(other, samples, options, (event, run) => {
    if (other.position.epoch === epoch && other.position.batch === batch) {
      if (batch > 0 || event.type === "epoch") run.stop();
    }
  });
  assert.equal(await other.weightsSha256(), sha256);
});
