import type { KernelSet } from "../src/providers/providers.ts";
import type { Lockstep } from "../src/pool/lockstep.ts";
import { type AnyOp, runOp } from "../src/plan/ops.ts";
import type { Plan, Run, Stage } from "../src/plan/plan.ts";
import {
  batchRange,
  forEachWeightRange,
  sampleUnits,
  weightUnits,
} from "../src/step/split.ts";

/** The worker's place in the pool, and what it computes with. */
export interface Context extends KernelSet {
  readonly ith: number;
  readonly memory: WebAssembly.Memory;
  readonly lockstep: Lockstep;
}

/** Walks the plan once for every batch of the run. */
export function runPlan(context: Context, plan: Plan, run: Run): void {
  const { ith, memory, kernels, products, lockstep } = context;
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const opContext = {
    memory,
    kernels,
    products,
    inputs: run.inputs,
    scratch: plan.scratch[ith],
    vector: plan.vectors[ith],
  };
  const { samples: samplePieces, inputs: inputPieces } = plan.pieces;
  const allWeights = weightUnits(plan.layers, inputPieces);
  const stamp = stopwatch(buffer, plan, ith, run.timings);
  const waitSlot = plan.slots.length;
  const otherSlot = waitSlot + 1;

  lockstep.start();
  const { learningRate, seed } = run;
  for (let index = run.from; index < run.to; index++) {
    const [start, end] = batchRange(run.samples, run.batches, index);
    const size = end - start;
    const step = run.steps + index - run.from + 1;
    const batch = { start, size, index, step, learningRate, seed };

    const runStamped = (op: AnyOp, from?: number, to?: number) => {
      runOp(opContext, op, batch, from, to);
      stamp(op.slot);
    };
    const runPiece = (stage: Stage) => {
      if (stage.split === "samples") {
        const from = lockstep.from * samplePieces.unit;
        const to = Math.min(lockstep.to * samplePieces.unit, size);
        for (const op of stage.ops) runStamped(op, from, to);
        return;
      }
      forEachWeightRange(
        plan.layers,
        inputPieces,
        lockstep.from,
        lockstep.to,
        (layer, from, to) => {
          for (const op of stage.ops) {
            if (op.layer === layer) runStamped(op, from, to);
          }
        },
      );
    };

    for (const stage of plan.stages) {
      const samples = stage.split === "samples";
      const { least, most } = samples ? samplePieces : inputPieces;
      lockstep.enter(
        samples ? sampleUnits(batch.size, samplePieces) : allWeights,
      );
      for (
        let first = true;
        lockstep.claim(least, most, samples);
        first = false
      ) {
        if (first) stage.own.forEach((op) => runStamped(op));
        runPiece(stage);
        if (!lockstep.complete()) continue;
        for (const op of stage.last) runStamped(op);
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
