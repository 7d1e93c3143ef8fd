/** Whole trainings in machine code: run by native_test.ts in a process that may call it. */
import assert from "node:assert/strict";
import { Mlp } from "../../../src/mlp/mlp.ts";
import type { MlpOptions } from "../../../src/mlp/mlp_options.ts";
import {
  installFor,
  type KernelNeeds,
} from "../../../src/kernels/native/prepare.ts";
import { PROVIDERS } from "../../../src/providers/providers.ts";
import type { TrainOptions } from "../../../src/training/options/train_options.ts";
import { softSamples } from "../../soft_samples.ts";
import { levels } from "./same_bits.ts";

const INPUTS = 131;
const SAMPLES = 203;

interface Case {
  readonly network: Partial<MlpOptions>;
  readonly training: TrainOptions;
}

const CASES: Case[] = [
  {
    network: { activation: ["sigmoid", "sigmoid"], output: "sigmoid" },
    training: { optimizer: "article", momentum: 0.1, l2: 1e-3, l1: 1e-4 },
  },
  {
    network: { activation: ["relu", "gelu"], output: "softmax" },
    training: { optimizer: "adam", shuffle: "epoch", dropout: 0.2 },
  },
  {
    network: { activation: ["tanh", "relu"], output: "linear" },
    training: { optimizer: "sgd", nesterov: true, clipNorm: 0.3 },
  },
  {
    network: { activation: ["swish", "tanh"], output: "linear", loss: "huber" },
    training: { optimizer: "adamw", shuffle: "epoch", weightDecay: 0.01 },
  },
];

/** What a training leaves behind, to the last bit. */
async function trace(
  { network, training }: Case,
  hidden: readonly number[],
  options: Pick<MlpOptions, "kernels" | "skipZeros" | "workers">,
): Promise<string> {
  const drawn = softSamples(network.output!, SAMPLES, INPUTS, 4, 12);
  // Many are zero.
  const x = (drawn.x as Float32Array).map((x) => x < 0.4 ? 0 : x);
  const samples = { ...drawn, x };
  const layers = [INPUTS, ...hidden, 4];
  await using mlp = new Mlp({ layers, ...network, ...options, seed: 3 });
  await mlp.fit(samples, { ...training, epochs: 3, batchSize: 46 });
  const { loss } = await mlp.evaluate(samples);
  const outputs = [...await mlp.predict(x)];
  // Workers read them where they are, and skip zeros as they go.
  const shared = new Float32Array(new SharedArrayBuffer(x.byteLength));
  shared.set(x.map((x) => x < 0.8 ? 0 : x));
  outputs.push(...await mlp.predict(shared));
  return JSON.stringify([await mlp.weightsSha256(), loss, outputs]);
}

/** What WebAssembly gives, once for all levels. */
const known = new Map<string, Promise<string>>();

for (const level of levels) {
  const find = (needs: KernelNeeds) => {
    const installed = installFor(level, needs);
    return Promise.resolve({ words: level, setup: { level, installed } });
  };
  // The bits of workers don't depend on the level.
  const [some, others] = level === levels.at(-1)
    ? [[1, 3], [2, 7]]
    : [[2], [2]];
  for (const drawn of CASES) {
    const { activation, output } = drawn.network;
    const { optimizer } = drawn.training;
    Deno.test(`${level}: ${activation}, ${output} and ${optimizer}: the bits of WebAssembly, for ${some} and ${others} workers`, async () => {
      Object.assign(PROVIDERS.native, { find });
      const compare = async (
        hidden: readonly number[],
        skipZeros: "always" | "never",
        workers: readonly number[],
      ) => {
        const run = (kernels: "wasm" | "native", workers: number) =>
          trace(drawn, hidden, { kernels, skipZeros, workers });
        const key = JSON.stringify([drawn, hidden, skipZeros]);
        if (!known.has(key)) known.set(key, run("wasm", 1));
        const expected = await known.get(key)!;
        assert.ok(!expected.includes("null"));
        for (const count of workers) {
          const found = await run("native", count);
          assert.ok(found === expected, `${hidden}, ${skipZeros}, ${count}`);
        }
      };
      await compare([70, 30], "always", some);
      await compare([70, 30], "never", others);
      await compare([21, 17], "always", [2]);
      await compare([97, 130], "never", [2]);
      await compare([256, 264], "never", [2]);
    });
  }
}
