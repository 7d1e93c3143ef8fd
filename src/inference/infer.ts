/** The forward pass for any number of samples, chunk by chunk, and the outputs that it gives. */
import { isShared } from "../runtime/shared.ts";
import { WrongTypeError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { wrong } from "../checks/validate.ts";
import { requireFewValues } from "../data/floats.ts";
import type { CsrMatrix } from "../data/dataset.ts";
import { type BatchLayout, layOutBatch } from "../step/layout.ts";
import { inferencePlan } from "../plan/inference_plan.ts";
import type { Plan } from "../plan/plan.ts";
import { type Engine, ONE_BATCH } from "../engine/engine.ts";
import { loadColumns } from "../samples/load_samples.ts";

/**
 * Floats of all layers that are computed at a time. Where the main thread copies the inputs, it copies the next ones
 * meanwhile: 10,000 digits take 22 ms with 2,500,000, 25 ms with 10,000,000.
 */
const COPIED_FLOATS = 2_500_000;

/** Where workers bring in the inputs themselves, every run is a wait: 10,000 digits take 17 ms, 19 ms with 2,500,000. */
const SHARED_FLOATS = 10_000_000;

/**
 * How outputs are computed.
 *
 * @example
 * ```ts
 * import { type InferenceOptions, Mlp } from "@lockstep/lockstep";
 *
 * const options: InferenceOptions = { signal: AbortSignal.timeout(60_000) };
 * await using mlp = new Mlp({ layers: [2, 3] });
 * console.log((await mlp.predict([[0, 1]], options)).length); // 3
 * ```
 */
export interface InferenceOptions {
  /** Ends the computation between two chunks of samples; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Checks the options, and whether the signal is aborted already.
 *
 * @throws {TypeError} If an option is unknown or of the wrong type.
 */
export function signalOf(
  action: string,
  options: InferenceOptions,
): AbortSignal | undefined {
  requireOptions(action, options, ["signal"]);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new WrongTypeError(wrong(action, "signal", "an AbortSignal", signal));
  }
  signal?.throwIfAborted();
  return signal;
}

/**
 * Computes the outputs for the inputs x, and with targets the losses, chunk by chunk; shows each chunk while it is in
 * shared memory. While the workers compute one, the next one is copied, unless they can read it where it is.
 */
export function infer(
  engine: Engine,
  x: Float32Array | CsrMatrix,
  count: number,
  targets: Float32Array | undefined,
  show: (batch: BatchLayout, from: number, to: number) => void | Promise<void>,
  signal: AbortSignal | undefined,
  logits = false,
  weights?: readonly Float32Array[],
): Promise<void> {
  const { arena, network } = engine;
  const { layers } = network;
  const [inputs] = layers;
  const shared = x instanceof Float32Array && isShared(x) ? x : undefined;
  const floats = shared === undefined ? COPIED_FLOATS : SHARED_FLOATS;
  const nodes = layers.reduce((sum, width) => sum + width, 0);
  const chunkCount = Math.ceil(count * nodes / floats);
  const size = Math.ceil(count / chunkCount);
  const places = count > size ? 2 : 1;
  return engine.exclusive(async () => {
    if (weights !== undefined) engine.writeWeights(weights);
    const context = engine.context(await engine.provider());
    const mark = arena.mark();
    const wanted = {
      losses: targets !== undefined,
      load: shared !== undefined,
      logits,
    };
    const chunks: { batch: BatchLayout; plan: Plan }[] = arena.layOut(
      `${size} samples of layers ${layers.join("-")}`,
      (arena) =>
        Array.from({ length: places }, () => {
          const alone = targets === undefined && !context.blas;
          const batch = layOutBatch(arena, network, size, undefined, alone);
          const plan = inferencePlan({ ...context, arena }, batch, wanted);
          return { batch, plan };
        }),
    );
    /** What is computed at the moment, and then shown. */
    let running:
      | { done: Promise<void>; finish: () => void | Promise<void> }
      | undefined;
    const finish = async () => {
      const last = running;
      running = undefined;
      await last?.done;
      return last?.finish;
    };
    try {
      for (let from = 0; from < count; from += size) {
        signal?.throwIfAborted();
        const to = Math.min(from + size, count);
        const { batch, plan } = chunks[from / size % places];
        if (shared === undefined) {
          await loadColumns(x, from, to, arena.matrix(batch.a[0]));
        }
        if (targets !== undefined) {
          await loadColumns(targets, from, to, arena.matrix(batch.y));
        }
        const showLast = await finish();
        const samples = to - from;
        const done = engine.run(plan, {
          ...ONE_BATCH,
          samples,
          ...(shared === undefined
            ? {}
            : { inputs: shared.subarray(from * inputs, to * inputs) }),
        });
        // A failure is told of when the next chunk is copied; until then it must not end the process as one nobody awaits.
        done.catch(() => {});
        running = { done, finish: () => show(batch, from, to) };
        await showLast?.();
      }
      await (await finish())?.();
    } finally {
      // Memory that workers still write to can't be given back; the error under way is the one that counts.
      await running?.done.catch(() => {});
      for (const { plan } of chunks) engine.forget(plan);
      arena.release(mark);
    }
  });
}

/**
 * Computes the outputs for samples; sample s has its `outputs` values at `s · outputs`.
 *
 * @param suspect Called if there may be inputs that aren't finite.
 * @param logits Whether to compute logits instead, of which the last activation makes outputs.
 * @param weights What to compute with from then on. Default: what the network has
 */
export async function predict(
  engine: Engine,
  x: Float32Array | CsrMatrix,
  samples: number,
  suspect: () => void,
  signal?: AbortSignal,
  logits = false,
  weights?: readonly Float32Array[],
): Promise<Float32Array<ArrayBuffer>> {
  const outputs = engine.network.layers.at(-1)!;
  requireFewValues("predict", "outputs", samples, outputs);
  const result = new Float32Array(outputs * samples);
  await infer(
    engine,
    x,
    samples,
    undefined,
    (batch, from, to) => {
      const { arena } = engine;
      const sums = arena.floats(batch.errors, to - from);
      if (!sums.every(Number.isFinite)) suspect();
      const found = (logits ? batch.z : batch.a).at(-1)!;
      const layout = { ...found, columns: to - from };
      result.set(arena.matrix(layout).toPacked(), from * outputs);
    },
    signal,
    logits,
    weights,
  );
  return result;
}
