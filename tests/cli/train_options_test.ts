/** Each option of the network and its training has the same effect on the command line as in the library. */
import assert from "node:assert/strict";
import {
  fitScaling,
  fitTargetScaling,
  Mlp,
  type MlpOptions,
  type Samples,
  samplesFrom,
  type TrainOptions,
} from "../../mod.ts";
import { cellsOf, CommandLine, someAtATime } from "./command_line.ts";

const line = new CommandLine();

/** Iris with its classes in turn, so that any part of it has all of them, and fewer samples of the last class. */
const FLOWERS = Array.from({ length: 50 }, (_, at) => [at, 50 + at, 100 + at])
  .flat().filter((row) => row < 120)
  .map((row) =>
    cellsOf(Deno.readTextFileSync(line.path("iris.csv"))).slice(1)[row]
  );
line.write("flowers.csv", FLOWERS.map((row) => row.join(",")).join("\n"));

const flowers = samplesFrom({
  x: FLOWERS.map((row) => row.slice(0, 4).map(Number)),
  labels: FLOWERS.map((row) =>
    ["setosa", "versicolor", "virginica"].indexOf(row[4])
  ),
});

interface Case {
  readonly args: string;
  readonly layers: number[];
  readonly network: Omit<MlpOptions, "layers">;
  readonly training: TrainOptions;
  /** The learning rates of the first epochs. */
  readonly rates: number[];
}

const CASES: Record<string, Case> = {
  "adamw, a cosine after a warm-up": {
    args: "--optimizer adamw --learning-rate 0.05 --beta1 0.8 --beta2 0.95 " +
      "--epsilon 0.001 --weight-decay 0.3 --reduction sum --l1 0.01 --l2 0.02 " +
      "--dropout 0.3,0 --clip-norm 0.5 --trainable true,false,true --schedule cosine --warm-up-epochs 2 " +
      "--min-learning-rate 0.01 --shuffle once --class-weights 1,2,0.5 " +
      "--batch-size 24 --epochs 5 --hidden 6,5 --activation relu,tanh " +
      "--initializer glorot --seed 7",
    layers: [4, 6, 5, 3],
    network: { activation: ["relu", "tanh"], initializer: "glorot", seed: 7 },
    training: {
      optimizer: "adamw",
      learningRate: 0.05,
      beta1: 0.8,
      beta2: 0.95,
      epsilon: 0.001,
      weightDecay: 0.3,
      reduction: "sum",
      l1: 0.01,
      l2: 0.02,
      dropout: [0.3, 0],
      clipNorm: 0.5,
      trainable: [true, false, true],
      schedule: "cosine",
      warmUpEpochs: 2,
      minLearningRate: 0.01,
      shuffle: "once",
      classWeights: [1, 2, 0.5],
      batchSize: 24,
      epochs: 5,
    },
    // Half a cosine over three epochs: cos 0 = 1, cos 60° = ½, cos 120° = -½.
    rates: [0.025, 0.05, 0.05, 0.04, 0.02],
  },
  "sgd with Nesterov's momentum, in steps": {
    args: "--optimizer sgd --nesterov --momentum 0.8 --learning-rate 0.02 " +
      "--schedule step --step-epochs 2 --decay-factor 0.3 " +
      "--loss halfSquaredError --class-weights balanced --dropout 0.2 --batch-size 18 " +
      "--epochs 5 --hidden 8 --activation elu --initializer he",
    layers: [4, 8, 3],
    network: {
      output: "sigmoid",
      loss: "halfSquaredError",
      activation: "elu",
      initializer: "he",
    },
    training: {
      optimizer: "sgd",
      nesterov: true,
      momentum: 0.8,
      learningRate: 0.02,
      schedule: "step",
      stepEpochs: 2,
      decayFactor: 0.3,
      classWeights: "balanced",
      dropout: 0.2,
      batchSize: 18,
      epochs: 5,
    },
    rates: [0.02, 0.02, 0.006, 0.006, 0.0018],
  },
  "rmsprop, exponentially, until accuracy gets no better": {
    args:
      "--optimizer rmsprop --rho 0.7 --epsilon 0.01 --learning-rate 0.006 " +
      "--schedule exponential --decay-factor 0.9 --validation-split 0.25 " +
      "--patience 2 --min-delta 0.05 --monitor validationAccuracy " +
      "--batch-size 100 --hidden 9 --activation swish --initializer lecun",
    layers: [4, 9, 3],
    network: { activation: "swish", initializer: "lecun" },
    training: {
      optimizer: "rmsprop",
      rho: 0.7,
      epsilon: 0.01,
      learningRate: 0.006,
      schedule: "exponential",
      decayFactor: 0.9,
      validationSplit: 0.25,
      patience: 2,
      minDelta: 0.05,
      monitor: "validationAccuracy",
      batchSize: 100,
    },
    rates: [0.006, 0.0054, 0.00486],
  },
  "the article's, with its decay": {
    args:
      "--learning-rate 0.002 --learning-rate-decay 0.5 --momentum 0.2 --l2 0.05 " +
      "--epochs 4 --hidden 7,6 --activation leakyRelu --shuffle epoch " +
      "--batch-size 40",
    layers: [4, 7, 6, 3],
    network: { activation: "leakyRelu" },
    training: {
      learningRate: 0.002,
      learningRateDecay: 0.5,
      momentum: 0.2,
      l2: 0.05,
      epochs: 4,
      shuffle: "epoch",
      batchSize: 40,
    },
    // Each one from the one before, divided by 1 + 0.5·i.
    rates: [0.002, 0.002 / 1.5, 0.002 / 3, 0.002 / 7.5],
  },
  "adam, until a plateau": {
    args: "--optimizer adam --learning-rate 0.5 --schedule plateau " +
      "--plateau-patience 1 --decay-factor 0.1 --min-learning-rate 0.02 " +
      "--monitor accuracy --epochs 8 --hidden 5 --activation gelu " +
      "--loss huber --batch-size 20",
    layers: [4, 5, 3],
    network: { activation: "gelu", output: "sigmoid", loss: "huber" },
    training: {
      optimizer: "adam",
      learningRate: 0.5,
      schedule: "plateau",
      plateauPatience: 1,
      decayFactor: 0.1,
      minLearningRate: 0.02,
      monitor: "accuracy",
      epochs: 8,
      batchSize: 20,
    },
    rates: [0.5],
  },
};

/** What the library makes of it. */
async function trained(
  samples: Samples,
  network: MlpOptions,
  training: TrainOptions,
): Promise<{ sha256: string; rates: number[] }> {
  // As the command, which may not open a BLAS: with --allow-ffi the tests may.
  await using mlp = new Mlp({
    preset: "article",
    workers: 1,
    kernels: "wasm",
    ...network,
  });
  const { epochs } = await mlp.fit(samples, training);
  return {
    sha256: await mlp.weightsSha256(),
    rates: epochs.map(({ learningRate }) => learningRate),
  };
}

/** The object without one of its fields. */
function without<T extends object>(fields: T, name: string): T {
  const entries = Object.entries(fields).filter(([key]) => key !== name);
  return Object.fromEntries(entries) as T;
}

for (
  const [name, { args, layers, training, rates, ...rest }] of Object.entries(
    CASES,
  )
) {
  Deno.test(`train with ${name}: bits as by the library, and every option counts`, async () => {
    const base = { layers, output: "softmax" } as const;
    const network = { ...base, ...rest.network };
    const library = await trained(flowers, network, training);
    for (const [at, rate] of rates.entries()) {
      const found = library.rates[at];
      assert.ok(Math.abs(found / rate - 1) < 1e-12, `${found} for ${rate}`);
    }
    const events = await line.json(
      "train",
      `--dataset flowers.csv --preset article --output ${network.output} --scale none --test-split 0 ${args}`,
    );
    const [start, epochs, end] = [
      events[0],
      events.slice(1, -1),
      events.at(-1),
    ];
    assert.deepEqual(start.layers, layers);
    assert.deepEqual(epochs.map((event) => event.learningRate), library.rates);
    assert.equal(end.weightsSha256, library.sha256);

    const others = [
      ...Object.keys(rest.network).map((option) =>
        [
          option,
          { ...base, ...without(rest.network, option) },
          training,
        ] as const
      ),
      ...Object.keys(training).map((option) =>
        [option, network, without(training, option)] as const
      ),
    ];
    await someAtATime(others, async ([option, ...settings]) => {
      // Some can't be left out, as the others need them.
      const other = await trained(flowers, ...settings)
        .catch((error: Error) => {
          assert.match(error.message, /^Cannot (make a network|train) as /);
          return { sha256: error.message };
        });
      assert.notEqual(other.sha256, library.sha256, option);
    });
  });
}

Deno.test("train on numbers: scaled inputs and targets, huber", async () => {
  const rows = cellsOf(Deno.readTextFileSync(line.path("diabetes.csv")))
    .slice(1).map((row) => row.map(Number));
  const samples = samplesFrom({
    x: rows.map((row) => row.slice(0, -1)),
    y: rows.map((row) => row.slice(-1)),
  });
  const library = await trained(samples, {
    layers: [10, 12, 1],
    output: "linear",
    loss: "huber",
    activation: "identity",
    preprocessing: await fitScaling(samples.x, 10, "standardize"),
    targets: await fitTargetScaling(samples.y, 1),
  }, { optimizer: "adam", epochs: 3 });
  const events = await line.json(
    "train",
    "--dataset diabetes.csv --preset article --test-split 0 --hidden 12 --output linear " +
      "--loss huber --activation identity --optimizer adam --epochs 3",
  );
  assert.equal(events.at(-1).weightsSha256, library.sha256);
});

Deno.test("train takes the kernels and workers that it is told, and the bits of WebAssembly stay", async () => {
  const args = "--dataset iris.csv --epochs 2 --timings --kernels";
  const sums = new Set<string>();
  const kinds = [
    ["wasm", /^WebAssembly, as told; 99.2 % of .* is 25.0 %: all computed$/],
    [
      "wasm --skip-zeros never",
      /^WebAssembly, as told; all inputs computed, as told$/,
    ],
    [
      "wasm --skip-zeros always",
      /^WebAssembly, as told; .* zero, as told: the others skipped$/,
    ],
    ["reference", /^plain TypeScript, as told; .*: all computed$/],
  ] as const;
  await someAtATime(kinds, async ([kernels, words]) => {
    const [start, epoch, , end] = await line.json(
      "train",
      `${args} ${kernels} --workers 3`,
    );
    assert.equal(start.workers, 3);
    assert.match(epoch.kernels, words);
    assert.ok(epoch.timings.length > 0);
    if (kernels !== "reference") sums.add(end.weightsSha256);
  });
  assert.equal(sums.size, 1);
});

Deno.test("train starts from zeros where told so, and stays there at the rate 0", async () => {
  await line.output(
    "train",
    "--dataset iris.csv --initializer zeros --learning-rate 0 --epochs 1 --hidden 2 --quiet --save zeros.json",
  );
  for (const weights of line.readJson("zeros.json").weights) {
    assert.deepEqual(new Set(weights.flat()), new Set([0]));
  }
});
