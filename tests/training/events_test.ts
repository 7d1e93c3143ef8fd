import assert from "node:assert/strict";
import { type BatchEvent, Mlp, type TrainOptions } from "../../mod.ts";
import { yieldToEventLoop } from "../../src/runtime/event_loop.ts";
import { batchRange } from "../../src/step/split.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { randomSamples } from "../samples.ts";
import { eventFigures, figures, told } from "./figures.ts";

const SAMPLES = randomSamples(23, 4, 3, 5);
const NETWORK = { layers: [4, 6, 3], seed: 8 } as const;
const OPTIONS = { epochs: 3, batchSize: 5, learningRate: 0.05 } as const;

Deno.test("every batch is told of, then its epoch", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 2 });
  const found: unknown[] = [];
  await mlp.fit(SAMPLES, {
    ...OPTIONS,
    onBatch: ({ epoch, batch, batches, samples }) =>
      void found.push([epoch, batch, batches, samples]),
    onEpoch: ({ epoch }) => void found.push(epoch),
  });
  assert.deepEqual(
    found,
    [1, 2, 3].flatMap((epoch) => [
      [epoch, 1, 5, 5],
      [epoch, 2, 5, 5],
      [epoch, 3, 5, 5],
      [epoch, 4, 5, 4],
      [epoch, 5, 5, 4],
      epoch,
    ]),
  );
});

Deno.test("onStart is told once, before the first batch, of what the training works with", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 2 });
  const seen: unknown[] = [];
  const options: TrainOptions = {
    ...OPTIONS,
    validationSplit: 0.3,
    onStart: async (event) => {
      await yieldToEventLoop();
      seen.push(event);
    },
    onBatch: ({ batch }) => void seen.push(batch),
  };
  await mlp.fit(SAMPLES, { ...options, epochs: 1 });
  const start = {
    samples: 16,
    validationSamples: 7,
    batchSize: 5,
    batches: 4,
  };
  assert.deepEqual(seen.splice(0), [start, 1, 2, 3, 4]);
  await mlp.fit(SAMPLES, { ...options, epochs: 2, resume: true });
  assert.deepEqual(seen.splice(0), [start, 1, 2, 3, 4]);
  await mlp.fit(SAMPLES, {
    epochs: 1,
    onStart: (event) => void seen.push(event),
  });
  assert.deepEqual(seen, [
    { samples: 23, validationSamples: 0, batchSize: 23, batches: 1 },
  ]);
});

Deno.test("loss and accuracy of a batch are those of its samples, and add up to the epoch's", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 2 });
  const order = Array.from({ length: 23 }, (_, at) => at);
  new Xoshiro128(NETWORK.seed, 1).shuffle(order);
  let [loss, correct] = [0, 0];
  // With a rate of 0 the weights stay as they are.
  const options = { ...OPTIONS, epochs: 1, learningRate: 0 };
  await told(mlp, SAMPLES, options, async (event) => {
    if (event.type === "epoch") {
      assert.ok(Math.abs(event.epoch.loss - loss / 23) < 1e-12);
      assert.ok(Math.abs(event.epoch.accuracy! - correct / 23) < 1e-12);
      return;
    }
    const { batch } = event;
    const picked = order.slice(...batchRange(23, 5, batch.batch - 1));
    const rowsOf = (values: Float32Array, width: number) =>
      Float32Array.from(
        picked.flatMap((s) => [
          ...values.subarray(width * s, width * (s + 1)),
        ]),
      );
    const wanted = await mlp.evaluate({
      ...SAMPLES,
      ...{ x: rowsOf(SAMPLES.x, 4), y: rowsOf(SAMPLES.y, 3) },
      count: picked.length,
    });
    assert.ok(Math.abs(batch.loss - wanted.loss) < 1e-6 * wanted.loss);
    assert.equal(batch.accuracy, wanted.accuracy);
    loss += batch.loss * picked.length;
    correct += batch.accuracy! * picked.length;
  });
  assert.ok(loss > 0);
});

Deno.test("to look at every batch, or for a signal, changes no bits", async () => {
  const options: TrainOptions = {
    ...OPTIONS,
    ...{ optimizer: "adam", dropout: 0.2, validationSplit: 0.2 },
  };
  const { signal } = new AbortController();
  const batches: BatchEvent[] = [];
  const runs = [
    (mlp: Mlp) => Array.fromAsync(mlp.fit(SAMPLES, options)),
    async (mlp: Mlp) => {
      const seen: BatchEvent[] = [];
      const onBatch = (event: BatchEvent) => void seen.push(event);
      const { epochs } = await mlp.fit(SAMPLES, { ...options, onBatch });
      assert.deepEqual(seen, batches);
      return epochs;
    },
    async (mlp: Mlp) => (await mlp.fit(SAMPLES, { ...options, signal })).epochs,
  ];
  await using first = new Mlp({ ...NETWORK, workers: 1 });
  const { epochs } = await first.fit(SAMPLES, {
    ...options,
    onBatch: (batch) => void batches.push(batch),
  });
  assert.equal(batches.length, 3 * 4);
  for (const run of runs) {
    await using mlp = new Mlp({ ...NETWORK, workers: 2 });
    assert.deepEqual(figures(await run(mlp)), figures(epochs));
    assert.equal(await mlp.weightsSha256(), await first.weightsSha256());
  }
});

Deno.test("onBatch and onEpoch are awaited, before the epoch is yielded and the next one starts", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const log: string[] = [];
  const slowly = (name: string) => async (event: { epoch: number }) => {
    log.push(`${name} ${event.epoch} begins`);
    await yieldToEventLoop();
    log.push(`${name} ${event.epoch} ends`);
  };
  const run = mlp.fit(SAMPLES, {
    ...{ epochs: 2, batchSize: 12 },
    onBatch: slowly("batch"),
    onEpoch: slowly("epoch"),
  });
  for await (const { epoch } of run) {
    log.push(`epoch ${epoch} is yielded`);
    // Nothing goes on meanwhile.
    await mlp.evaluate(SAMPLES);
  }
  const lines = (name: string, epoch: number) => [
    `${name} ${epoch} begins`,
    `${name} ${epoch} ends`,
  ];
  assert.deepEqual(
    log,
    [1, 2].flatMap((epoch) => [
      ...lines("batch", epoch),
      ...lines("batch", epoch),
      ...lines("epoch", epoch),
      `epoch ${epoch} is yielded`,
    ]),
  );
});

Deno.test("onEpoch gets what is yielded", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const seen: unknown[] = [];
  const epochs = await Array.fromAsync(mlp.fit(SAMPLES, {
    ...OPTIONS,
    onEpoch: (event) => void seen.push(event),
  }));
  assert.equal(seen.length, 3);
  assert.deepEqual(seen, epochs);
});

for (const name of ["onBatch", "onEpoch"]) {
  Deno.test(`a training rejects with what ${name} throws, and another one may follow`, async () => {
    await using mlp = new Mlp({ ...NETWORK, workers: 2 });
    await using other = new Mlp({ ...NETWORK, workers: 1 });
    const failure = new Error("no more room for notes");
    let calls = 0;
    const fail = () => {
      if (++calls === 2) return Promise.reject(failure);
    };
    await assert.rejects(
      mlp.fit(SAMPLES, { ...OPTIONS, [name]: fail }),
      (error) => error === failure,
    );
    assert.equal(calls, 2);
    // What was learned stays.
    let seen = 0;
    const stop = () => void (++seen === 2 && left.stop());
    const left = other.fit(SAMPLES, { ...OPTIONS, [name]: stop });
    await left;
    assert.equal(await mlp.weightsSha256(), await other.weightsSha256());
    const events = [mlp, other].map((network) =>
      told(network, SAMPLES, OPTIONS)
    );
    assert.deepEqual(
      eventFigures(await events[0]),
      eventFigures(await events[1]),
    );
  });
}
