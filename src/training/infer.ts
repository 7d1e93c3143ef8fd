import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import { batchBytes, type BatchLayout, layOutBatch } from "../plan/layout.ts";
import { inferencePlan } from "../plan/plans.ts";
import { type Engine, ONE_BATCH } from "./engine.ts";
import { loadColumns } from "./load_samples.ts";

/**
 * Samples that are copied to shared memory and computed at a time: enough to keep every worker busy, and 6 MB of
 * MNIST's pixels.
 */
const CHUNK_SAMPLES = 2_000;

/**
 * Computes the outputs for the inputs x, and with targets y the losses, chunk by chunk; shows each chunk while it is in
 * shared memory.
 */
function infer(
  engine: Engine,
  x: Float32Array | CsrMatrix,
  count: number,
  y: Float32Array | undefined,
  show: (batch: BatchLayout, from: number, to: number) => void,
): Promise<void> {
  const { arena, network } = engine;
  const { layers } = network;
  const size = Math.min(count, CHUNK_SAMPLES);
  return engine.exclusive(async () => {
    const blas = (await engine.blas()).path !== undefined;
    arena.reserve(
      batchBytes(layers, size, false),
      `${size} samples of layers ${layers.join("-")}`,
    );
    const mark = arena.mark();
    const batch = layOutBatch(arena, network, size);
    const plan = inferencePlan(engine.context(blas), batch, y !== undefined);
    try {
      const [inputs, targets] = [batch.a[0], batch.y].map((layout) =>
        arena.matrix(layout)
      );
      for (let from = 0; from < count; from += size) {
        const to = Math.min(from + size, count);
        await loadColumns(x, from, to, inputs);
        if (y !== undefined) await loadColumns(y, from, to, targets);
        await engine.run(plan, {
          ...ONE_BATCH,
          samples: to - from,
        });
        show(batch, from, to);
      }
    } finally {
      engine.forget(plan);
      arena.release(mark);
    }
  });
}

/** How well a network does on samples whose targets are known. */
export interface Evaluation {
  /** Part of the samples whose class is right, from 0 to 1. */
  readonly accuracy: number;
  /** Mean loss of a sample, without regularisation. */
  readonly loss: number;
  /** Mean of |a - y| over all outputs and samples. */
  readonly meanError: number;
}

/** Computes how well the network does on `samples`. */
export async function evaluate(
  engine: Engine,
  samples: Samples | SparseSamples,
): Promise<Evaluation> {
  let [hits, losses, errors] = [0, 0, 0];
  const sum = (values: Float32Array) => {
    let total = 0;
    for (const value of values) total += value;
    return total;
  };
  const count = samples.samples;
  await infer(engine, samples.x, count, samples.y, (batch, from, to) => {
    const { arena } = engine;
    hits += sum(arena.floats(batch.hits, to - from));
    losses += sum(arena.floats(batch.losses, to - from));
    errors += sum(arena.floats(batch.errors, to - from));
  });
  return {
    accuracy: hits / samples.samples,
    loss: losses / samples.samples,
    meanError: errors / (samples.samples * samples.outputs),
  };
}

/** Computes the outputs for samples; sample s has its `outputs` values at `s · outputs`. */
export async function predict(
  engine: Engine,
  x: Float32Array | CsrMatrix,
  samples: number,
): Promise<Float32Array<ArrayBuffer>> {
  const outputs = engine.network.layers.at(-1)!;
  const result = new Float32Array(outputs * samples);
  await infer(engine, x, samples, undefined, (batch, from, to) => {
    const layout = { ...batch.a.at(-1)!, columns: to - from };
    result.set(engine.arena.matrix(layout).toPacked(), from * outputs);
  });
  return result;
}
