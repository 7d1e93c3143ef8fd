import { type Kernels, TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { Plan, Run, SampleOp, WeightOp } from "../src/plan/ops.ts";
import {
  batchRange,
  forEachWeightRange,
  weightUnits,
} from "../src/plan/split.ts";
import type { Lockstep } from "../src/pool/lockstep.ts";
import {
  executeReduceOp,
  executeSampleOp,
  executeWeightOp,
} from "./execute.ts";

/**
 * Most tiles of samples that go through all ops of a stage before the next ones start: what one op wrote is then still
 * in the cache of the core when the next one reads it.
 */
const MOST_SAMPLE_TILES = 8;

/** Fewest tiles of samples in a piece: the smaller the last pieces, the shorter the wait for the slowest. */
const LEAST_SAMPLE_TILES = 1;

/** Fewest tiles of inputs in a piece: more than one, as every piece of a dense gradient packs delta anew. */
const LEAST_WEIGHT_TILES = 2;

/** The worker's place in the pool, and what it computes with. */
export interface Context {
  readonly ith: number;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly lockstep: Lockstep;
}

/** Walks the plan once for every batch of the run. */
export function runPlan(context: Context, plan: Plan, run: Run): void {
  const { ith, kernels, lockstep } = context;
  const buffer = context.memory.buffer as unknown as SharedArrayBuffer;
  const scratch = plan.scratch[ith];
  const tilesOfWeights = weightUnits(plan.layers);
  const stamp = stopwatch(buffer, plan, ith, run.timings);
  const waitSlot = plan.slots.length;
  const otherSlot = waitSlot + 1;

  lockstep.start();
  for (let index = 0; index < run.batches; index++) {
    const [start, end] = batchRange(run.samples, run.batches, index);
    const batch = end - start;
    const tiles = Math.ceil(batch / TILE_SAMPLES);

    const runSamples = (ops: readonly SampleOp[]) => {
      const from = lockstep.from * TILE_SAMPLES;
      const to = Math.min(lockstep.to * TILE_SAMPLES, batch);
      for (const op of ops) {
        executeSampleOp(kernels, op, start, from, to);
        stamp(op.slot);
      }
    };
    const runWeights = (ops: readonly WeightOp[]) => {
      const { from, to } = lockstep;
      forEachWeightRange(plan.layers, from, to, (layer, first, last) => {
        for (const op of ops) {
          if (op.layer !== layer) continue;
          const rate = run.learningRate;
          executeWeightOp(
            ...[kernels, op, first, last, start, batch, rate, scratch] as const,
          );
          stamp(op.slot);
        }
      });
    };

    for (const stage of plan.stages) {
      const samples = stage.split === "samples";
      lockstep.enter(samples ? tiles : tilesOfWeights);
      const least = samples ? LEAST_SAMPLE_TILES : LEAST_WEIGHT_TILES;
      const most = samples ? MOST_SAMPLE_TILES : Infinity;
      while (lockstep.claim(least, most)) {
        if (samples) runSamples(stage.ops);
        else runWeights(stage.ops);
        if (!lockstep.complete()) continue;
        for (const op of stage.last) {
          executeReduceOp(buffer, op, batch, index);
          stamp(op.slot);
        }
        lockstep.advance();
      }
      stamp(otherSlot);
      lockstep.leave();
      stamp(waitSlot);
    }
  }
}

/** Returns a function that adds the time since its last call to a slot of the worker's table. */
function stopwatch(
  buffer: SharedArrayBuffer,
  plan: Plan,
  ith: number,
  enabled: boolean,
): (slot: number) => void {
  if (!enabled) return () => {};
  const table = new Float64Array(
    buffer,
    plan.timings[ith],
    plan.slots.length + 2,
  );
  let before = performance.now();
  return (slot) => {
    const now = performance.now();
    table[slot] += now - before;
    before = now;
  };
}
