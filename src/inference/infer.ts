import { isShared } from "../runtime/shared.ts";
import { WrongTypeError } from "../checks/errors.ts";
import { requireOptions } from "../checks/options.ts";
import { wrong } from "../checks/validate.ts";
import { requireFewValues } from "../data/floats.ts";
import type { CsrMatrix } from "../data/dataset.ts";
import { LOSSES, type LossName } from "../units/losses.ts";
import { inSlices } from "../slices/in_slices.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { ColumnErrors, meanOfColumns } from "../metrics/column_errors.ts";
import { columnsOfRanks, sumsOfRanks } from "./sums_of_ranks.ts";
import { type BatchLayout, layOutBatch } from "../step/layout.ts";
import { inferencePlan } from "../plan/inference_plan.ts";
import type { Plan } from "../plan/plan.ts";
import { type Engine, ONE_BATCH } from "../engine/engine.ts";
import { loadColumns } from "../samples/load_samples.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";

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
function infer(
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
 * How well a network does on samples whose targets are known: on classes, labels or numbers.
 *
 * @example
 * ```ts
 * import { type Evaluation, Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [2, 3, 2] });
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * const { accuracy, loss }: Evaluation = await mlp.evaluate(samples);
 * console.log(accuracy, loss);
 * ```
 */
export interface Evaluation {
  /**
   * Fraction of the samples whose class is correct, from 0 to 1; of labels, the fraction of all labels that are correct.
   * Absent where the task is numbers.
   */
  readonly accuracy?: number;
  /** Mean loss of a sample, without regularization; of scaled targets. */
  readonly loss: number;
  /** Mean of |a - y| over all outputs and samples, in the units of raw targets. */
  readonly meanAbsoluteError: number;
  /** Of numbers: R², at most 1, the mean over the outputs, see {@linkcode r2}. */
  readonly r2?: number;
  /** Of numbers: the root of the mean squared error, in the units of raw targets; the mean over the outputs. */
  readonly rootMeanSquaredError?: number;
}

/** Errors of numbers that are summed between two looks at the clock. */
const SLICE_ERRORS = 20_000;

/**
 * Computes how well the network does on samples.
 *
 * @param others Processes that have samples of their own, all of which it is about. Default: none
 */
export async function evaluate(
  engine: Engine,
  samples: PreparedSamples,
  signal?: AbortSignal,
  others?: Communicator,
): Promise<Evaluation> {
  const { x, y, outputs, targetUnits } = samples;
  let [count, correct, losses, errors] = [samples.count, 0, 0, 0];
  // One after another, so that the bits don't depend on the chunks.
  const sum = (before: number, values: Float32Array) => {
    let total = before;
    for (const value of values) total += value;
    return total;
  };
  const own = engine.network.task !== "numbers"
    ? undefined
    : Array.from({ length: outputs }, () => new ColumnErrors());
  await infer(engine, x, count, y, async (batch, from, to) => {
    const { arena } = engine;
    correct = sum(correct, arena.floats(batch.correct, to - from));
    losses = sum(losses, arena.floats(batch.losses, to - from));
    errors = sum(errors, arena.floats(batch.errors, to - from));
    if (own === undefined) return;
    const { values: wanted, ld } = arena.matrix(batch.y);
    const { values: found } = arena.matrix(batch.a.at(-1)!);
    const slice = Math.ceil(SLICE_ERRORS / outputs);
    await inSlices(to - from, slice, (first, end) => {
      for (let at = first * ld; at < end * ld; at += ld) {
        for (const [o, column] of own.entries()) {
          column.add(wanted[at + o], found[at + o]);
        }
      }
    });
  }, signal);
  let columns = own;
  if (others !== undefined) {
    const sums = [count, correct, losses, errors];
    [count, correct, losses, errors] = await sumsOfRanks(others, sums);
    columns = own && await columnsOfRanks(others, own);
  }
  return {
    ...(columns === undefined
      ? {
        accuracy: correct / count,
        meanAbsoluteError: errors / (count * outputs),
      }
      : numberMetrics(columns, targetUnits)),
    loss: losses / count,
  };
}

/** How well the outputs of samples do on numbers; of scaled targets, as they are. */
export async function evaluateNumbers(
  found: ArrayLike<number>,
  { y, count, outputs, targetUnits }: PreparedSamples,
  loss: LossName,
): Promise<Evaluation> {
  const columns = Array.from({ length: outputs }, () => new ColumnErrors());
  const { sample } = LOSSES[loss];
  const row = new Float64Array(outputs);
  let losses = 0;
  const slice = Math.ceil(SLICE_ERRORS / outputs);
  await inSlices(count, slice, (from, to) => {
    for (let s = from; s < to; s++) {
      for (const [o, column] of columns.entries()) {
        row[o] = found[s * outputs + o];
        column.add(y[s * outputs + o], row[o]);
      }
      losses += sample(row, y.subarray(s * outputs, (s + 1) * outputs));
    }
  });
  return { ...numberMetrics(columns, targetUnits), loss: losses / count };
}

/** What is known of numbers, in the units of raw targets. */
function numberMetrics(
  columns: readonly ColumnErrors[],
  units: readonly number[] | undefined,
): Pick<Evaluation, "r2" | "meanAbsoluteError" | "rootMeanSquaredError"> {
  const unit = (column: number) => Math.abs(units?.[column] ?? 1);
  return {
    r2: meanOfColumns(columns, ({ r2 }) => r2),
    meanAbsoluteError: meanOfColumns(
      columns,
      ({ meanAbsolute }, column) => unit(column) * meanAbsolute,
    ),
    rootMeanSquaredError: meanOfColumns(
      columns,
      ({ meanSquared }, column) => unit(column) * Math.sqrt(meanSquared),
    ),
  };
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
