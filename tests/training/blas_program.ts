/** Trains with the kernels named in the arguments, and prints the weights' sums: run with and without `--allow-ffi`. */
import {
  type KernelSetName,
  Mlp,
  type MlpOptions,
  type TrainOptions,
} from "../../mod.ts";
import { randomSamples } from "../samples.ts";

const [kernels, workers, layers, more = "{}"] = Deno.args;
const shape = JSON.parse(layers) as number[];
const { skipZeros, ...options } = JSON.parse(more) as
  & TrainOptions
  & Pick<MlpOptions, "skipZeros">;
const samples = randomSamples(500, shape[0], shape.at(-1)!, 3);
await using mlp = new Mlp({
  preset: "article",
  layers: shape,
  workers: Number(workers),
  kernels: kernels as KernelSetName,
  skipZeros,
});
let last;
for await (
  const event of mlp.fit(samples, {
    epochs: 3,
    batchSize: 180,
    shuffle: "epoch",
    timings: true,
    learningRate: 0.01,
    ...options,
  })
) last = event;
const { loss } = await mlp.evaluate(samples);
const sha256 = await mlp.weightsSha256();
console.log(JSON.stringify({ loss, sha256, kernels: last!.kernels }));
