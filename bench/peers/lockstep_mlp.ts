/**
 * Lockstep with the arguments and the output lines of the peers, so that all run alike. `--backend` names its kernels,
 * `--dense` lets them compute with zeros as well, `--mpi` trains with the other processes of an `mpirun`.
 *
 *     deno run --no-prompt --allow-read bench/peers/lockstep_mlp.ts --data FOLDER --threads 4
 */
import {
  type KernelSetName,
  loadDataset,
  Mlp,
  mpi,
  type Samples,
} from "../../mod.ts";
import { emit, parseOptions } from "./common.ts";

/** The first `count` samples. */
function head(samples: Samples, count: number): Samples {
  return {
    ...samples,
    count: count,
    x: samples.x.subarray(0, count * samples.inputs),
    y: samples.y.subarray(0, count * samples.outputs),
  };
}

const standardize = Deno.args.includes("--standardize");
const dense = Deno.args.includes("--dense");
const distributed = Deno.args.includes("--mpi") ? await mpi() : undefined;
const options = parseOptions(
  ["auto", "blas", "native", "wasm"],
  Deno.args.filter((argument) => !/^--(standardize|dense|mpi)$/.test(argument)),
);
const data = await loadDataset(options.data, { standardize });
const train = head(data.train, options.samples ?? data.train.count);
const layers = [train.inputs, ...options.hidden, train.outputs];
await using mlp = new Mlp({
  preset: "article",
  layers,
  workers: options.threads,
  seed: options.seed,
  kernels: options.backend as KernelSetName,
  skipZeros: dense ? "never" : "auto",
  ...(distributed === undefined ? {} : { distributed }),
});
/** Of several ranks, the first one alone prints. */
const tell: typeof emit = (...event) => {
  if (distributed === undefined || distributed.rank === 0) emit(...event);
};
tell("start", {
  peer: "lockstep",
  version: Deno.version.deno,
  threads: options.threads,
  samples: train.count,
});
let total = 0;
for await (
  const { epoch, seconds, lastBatch } of mlp.fit(train, {
    epochs: options.epochs,
    batchSize: options.batchSize,
    learningRate: options.learningRate,
    learningRateDecay: options.lrDecay,
    momentum: options.momentum,
    l2: options.l2,
  })
) {
  total += seconds;
  const { cost, meanAbsoluteError: meanError } = lastBatch;
  tell("epoch", { epoch, seconds, cost, meanError });
}
tell("end", {
  trainAccuracy: (await mlp.evaluate(train)).accuracy,
  testAccuracy: (await mlp.evaluate(data.test)).accuracy,
  seconds: total,
});
await distributed?.[Symbol.asyncDispose]();
