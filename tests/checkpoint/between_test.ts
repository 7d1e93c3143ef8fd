/** Checkpoints that are loaded to begin another training. */
import assert from "node:assert/strict";
import { Mlp, type TrainOptions } from "../../mod.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";

const NETWORK = { preset: "article", layers: [4, 6, 3], seed: 5 } as const;
const ADAM = {
  ...{ optimizer: "adam", batchSize: 7, learningRate: 0.02, dropout: 0.2 },
} as const satisfies TrainOptions;

Deno.test("a checkpoint between two trainings resumes to the bits of no break", async () => {
  const [first, second] = [1, 2].map((seed) => randomSamples(30, 4, 3, seed));
  const rest = { ...ADAM, epochs: 3, shuffle: "epoch" } as const;
  await inFolder(async (folder) => {
    const path = `${folder}/between.ck`;
    for (const shuffle of ["once", "epoch"] as const) {
      for (const epochs of [1, 2, 3]) {
        await using whole = new Mlp({
          ...NETWORK,
          workers: 2,
        });
        await whole.fit(first, { ...ADAM, epochs, shuffle });
        await whole.saveCheckpoint(path);
        await using loaded = await Mlp.loadCheckpoint(path, { workers: 1 });
        await whole.partialFit(second, ADAM);
        await whole.fit(first, rest);
        await loaded.partialFit(second, ADAM);
        await loaded.fit(first, rest);
        const sum = await whole.weightsSha256();
        assert.equal(await loaded.weightsSha256(), sum, `${shuffle} ${epochs}`);
      }
    }
    // Left in the middle of an epoch.
    await using whole = new Mlp({ ...NETWORK, workers: 2 });
    const run = whole.fit(first, {
      ...rest,
      onBatch: ({ epoch }) => void (epoch === 2 && run.stop()),
    });
    await run;
    await whole.saveCheckpoint(path);
    await using loaded = await Mlp.loadCheckpoint(path, { workers: 1 });
    await whole.partialFit(second, ADAM);
    await loaded.partialFit(second, ADAM);
    assert.equal(await loaded.weightsSha256(), await whole.weightsSha256());
  });
});
