import assert from "node:assert/strict";
import {
  Mlp,
  type MlpOptions,
  type Samples,
  type TrainOptions,
} from "../../mod.ts";
import { inFolder } from "../in_folder.ts";
import { randomSamples } from "../samples.ts";
import { eventFigures, type Told, told } from "../training/figures.ts";

/** A network, samples, and how it is trained. */
export interface Run {
  readonly network: MlpOptions;
  readonly samples: Samples;
  readonly options: TrainOptions;
}

const CLASSES = randomSamples(47, 5, 3, 4);

/** Targets that are sums of the inputs, far from mean 0 and deviation 1. */
function sums(count: number): Samples {
  const samples = randomSamples(count, 5, 1, 6);
  const y = Float32Array.from(
    { length: count },
    (_, s) =>
      samples.x.subarray(5 * s, 5 * s + 5).reduce((a, b) => a + 3 * b, 20),
  );
  return { ...samples, y };
}

const NETWORK = { preset: "article", layers: [5, 8, 6, 3], seed: 17 } as const;

/** Batches of an epoch, the same in all trainings. */
export const BATCHES = 5;

/** Different trainings that together use everything that a checkpoint has to keep. */
export const RUNS: Readonly<Record<string, Run>> = {
  "article, rate of the article": {
    network: { ...NETWORK },
    samples: CLASSES,
    options: {
      ...{ epochs: 6, batchSize: 10, learningRate: 0.05, momentum: 0.4 },
      ...{ learningRateDecay: 0.1, l1: 0.001, dropout: 0.2 },
    },
  },
  "sgd, cosine after a warm-up": {
    network: { ...NETWORK, output: "softmax", activation: "relu" },
    samples: CLASSES,
    options: {
      ...{ optimizer: "sgd", nesterov: true, epochs: 6, batchSize: 10 },
      ...{ schedule: "cosine", warmUpEpochs: 2, dropout: [0, 0.3] },
      ...{ classWeights: "balanced", shuffle: "once", clipNorm: 0.5 },
    },
  },
  "adam, best weights and plateau": {
    network: { ...NETWORK, output: "softmax", seed: 5 },
    samples: CLASSES,
    options: {
      ...{ optimizer: "adam", epochs: 30, batchSize: 7, learningRate: 0.03 },
      ...{ schedule: "plateau", plateauPatience: 2, validationSplit: 0.25 },
      ...{ patience: 4, dropout: 0.1 },
    },
  },
  "adamw, exponential, for raw targets": {
    network: {
      ...{ layers: [5, 9, 1], output: "linear", loss: "huber", seed: 3 },
      preprocessing: {
        offset: [0.5, 0, -0.25, 0, 1],
        scale: [2, 1, 0.5, 1, 4],
      },
      targets: { center: [20], unit: [3.5] },
    },
    samples: sums(40),
    options: {
      ...{ optimizer: "adamw", epochs: 6, batchSize: 8, learningRate: 0.01 },
      ...{ schedule: "exponential", validationData: sums(9), l2: 0.01 },
      ...{ monitor: "loss", patience: 3, restoreBestWeights: false },
      sampleWeights: Array.from({ length: 40 }, (_, s) => s % 3),
    },
  },
};

/** The result of a training that isn't interrupted. */
export interface Whole {
  readonly events: readonly Told[];
  readonly bits: string;
}

const known = new Map<Run, Promise<Whole>>();

/** Trains to the end, once for each run. */
export function trainWhole(run: Run): Promise<Whole> {
  const before = known.get(run) ?? trainAnew(run);
  known.set(run, before);
  return before;
}

async function trainAnew({ network, samples, options }: Run): Promise<Whole> {
  await using mlp = new Mlp({ preset: "article", ...network, workers: 1 });
  const events = await told(mlp, samples, options);
  return { events, bits: await mlp.weightsSha256() };
}

/** Ways to interrupt a training: a callback stops it, or aborts. */
export type Way = "left" | "aborted";

/** Trains until `count` events have come. */
export async function interrupt(
  mlp: Mlp,
  { samples, options }: Run,
  count: number,
  way: Way,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  let events = 0;
  const training = told(mlp, samples, { ...options, signal }, (_, run) => {
    if (++events < count) return;
    if (way === "aborted") controller.abort();
    else run.stop();
  });
  if (way === "left") await training;
  else await assert.rejects(training, { name: "AbortError" });
  assert.equal(events, count);
}

/**
 * Interrupts a training several times, each time resumes it in a new network read from a checkpoint, and compares events and
 * bits with those of a training without a break.
 *
 * @param counts Events of the whole training before each interruption, ascending.
 */
export async function assertSameAfter(
  run: Run,
  { events, bits }: Whole,
  counts: readonly number[],
  way: Way,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/training.checkpoint`;
    let last: Run = run;
    let before = 0;
    const made = [
      () =>
        Promise.resolve(
          new Mlp({ preset: "article", ...run.network, workers: 1 }),
        ),
    ];
    for (const count of counts) {
      await using mlp = await made.pop()!();
      await interrupt(mlp, last, count - before, way);
      await mlp.saveCheckpoint(path);
      before = count;
      last = { ...run, options: { ...run.options, resume: true } };
      made.push(() => Mlp.loadCheckpoint(path, { workers: 2 }));
    }
    await using mlp = await made.pop()!();
    const rest = await told(mlp, run.samples, last.options);
    assert.deepEqual(eventFigures(rest), eventFigures(events.slice(before)));
    assert.equal(await mlp.weightsSha256(), bits);
  });
}
