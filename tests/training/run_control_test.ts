/** A run that is looked into, paused, and given another rate while it trains. */
import assert from "node:assert/strict";
import { Mlp, type Span, type TrainOptions } from "../../mod.ts";
import { randomSamples } from "../samples.ts";

const SAMPLES = randomSamples(40, 4, 3, 5);
const NETWORK = { layers: [4, 6, 3], seed: 8, workers: 2 } as const;
const OPTIONS: TrainOptions = {
  ...{ epochs: 3, batchSize: 8, optimizer: "adam", learningRate: 0.25 },
};

Deno.test("a snapshot has the losses of the batches, and spans that don't overlap in a worker", async () => {
  await using mlp = new Mlp(NETWORK);
  const told: number[] = [];
  const run = mlp.fit(SAMPLES, {
    ...{ ...OPTIONS, spans: 500 },
    onBatch: ({ loss }) => void told.push(loss),
  });
  let spans: readonly Span[] = [];
  for await (const { epoch } of run) {
    const snapshot = await run.snapshot();
    assert.deepEqual(
      [snapshot.epoch, snapshot.batch, snapshot.batches],
      [epoch + 1, 0, 5],
    );
    assert.deepEqual([...snapshot.losses], told.slice(-5));
    spans = snapshot.spans;
  }
  assert.equal(Math.max(...spans.map(({ step }) => step)), 15);
  const names = new Set(spans.map(({ name }) => name));
  for (const name of ["product", "wait", "rest"]) assert.ok(names.has(name));
  for (const worker of [0, 1]) {
    const own = spans.filter((span) => span.worker === worker);
    assert.ok(own.length > 0 && own.length <= 500);
    for (const [n, { begin, end }] of own.entries()) {
      assert.ok(begin <= end && Math.abs(end - Date.now()) < 60_000);
      if (n > 0) assert.ok(own[n - 1].end <= begin);
    }
  }
  await assert.rejects(
    run.snapshot(),
    /^Error: Cannot take a snapshot as no training is under way/,
  );
});

Deno.test("a snapshot within pieces has the batches of the pieces before", async () => {
  await using mlp = new Mlp(NETWORK);
  const pieces = [SAMPLES, randomSamples(20, 4, 3, 6)];
  const told: number[] = [];
  const places: number[][] = [];
  const run = mlp.fit(() => pieces, {
    ...{ ...OPTIONS, epochs: 2, spans: 500 },
    onEpoch: ({ epoch }) => assert.deepEqual(mlp.position, { epoch, batch: 0 }),
    async onBatch({ loss }) {
      told.push(loss);
      const { epoch, batch, batches, losses, spans } = await run.snapshot({
        note: told.length > 6,
      });
      places.push([epoch, batch, batches]);
      assert.deepEqual(mlp.position, { epoch: epoch - 1, batch });
      assert.deepEqual([...losses], told.slice(-batch));
      // Notes go on as they were told to from one piece to the next.
      const noted = told.length === 1 || told.length > 7;
      assert.equal(spans.some(({ step }) => step === told.length), noted);
    },
  });
  await run;
  const wanted = [[1, 5], [1, 8], [2, 8]].flatMap(([epoch, batches], at) =>
    Array.from({ length: [5, 3, 8][at] }, (_, n) => [
      ...[epoch, (at === 1 ? 5 : 0) + n + 1, batches],
    ])
  );
  assert.deepEqual(places, wanted);
});

Deno.test("a snapshot's values are the step that was made: activations from before it, gradients, and weights after it", async () => {
  const options: TrainOptions = {
    ...{ epochs: 2, batchSize: 40, reduction: "mean" },
    ...{ optimizer: "sgd", momentum: 0, learningRate: 0.5 },
  };
  await using mlp = new Mlp(NETWORK);
  let before = mlp.weights;
  let outputs = await mlp.predict(SAMPLES.x);
  const run = mlp.fit(SAMPLES, options);
  for await (const _ of run) {
    const { values, spans } = await run.snapshot({ values: true });
    assert.deepEqual(values!.map(({ weights }) => weights), mlp.weights);
    // Samples are in the order of the epoch.
    assert.deepEqual(
      values!.at(-1)!.activations!.toSorted(),
      outputs.toSorted(),
    );
    for (const [n, { weights, gradients }] of values!.entries()) {
      for (const [at, weight] of weights.entries()) {
        const wanted = Math.fround(before[n][at] - 0.5 * gradients![at]);
        assert.ok(Math.abs(weight - wanted) <= 1e-6);
      }
      assert.ok(gradients!.some((value) => value !== 0));
    }
    assert.deepEqual(spans, []);
    before = mlp.weights;
    outputs = await mlp.predict(SAMPLES.x);
  }
});

Deno.test("workers note what they do only while they are told to", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const run = mlp.fit(SAMPLES, { ...OPTIONS, epochs: 4, spans: 500 });
  const steps: number[][] = [];
  for await (const { epoch } of run) {
    const note = epoch === 1 ? false : epoch === 2 ? true : undefined;
    const { spans } = await run.snapshot({
      ...(note !== undefined && { note }),
    });
    steps.push([...new Set(spans.map(({ step }) => step))]);
  }
  // What was noted before the second begin is forgotten then, after it was told.
  const first = [1, 2, 3, 4, 5];
  assert.deepEqual(steps.slice(0, 2), [first, first]);
  assert.deepEqual(steps[2], [11, 12, 13, 14, 15]);
  assert.deepEqual(steps[3], [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
});

Deno.test("of more spans than there is room for the newest are kept", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const run = mlp.fit(SAMPLES, { ...OPTIONS, spans: 7 });
  for await (const { epoch } of run) {
    const { spans } = await run.snapshot();
    assert.equal(spans.length, 7);
    assert.equal(spans.at(-1)!.name, "wait");
    assert.equal(spans.at(-1)!.step, 5 * epoch);
  }
});

Deno.test("a run that was paused in an epoch predicts meanwhile, and learns the same", async () => {
  await using undisturbed = new Mlp(NETWORK);
  const wanted = await undisturbed.fit(SAMPLES, OPTIONS);
  await using mlp = new Mlp(NETWORK);
  const paused = Promise.withResolvers<void>();
  let batches = 0;
  const run = mlp.fit(SAMPLES, {
    ...OPTIONS,
    onBatch({ epoch, batch }) {
      batches++;
      if (epoch !== 2 || batch !== 3) return;
      run.pause();
      paused.resolve();
    },
  });
  await paused.promise;
  const { epoch, batch, losses } = await run.snapshot();
  assert.deepEqual([epoch, batch, losses.length], [2, 3, 3]);
  await mlp.predict([[0.1, 0.2, 0.3, 0.4]]);
  assert.deepEqual([run.paused, batches], [true, 8]);
  run.resume();
  const { epochs } = await run;
  assert.deepEqual([run.paused, batches], [false, 15]);
  assert.deepEqual(
    epochs.map(({ loss }) => loss),
    wanted.epochs.map(({ loss }) => loss),
  );
  assert.equal(await mlp.weightsSha256(), await undisturbed.weightsSha256());
});

Deno.test("a paused run ends when it is stopped or aborted", async () => {
  for (const way of ["stop", "abort"]) {
    await using mlp = new Mlp(NETWORK);
    const controller = new AbortController();
    const started = Promise.withResolvers<void>();
    const run = mlp.fit(SAMPLES, {
      ...{ ...OPTIONS, signal: controller.signal },
      onStart() {
        run.pause();
        started.resolve();
      },
    });
    await started.promise;
    assert.equal((await run.snapshot()).losses.length, 0);
    if (way === "stop") {
      run.stop();
      assert.equal((await run).stopReason, "left");
    } else {
      controller.abort(new RangeError("enough"));
      await assert.rejects(Promise.resolve(run), /^RangeError: enough$/);
    }
  }
});

Deno.test("a rate holds from the next epoch, and the schedule goes on in proportion", async () => {
  await using mlp = new Mlp(NETWORK);
  const schedule = { schedule: "exponential", decayFactor: 0.5 } as const;
  const run = mlp.fit(SAMPLES, { ...OPTIONS, ...schedule, epochs: 4 });
  const rates: number[] = [];
  for await (const { epoch, learningRate } of run) {
    rates.push(learningRate);
    if (epoch === 2) run.setLearningRate(0.5);
  }
  assert.deepEqual(rates, [0.25, 0.125, 0.5, 0.25]);
  assert.deepEqual((await run).epochs.map((e) => e.learningRate), rates);
  assert.throws(
    () => run.setLearningRate(-1),
    /^RangeError: Cannot set the learning rate as 'rate' must be a finite number of 0 or more: current value is -1$/,
  );
});
