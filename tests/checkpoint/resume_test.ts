import assert from "node:assert/strict";
import { Mlp, type Samples, type TrainOptions } from "../../mod.ts";
import { matches } from "../defects.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";
import { figures } from "../training/figures.ts";
import {
  assertSameAfter,
  BATCHES,
  interrupt,
  RUNS,
  trainWhole,
} from "./runs.ts";

for (const [name, run] of Object.entries(RUNS)) {
  /** Events up to the given batch of an epoch, or to the end of the epoch. */
  const upTo = async (epoch: number, batch?: number): Promise<number> => {
    const { events } = await trainWhole(run);
    const at = events.findIndex((event) =>
      batch === undefined
        ? event.type === "epoch" && event.epoch.epoch === epoch
        : event.type === "batch" && event.batch.epoch === epoch &&
          event.batch.batch === batch
    );
    assert.ok(at >= 0, `no batch ${batch} in epoch ${epoch}`);
    return at + 1;
  };

  for (const way of ["left", "aborted"] as const) {
    Deno.test(`${name}: ${way} after an epoch, it comes to the same bits`, async () => {
      const counts = [await upTo(1), await upTo(4)];
      await assertSameAfter(run, await trainWhole(run), counts, way);
    });

    Deno.test(`${name}: ${way} within an epoch, it comes to the same bits`, async () => {
      const counts = [await upTo(1, 1), await upTo(4, 2)];
      await assertSameAfter(run, await trainWhole(run), counts, way);
    });
  }

  Deno.test(`${name}: aborted after the last batch of an epoch, it comes to the same bits`, async () => {
    const counts = [await upTo(3, BATCHES)];
    await assertSameAfter(run, await trainWhole(run), counts, "aborted");
  });
}

const STOPPING = RUNS["adam, best weights and plateau"];

Deno.test("the training with best weights ends early, so that they are put back", async () => {
  const { events } = await trainWhole(STOPPING);
  await using mlp = new Mlp({
    preset: "article",
    ...STOPPING.network,
    workers: 1,
  });
  const { bestEpoch, stopReason } = await mlp.fit(
    STOPPING.samples,
    STOPPING.options,
  );
  assert.ok(stopReason === "early" && bestEpoch! > 1);
  const last = events.at(-1)!;
  assert.ok(last.type === "epoch" && last.epoch.epoch === bestEpoch! + 4);
  // Between the best epoch and the last: best weights and rate come from the checkpoint.
  const count = (BATCHES + 1) * (bestEpoch! + 2) + 2;
  const bits = await mlp.weightsSha256();
  await assertSameAfter(STOPPING, { events, bits }, [count], "aborted");
});

Deno.test("a training that was left at the event of its early stop stays stopped", async () => {
  const whole = await trainWhole(STOPPING);
  await assertSameAfter(STOPPING, whole, [whole.events.length], "left");
});

Deno.test("to resume a training that has ended changes nothing", async () => {
  for (const run of Object.values(RUNS)) {
    await inFolder(async (folder) => {
      const path = `${folder}/ended.checkpoint`;
      await using mlp = new Mlp({
        preset: "article",
        ...run.network,
        workers: 1,
      });
      const whole = await mlp.fit(run.samples, run.options);
      await mlp.saveCheckpoint(path);
      await using loaded = await Mlp.loadCheckpoint(path, { workers: 1 });
      const { epochs, ...rest } = await loaded.fit(run.samples, {
        ...{ ...run.options, resume: true },
      });
      assert.deepEqual(epochs, []);
      const { epochs: _, ...wanted } = whole;
      assert.deepEqual(rest, wanted);
      assert.equal(await loaded.weightsSha256(), await mlp.weightsSha256());
    });
  }
});

Deno.test("a network resumes its own training without a checkpoint too", async () => {
  for (const [name, run] of Object.entries(RUNS)) {
    const { events, bits } = await trainWhole(run);
    await using mlp = new Mlp({
      preset: "article",
      ...run.network,
      workers: 2,
    });
    await interrupt(mlp, run, 10, "left");
    const { epochs } = await mlp.fit(run.samples, {
      ...{ ...run.options, resume: true },
    });
    const wanted = events.slice(10).flatMap((event) =>
      event.type === "epoch" ? [event.epoch] : []
    );
    assert.deepEqual(figures(epochs), figures(wanted), name);
    assert.equal(await mlp.weightsSha256(), bits, name);
  }
});

Deno.test("to save a checkpoint during a training doesn't disturb it", async () => {
  const run = RUNS["sgd, cosine after a warm-up"];
  const { bits } = await trainWhole(run);
  await inFolder(async (folder) => {
    await using mlp = new Mlp({
      preset: "article",
      ...run.network,
      workers: 2,
    });
    const saves: Promise<void>[] = [];
    let awaited = false;
    const save = async () => {
      awaited = !awaited;
      const saved = mlp.saveCheckpoint(`${folder}/${saves.length}`);
      saves.push(saved);
      if (awaited) await saved;
    };
    await mlp.fit(run.samples, {
      ...{ ...run.options, onBatch: save, onEpoch: save },
    });
    await Promise.all(saves);
    assert.equal(saves.length, 6 * 6);
    assert.equal(await mlp.weightsSha256(), bits);
    for (const at of [0, 7, 16, 35]) {
      await using loaded = await Mlp.loadCheckpoint(`${folder}/${at}`, {
        workers: 1,
      });
      await loaded.fit(run.samples, { ...run.options, resume: true });
      assert.equal(await loaded.weightsSha256(), bits, `checkpoint ${at}`);
    }
  });
});

Deno.test("a training may be resumed for more epochs, and with timings", async () => {
  const run = RUNS["article, rate of the article"];
  const longer = { ...run, options: { ...run.options, epochs: 8 } };
  const { bits } = await trainWhole(longer);
  await inFolder(async (folder) => {
    const path = `${folder}/six.checkpoint`;
    await using mlp = new Mlp({
      preset: "article",
      ...run.network,
      workers: 1,
    });
    await mlp.fit(run.samples, run.options);
    await mlp.saveCheckpoint(path);
    await using loaded = await Mlp.loadCheckpoint(path, { workers: 2 });
    const { epochs } = await loaded.fit(run.samples, {
      ...{ ...longer.options, resume: true, timings: true },
    });
    assert.deepEqual(epochs.map(({ epoch }) => epoch), [7, 8]);
    assert.ok(epochs[0].timings!.length > 0);
    assert.equal(await loaded.weightsSha256(), bits);
  });
});

const OTHERS: [TrainOptions, string][] = [
  [{ batchSize: 9 }, "'batchSize' must be 10 as before: current value is 9"],
  [
    { learningRate: 0.1 },
    "'learningRate' must be 0.05 as before: current value is 0.1",
  ],
  [{ momentum: 0 }, "'momentum' must be 0.4 as before: current value is 0"],
  [{ l1: 0 }, "'l1' must be 0.001 as before: current value is 0"],
  [{ l2: 0 }, "'l2' must be 0.001 as before: current value is 0"],
  [
    { dropout: [0.2, 0.1] },
    "'dropout' must be [0.2, 0.2] as before: current value is [0.2, 0.1]",
  ],
  [
    { optimizer: "adam", shuffle: "once", reduction: "sum" },
    "'optimizer' must be 'article' as before: current value is 'adam'",
  ],
  [
    { shuffle: "epoch" },
    "'shuffle' must be 'once' as before: current value is 'epoch'",
  ],
  [
    { schedule: "step" },
    "'schedule' must be 'article' as before: current value is 'step'",
  ],
  [
    { reduction: "mean" },
    "'reduction' must be 'sum' as before: current value is 'mean'",
  ],
  [{ patience: 3 }, "'patience' must be 0 as before: current value is 3"],
  [
    { monitor: "accuracy" },
    "'monitor' must be 'loss' as before: current value is 'accuracy'",
  ],
  [
    { validationSplit: 0.2 },
    "'samples' must be 47 as before: current value is 38",
  ],
];

Deno.test("a training isn't resumed with other settings or samples", async () => {
  const run = RUNS["article, rate of the article"];
  await inFolder(async (folder) => {
    const path = `${folder}/some.checkpoint`;
    await using mlp = new Mlp({
      preset: "article",
      ...run.network,
      workers: 1,
    });
    await interrupt(mlp, run, 10, "left");
    await mlp.saveCheckpoint(path);
    await using loaded = await Mlp.loadCheckpoint(path, { workers: 1 });
    const refused = "Cannot go on with the training as";
    const before = await loaded.weightsSha256();
    for (const [change, message] of OTHERS) {
      await assert.rejects(
        loaded.fit(run.samples, { ...run.options, ...change, resume: true }),
        matches(RangeError, `${refused} ${message}`),
      );
    }
    await assert.rejects(
      loaded.fit(randomSamples(46, 5, 3, 4), { ...run.options, resume: true }),
      matches(
        RangeError,
        `${refused} 'samples' must be 47 as before: current value is 46`,
      ),
    );
    const { x, y } = run.samples as Samples;
    const swapped = y.slice().reverse();
    const others: [Samples, TrainOptions][] = [
      [{ ...run.samples, x: x.with(7, -x[7]) } as Samples, {}],
      [{ ...run.samples, y: swapped } as Samples, {}],
      [run.samples as Samples, { classWeights: [1, 2, 1] }],
    ];
    const resume = { ...run.options, resume: true };
    for (const [samples, change] of others) {
      await assert.rejects(
        loaded.fit(samples, { ...resume, ...change }),
        matches(
          RangeError,
          `${refused} 'otherData' must be true for samples, targets or weights of other values than before: current value is false`,
        ),
      );
    }
    await assert.rejects(
      loaded.fit(run.samples, { otherData: true }),
      matches(
        RangeError,
        "Cannot train as 'otherData' is not read without 'resume': leave it out",
      ),
    );
    assert.equal(await loaded.weightsSha256(), before);
    await using other = await Mlp.loadCheckpoint(path, { workers: 1 });
    await other.fit(others[0][0], { ...resume, otherData: true });
    assert.notEqual(await other.weightsSha256(), before);
    // The refused ones leave nothing behind that disturbs the right ones.
    await loaded.fit(run.samples, { ...run.options, resume: true });
    const { bits } = await trainWhole(run);
    assert.equal(await loaded.weightsSha256(), bits);
  });
});

Deno.test("there must be a training to resume", async () => {
  await using mlp = new Mlp({ preset: "article", layers: [5, 3] });
  await assert.rejects(
    mlp.fit(randomSamples(5, 5, 3, 1), { resume: true }),
    matches(Error, "Cannot go on with the training as there was none"),
  );
});
