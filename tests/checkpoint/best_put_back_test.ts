/** Resuming a training at whose end the best weights were put back. */
import assert from "node:assert/strict";
import { Mlp, type TrainOptions } from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";

const NETWORK = {
  preset: "article",
  layers: [4, 10, 3],
  output: "softmax",
  workers: 1,
} as const;

/** Random classes: what is learned from them soon doesn't help with those held back. */
const SAMPLES = randomSamples(60, 4, 3, 12);

const OPTIONS: TrainOptions = {
  ...{ optimizer: "adam", learningRate: 0.05, batchSize: 9, patience: 1000 },
};

/** The weights after the last epoch, before the best ones are put back. */
async function lastBits(mlp: Mlp, options: TrainOptions): Promise<string> {
  let bits = "";
  const onEpoch = async () => {
    bits = await mlp.weightsSha256();
  };
  await mlp.fit(SAMPLES, { ...OPTIONS, ...options, onEpoch });
  return bits;
}

/** A training in memory, and from a checkpoint that was saved at its end. */
async function bothOf(
  options: TrainOptions,
  use: (mlp: Mlp) => Promise<void>,
): Promise<number> {
  await using mlp = new Mlp(NETWORK);
  const { bestEpoch } = await mlp.fit(SAMPLES, { ...OPTIONS, ...options });
  await inFolder(async (folder) => {
    const path = `${folder}/checkpoint`;
    await mlp.saveCheckpoint(path);
    await using read = await Mlp.loadCheckpoint(path, { workers: 1 });
    assert.equal(await read.weightsSha256(), await mlp.weightsSha256());
    await use(read);
  });
  await use(mlp);
  return bestEpoch!;
}

Deno.test("a training whose best weights were put back can't be resumed for more epochs, as the last weights are lost", async () => {
  const options = { validationSplit: 0.3, epochs: 20 };
  await using other = new Mlp(NETWORK);
  const { bestEpoch } = await other.fit(SAMPLES, { ...OPTIONS, ...options });
  assert.ok(bestEpoch! < 20);
  await bothOf(options, async (mlp) => {
    const bits = await mlp.weightsSha256();
    await assert.rejects(
      mlp.fit(SAMPLES, { ...OPTIONS, ...options, epochs: 30, resume: true }),
      new StateError(
        `Cannot go on with the training as the weights of its best epoch, ${bestEpoch}, were put back at its end: go on from a checkpoint that was saved in 'onEpoch', or train with restoreBestWeights: false`,
      ),
    );
    assert.equal(await mlp.weightsSha256(), bits);
    // No epoch is left to do, so it is not refused.
    const again = { ...OPTIONS, ...options, resume: true };
    assert.deepEqual((await mlp.fit(SAMPLES, again)).epochs, []);
    assert.equal(await mlp.weightsSha256(), bits);
  });
});

Deno.test("a training whose last weights are the best ones resumes to the same bits", async () => {
  await using whole = new Mlp(NETWORK);
  const wanted = await lastBits(whole, { epochs: 9 });
  const best = await bothOf({ epochs: 5 }, async (mlp) => {
    assert.equal(await lastBits(mlp, { epochs: 9, resume: true }), wanted);
  });
  assert.equal(best, 5);
});

Deno.test("a training that stopped early has ended: to resume it changes nothing", async () => {
  const options = { validationSplit: 0.3, epochs: 200, patience: 3 };
  await bothOf(options, async (mlp) => {
    const bits = await mlp.weightsSha256();
    const more = { ...OPTIONS, ...options, epochs: 300, resume: true };
    const { epochs, stopReason } = await mlp.fit(SAMPLES, more);
    assert.deepEqual(epochs, []);
    assert.equal(stopReason, "early");
    assert.equal(await mlp.weightsSha256(), bits);
  });
});
