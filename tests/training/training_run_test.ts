/** The run that fit() returns: awaited, iterated over, left, stopped, and when it fails. */
import assert from "node:assert/strict";
import { Mlp, type TrainingRun, type TrainOptions } from "../../mod.ts";
import { randomSamples } from "../samples.ts";
import { figures } from "./figures.ts";
import { untilWriting } from "./writing.ts";

const SAMPLES = randomSamples(40, 4, 3, 5);
const NETWORK = { layers: [4, 6, 3], seed: 8, workers: 2 } as const;
const OPTIONS: TrainOptions = {
  ...{ epochs: 5, batchSize: 8, optimizer: "adam", learningRate: 0.02 },
};

/** The hash of the weights after so many epochs. */
async function weightsAfter(epochs: number): Promise<string> {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  await mlp.fit(SAMPLES, { ...OPTIONS, epochs });
  return await mlp.weightsSha256();
}

/** Rejections that nobody handles while something is done. */
async function unhandledIn(act: () => Promise<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    found.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  try {
    await act();
    // They are told of when no microtask is left.
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    globalThis.removeEventListener("unhandledrejection", note);
  }
  return found;
}

Deno.test("a run that is awaited, iterated over, or left alone trains the same", async () => {
  const wanted = await weightsAfter(5);
  const ways: ((run: TrainingRun) => Promise<unknown>)[] = [
    (run) => run.then(({ stopReason }) => assert.equal(stopReason, "finished")),
    (run) => run.finally(() => {}),
    (run) => run.catch(() => assert.fail("it failed")),
    (run) => Array.fromAsync(run),
    async (run) => assert.equal((await run).epochs.length, 5),
  ];
  for (const way of ways) {
    await using mlp = new Mlp(NETWORK);
    await way(mlp.fit(SAMPLES, OPTIONS));
    assert.equal(await mlp.weightsSha256(), wanted);
  }
  await using alone = new Mlp(NETWORK);
  const over = Promise.withResolvers<void>();
  alone.fit(SAMPLES, {
    ...OPTIONS,
    onEpoch: ({ epoch }) => void (epoch === 5 && over.resolve()),
  });
  await over.promise;
  assert.equal(await alone.weightsSha256(), wanted);
});

Deno.test("the next epoch starts when the loop asks for it", async () => {
  await using mlp = new Mlp(NETWORK);
  const run = mlp.fit(SAMPLES, OPTIONS);
  let wanted = 0;
  for await (const { epoch } of run) {
    assert.equal(epoch, ++wanted);
    for (let turn = 0; turn < 3; turn++) {
      // Had an epoch started, this would wait for its end.
      assert.equal(await mlp.weightsSha256(), await weightsAfter(epoch));
    }
    assert.deepEqual(mlp.position, { epoch, batch: 0 });
  }
  assert.equal(wanted, 5);
});

Deno.test("a loop that is left stops the training, and what was learned stays", async () => {
  const failure = new Error("enough");
  for (const way of ["break", "throw"]) {
    await using mlp = new Mlp(NETWORK);
    const run = mlp.fit(SAMPLES, { ...OPTIONS, patience: 4 });
    const loop = async () => {
      for await (const { epoch } of run) {
        if (epoch < 3) continue;
        if (way === "break") break;
        throw failure;
      }
    };
    if (way === "break") await loop();
    else await assert.rejects(loop, (error) => error === failure);
    assert.equal(await mlp.weightsSha256(), await weightsAfter(3));
    const { epochs, ...rest } = await run;
    assert.deepEqual(epochs.map(({ epoch }) => epoch), [1, 2, 3]);
    assert.deepEqual(rest, {
      ...{ bestEpoch: 3, monitor: "loss", hasBestWeights: true },
      stopReason: "left",
    });
    // Another one may follow at once.
    assert.equal((await mlp.fit(SAMPLES, OPTIONS)).epochs.length, 5);
  }
});

Deno.test("an iterator that was returned or is at its end stays there", async () => {
  await using mlp = new Mlp(NETWORK);
  const end = { value: undefined, done: true };
  const run = mlp.fit(SAMPLES, OPTIONS);
  const left = run[Symbol.asyncIterator]();
  assert.equal((await left.next()).value?.epoch, 1);
  assert.deepEqual(await left.return!(), end);
  assert.deepEqual(await left.next(), end);
  assert.deepEqual(await left.return!(), end);
  const late = run[Symbol.asyncIterator]();
  assert.equal((await late.next()).value?.epoch, 1);
  assert.deepEqual(await late.next(), end);
  assert.deepEqual(await late.next(), end);
});

Deno.test("a loop that comes late gets the past epochs first", async () => {
  await using mlp = new Mlp(NETWORK);
  const third = Promise.withResolvers<void>();
  const run = mlp.fit(SAMPLES, {
    ...OPTIONS,
    onEpoch: ({ epoch }) => void (epoch === 3 && third.resolve()),
  });
  await third.promise;
  const during = await Array.fromAsync(run);
  const { epochs } = await run;
  assert.equal(epochs.length, 5);
  assert.deepEqual(figures(during), figures(epochs));
  assert.deepEqual(await Array.fromAsync(run), epochs);
});

Deno.test("stop() ends a training between two batches, in the middle of an epoch", async () => {
  // An epoch takes seconds, so that it is seen that it has begun.
  const network = { ...NETWORK, layers: [4, 200, 200, 3] };
  const samples = randomSamples(20_000, 4, 3, 1);
  const options = { epochs: 1, batchSize: 2 };
  await using mlp = new Mlp(network);
  const run = mlp.fit(samples, options);
  await untilWriting(mlp);
  run.stop();
  assert.deepEqual(await run, { epochs: [], stopReason: "left" });
  const { epoch, batch } = mlp.position;
  assert.equal(epoch, 0);
  assert.ok(batch < 10_000, `${batch} batches`);
  await using other = new Mlp({ ...network, workers: 1 });
  if (batch > 0) {
    const same = other.fit(samples, {
      ...options,
      onBatch: (event) => void (event.batch === batch && same.stop()),
    });
    await same;
  }
  assert.equal(await mlp.weightsSha256(), await other.weightsSha256());
  // Of one that is over, it changes nothing.
  const over = mlp.fit(SAMPLES, OPTIONS);
  const history = await over;
  over.stop();
  assert.equal(await over, history);
  assert.equal(history.stopReason, "finished");
});

Deno.test("what is wrong is never thrown by fit() itself, and a failure is never lost", async () => {
  await using mlp = new Mlp(NETWORK);
  const wrong = { epochs: 0 };
  assert.deepEqual(
    (await unhandledIn(async () => {
      const told = Promise.withResolvers<void>();
      addEventListener("unhandledrejection", () => told.resolve(), {
        once: true,
      });
      mlp.fit(SAMPLES, wrong);
      // What is to be learned is looked at over several turns of the event loop.
      await told.promise;
    })).map((error) => (error as Error).name),
    ["RangeError"],
  );
  const found = await unhandledIn(async () => {
    await assert.rejects(mlp.fit(SAMPLES, wrong), RangeError);
    await assert.rejects(Array.fromAsync(mlp.fit(SAMPLES, wrong)), RangeError);
  });
  assert.deepEqual(found, []);
});

Deno.test("a failure in a later epoch is thrown in the loop, after the epochs before", async () => {
  await using mlp = new Mlp(NETWORK);
  const failure = new Error("no more room for notes");
  const run = mlp.fit(SAMPLES, {
    ...OPTIONS,
    onEpoch({ epoch }) {
      if (epoch === 3) throw failure;
    },
  });
  const seen: number[] = [];
  const loop = async () => {
    for await (const { epoch } of run) seen.push(epoch);
  };
  const found = await unhandledIn(async () => {
    await assert.rejects(loop, (error) => error === failure);
  });
  assert.deepEqual([seen, found], [[1, 2], []]);
  await assert.rejects(loop, (error) => error === failure);
  assert.deepEqual(seen, [1, 2, 1, 2]);
});

Deno.test("a stream is iterated over as well, and closed when the loop is left", async () => {
  await using mlp = new Mlp(NETWORK);
  await using whole = new Mlp(NETWORK);
  let [asked, closed] = [0, 0];
  const stream = async function* () {
    try {
      for (const seed of [1, 2, 3]) {
        asked++;
        yield await Promise.resolve(randomSamples(20, 4, 3, seed));
      }
    } finally {
      closed++;
    }
  };
  const run = mlp.fit(stream, OPTIONS);
  for await (const { epoch } of run) {
    assert.deepEqual([asked, closed], [3 * epoch, epoch]);
    if (epoch === 2) break;
  }
  const wanted = await whole.fit(stream, { ...OPTIONS, epochs: 2 });
  const { epochs, stopReason } = await run;
  assert.deepEqual(figures(epochs), figures(wanted.epochs));
  assert.equal(stopReason, "left");
  assert.equal(await mlp.weightsSha256(), await whole.weightsSha256());

  // In the middle of an epoch.
  [asked, closed] = [0, 0];
  const stopped = mlp.fit(stream, {
    ...OPTIONS,
    onBatch: ({ batch }) => void (asked === 2 && batch === 1 && stopped.stop()),
  });
  assert.deepEqual(await stopped, { epochs: [], stopReason: "left" });
  assert.deepEqual([asked, closed], [2, 1]);
});
