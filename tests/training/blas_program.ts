/** Trains with the kernels named in the arguments, and prints the weights' sums: run with and without `--allow-ffi`. */
import { type KernelSetName, Mlp } from "../../mod.ts";
import { randomSamples } from "../samples.ts";

const [kernels, workers, layers] = Deno.args;
const shape = JSON.parse(layers) as number[];
const samples = randomSamples(500, shape[0], shape.at(-1)!, 3);
await using mlp = new Mlp({
  preset: "article",
  layers: shape,
  workers: Number(workers),
  kernels: kernels as KernelSetName,
});
let last;
for await (
  const event of mlp.fit(samples, {
    epochs: 3,
    batchSize: 180,
    shuffle: "epoch",
    timings: true,
    learningRate: 0.01,
  })
) last = event;
const { loss } = await mlp.evaluate(samples);
const sha256 = await mlp.weightsSha256();
console.log(JSON.stringify({ loss, sha256, kernels: last!.kernels }));
