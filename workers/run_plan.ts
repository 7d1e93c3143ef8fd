import { type Kernels, TILE_SAMPLES } from "../src/kernels/kernels.ts";
import type { Plan, Run } from "../src/plan/ops.ts";
import { batchRange, sampleShare } from "../src/plan/split.ts";
import type { Barrier } from "../src/pool/barrier.ts";
import {
  executeReduceOp,
  executeSampleOp,
  executeWeightOp,
} from "./execute.ts";

/**
 * Samples that go through all ops of a stage before the next ones start, so that what one op wrote is still in the
 * cache of the core when the next one reads it.
 */
const CHUNK_SAMPLES = 10 * TILE_SAMPLES;

/** The worker's place in the pool, and what it computes with. */
export interface Context {
  readonly ith: number;
  readonly nth: number;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  readonly barrier: Barrier;
}

/** Walks the plan once for every batch of the run. */
export function runPlan(context: Context, plan: Plan, run: Run): void {
  const { ith, nth, kernels, barrier } = context;
  const buffer = context.memory.buffer as unknown as SharedArrayBuffer;
  const shares = plan.shares[ith];
  const scratch = plan.scratch[ith];
  const stamp = stopwatch(buffer, plan, ith, run.timings);
  const barrierSlot = plan.slots.length;
  const otherSlot = barrierSlot + 1;

  for (let index = 0; index < run.batches; index++) {
    const [start, end] = batchRange(run.samples, run.batches, index);
    const batch = end - start;
    const [first, last] = sampleShare(batch, ith, nth);
    for (const stage of plan.stages) {
      if (stage.split === "samples") {
        for (let from = first; from < last; from += CHUNK_SAMPLES) {
          const to = Math.min(from + CHUNK_SAMPLES, last);
          for (const op of stage.ops) {
            executeSampleOp(kernels, op, start, from, to);
            stamp(op.slot);
          }
        }
      } else if (stage.split === "weights") {
        for (const op of stage.ops) {
          const share = shares[op.layer];
          if (share[0] === share[1]) continue;
          executeWeightOp(
            kernels,
            op,
            share,
            batch,
            run.learningRate,
            scratch,
          );
          stamp(op.slot);
        }
      } else if (ith === 0) {
        for (const op of stage.ops) {
          executeReduceOp(buffer, op, batch, index);
          stamp(op.slot);
        }
      }
      if (stage.barrier) {
        stamp(otherSlot);
        barrier.wait();
        stamp(barrierSlot);
      }
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
