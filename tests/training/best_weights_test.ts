import assert from "node:assert/strict";
import {
  type EpochEvent,
  Mlp,
  type MonitorName,
  type TrainOptions,
} from "../../mod.ts";
import { randomSamples } from "../samples.ts";
import { figures } from "./figures.ts";

/** Random classes: what is learned from them doesn't help with the samples held back. */
const SAMPLES = randomSamples(60, 4, 3, 12);

const NETWORK = {
  preset: "article",
  layers: [4, 10, 3],
  output: "softmax",
  workers: 2,
} as const;

const OPTIONS = {
  optimizer: "adam",
  learningRate: 0.05,
  batchSize: 9,
  validationSplit: 0.3,
  epochs: 30,
} satisfies TrainOptions;

/** Events and weights of a training that doesn't stop by itself. */
async function run() {
  await using mlp = new Mlp(NETWORK);
  const epochs: EpochEvent[] = [];
  const bits: string[] = [];
  for await (const event of mlp.fit(SAMPLES, OPTIONS)) {
    epochs.push(event);
    bits.push(await mlp.weightsSha256());
  }
  return { epochs, bits };
}

let known: ReturnType<typeof run> | undefined;

/** Computed once. */
const whole = () => known ??= run();

const VALUES: Record<MonitorName, (event: EpochEvent) => number> = {
  loss: ({ loss }) => loss,
  accuracy: ({ accuracy }) => -accuracy!,
  validationLoss: ({ validation }) => validation!.loss,
  validationAccuracy: ({ validation }) => -validation!.accuracy!,
};

/** The number of the best epoch, and of the last, for values of which the least is best. */
function outcome(values: number[], patience: number, minDelta: number) {
  let [best, bestEpoch] = [Infinity, 0];
  for (const [at, value] of values.entries()) {
    const epoch = at + 1;
    if (value + minDelta < best) [best, bestEpoch] = [value, epoch];
    if (epoch - bestEpoch >= patience) return { bestEpoch, lastEpoch: epoch };
  }
  return { bestEpoch, lastEpoch: values.length };
}

/** Monitor, patience and least change. */
const CASES: [MonitorName | undefined, number, number][] = [
  ["loss", 3, 0],
  ["loss", 2, 0.05],
  ["accuracy", 2, 0],
  ["accuracy", 3, 0.05],
  ["validationLoss", 5, 0],
  [undefined, 3, 0.01],
  ["validationAccuracy", 3, 0],
];

for (const [monitor, patience, minDelta] of CASES) {
  Deno.test(`patience ${patience} and least change ${minDelta} for the monitor "${monitor}"`, async () => {
    const { epochs, bits } = await whole();
    const values = epochs.map(VALUES[monitor ?? "validationLoss"]);
    const { bestEpoch, lastEpoch } = outcome(values, patience, minDelta);
    assert.ok(lastEpoch < OPTIONS.epochs, "would not stop early");
    for (const restoreBestWeights of [undefined, false]) {
      await using mlp = new Mlp({ ...NETWORK, workers: 1 });
      const history = await mlp.fit(SAMPLES, {
        ...OPTIONS,
        ...{ patience, minDelta },
        ...(monitor === undefined ? {} : { monitor }),
        ...(restoreBestWeights === undefined ? {} : { restoreBestWeights }),
      });
      assert.equal(history.bestEpoch, bestEpoch);
      assert.equal(history.stopReason, "early");
      assert.deepEqual(
        figures(history.epochs),
        figures(epochs.slice(0, lastEpoch)),
      );
      const kept = restoreBestWeights === false ? lastEpoch : bestEpoch;
      assert.equal(history.hasBestWeights, restoreBestWeights !== false);
      assert.equal(await mlp.weightsSha256(), bits[kept - 1]);
    }
  });
}

Deno.test("the best weights are put back when a training runs to its end too", async () => {
  const { epochs, bits } = await whole();
  const values = epochs.map(VALUES.validationLoss);
  const { bestEpoch } = outcome(values, Infinity, 0);
  assert.ok(bestEpoch < OPTIONS.epochs, "the last epoch is the best");
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const history = await mlp.fit(SAMPLES, { ...OPTIONS, patience: 1000 });
  assert.equal(history.bestEpoch, bestEpoch);
  assert.equal(history.stopReason, "finished");
  assert.deepEqual(figures(history.epochs), figures(epochs));
  assert.equal(await mlp.weightsSha256(), bits[bestEpoch - 1]);
});

Deno.test("a loss that is NaN is never the best", async () => {
  const { x } = randomSamples(40, 4, 1, 3);
  const samples = { x, y: x.slice(0, 40), count: 40, inputs: 4, outputs: 1 };
  await using mlp = new Mlp({
    preset: "article",
    layers: [4, 1],
    output: "linear",
    workers: 1,
  });
  const history = await mlp.fit(samples, {
    ...{ optimizer: "sgd", learningRate: 1e30, batchSize: 4, patience: 3 },
  });
  assert.deepEqual(history.epochs.map(({ loss }) => loss), [NaN, NaN, NaN]);
  assert.equal(history.bestEpoch, undefined);
  assert.equal(history.stopReason, "early");
});

Deno.test("without patience there is no best epoch", async () => {
  await using mlp = new Mlp({ ...NETWORK, workers: 1 });
  const history = await mlp.fit(SAMPLES, { epochs: 2 });
  assert.deepEqual(Object.keys(history), ["epochs", "stopReason"]);
});

/** The rate of each epoch when it is halved after two values in a row that are no new least one. */
function plateauRates(values: number[]): number[] {
  let [rate, best, bad] = [OPTIONS.learningRate, Infinity, 0];
  return values.map((value) => {
    const used = rate;
    if (value < best) [best, bad] = [value, 0];
    else if (++bad === 2) [rate, bad] = [rate / 2, 0];
    return used;
  });
}

const MONITORS = Object.keys(VALUES) as MonitorName[];

for (const monitor of MONITORS) {
  Deno.test(`the schedule "plateau" follows the monitor "${monitor}"`, async () => {
    await using mlp = new Mlp({ ...NETWORK, workers: 1 });
    const { epochs } = await mlp.fit(SAMPLES, {
      ...OPTIONS,
      ...{ epochs: 20, schedule: "plateau", monitor },
      ...{ plateauPatience: 2, decayFactor: 0.5 },
    });
    const found = epochs.map(({ learningRate }) => learningRate);
    for (const name of MONITORS) {
      const rates = plateauRates(epochs.map(VALUES[name]));
      if (name === monitor) assert.deepEqual(found, rates);
      else assert.notDeepEqual(found, rates);
    }
  });
}
