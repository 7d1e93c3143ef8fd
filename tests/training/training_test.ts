import assert from "node:assert/strict";
import { Mlp } from "../../src/mlp/mlp.ts";
import { batchCount, batchRange } from "../../src/step/split.ts";
import { Xoshiro128 } from "../../src/units/random.ts";
import { gradient, unpack } from "../float64_mlp.ts";
import { randomSamples, rows } from "../samples.ts";

Deno.test("ten batches of training agree with an independent float64 implementation", async () => {
  const layers = [37, 19, 11, 6];
  const [count, batchSize, epochs] = [143, 30, 2];
  const [rate, decay, momentum] = [0.02, 1e-3, 0.3];
  const samples = randomSamples(count, 37, 6, 3);
  await using mlp = new Mlp({
    preset: "article",
    layers,
    activation: "tanh",
    seed: 21,
  });
  const w = unpack(mlp.weights, layers);
  const settings = {
    activation: "tanh",
    loss: "binaryCrossEntropy",
    l1: 1e-3,
    l2: 1e-2,
  } as const;

  for await (
    const _ of mlp.fit(samples, {
      epochs,
      batchSize,
      learningRate: rate,
      learningRateDecay: decay,
      momentum,
      l1: settings.l1,
      l2: settings.l2,
    })
  );

  const order = Array.from({ length: count }, (_, at) => at);
  new Xoshiro128(21, 1).shuffle(order);
  const x = rows(samples.x, 37);
  const y = rows(samples.y, 6);
  const batches = batchCount(count, batchSize);
  assert.equal(batches * epochs, 10);
  const previous = w.map((layer) => layer.map((row) => row.map(() => 0)));
  let lr = rate;
  for (let epoch = 0; epoch < epochs; epoch++) {
    lr /= 1 + decay * epoch;
    for (let batch = 0; batch < batches; batch++) {
      const picked = order.slice(...batchRange(count, batches, batch));
      const grad = gradient(
        w,
        picked.map((s) => x[s]),
        picked.map((s) => y[s]),
        settings,
      );
      for (const [n, layer] of w.entries()) {
        for (const [o, row] of layer.entries()) {
          for (const c of row.keys()) {
            const step = lr * grad[n][o][c];
            row[c] -= step + momentum * previous[n][o][c];
            previous[n][o][c] = step;
          }
        }
      }
    }
  }

  for (const [n, layer] of unpack(mlp.weights, layers).entries()) {
    const scale = Math.max(...w[n].flat().map(Math.abs));
    for (const [o, row] of layer.entries()) {
      for (const [c, value] of row.entries()) {
        assert.ok(
          Math.abs(value - w[n][o][c]) < 1e-5 * scale,
          `W[${n}][${o}][${c}]: ${value} instead of ${w[n][o][c]}`,
        );
      }
    }
  }
});

Deno.test("the same seed gives the same bits with any number of workers", async () => {
  const samples = randomSamples(1003, 30, 10, 8);
  for (const batchSize of [1, 7, 500, 1003]) {
    const epochs = batchSize === 1 ? 2 : 3;
    const sums = new Set<string>();
    for (const workers of [1, 3, 7]) {
      await using mlp = new Mlp({
        preset: "article",
        layers: [30, 21, 13, 10],
        workers,
      });
      const options = {
        epochs,
        batchSize,
        l1: 1e-4,
        shuffle: "epoch",
      } as const;
      const events = await Array.fromAsync(mlp.fit(samples, options));
      const figures = events.map(({ seconds: _, ...event }) => event);
      sums.add(await mlp.weightsSha256() + JSON.stringify(figures));
    }
    assert.equal(sums.size, 1, `batch size ${batchSize}`);
  }
});

Deno.test("another seed gives other weights", async () => {
  const sums = [1, 2].map((seed) =>
    new Mlp({ preset: "article", layers: [3, 2], seed })
  );
  const [first, second] = await Promise.all(
    sums.map((mlp) => mlp.weightsSha256()),
  );
  assert.notEqual(first, second);
  for (const mlp of sums) await mlp.dispose();
});

Deno.test("fit() leaves the calling thread free: a timer of 10 ms keeps ticking", async () => {
  const samples = randomSamples(20_000, 200, 10, 4);
  await using mlp = new Mlp({
    preset: "article",
    layers: [200, 100, 10],
    workers: 2,
  });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  let ticksOfEpochs = 0;
  try {
    for await (const _ of mlp.fit(samples, { epochs: 6 })) {
      ticksOfEpochs = ticks;
    }
  } finally {
    clearInterval(timer);
  }
  // An epoch here is dozens of ms of work for two cores: were the thread blocked, not one tick would come in between.
  assert.ok(ticksOfEpochs >= 6, `${ticksOfEpochs} ticks`);
});

Deno.test("fit() stops when the loop is left, and can go on later", async () => {
  const samples = randomSamples(100, 4, 3, 2);
  await using mlp = new Mlp({
    preset: "article",
    layers: [4, 5, 3],
    workers: 2,
  });
  for await (const { epoch } of mlp.fit(samples, { epochs: 1000 })) {
    if (epoch === 3) break;
  }
  const sum = await mlp.weightsSha256();
  const events = await Array.fromAsync(mlp.fit(samples, { epochs: 2 }));
  assert.deepEqual(events.map(({ epoch }) => epoch), [1, 2]);
  assert.notEqual(await mlp.weightsSha256(), sum);
});

Deno.test("predict() and evaluate() may be called between epochs, and overlap", async () => {
  const samples = randomSamples(300, 6, 2, 7);
  const shas: string[] = [];
  for (const disturb of [false, true]) {
    await using mlp = new Mlp({
      preset: "article",
      layers: [6, 9, 2],
      workers: 3,
    });
    for await (const _ of mlp.fit(samples, { epochs: 4, batchSize: 64 })) {
      if (!disturb) continue;
      const [all, one, { accuracy }] = await Promise.all([
        mlp.predict(samples.x),
        mlp.predict(samples.x.subarray(0, 6)),
        mlp.evaluate(samples),
      ]);
      assert.deepEqual(all.subarray(0, 2), one);
      let correct = 0;
      for (let s = 0; s < 300; s++) {
        correct += Number(
          (all[2 * s + 1] > all[2 * s]) === (samples.y[2 * s + 1] === 1),
        );
      }
      assert.equal(accuracy, correct / 300);
    }
    shas.push(await mlp.weightsSha256());
  }
  assert.equal(shas[0], shas[1]);
});

Deno.test("weights can be read and written", async () => {
  const samples = randomSamples(50, 3, 2, 1);
  await using first = new Mlp({
    preset: "article",
    layers: [3, 4, 2],
    seed: 1,
  });
  await using second = new Mlp({
    preset: "article",
    layers: [3, 4, 2],
    seed: 2,
  });
  await second.predict(samples.x);
  second.weights = first.weights;
  assert.equal(await first.weightsSha256(), await second.weightsSha256());
  assert.deepEqual(
    await first.predict(samples.x),
    await second.predict(samples.x),
  );
});

Deno.test("wider networks, no hidden layer and single nodes train", async () => {
  for (
    const layers of [[1, 1], [3, 1, 1], [2, 130, 9, 2], [9, 3], [1, 1, 1, 1, 1]]
  ) {
    const samples = randomSamples(21, layers[0], layers.at(-1)!, 6);
    await using mlp = new Mlp({ preset: "article", layers, workers: 3 });
    const events = await Array.fromAsync(
      mlp.fit(samples, {
        epochs: 50,
        batchSize: 8,
        learningRate: 0.05,
        l2: 0,
      }),
    );
    const first = (await mlp.evaluate(samples)).loss;
    assert.ok(
      Number.isFinite(first) && Number.isFinite(events[0].lastBatch.cost),
    );
    for await (
      const _ of mlp.fit(samples, {
        epochs: 200,
        batchSize: 21,
        learningRate: 0.05,
        l2: 0,
      })
    );
    assert.ok((await mlp.evaluate(samples)).loss < first, layers.join("-"));
  }
});
