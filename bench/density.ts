/**
 * `deno task bench:density`: from which density of the inputs on it no longer pays to skip the zeros. Seconds of an epoch
 * with kernels that skip them and with kernels that don't, in turn, for inputs of which a part isn't zero; and with the
 * machine's BLAS, if `--allow-ffi` is granted.
 */
import { type ComputeOptions, Mlp, type Samples } from "../mod.ts";
import { Xoshiro128 } from "../src/units/random.ts";
import { findBlas } from "../src/providers/blas.ts";
import { machine } from "./lib/machine.ts";
import { median } from "./lib/statistics.ts";
import { table } from "./lib/table.ts";

const DENSITIES = [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1];
const NETWORKS = [[784, 70, 30, 10], [784, 512, 10], [100, 30, 10]];
const SAMPLES = 10_000;
const ROUNDS = 7;

/** Samples with inputs of which about `density` aren't zero. */
function samplesOf(inputs: number, density: number): Samples {
  const random = new Xoshiro128(1);
  const outputs = 10;
  const x = new Float32Array(SAMPLES * inputs);
  for (let at = 0; at < x.length; at++) {
    x[at] = random.nextFloat() < density ? random.nextFloat() : 0;
  }
  const y = new Float32Array(SAMPLES * outputs);
  for (let s = 0; s < SAMPLES; s++) y[s * outputs + random.below(outputs)] = 1;
  return { x, y, count: SAMPLES, inputs, outputs };
}

const blas = (await findBlas()).words !== undefined;
const sets: ComputeOptions[] = [
  { kernels: "wasm", skipZeros: "always" },
  { kernels: "wasm", skipZeros: "never" },
  ...(blas ? [{ kernels: "blas", skipZeros: "never" } as const] : []),
];

console.log(`${machine()}\nbatch 500, seconds of an epoch of ${SAMPLES}\n`);
const rows: (string | number)[][] = [];
for (const layers of NETWORKS) {
  for (const density of DENSITIES) {
    const samples = samplesOf(layers[0], density);
    await using stack = new AsyncDisposableStack();
    const runs = sets.map((compute) => ({
      epochs: stack.use(new Mlp({ preset: "article", layers, ...compute }))
        .fit(samples, { epochs: ROUNDS + 1, learningRate: 1e-5 })
        [Symbol.asyncIterator](),
      seconds: [] as number[],
    }));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const run of runs) {
        const { value } = await run.epochs.next();
        // The first round is for the compilers to warm up.
        if (round > 0) run.seconds.push(value!.seconds);
      }
    }
    const [sparse, ...others] = runs.map(({ seconds }) => median(seconds));
    rows.push([
      layers.join("-"),
      density.toFixed(2),
      ...[sparse, ...others].map((seconds) => seconds.toFixed(4)),
      ...others.map((seconds) => (sparse / seconds).toFixed(2)),
    ]);
  }
}
console.log(table(
  [
    ...["network", "density", "skipping", "all"],
    ...(blas ? ["BLAS", "to all", "to BLAS"] : ["ratio"]),
  ],
  rows,
));
