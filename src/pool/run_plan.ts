import type { KernelSet } from "../providers/providers.ts";
import type { Lockstep } from "./lockstep.ts";
import { type AnyOp, runOp } from "../plan/ops.ts";
import type { Plan, Run, Stage } from "../plan/plan.ts";
import {
  batchRange,
  forEachWeightRange,
  type Range,
  sampleUnits,
  weightUnits,
} from "../step/split.ts";
import { SpanRing, spanRingBytes } from "../step/span_ring.ts";
import { shardRange } from "../step/shards.ts";

/** The number of a worker in the pool, and the kernels that it computes with. */
export interface Context extends KernelSet {
  readonly ith: number;
  readonly memory: WebAssembly.Memory;
  readonly lockstep: Lockstep;
}

/** Runs the plan for every batch of the run. */
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
  const stamp = stopwatch(buffer, plan, ith, run);
  const waitSlot = plan.slots.length;
  const otherSlot = waitSlot + 1;

  lockstep.start(plan.workers);
  const { learningRate, seed } = run;
  // A function of its own, which is compiled sooner than a loop that runs for an epoch.
  const runBatch = (index: number) => {
    const [start, end] = batchRange(run.samples, run.batches, index);
    const size = end - start;
    const step = run.steps + index - run.from + 1;
    const total = totalSize(run, index, size);
    const batch = { start, size, total, index, step, learningRate, seed };

    const runStamped = (op: AnyOp, from?: number, to?: number) => {
      runOp(opContext, op, batch, from, to);
      stamp(op.slot, step);
    };
    const [own, ownEnd] = ownSamples(plan, size);
    const runPiece = (stage: Stage) => {
      if (stage.split === "samples") {
        const from = own + lockstep.from * samplePieces.unit;
        const to = Math.min(own + lockstep.to * samplePieces.unit, ownEnd);
        if (from >= to) return;
        for (const op of stage.ops) runStamped(op, from, to);
        return;
      }
      const [first, end] = stage.units ?? [0, allWeights];
      forEachWeightRange(
        plan.layers,
        inputPieces,
        first + lockstep.from,
        Math.min(first + lockstep.to, end),
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
      const [first, end] =
        stage.split === "weights" && stage.units !== undefined
          ? stage.units
          : [0, allWeights];
      const units = samples
        ? sampleUnits(ownEnd - own, samplePieces)
        : end - first;
      // One that has nothing to do takes part in what is done at the end.
      lockstep.enter(Math.max(1, units));
      for (
        let first = true;
        lockstep.claim(least, most, samples);
        first = false
      ) {
        stamp(otherSlot, step);
        if (first) stage.own.forEach((op) => runStamped(op));
        runPiece(stage);
        if (!lockstep.complete()) continue;
        for (const op of stage.last) runStamped(op);
        lockstep.advance();
      }
      stamp(otherSlot, step);
      lockstep.leave();
      stamp(waitSlot, step);
    }
  };
  for (let index = run.from; index < run.to; index++) runBatch(index);
}

/** The number of samples of a batch in all ranks. */
function totalSize(
  { samplesOfRanks, batches }: Run,
  index: number,
  size: number,
): number {
  if (samplesOfRanks === undefined) return size;
  return samplesOfRanks.reduce((sum, samples) => {
    const [from, to] = batchRange(samples, batches, index);
    return sum + to - from;
  }, 0);
}

/** The samples of a batch that are this process's: those of its shards. */
function ownSamples({ shards, pieces }: Plan, size: number): Range {
  const { unit } = pieces.samples;
  const [from] = shardRange(size, shards, shards.from, unit);
  const [, to] = shardRange(size, shards, shards.to - 1, unit);
  return [from, to];
}

/**
 * Returns a function that adds the time since its last call to a slot of the worker's table, and records it as a span if
 * spans are requested.
 */
function stopwatch(
  buffer: SharedArrayBuffer,
  plan: Plan,
  ith: number,
  { timings, notes = true }: Run,
): (slot: number, step: number) => void {
  const spans = notes ? plan.spans : undefined;
  if (!timings && spans === undefined) return () => {};
  const table = new Float64Array(
    buffer,
    plan.timings[ith],
    plan.slots.length + 2,
  );
  const ring = spans && new SpanRing(
    new Float64Array(
      buffer,
      spans.rings[ith],
      spanRingBytes(spans.room) / Float64Array.BYTES_PER_ELEMENT,
    ),
  );
  // Each worker counts from its own start.
  const origin = performance.timeOrigin;
  let before = performance.now();
  return (slot, step) => {
    const now = performance.now();
    table[slot] += now - before;
    ring?.add(origin + before, origin + now, slot, step);
    before = now;
  };
}
