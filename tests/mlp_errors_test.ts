import assert from "node:assert/strict";
import { Mlp, type MlpOptions, type TrainOptions } from "../mod.ts";
import { randomSamples } from "./samples.ts";

/** What is passed, the type of the error, and its message. */
type Defect<T> = [T, new () => Error, string];

function matches(type: new () => Error, message: string) {
  return (error: Error) => {
    assert.ok(error instanceof type, `${error.name}: ${error.message}`);
    assert.equal(error.message, message);
    return true;
  };
}

const NETWORKS: Defect<unknown>[] = [
  [
    { layers: 5 },
    TypeError,
    "Cannot make a network as 'layers' must be an array of 2 to 1000 whole numbers: current value is 5",
  ],
  [
    { layers: [5] },
    RangeError,
    "Cannot make a network as 'layers.length' must be from 2 to 1000: current value is 1",
  ],
  [
    { layers: [5, 0] },
    RangeError,
    "Cannot make a network as 'layers[1]' must be a whole number of 1 or more: current value is 0",
  ],
  [
    { layers: [NaN, 2] },
    RangeError,
    "Cannot make a network as 'layers[0]' must be a whole number of 1 or more: current value is NaN",
  ],
  [
    { layers: ["5", 2] },
    TypeError,
    "Cannot make a network as 'layers[0]' must be a whole number of 1 or more: current value is '5'",
  ],
  [
    { layers: [2, 2], activation: "cube" },
    RangeError,
    "Cannot make a network as 'activation' must be 'sigmoid' or 'tanh' or 'relu' or 'leakyRelu' or 'elu' or 'gelu' or 'swish' or 'softplus' or 'identity': current value is 'cube'",
  ],
  [
    { layers: [2, 2], activation: 1 },
    TypeError,
    "Cannot make a network as 'activation' must be 'sigmoid' or 'tanh' or 'relu' or 'leakyRelu' or 'elu' or 'gelu' or 'swish' or 'softplus' or 'identity': current value is 1",
  ],
  [
    { layers: [2, 2], loss: "hinge" },
    RangeError,
    "Cannot make a network as 'loss' must be 'binaryCrossEntropy' or 'crossEntropy' or 'halfSquaredError' or 'huber': current value is 'hinge'",
  ],
  [
    { layers: [2, 2], seed: -1 },
    RangeError,
    "Cannot make a network as 'seed' must be a whole number from 0 to 4294967295: current value is -1",
  ],
  [
    { layers: [2, 2], seed: 1.5 },
    RangeError,
    "Cannot make a network as 'seed' must be a whole number from 0 to 4294967295: current value is 1.5",
  ],
  [
    { layers: [2, 2], workers: 0 },
    RangeError,
    "Cannot make a network as 'workers' must be a whole number from 1 to 256: current value is 0",
  ],
  [
    { layers: [2, 2], workers: 257 },
    RangeError,
    "Cannot make a network as 'workers' must be a whole number from 1 to 256: current value is 257",
  ],
  [
    { layers: [2, 2], kernels: "gpu" },
    RangeError,
    "Cannot make a network as 'kernels' must be 'auto' or 'native' or 'blas' or 'wasm' or 'reference': current value is 'gpu'",
  ],
];

Deno.test("new Mlp() names what is wrong", () => {
  for (const [options, type, message] of NETWORKS) {
    assert.throws(() => new Mlp(options as MlpOptions), matches(type, message));
  }
});

Deno.test("new Mlp() says how many bytes a network needs that doesn't fit", () => {
  assert.throws(
    () => new Mlp({ preset: "article", layers: [100_000, 100_000, 10] }),
    /^RangeError: Cannot allocate memory as weights of layers 100000-100000-10 need \d{12} bytes: \d+ bytes can be addressed$/,
  );
});

const COUNT = 20;
const TRAININGS: Defect<unknown>[] = [
  [
    { epochs: 0 },
    RangeError,
    "Cannot train as 'epochs' must be a whole number of 1 or more: current value is 0",
  ],
  [
    { epochs: "3" },
    TypeError,
    "Cannot train as 'epochs' must be a whole number of 1 or more: current value is '3'",
  ],
  [
    { batchSize: 0 },
    RangeError,
    "Cannot train as 'batchSize' must be a whole number of 1 or more: current value is 0",
  ],
  [
    { learningRate: -1 },
    RangeError,
    "Cannot train as 'learningRate' must be a finite number of 0 or more: current value is -1",
  ],
  [
    { learningRate: NaN },
    RangeError,
    "Cannot train as 'learningRate' must be a finite number of 0 or more: current value is NaN",
  ],
  [
    { learningRateDecay: Infinity },
    RangeError,
    "Cannot train as 'learningRateDecay' must be a finite number of 0 or more: current value is Infinity",
  ],
  [
    { momentum: null },
    TypeError,
    "Cannot train as 'momentum' must be a finite number of 0 or more: current value is null",
  ],
  [
    { l1: -1 },
    RangeError,
    "Cannot train as 'l1' must be a finite number of 0 or more: current value is -1",
  ],
  [
    { l2: NaN },
    RangeError,
    "Cannot train as 'l2' must be a finite number of 0 or more: current value is NaN",
  ],
  [
    { shuffle: "never" },
    RangeError,
    "Cannot train as 'shuffle' must be 'once' or 'epoch': current value is 'never'",
  ],
  [
    { timings: 1 },
    TypeError,
    "Cannot train as 'timings' must be true or false: current value is 1",
  ],
];

Deno.test("fit() names what is wrong before it starts", async () => {
  const samples = randomSamples(COUNT, 3, 2, 1);
  await using mlp = new Mlp({ preset: "article", layers: [3, 2] });
  for (const [options, type, message] of TRAININGS) {
    await assert.rejects(
      mlp.fit(samples, options as TrainOptions),
      matches(type, message),
    );
  }
});

Deno.test("fit() refuses samples that don't fit, or hold a NaN", async () => {
  const samples = randomSamples(COUNT, 3, 2, 1);
  await using mlp = new Mlp({ preset: "article", layers: [3, 2] });
  await using other = new Mlp({ preset: "article", layers: [4, 2] });
  await assert.rejects(
    other.fit(samples),
    matches(
      RangeError,
      "Cannot train as 'inputs' must be 4 as in the network: current value is 3",
    ),
  );
  await assert.rejects(
    mlp.fit({ ...samples, count: 21 }),
    matches(
      RangeError,
      "Cannot train as 'x.length' must be 63 (count · inputs): current value is 60",
    ),
  );
  const rejects = (change: object, message: string) =>
    assert.rejects(
      mlp.fit({ ...samples, ...change }),
      matches(RangeError, message),
    );
  const x = samples.x.with(7, NaN);
  await rejects(
    { x },
    "Cannot train as 'x of sample 2 at 1' must be a finite number: current value is NaN",
  );
  const y = samples.y.with(3, 1.5);
  await rejects(
    { y },
    "Cannot train as 'y of sample 1 at 1' must be from 0 to 1, or the network made with task: 'numbers': current value is 1.5",
  );
  await assert.rejects(
    mlp.evaluate({ ...samples, x }),
    matches(
      RangeError,
      "Cannot evaluate as 'x of sample 2 at 1' must be a finite number: current value is NaN",
    ),
  );
});

Deno.test("fit() refuses to run twice at a time", async () => {
  const samples = randomSamples(COUNT, 3, 2, 1);
  await using mlp = new Mlp({ preset: "article", layers: [3, 2] });
  const first = mlp.fit(samples);
  await assert.rejects(
    mlp.fit(samples),
    matches(Error, "Cannot train as the network is being trained already"),
  );
  first.stop();
  await first;
  await mlp.fit(samples, { epochs: 1 });
});

Deno.test("predict() names what is wrong", async () => {
  await using mlp = new Mlp({ preset: "article", layers: [3, 2] });
  const cases: Defect<unknown>[] = [
    [
      "abc",
      TypeError,
      "Cannot predict as 'x' must be an array of arrays or a typed array: current value is 'abc'",
    ],
    [
      new Float32Array(4),
      RangeError,
      "Cannot predict as 'x.length' must be a multiple of 3: current value is 4",
    ],
    [
      new Float32Array(0),
      RangeError,
      "Cannot predict as 'x.length' must be 1 or more: current value is 0",
    ],
    [
      [[1, 2]],
      RangeError,
      "Cannot predict as 'x[0].length' must be 3: current value is 2",
    ],
    [
      [[1, 2, NaN]],
      RangeError,
      "Cannot predict as 'x[0][2]' must be a finite number: current value is NaN",
    ],
  ];
  for (const [x, type, message] of cases) {
    await assert.rejects(
      mlp.predict(x as Float32Array),
      matches(type, message),
    );
  }
});

Deno.test("weights that don't fit are refused, and change nothing", async () => {
  await using mlp = new Mlp({ preset: "article", layers: [1, 2] });
  const before = mlp.weights;
  const cases: Defect<unknown>[] = [
    [
      5,
      TypeError,
      "Cannot set weights as 'weights' must be an array of Float32Arrays: current value is 5",
    ],
    [
      [],
      RangeError,
      "Cannot set weights as 'weights.length' must be 1: current value is 0",
    ],
    [
      [[1, 2, 3, 4]],
      TypeError,
      "Cannot set weights as 'weights[0]' must be a Float32Array: current value is [1, 2, 3, 4]",
    ],
    [
      [new Float32Array(3)],
      RangeError,
      "Cannot set weights as 'weights[0].length' must be 4: current value is 3",
    ],
    [
      [Float32Array.of(1, 2, NaN, 4)],
      RangeError,
      "Cannot set weights as 'weights[0][2]' must be a finite number: current value is NaN",
    ],
  ];
  for (const [weights, type, message] of cases) {
    assert.throws(
      () => mlp.weights = weights as Float32Array<ArrayBuffer>[],
      matches(type, message),
    );
  }
  assert.deepEqual(mlp.weights, before);
});
