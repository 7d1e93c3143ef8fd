/**
 * `deno task stress [--stages 10000000] [--workers 2] [--seed 1]`: workers in step for millions of stages. With `--mutants`
 * it is tried on weakened copies of the code instead, at most so many stages each, and every one must be found.
 */
import { parseArgs } from "node:util";
import { tryMutants } from "./mutants.ts";
import { stress } from "./run_stress.ts";

const { values } = parseArgs({
  options: {
    stages: { type: "string" },
    workers: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    mutants: { type: "boolean", default: false },
  },
});
const stages = Number(values.stages ?? (values.mutants ? 1e6 : 1e7));
const workers = Number(values.workers);
const seed = Number(values.seed);

const start = performance.now();
if (values.mutants) {
  const asExpected = await tryMutants({ stages, workers, seed });
  if (!asExpected) Deno.exitCode = 1;
} else {
  const outcome = await stress({ stages, workers, seed });
  console.log(`${stages} stages by ${workers} workers, seed ${seed}:`, outcome);
}
console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
