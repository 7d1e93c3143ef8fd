import assert from "node:assert/strict";
import { Mlp, type TrainOptions } from "../../mod.ts";
import { type Defect, matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

const [T, R] = [TypeError, RangeError];
const SAMPLES = randomSamples(4, 3, 2, 1);

/** Options that don't fit the samples; messages without what they all begin with. */
const OPTIONS: Defect[] = [
  [
    { validationSplit: 0.1 },
    R,
    "'validationSplit' must be such that of 4 samples some are left and some held back: current value is 0.1",
  ],
  [
    { validationSplit: 0.9 },
    R,
    "'validationSplit' must be such that of 4 samples some are left and some held back: current value is 0.9",
  ],
  [
    { validationSplit: 0.5, validationData: SAMPLES },
    R,
    "'validationData' and 'validationSplit' exclude each other",
  ],
  [
    { classWeights: "even" },
    T,
    "'classWeights' must be an array of numbers or 'balanced': current value is 'even'",
  ],
  [
    { classWeights: 5 },
    T,
    "'classWeights' must be an array of numbers or 'balanced': current value is 5",
  ],
  [
    { classWeights: [1, 2, 3] },
    R,
    "'classWeights.length' must be 2 for as many classes: current value is 3",
  ],
  [
    { classWeights: [1, -2] },
    R,
    "'classWeights[1]' must be a finite number of 0 or more: current value is -2",
  ],
  [
    { classWeights: [1, "2"] },
    T,
    "'classWeights[1]' must be a finite number of 0 or more: current value is '2'",
  ],
  [
    { sampleWeights: "1111" },
    T,
    "'sampleWeights' must be an array of numbers: current value is '1111'",
  ],
  [
    { sampleWeights: {} },
    T,
    "'sampleWeights' must be an array of numbers: current value is Object",
  ],
  [
    { sampleWeights: [0, 0, 0, 0] },
    R,
    "'sampleWeights' must be more than 0 for some, as nothing is learned otherwise: current value is [0, 0, 0, 0]",
  ],
  [
    { classWeights: [0, 0] },
    R,
    "'classWeights' must be more than 0 for some, as nothing is learned otherwise: current value is [0, 0]",
  ],
  [
    { sampleWeights: [1, 2, 3] },
    R,
    "'sampleWeights.length' must be 4 for as many samples: current value is 3",
  ],
  [
    { sampleWeights: [1, 2], validationSplit: 0.5 },
    R,
    "'sampleWeights.length' must be 4 for as many samples: current value is 2",
  ],
  [
    { sampleWeights: Float32Array.of(1, 2, NaN, 1) },
    R,
    "'sampleWeights[2]' must be a finite number of 0 or more: current value is NaN",
  ],
  [
    { sampleWeights: [1, 2, 3, null] },
    T,
    "'sampleWeights[3]' must be a finite number of 0 or more: current value is null",
  ],
];

Deno.test("fit() names the option that doesn't fit the samples", async () => {
  const mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (const [options, type, message] of OPTIONS) {
    await assert.rejects(
      mlp.fit(SAMPLES, options as TrainOptions),
      matches(type, `Cannot train as ${message}`),
    );
  }
});

Deno.test("class weights are refused for labels of which any number may apply", async () => {
  const y = Float32Array.of(1, 0, 0, 1, 1, 1, 0, 1);
  await using mlp = new Mlp({ task: "labels", layers: [3, 2], workers: 1 });
  await assert.rejects(
    mlp.fit({ ...SAMPLES, y }, { classWeights: [1, 2] }),
    matches(
      R,
      "Cannot train as 'classWeights' must be left out for the task 'labels': current value is [1, 2]",
    ),
  );
});

Deno.test("one output has two classes", async () => {
  const samples = { ...SAMPLES, y: SAMPLES.y.slice(0, 4), outputs: 1 };
  const mlp = new Mlp({ preset: "article", layers: [3, 1] });
  await assert.rejects(
    mlp.fit(samples, { classWeights: [1] }),
    matches(
      R,
      "Cannot train as 'classWeights.length' must be 2 for as many classes: current value is 1",
    ),
  );
});
