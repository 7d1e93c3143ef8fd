// @ts-types="../../src/kernels/module.d.ts"
import module from "../../src/kernels/module.js";

/** Rounds of a call: about 0.2 ms. */
const ROUNDS = 100_000;

/** Operations of a round: 12 multiply-adds of 4 floats. */
const OPERATIONS = 2 * 12 * 4;

/** Operations of a call of {@linkcode runPeak}. */
export const PEAK_OPERATIONS = ROUNDS * OPERATIONS;

const memory = new WebAssembly.Memory({
  initial: 1,
  maximum: 65_536,
  shared: true,
});
const peak = new WebAssembly.Instance(module, { env: { memory } }).exports
  .peak as (rounds: number) => number;

/** Multiplies and adds in registers alone, as fast as one core can with 128-bit vectors. */
export function runPeak(): void {
  peak(ROUNDS);
}

/** The most GFLOPS that one core reaches now: the best of some calls, as other work on the machine only slows them. */
export function measurePeak(): number {
  let best = Infinity;
  for (let call = 0; call < 50; call++) {
    const before = performance.now();
    runPeak();
    best = Math.min(best, performance.now() - before);
  }
  return PEAK_OPERATIONS / best / 1e6;
}
