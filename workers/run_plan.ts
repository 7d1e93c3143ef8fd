import { type Kernels, TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { Plan, Run } from "../src/plan/ops.ts";
import {
  batchRange,
  forEachWeightRange,
  weightUnits,
} from "../src/plan/split.ts";
import type { Barrier } from "../src/pool/barrier.ts";
import type { Claims } from "../src/pool/claims.ts";
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

/** Fewest tiles of samples in a piece: a call of every op costs about as much as a sample. */
const LEAST_SAMPLE_TILES = 1;

/** Fewest tiles of inputs in a piece: every piece of a gradient packs delta anew. */
const LEAST_WEIGHT_TILES = 2;

/** The worker's place in the pool, and what it computes with. */
export interface Context {
  readonly ith: number;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly barrier: Barrier;
  readonly claims: Claims;
}

/** Walks the plan once for every batch of the run. */
export function runPlan(context: Context, plan: Plan, run: Run): void {
  const { ith, kernels, barrier, claims } = context;
  const buffer = context.memory.buffer as unknown as SharedArrayBuffer;
  const scratch = plan.scratch[ith];
  const tilesOfWeights = weightUnits(plan.layers);
  const stamp = stopwatch(buffer, plan, ith, run.timings);
  const barrierSlot = plan.slots.length;
  const otherSlot = barrierSlot + 1;

  for (let index = 0; index < run.batches; index++) {
    const [start, end] = batchRange(run.samples, run.batches, index);
    const batch = end - start;
    const tiles = Math.ceil(batch / TILE_SAMPLES);
    for (const stage of plan.stages) {
      if (stage.split === "none") {
        if (ith !== 0) continue;
        for (const op of stage.ops) {
          executeReduceOp(buffer, op, batch, index);
          stamp(op.slot);
        }
        continue;
      }
      if (stage.split === "samples") {
        while (claims.next(tiles, LEAST_SAMPLE_TILES, MOST_SAMPLE_TILES)) {
          const from = claims.from * TILE_SAMPLES;
          const to = Math.min(claims.to * TILE_SAMPLES, batch);
          for (const op of stage.ops) {
            executeSampleOp(kernels, op, start, from, to);
            stamp(op.slot);
          }
        }
      } else {
        while (claims.next(tilesOfWeights, LEAST_WEIGHT_TILES, Infinity)) {
          forEachWeightRange(
            plan.layers,
            claims.from,
            claims.to,
            (layer, from, to) => {
              for (const op of stage.ops) {
                if (op.layer !== layer) continue;
                const rate = run.learningRate;
                executeWeightOp(kernels, op, from, to, batch, rate, scratch);
                stamp(op.slot);
              }
            },
          );
        }
      }
      stamp(otherSlot);
      barrier.wait();
      stamp(barrierSlot);
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
