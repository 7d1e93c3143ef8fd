import assert from "node:assert/strict";
import {
  type BatchEvent,
  type EpochEvent,
  Mlp,
  type Samples,
  type TrainOptions,
} from "../../mod.ts";
import { StateError } from "../../src/checks/errors.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { matches } from "../defects.ts";
import { randomSamples } from "../samples.ts";
import { figures } from "./figures.ts";

const NETWORK = { preset: "article", layers: [4, 6, 3], seed: 5 } as const;
const ADAM = {
  ...{ optimizer: "adam", batchSize: 7, learningRate: 0.02, dropout: 0.2 },
} as const satisfies TrainOptions;

/** The samples in another order. */
function inOrder(samples: Samples, order: readonly number[]): Samples {
  const rows = (values: Float32Array, width: number) =>
    Float32Array.from(
      order.flatMap((s) => [...values.subarray(width * s, width * (s + 1))]),
    );
  return {
    ...samples,
    x: rows(samples.x, samples.inputs),
    y: rows(samples.y, samples.outputs),
  };
}

Deno.test("two calls of partialFit() are two epochs, if the second gets the samples in the order of the first", async () => {
  // fit() shuffles the order of the epoch before, partialFit() that of the samples; all else goes on.
  const samples = randomSamples(30, 4, 3, 1);
  const order = Array.from({ length: 30 }, (_, at) => at);
  new Xoshiro128(NETWORK.seed, 1).shuffle(order);
  for (const optimizer of ["article", "sgd", "rmsprop", "adam"] as const) {
    const options: TrainOptions = {
      ...ADAM,
      ...{ optimizer, shuffle: "epoch", schedule: "constant" },
    };
    await using whole = new Mlp({ ...NETWORK, workers: 2 });
    await using parts = new Mlp({ ...NETWORK, workers: 1 });
    const { epochs } = await whole.fit(samples, { ...options, epochs: 2 });
    const first = await parts.partialFit(samples, options);
    const second = await parts.partialFit(inOrder(samples, order), options);
    assert.deepEqual(
      figures([first, { ...second, epoch: 2 }]),
      figures(epochs),
    );
    assert.equal(second.epoch, 1);
    assert.equal(await parts.weightsSha256(), await whole.weightsSha256());
  }
});

Deno.test("partialFit() restarts the optimizer if it is another one, or if weights were set", async () => {
  const samples = randomSamples(30, 4, 3, 1);
  const bits: string[] = [];
  for (const way of ["goes on", "weights", "optimizer", "new network"]) {
    await using first = new Mlp({ ...NETWORK, workers: 1 });
    await first.partialFit(samples, { ...ADAM, batchSize: 30, dropout: 0 });
    const { weights } = first;
    if (way === "weights") first.weights = weights;
    if (way === "optimizer") {
      await first.partialFit(samples, { optimizer: "sgd", learningRate: 0 });
    }
    await using other = new Mlp({
      ...NETWORK,
      weights,
      workers: 1,
    });
    const mlp = way === "new network" ? other : first;
    // One batch of one sample: there is but one order.
    const one = randomSamples(1, 4, 3, 2);
    await mlp.partialFit(one, { optimizer: "adam" });
    bits.push(await mlp.weightsSha256());
  }
  const [goesOn, weights, optimizer, newNetwork] = bits;
  assert.equal(weights, newNetwork);
  assert.equal(optimizer, newNetwork);
  assert.notEqual(goesOn, newNetwork);
});

Deno.test("fit() makes a pass over each piece of a stream, each epoch anew", async () => {
  const pieces = [11, 30, 7].map((count, at) => randomSamples(count, 4, 3, at));
  await using parts = new Mlp({ ...NETWORK, workers: 2 });
  const wanted: EpochEvent[] = [];
  for (const epoch of [1, 2, 3]) {
    const events: EpochEvent[] = [];
    for (const piece of pieces) {
      events.push(await parts.partialFit(piece, ADAM));
    }
    const mean = (name: "loss" | "accuracy") =>
      events.reduce(
        (sum, event, at) => sum + event[name]! * pieces[at].count,
        0,
      ) / 48;
    const [loss, accuracy] = [mean("loss"), mean("accuracy")];
    wanted.push({ ...events[2], epoch, loss, accuracy });
  }
  let calls = 0;
  const streams = [
    async function* () {
      calls++;
      for (const piece of pieces) yield await Promise.resolve(piece);
    },
    () => {
      calls++;
      return pieces;
    },
  ];
  for (const [at, stream] of streams.entries()) {
    await using mlp = new Mlp({ ...NETWORK, workers: 1 });
    const told: EpochEvent[] = [];
    const { epochs, ...rest } = await mlp.fit(stream, {
      ...ADAM,
      epochs: 3,
      onEpoch: (event) => void told.push(event),
    });
    assert.equal(calls, 3 * (at + 1));
    assert.deepEqual(figures(epochs), figures(wanted));
    assert.deepEqual(told, epochs);
    assert.deepEqual(rest, { stopReason: "finished" });
    assert.equal(await mlp.weightsSha256(), await parts.weightsSha256());
  }
});

Deno.test("a stream may fill the same arrays again: a piece is done with before the next is asked for", async () => {
  const pieces = [1, 2, 3].map((seed) => randomSamples(20, 4, 3, seed));
  const validationData = randomSamples(30, 4, 3, 4);
  const options: TrainOptions = { ...ADAM, epochs: 2, validationData };
  await using own = new Mlp({ ...NETWORK, workers: 1 });
  const wanted = await own.fit(() => pieces, options);

  const buffers = {
    ...pieces[0],
    x: new Float32Array(80),
    y: new Float32Array(60),
  };
  const told: string[] = [];
  const stream = async function* () {
    for (const [at, { x, y }] of pieces.entries()) {
      told.push(`piece ${at}`);
      buffers.x.set(x);
      buffers.y.set(y);
      yield await Promise.resolve(buffers);
    }
    told.push("end");
    buffers.x.fill(NaN);
  };
  await using mlp = new Mlp({ ...NETWORK, workers: 2 });
  const { epochs } = await mlp.fit(stream, {
    ...options,
    onBatch: ({ batch }) => void told.push(`batch ${batch}`),
  });
  assert.deepEqual(figures(epochs), figures(wanted.epochs));
  assert.equal(await mlp.weightsSha256(), await own.weightsSha256());
  const batches = ["batch 1", "batch 2", "batch 3"];
  const epoch = [0, 1, 2].flatMap((at) => [`piece ${at}`, ...batches]);
  assert.deepEqual(told, [...epoch, "end", ...epoch, "end"]);
});

Deno.test("between two pieces the network can be used, but not be trained by others", async () => {
  const piece = randomSamples(8, 4, 3, 1);
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const message = "Cannot train as the network is being trained already";
  const stream = async function* () {
    for (let at = 0; at < 2; at++) {
      yield piece;
      for (
        const train of [
          () => mlp.fit(piece, { epochs: 1 }),
          () => mlp.partialFit(piece),
          () => mlp.fit(() => [piece]),
        ]
      ) await assert.rejects(train, matches(StateError, message));
      const { loss } = await mlp.evaluate(piece);
      assert.ok(Number.isFinite(loss));
    }
  };
  await mlp.fit(stream, { epochs: 2 });
  const { epochs } = await mlp.fit(() => [piece], { epochs: 1 });
  assert.equal(epochs.length, 1);
  await mlp.partialFit(piece);
});

Deno.test("onBatch is told the number of the epoch of a stream", async () => {
  const pieces = [randomSamples(10, 4, 3, 1), randomSamples(4, 4, 3, 2)];
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const told: BatchEvent[] = [];
  await mlp.fit(() => pieces, {
    ...{ epochs: 2, batchSize: 4, optimizer: "sgd" },
    onBatch: (event) => void told.push(event),
  });
  assert.deepEqual(
    told.map(({ epoch, batch, batches }) => [epoch, batch, batches]),
    [1, 2].flatMap((epoch) => [
      [epoch, 1, 3],
      [epoch, 2, 3],
      [epoch, 3, 3],
      [epoch, 1, 1],
    ]),
  );
});

Deno.test("a stream is closed when the training fails, and its own failure is passed on", async () => {
  let closed = 0;
  const stream = (...pieces: (Samples | Error)[]) =>
    async function* () {
      try {
        for (const piece of pieces) {
          if (piece instanceof Error) throw piece;
          yield await Promise.resolve(piece);
        }
      } finally {
        closed++;
      }
    };
  const piece = randomSamples(8, 4, 3, 1);
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  await assert.rejects(
    mlp.fit(stream(piece, randomSamples(8, 5, 3, 1), piece)),
    matches(
      RangeError,
      "Cannot train as 'inputs' must be 4 as in the network: current value is 5",
    ),
  );
  assert.equal(closed, 1);
  const failure = new Error("the disk is gone");
  await assert.rejects(
    mlp.fit(stream(piece, failure)),
    (error) => error === failure,
  );
  assert.equal(closed, 2);
  const { epochs } = await mlp.fit(stream(piece), { epochs: 2 });
  assert.equal(epochs.length, 2);
  assert.equal(closed, 4);
});

const EXCLUDED: [TrainOptions, string][] = [
  [
    { validationSplit: 0.5 },
    "'validationSplit' must be left out: current value is 0.5",
  ],
  [
    { sampleWeights: [1, 2] },
    "'sampleWeights' must be left out: current value is [1, 2]",
  ],
  [
    { monitor: "loss" },
    "'monitor' must be left out: current value is 'loss'",
  ],
  [{ patience: 3 }, "'patience' must be left out: current value is 3"],
  [{ resume: true }, "'resume' must be left out: current value is true"],
  [
    { schedule: "cosine" },
    "'schedule' must be left out: current value is 'cosine'",
  ],
  [{ warmUpEpochs: 1 }, "'warmUpEpochs' must be left out: current value is 1"],
  // About several epochs as well, though they would be read by no other option.
  [
    { learningRateDecay: 0 },
    "'learningRateDecay' must be left out: current value is 0",
  ],
  [
    { restoreBestWeights: false },
    "'restoreBestWeights' must be left out: current value is false",
  ],
];

Deno.test("fit() names the options that pieces exclude, before it asks for one", async () => {
  await using mlp = new Mlp(NETWORK);
  const stream = () => assert.fail("a piece was asked for");
  for (const [options, message] of EXCLUDED) {
    await assert.rejects(
      mlp.fit(stream, options),
      matches(RangeError, `Cannot train in pieces as ${message}`),
    );
  }
});

Deno.test("partialFit() refuses options that are about several epochs, by name", async () => {
  await using mlp = new Mlp(NETWORK);
  const samples = randomSamples(20, 4, 3, 1);
  const epochs: typeof EXCLUDED[number] = [
    { epochs: 2 },
    "'epochs' must be left out: current value is 2",
  ];
  for (const [options, message] of [epochs, ...EXCLUDED.slice(2)]) {
    await assert.rejects(
      mlp.partialFit(samples, options),
      matches(RangeError, `Cannot make one pass as ${message}`),
    );
  }
  const { learningRate } = await mlp.partialFit(samples, {
    schedule: "constant",
    learningRate: 0.25,
  });
  assert.equal(learningRate, 0.25);
});

Deno.test("validation is done once an epoch, after the last piece", async () => {
  const [first, second, third] = [1, 2, 3].map((seed) =>
    randomSamples(20, 4, 3, seed)
  );
  const held = randomSamples(30, 4, 3, 4);
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  let looks = 0;
  const validationData = {
    ...held,
    get x() {
      looks++;
      return held.x;
    },
  };
  const options = { ...ADAM, epochs: 2, validationData } as const;
  await mlp.fit(() => [first], options);
  const looksOfOne = looks;
  looks = 0;
  const { epochs } = await mlp.fit(() => [first, second, third], options);
  assert.equal(looks, looksOfOne);
  const { accuracy, loss } = await mlp.evaluate(held);
  assert.equal(epochs[1].validation?.loss, loss);
  assert.equal(epochs[1].validation?.accuracy, accuracy);
});

Deno.test("what is wrong with validationData is refused before a piece is asked for", async () => {
  await using mlp = new Mlp(NETWORK);
  const held = randomSamples(8, 4, 3, 1);
  held.x[5] = NaN;
  await assert.rejects(
    mlp.fit(() => assert.fail("a piece was asked for"), {
      validationData: held,
    }),
    matches(
      RangeError,
      "Cannot validate as 'x of sample 1 at 1' must be a finite number: current value is NaN",
    ),
  );
});

Deno.test("fit() refuses a stream without pieces", async () => {
  await using mlp = new Mlp(NETWORK);
  await assert.rejects(
    mlp.fit(() => []),
    matches(
      RangeError,
      "Cannot train in pieces as there must be samples: the stream has none",
    ),
  );
  const once = [randomSamples(5, 4, 3, 1)].values();
  await assert.rejects(
    mlp.fit(() => once),
    matches(
      RangeError,
      "Cannot train in pieces as the function must give them from the start whenever it is called: epoch 2 got none",
    ),
  );
});

Deno.test("fit() refuses invalid numbers of epochs, also in pieces", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const pieces = () => [randomSamples(8, 4, 3, 1)];
  for (
    const [epochs, type, message] of [
      [0, RangeError, "a whole number of 1 or more: current value is 0"],
      [1.5, RangeError, "a whole number of 1 or more: current value is 1.5"],
      ["2", TypeError, "a whole number of 1 or more: current value is '2'"],
    ] as const
  ) {
    await assert.rejects(
      mlp.fit(pieces, { epochs: epochs as number }),
      (error: Error) => {
        assert.ok(error instanceof type);
        assert.ok(error.message.endsWith(`'epochs' must be ${message}`));
        return true;
      },
    );
  }
});
