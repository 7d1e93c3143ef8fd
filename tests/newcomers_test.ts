/** What users of scikit-learn, Keras and TensorFlow.js try first: it works, or the error says what to write. */
import assert from "node:assert/strict";
import * as lockstep from "../mod.ts";

const X = [[0, 1], [1, 0], [0.2, 0.9], [0.7, 0.3]];
const LABELS = [1, 0, 1, 0];
const SAMPLES = lockstep.samplesFrom({ x: X, labels: LABELS });
const ONCE = { optimizer: "adam", epochs: 1 };
const NETWORK = { layers: [2, 4, 2], output: "softmax", workers: 1 };

/** The library without its types, as a program in JavaScript has it. */
// deno-lint-ignore no-explicit-any
const { Mlp, ...library } = lockstep as any;

/** What is tried, the class of the error, and the words that say what to write. */
type Guess = [() => unknown, new () => Error, RegExp];

/** Refusals of calls of `library`. */
const CALLS: Guess[] = [
  [() => library.samplesFrom(X, LABELS), TypeError, /as \{ x, y \}/],
  [
    () => library.samplesFrom({ xs: X, ys: LABELS }),
    TypeError,
    /'xs' is no option: did you mean 'x'\?/,
  ],
  [
    () => library.samplesFrom([{ input: [0, 1], output: [1] }]),
    TypeError,
    /an object with x, and y or labels/,
  ],
  [
    () => library.samplesFrom({ x: X, target: LABELS }),
    TypeError,
    /did you mean 'y'\?/,
  ],
  [
    () => library.samplesFrom({ x: X, labels: LABELS, num_classes: 2 }),
    TypeError,
    /did you mean 'classes'\?/,
  ],
  [
    () =>
      library.samplesFrom({ x: X, labels: [[0, 1], [1, 0], [0, 1], [1, 0]] }),
    TypeError,
    /'labels\[0\]' .*arrays of targets are given as 'y'/,
  ],
  [
    () => library.samplesFrom({ x: X, labels: [[1], [0], [1], [0]] }),
    TypeError,
    /'labels\[0\]' .*arrays of targets are given as 'y'/,
  ],
  [
    () => library.samplesFrom({ x: X, labels: Uint8Array.of(0, 1, 1, 0, 0) }),
    RangeError,
    /'labels.length' must be 4 for 4 samples in x/,
  ],
  [
    () => library.samplesFrom({ x: X, labels: ["yes", "no", "yes", "no"] }),
    TypeError,
    /classNames\.indexOf\(label\)/,
  ],
  [
    () => library.samplesFrom({ x: X, labels: [1, -1, 1, -1] }),
    RangeError,
    /'labels\[1\]' must be a whole number of 0 or more/,
  ],
  [
    () => library.samplesFrom({ x: [1, 2, 3, 4], labels: LABELS }),
    TypeError,
    /'x\[0\]' must be an array of the numbers of a sample/,
  ],
  [
    () => library.samplesFrom({ x: new Float32Array(8), labels: LABELS }),
    TypeError,
    /'inputs' must be a whole number of 1 or more/,
  ],
  [() => library.trainTestSplit(X, LABELS), TypeError, /samplesFrom\(/],
  [
    () => library.trainTestSplit(SAMPLES, { test_size: 0.25 }),
    TypeError,
    /did you mean 'testFraction'\?/,
  ],
  [
    () => library.trainTestSplit(SAMPLES, 25, 1),
    TypeError,
    /'options' must be an object/,
  ],
  [
    () => library.trainTestSplit(SAMPLES, { testFraction: 25 }),
    RangeError,
    /between 0 and 1/,
  ],
  [
    () => library.fitScaling(SAMPLES.x, 2, "standard"),
    RangeError,
    /did you mean 'standardize'\?/,
  ],
  [
    () => library.loadDataset("iris"),
    Deno.errors.NotFound,
    /^Cannot read 'iris' as there is no such file or folder$/,
  ],
  [
    () => library.classReport(LABELS, LABELS),
    TypeError,
    /as confusionMatrix\(\) returns them/,
  ],
  [
    () => library.accuracy(SAMPLES.y, LABELS),
    RangeError,
    /one class for each sample/,
  ],
  [
    () => library.logLoss(LABELS, [0.1, 0.9, 0.9, 0.1, 0.2, 0.8, 0.9, 0.1], 2),
    RangeError,
    /one-hot for classes/,
  ],
  [() => Mlp({ layers: [2, 1] }), TypeError, /without 'new'/],
  [() => new Mlp([2, 4, 2]), TypeError, /'options' must be an object/],
  [
    () => Mlp.load("model.h5"),
    RangeError,
    /'\.safetensors', '\.onnx' or '\.json'$/,
  ],
];

/** Options of a network that others have, and what the error has to lead to. */
const NETWORK_OPTIONS: [object, new () => Error, string][] = [
  [{ hidden_layer_sizes: [4] }, TypeError, "'layers'?"],
  [{ activations: ["relu"] }, TypeError, "'activation'?"],
  [{ outputActivation: "softmax" }, TypeError, "'output'?"],
  [{ random_state: 1 }, TypeError, "'seed'?"],
  [{ n_jobs: 2 }, TypeError, "'workers'?"],
  [{ kernelInitializer: "he" }, TypeError, "'initializer'?"],
  [{ optimizer: "adam" }, TypeError, "fit() takes it"],
  [{ learning_rate: 0.1 }, TypeError, "fit() takes it"],
  [{ dropout: 0.5 }, TypeError, "fit() takes it"],
  [{ activation: "ReLU" }, RangeError, "'relu'?"],
  [{ activation: "logistic" }, RangeError, "'sigmoid'?"],
  [{ activation: "silu" }, RangeError, "'swish'?"],
  [{ activation: "linear" }, RangeError, "'identity'?"],
  [{ output: "identity" }, RangeError, "'linear'?"],
  [{ output: "linear", loss: "mse" }, RangeError, "'halfSquaredError'?"],
  [{ loss: "categorical_crossentropy" }, RangeError, "'crossEntropy'?"],
  [
    { output: "sigmoid", loss: "binaryCrossentropy" },
    RangeError,
    "'binaryCrossEntropy'?",
  ],
  [{ initializer: "glorotUniform" }, RangeError, "'glorot'?"],
  [{ initializer: "he_normal" }, RangeError, "'he'?"],
  [{ layers: 3 }, TypeError, "an array of 2 to 1000 whole numbers"],
  [{ layers: "2,4,2" }, TypeError, "an array of 2 to 1000 whole numbers"],
  [{ layers: [{ units: 4 }, { units: 2 }] }, TypeError, "'layers[0]'"],
];

/** Options of a training that others have. */
const TRAIN_OPTIONS: [object, new () => Error, string][] = [
  [{ batch_size: 2 }, TypeError, "'batchSize'?"],
  [{ lr: 0.1 }, TypeError, "'learningRate'?"],
  [{ learning_rate_init: 0.1 }, TypeError, "'learningRate'?"],
  [{ max_iter: 2 }, TypeError, "'epochs'?"],
  [{ n_epochs: 2 }, TypeError, "'epochs'?"],
  [{ solver: "adam" }, TypeError, "'optimizer'?"],
  [{ alpha: 0.1 }, TypeError, "'l2'?"],
  [{ weight_decay: 0.1 }, TypeError, "'weightDecay'?"],
  [{ early_stopping: true }, TypeError, "'patience'?"],
  [{ n_iter_no_change: 3 }, TypeError, "'patience'?"],
  [{ validation_split: 0.5 }, TypeError, "'validationSplit'?"],
  [{ validation_data: SAMPLES }, TypeError, "'validationData'?"],
  [{ sample_weight: [1, 1, 1, 1] }, TypeError, "'sampleWeights'?"],
  [{ class_weight: "balanced" }, TypeError, "'classWeights'?"],
  [{ callbacks: {} }, TypeError, "'onEpoch'?"],
  [{ verbose: 1 }, TypeError, "onEpoch"],
  [{ metrics: ["accuracy"] }, TypeError, "evaluate()"],
  [{ loss: "mse" }, TypeError, "new Mlp() takes it"],
  [{ random_state: 1 }, TypeError, "new Mlp() takes it as 'seed'"],
  [{ optimizer: "Adam" }, RangeError, "'adam'?"],
  [{ epochs: "10" }, TypeError, "'epochs' must be a whole number"],
];

/** Asserts that a call, or what it promises, is refused by a class that says what to write. */
async function assertRefused(
  run: () => unknown,
  kind: new () => Error,
  words: RegExp | string,
): Promise<void> {
  await assert.rejects(async () => await run(), (error: Error) => {
    assert.ok(error instanceof kind, `${error.stack}`);
    const says = typeof words === "string"
      ? error.message.includes(words)
      : words.test(error.message);
    assert.ok(says, `${words}: ${error.message}`);
    return true;
  });
}

for (const [run, kind, words] of CALLS) {
  const code = `${run}`.replace(/^\(\) =>\s*/, "").replaceAll(/\s+/g, " ");
  Deno.test(`refused with what to write: ${code}`, async () => {
    await assertRefused(run, kind, words);
  });
}

Deno.test("options of a network that others have lead to the right ones", async () => {
  for (const [options, kind, words] of NETWORK_OPTIONS) {
    const run = () => new Mlp({ ...NETWORK, ...options });
    await assertRefused(run, kind, words);
  }
});

Deno.test("options of a training that others have lead to the right ones", async () => {
  await using mlp = new Mlp(NETWORK);
  for (const [options, kind, words] of TRAIN_OPTIONS) {
    await assertRefused(() => mlp.fit(SAMPLES, options), kind, words);
  }
});

Deno.test("calls of a network that others have are refused with what to write", async () => {
  await using mlp = new Mlp(NETWORK);
  const x = SAMPLES.x;
  const labeled = { x: X, labels: LABELS };
  const guesses: Guess[] = [
    [() => mlp.fit(X, LABELS), TypeError, /samplesFrom\(\{ x, labels \}\)/],
    [
      () => mlp.fit(labeled, ONCE),
      TypeError,
      /write samplesFrom\(\{ x, labels \}\)/,
    ],
    [
      () => mlp.fit({ x: X, y: LABELS }, ONCE),
      TypeError,
      /write samplesFrom\(\{ x, y \}\)/,
    ],
    [
      () => mlp.evaluate(labeled),
      TypeError,
      /write samplesFrom\(\{ x, labels \}\)/,
    ],
    [
      () => mlp.fit({ train: SAMPLES, test: SAMPLES }, ONCE),
      TypeError,
      /its train or test/,
    ],
    [
      () => mlp.fit(Promise.resolve(SAMPLES), ONCE),
      TypeError,
      /write await before them/,
    ],
    [() => mlp.fit(SAMPLES, 10), TypeError, /'options' must be an object/],
    [() => mlp.evaluate(X, LABELS), TypeError, /samplesFrom\(/],
    [() => mlp.predict([0, 1]), TypeError, /for a single one, \[\[…\]\]/],
    [() => mlp.predict(SAMPLES), TypeError, /write \.x/],
    [() => mlp.predict([["0", "1"]]), TypeError, /'x\[0\]\[0\]' must be a fin/],
    [() => mlp.predict([[0, 1, 2]]), RangeError, /'x\[0\]\.length' must be 2/],
    [
      () => mlp.predictClasses([0, 1]),
      TypeError,
      /for a single one, \[\[…\]\]/,
    ],
    [
      () => mlp.fit(library.samplesFrom({ x: X, y: LABELS }), ONCE),
      RangeError,
      /as samplesFrom\(\{ x, labels \}\) makes them/,
    ],
    [
      () => mlp.save("model.h5"),
      RangeError,
      /'\.safetensors', '\.onnx' or '\.json'$/,
    ],
    [() => mlp.layers.push(3), TypeError, /not extensible/],
    [() => mlp.activations.push("relu"), TypeError, /not extensible/],
  ];
  for (const [run, kind, words] of guesses) {
    await assertRefused(run, kind, words);
  }
  // None of them left something behind.
  assert.equal((await mlp.predict(x)).length, 8);
});

Deno.test("what is written the same way elsewhere works", async () => {
  await using mlp = new Mlp(NETWORK);
  await mlp.fit(SAMPLES, { ...ONCE, batchSize: 2 });
  assert.equal((await mlp.predict([[0, 1]])).length, 2);
  assert.equal((await mlp.predict(Float32Array.of(0, 1))).length, 2);
  assert.deepEqual((await mlp.predictClasses(X)).length, 4);
  const columns = library.samplesFrom({ x: X, y: [[1], [0], [1], [0]] });
  assert.deepEqual(columns.y, Float32Array.of(1, 0, 1, 0));
  assert.equal(columns.outputs, 1);
  const oneHot = library.samplesFrom({
    x: X,
    y: [[0, 1], [1, 0], [0, 1], [1, 0]],
  });
  assert.deepEqual(oneHot.y, SAMPLES.y);
});
