import assert from "node:assert/strict";
import fc from "fast-check";
import { type BatchEvent, Mlp, type TrainOptions } from "../../mod.ts";
import { trainSettings } from "../../src/training/options/train_settings.ts";
import { randomSamples } from "../samples.ts";
import { figures } from "./figures.ts";

const NETWORK = {
  preset: "article",
  layers: [4, 6, 3],
  seed: 5,
  workers: 1,
} as const;

Deno.test("a batch size above the number of samples is that number", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 15_000 }),
      fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined }),
      fc.constantFrom("article", "sgd", "adam"),
      (samples, batchSize, optimizer) => {
        const found = trainSettings(
          { optimizer, ...(batchSize === undefined ? {} : { batchSize }) },
          { samples, layers: [4, 3], validated: false },
        );
        const fiftieth = Math.min(200, Math.max(32, Math.round(samples / 50)));
        const asked = batchSize ?? (optimizer === "article" ? 500 : fiftieth);
        assert.equal(found.batchSize, Math.min(asked, samples));
      },
    ),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("a batch size above the number of samples makes one batch an epoch", async () => {
  const samples = randomSamples(20, 4, 3, 1);
  const cases: TrainOptions[] = [
    {},
    { validationSplit: 0.25 },
    { optimizer: "adam", dropout: 0.3 },
  ];
  for (const options of cases) {
    const learned = options.validationSplit === undefined ? 20 : 15;
    await using large = new Mlp(NETWORK);
    await using exact = new Mlp(NETWORK);
    const told: BatchEvent[] = [];
    const { epochs } = await large.fit(samples, {
      ...{ ...options, epochs: 3, batchSize: 1e9 },
      onBatch: (event) => void told.push(event),
    });
    const given = { ...options, epochs: 3, batchSize: learned };
    const wanted = await exact.fit(samples, given);
    assert.deepEqual(figures(epochs), figures(wanted.epochs));
    assert.equal(await large.weightsSha256(), await exact.weightsSha256());
    assert.deepEqual(
      told.map(({ batches, samples }) => [batches, samples]),
      new Array(3).fill([1, learned]),
    );
  }
});

Deno.test("a batch size above the number of samples: in pieces, and in a training that is resumed", async () => {
  const pieces = [7, 12].map((count) => randomSamples(count, 4, 3, count));
  await using mlp = new Mlp(NETWORK);
  const told: number[] = [];
  const options: TrainOptions = { optimizer: "adam", batchSize: 10 };
  await mlp.fit(() => pieces, {
    ...{ ...options, epochs: 1 },
    onBatch: ({ samples }) => void told.push(samples),
  });
  assert.deepEqual(told, [7, 6, 6]);

  const [samples] = pieces;
  await mlp.fit(samples, { ...options, epochs: 2 });
  for (const batchSize of [7, 10, 500]) {
    const more = { ...options, batchSize, epochs: 2, resume: true };
    const { epochs } = await mlp.fit(samples, more);
    assert.equal(epochs.length, 0);
  }
  await assert.rejects(
    mlp.fit(samples, { ...options, batchSize: 6, epochs: 3, resume: true }),
    {
      name: "RangeError",
      message:
        "Cannot go on with the training as 'batchSize' must be 7 as before: current value is 6",
    },
  );
});
