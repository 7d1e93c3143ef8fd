import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { Mlp } from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";
import { matches } from "../defects.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";
import { interrupt, RUNS } from "./runs.ts";

const RUN = RUNS["adamw, exponential, for raw targets"];

async function filesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name);
}

Deno.test("a checkpoint restores everything about a network", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/all of it.checkpoint`;
    const network = { ...RUN.network, classNames: ["sum"] };
    await using mlp = new Mlp({ preset: "article", ...network, workers: 2 });
    await interrupt(mlp, RUN, 9, "left");
    await mlp.saveCheckpoint(pathToFileURL(path));
    assert.deepEqual(await filesIn(folder), ["all of it.checkpoint"]);
    await using loaded = await Mlp.loadCheckpoint(pathToFileURL(path), {
      ...{ workers: 3, kernels: "wasm" },
    });
    assert.equal(loaded.workers, 3);
    assert.deepEqual(loaded.toModel(), mlp.toModel());
    const x = RUN.samples.x;
    assert.deepEqual(await loaded.predict(x), await mlp.predict(x));

    // To write what was read gives the same bytes.
    await loaded.saveCheckpoint(`${folder}/again`);
    const [first, again] = [path, `${folder}/again`].map((name) =>
      Deno.readFileSync(name)
    );
    assert.deepEqual(again, first);
  });
});

Deno.test("a checkpoint replaces an older one", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/training.checkpoint`;
    await using mlp = new Mlp({
      ...RUN.network,
      workers: 1,
    });
    for await (const _ of mlp.fit(RUN.samples, RUN.options)) {
      await mlp.saveCheckpoint(path);
    }
    assert.deepEqual(await filesIn(folder), ["training.checkpoint"]);
    await using loaded = await Mlp.loadCheckpoint(path);
    assert.equal(await loaded.weightsSha256(), await mlp.weightsSha256());
  });
});

Deno.test("there is no checkpoint without a training", async () => {
  await inFolder(async (folder) => {
    await using mlp = new Mlp(RUN.network);
    await assert.rejects(
      mlp.saveCheckpoint(`${folder}/none`),
      matches(Error, "Cannot save a checkpoint as there was no training"),
    );
    assert.deepEqual(await filesIn(folder), []);
  });
});

Deno.test("a checkpoint in a folder that doesn't exist leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/missing/training.checkpoint`;
    await using mlp = new Mlp({
      ...RUN.network,
      workers: 1,
    });
    await interrupt(mlp, RUN, 3, "left");
    await assert.rejects(
      mlp.saveCheckpoint(path),
      matches(
        Deno.errors.NotFound,
        `Cannot write '${path}' as there is no such folder '${folder}/missing'`,
      ),
    );
    assert.deepEqual(await filesIn(folder), []);
    // Nothing is locked either.
    await mlp.saveCheckpoint(`${folder}/training.checkpoint`);
    await mlp.partialFit(RUN.samples);
  });
});

Deno.test("loadCheckpoint() names a file that isn't there", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/none`;
    await assert.rejects(
      Mlp.loadCheckpoint(path),
      matches(
        Deno.errors.NotFound,
        `Cannot read '${path}' as there is no such file`,
      ),
    );
  });
});

Deno.test("a training that diverged doesn't replace a good checkpoint by one that can't be read", async () => {
  const samples = randomSamples(20, 3, 2, 1);
  await inFolder(async (folder) => {
    const path = `${folder}/training.checkpoint`;
    await using mlp = new Mlp({
      preset: "article",
      ...{ layers: [3, 2], output: "linear", workers: 1 },
    });
    await mlp.fit(samples, { epochs: 1 });
    await mlp.saveCheckpoint(path);
    const good = await Deno.readFile(path);
    await mlp.fit(samples, {
      ...{ optimizer: "sgd", learningRate: 1e30, batchSize: 2, epochs: 2 },
    });
    assert.ok(mlp.weights[0].some(Number.isNaN));
    await assert.rejects(
      mlp.saveCheckpoint(path),
      matches(
        StateError,
        "Cannot save a checkpoint as the training has diverged: its loss is NaN",
      ),
    );
    assert.deepEqual(await Deno.readFile(path), good);
  });
});

Deno.test("a model is no checkpoint, nor a checkpoint a model", async () => {
  await inFolder(async (folder) => {
    const [model, checkpoint] = ["model", "checkpoint"].map((name) =>
      `${folder}/${name}.safetensors`
    );
    await using mlp = new Mlp({
      ...RUN.network,
      workers: 1,
    });
    await interrupt(mlp, RUN, 3, "left");
    await mlp.save(model);
    await mlp.saveCheckpoint(checkpoint);
    await assert.rejects(
      Mlp.loadCheckpoint(model),
      matches(
        RangeError,
        `Cannot read '${model}' as it must be a checkpoint: it is a model, without where a training stood`,
      ),
    );
    await assert.rejects(
      Mlp.load(checkpoint),
      matches(
        RangeError,
        `Cannot read '${checkpoint}' as it must be a model: it is a checkpoint, for Mlp.loadCheckpoint() or --resume`,
      ),
    );
  });
});
