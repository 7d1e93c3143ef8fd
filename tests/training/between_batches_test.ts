/** During a training, weights can be read and set between two batches only; otherwise that is refused. */
import assert from "node:assert/strict";
import { Mlp } from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";
import { sha256Of } from "../../src/models/weights.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";

const SAMPLES = randomSamples(3_000, 20, 3, 5);
const NETWORK = {
  preset: "article",
  layers: [20, 30, 3],
  seed: 8,
  workers: 2,
} as const;
const OPTIONS = { epochs: 4, batchSize: 10 } as const;

/** Waits until the first `read` that is refused, and returns why. */
async function refusal(read: () => void, isOver: () => boolean) {
  while (!isOver()) {
    try {
      read();
    } catch (error) {
      return error;
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
  return undefined;
}

Deno.test("what reads weights at once is refused while workers change them", async () => {
  const where =
    " as workers are changing the weights: do so in 'onEpoch' or 'onBatch', in a loop over 'fit()', or when the training is over";
  await using mlp = new Mlp(NETWORK);
  const { weights } = mlp;
  for (
    const [read, error] of [
      [() => mlp.weights, "Cannot read the weights" + where],
      [() => mlp.toModel(), "Cannot read the weights" + where],
      [
        () => mlp.weights = weights,
        "Cannot set weights as workers are computing with them: await the call under way, or do so in 'onEpoch', 'onBatch' or a loop over 'fit()'",
      ],
    ] as const
  ) {
    let over = false;
    const training = mlp.fit(SAMPLES, { ...OPTIONS, epochs: 40 })
      .finally(() => over = true);
    const refused = await refusal(read, () => over);
    await training;
    assert.deepEqual(refused, new StateError(error));
    read();
  }
});

Deno.test("what is saved during a training is a state between two batches", async () => {
  const states = new Set<string>();
  await using slow = new Mlp({ ...NETWORK, workers: 1 });
  states.add(await slow.weightsSha256());
  await slow.fit(SAMPLES, {
    ...OPTIONS,
    onBatch: async () => void states.add(await slow.weightsSha256()),
  });
  assert.equal(states.size, 1201);

  for (const signal of [undefined, new AbortController().signal]) {
    await inFolder(async (folder) => {
      await using mlp = new Mlp(NETWORK);
      let over = false;
      const training = mlp.fit(SAMPLES, {
        ...OPTIONS,
        ...(signal === undefined ? {} : { signal }),
      }).finally(() => over = true);
      const found = new Set<string>();
      while (!over) {
        found.add(await mlp.weightsSha256());
        const path = `${folder}/model.safetensors`;
        await mlp.save(path);
        await using saved = await Mlp.load(path);
        found.add(await saved.weightsSha256());
      }
      await training;
      assert.deepEqual([...found].filter((sha) => !states.has(sha)), []);
      assert.ok(found.size > 1);
    });
  }
});

Deno.test("weights can be read and set in onEpoch, onBatch and a loop over fit()", async () => {
  await using one = new Mlp(NETWORK);
  await using two = new Mlp(NETWORK);
  const halve = (mlp: Mlp) => {
    mlp.weights = mlp.weights.map((layer) => layer.map((w) => w / 2));
    assert.deepEqual(mlp.toModel().weights, mlp.weights);
  };
  let batches = 0;
  await one.fit(SAMPLES, {
    ...OPTIONS,
    onBatch: () => void (++batches % 300 === 0 && halve(one)),
  });
  for await (const _ of two.fit(SAMPLES, OPTIONS)) halve(two);
  assert.equal(await sha256Of(one.weights), await sha256Of(two.weights));

  await using three = new Mlp(NETWORK);
  await three.fit(SAMPLES, { ...OPTIONS, onEpoch: () => halve(three) });
  assert.equal(await sha256Of(three.weights), await sha256Of(two.weights));
});

Deno.test("who comes during an epoch waits for the end of a batch, not of the epoch; the bits don't change", async () => {
  const options = { ...OPTIONS, epochs: 1, batchSize: 1 } as const;
  await using mlp = new Mlp(NETWORK);
  await using undisturbed = new Mlp(NETWORK);
  const wanted = undisturbed.fit(randomSamples(60_000, 20, 3, 6), options);
  await inFolder(async (folder) => {
    const run = mlp.fit(randomSamples(60_000, 20, 3, 6), options);
    const before = await mlp.weightsSha256();
    const saved = `${folder}/model.safetensors`;
    const isNew = ({ epoch, batch }: Mlp["position"]) => epoch + batch === 0;
    do await mlp.save(saved); while (isNew(mlp.position));
    const { epoch, batch } = mlp.position;
    assert.ok(epoch === 0 && batch > 0 && batch < 60_000, `${epoch}, ${batch}`);
    await using copy = await Mlp.load(saved, { workers: 1 });
    assert.notEqual(await copy.weightsSha256(), before);
    assert.deepEqual((await run).epochs[0].loss, (await wanted).epochs[0].loss);
  });
  assert.equal(await mlp.weightsSha256(), await undisturbed.weightsSha256());
});
