import assert from "node:assert/strict";
import { Mlp, type TrainOptions } from "../../mod.ts";
import { type Defect, matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";

const [T, R] = [TypeError, RangeError];
const OPTIMIZERS =
  "'article' or 'sgd' or 'rmsprop' or 'adam' or 'adamw' or 'nadam'";
const SCHEDULES =
  "'article' or 'constant' or 'step' or 'exponential' or 'cosine' or 'plateau'";
const MONITORS =
  "'loss' or 'accuracy' or 'validationLoss' or 'validationAccuracy'";

/** For 20 samples and the layers 3-4-5-2; messages without what they all begin with. */
const DEFECTS: Defect[] = [
  [
    { batchSize: 2.5 },
    R,
    "'batchSize' must be a whole number of 1 or more: current value is 2.5",
  ],
  [
    { shuffle: true },
    T,
    "'shuffle' must be 'once' or 'epoch': current value is true",
  ],
  [
    { optimizer: "lion" },
    R,
    `'optimizer' must be ${OPTIMIZERS}: current value is 'lion'`,
  ],
  [
    { optimizer: 1 },
    T,
    `'optimizer' must be ${OPTIMIZERS}: current value is 1`,
  ],
  [
    { reduction: "none" },
    R,
    "'reduction' must be 'sum' or 'mean': current value is 'none'",
  ],
  [
    { reduction: 0 },
    T,
    "'reduction' must be 'sum' or 'mean': current value is 0",
  ],
  [
    { learningRate: 0.01, minLearningRate: 0.011 },
    R,
    "'minLearningRate' must be a number from 0 to 0.01, the learning rate: current value is 0.011",
  ],
  [{ onStart: 1 }, T, "'onStart' must be a function: current value is 1"],
  [{ onEpoch: 3 }, T, "'onEpoch' must be a function: current value is 3"],
  [
    { onBatch: null },
    T,
    "'onBatch' must be a function: current value is null",
  ],
  [{ signal: 3 }, T, "'signal' must be an AbortSignal: current value is 3"],
  // As float32s these are 0 or infinite, and weights would become NaN without a word.
  ...[7e-46, 1e-300].map((epsilon): Defect => [
    { epsilon },
    RangeError,
    `'epsilon' must be a finite number of more than 0 as a float32: current value is ${epsilon}`,
  ]),
  ...["learningRate", "l1", "l2"].map((name): Defect => [
    { [name]: 3.5e38 },
    RangeError,
    `'${name}' must be a finite number of 0 or more as a float32: current value is 3.5e+38`,
  ]),
  ...[0, -1, Infinity, NaN].map((epsilon): Defect => [
    { epsilon },
    R,
    `'epsilon' must be a finite number of more than 0: current value is ${epsilon}`,
  ]),
  [
    { epsilon: "1" },
    T,
    "'epsilon' must be a finite number of more than 0: current value is '1'",
  ],
  [
    { resume: "yes" },
    T,
    "'resume' must be true or false: current value is 'yes'",
  ],
  [
    { validationData: "all" },
    T,
    "'validationData' must be samples, as samplesFrom({ x, y }) or samplesFrom({ x, labels }) makes them: current value is 'all'",
  ],
  [
    { dropout: [0.1] },
    R,
    "'dropout.length' must be 2 for as many hidden layers: current value is 1",
  ],
  [
    { dropout: [0.1, 1] },
    R,
    "'dropout[1]' must be a number from 0 up to but not 1: current value is 1",
  ],
  [
    { dropout: [0.1, "0.2"] },
    T,
    "'dropout[1]' must be a number from 0 up to but not 1: current value is '0.2'",
  ],
  [
    { schedule: "linear" },
    R,
    `'schedule' must be ${SCHEDULES}: current value is 'linear'`,
  ],
  [
    { schedule: {} },
    T,
    `'schedule' must be ${SCHEDULES}: current value is Object`,
  ],
  [
    { decayFactor: 1.5 },
    R,
    "'decayFactor' must be a number from 0 to 1: current value is 1.5",
  ],
  [
    { decayFactor: "1" },
    T,
    "'decayFactor' must be a number from 0 to 1: current value is '1'",
  ],
  [
    { monitor: "f1" },
    R,
    `'monitor' must be ${MONITORS}: current value is 'f1'`,
  ],
  [{ monitor: 5 }, T, `'monitor' must be ${MONITORS}: current value is 5`],
  ...["validationLoss", "validationAccuracy"].map((monitor): Defect => [
    { monitor },
    R,
    `there is no '${monitor}': 'validationData' or 'validationSplit' must be given`,
  ]),
  ...["nesterov", "restoreBestWeights", "timings"].map((name): Defect => [
    { [name]: "yes" },
    T,
    `'${name}' must be true or false: current value is 'yes'`,
  ]),
  ...["epochs", "stepEpochs", "plateauPatience"].flatMap((name): Defect[] => [
    [
      { [name]: 0 },
      R,
      `'${name}' must be a whole number of 1 or more: current value is 0`,
    ],
    [
      { [name]: 1.5 },
      R,
      `'${name}' must be a whole number of 1 or more: current value is 1.5`,
    ],
    [
      { [name]: "2" },
      T,
      `'${name}' must be a whole number of 1 or more: current value is '2'`,
    ],
  ]),
  ...["warmUpEpochs", "patience"].flatMap((name): Defect[] => [
    [
      { [name]: -1 },
      R,
      `'${name}' must be a whole number of 0 or more: current value is -1`,
    ],
    [
      { [name]: NaN },
      R,
      `'${name}' must be a whole number of 0 or more: current value is NaN`,
    ],
    [
      { [name]: [] },
      T,
      `'${name}' must be a whole number of 0 or more: current value is []`,
    ],
  ]),
  ...[
    ...["learningRate", "momentum", "weightDecay", "l1", "l2", "clipNorm"],
    ...["learningRateDecay", "minLearningRate", "minDelta"],
  ].flatMap((name): Defect[] => [
    [
      { [name]: -1 },
      R,
      `'${name}' must be a finite number of 0 or more: current value is -1`,
    ],
    [
      { [name]: Infinity },
      R,
      `'${name}' must be a finite number of 0 or more: current value is Infinity`,
    ],
    [
      { [name]: "0" },
      T,
      `'${name}' must be a finite number of 0 or more: current value is '0'`,
    ],
  ]),
  ...["rho", "beta1", "beta2", "dropout", "validationSplit"].flatMap((
    name,
  ): Defect[] => [
    [
      { [name]: -0.1 },
      R,
      `'${name}' must be a number from 0 up to but not 1: current value is -0.1`,
    ],
    [
      { [name]: 1 },
      R,
      `'${name}' must be a number from 0 up to but not 1: current value is 1`,
    ],
    [
      { [name]: "0" },
      T,
      `'${name}' must be a number from 0 up to but not 1: current value is '0'`,
    ],
  ]),
];

Deno.test("fit() names the option that is wrong", async () => {
  const samples = randomSamples(20, 3, 2, 1);
  const mlp = new Mlp({ preset: "article", layers: [3, 4, 5, 2] });
  for (const [options, type, message] of DEFECTS) {
    await assert.rejects(
      mlp.fit(samples, options as TrainOptions),
      matches(type, `Cannot train as ${message}`),
    );
  }
});

Deno.test("partialFit() names it as well", async () => {
  const samples = randomSamples(20, 3, 2, 1);
  const mlp = new Mlp({ preset: "article", layers: [3, 4, 5, 2] });
  const options = { batchSize: 0 };
  const wanted = matches(
    RangeError,
    "Cannot train as 'batchSize' must be a whole number of 1 or more: current value is 0",
  );
  await assert.rejects(mlp.partialFit(samples, options), wanted);
});

Deno.test("null is refused in a training, and not taken as left out", async () => {
  const samples = randomSamples(20, 3, 2, 1);
  const mlp = new Mlp({ preset: "article", layers: [3, 4, 2] });
  for (
    const name of [
      ...["epochs", "batchSize", "shuffle", "optimizer", "learningRate"],
      ...["momentum", "nesterov", "rho", "epsilon", "reduction", "dropout"],
      ...[
        "schedule",
        "decayFactor",
        "monitor",
        "patience",
        "restoreBestWeights",
      ],
    ]
  ) {
    await assert.rejects(
      mlp.fit(samples, { [name]: null }),
      {
        name: "TypeError",
        message: new RegExp(`^Cannot train as '${name}' must be .* is null`),
      },
    );
  }
});

Deno.test("fit() says what it takes, and new Mlp() that there must be options", async () => {
  await using mlp = new Mlp({ preset: "article", layers: [3, 2] });
  const pieces = (function* () {
    yield randomSamples(3, 3, 2, 1);
  })();
  for (const source of [pieces, undefined, null, 5]) {
    await assert.rejects(mlp.fit(source as unknown as () => []), {
      name: "TypeError",
      message:
        /^Cannot train as 'samples' must be samples, as samplesFrom\(\{ x, y \}\) or samplesFrom\(\{ x, labels \}\) makes them, or a function that gives them in pieces, as \(\) => pieces: current value is /,
    });
  }
  assert.throws(() => new Mlp(undefined as unknown as { layers: number[] }), {
    name: "TypeError",
    message:
      "Cannot make a network as 'options' must be an object: current value is undefined",
  });
});
