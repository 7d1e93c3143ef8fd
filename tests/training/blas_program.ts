/** Trains as the argument says, once for each of its elements, and prints what became of each: run with and without `--allow-ffi`. */
import {
  type KernelSetName,
  Mlp,
  type MlpOptions,
  type TrainOptions,
} from "../../mod.ts";
import { randomSamples } from "../samples.ts";

/** A training. */
export interface Task {
  readonly kernels: KernelSetName;
  readonly workers: number;
  readonly layers: readonly number[];
  readonly options?: TrainOptions & Pick<MlpOptions, "skipZeros">;
}

/** What became of one: `error` alone, or all else. */
export interface Result {
  readonly error?: string;
  readonly loss: number;
  readonly sha256: string;
  readonly kernels: string;
}

async function train({ layers, options = {}, ...network }: Task) {
  const { skipZeros, ...training } = options;
  const samples = randomSamples(500, layers[0], layers.at(-1)!, 3);
  await using mlp = new Mlp({
    ...{ preset: "article", layers, skipZeros },
    ...network,
  });
  const { epochs } = await mlp.fit(samples, {
    epochs: 3,
    batchSize: 180,
    shuffle: "epoch",
    timings: true,
    learningRate: 0.01,
    ...training,
  });
  const { loss } = await mlp.evaluate(samples);
  const sha256 = await mlp.weightsSha256();
  return { loss, sha256, kernels: epochs.at(-1)!.kernels };
}

for (const task of JSON.parse(Deno.args[0] ?? "[]") as Task[]) {
  const result = await train(task).catch(({ message }) => ({ error: message }));
  console.log(JSON.stringify(result));
}
