/** Predictions and evaluations of any network: plain, calibrated, or the mean of an ensemble. */
import type { Calibration } from "../calibration/calibration.ts";
import type { Kept } from "../calibration/kept.ts";
import type { CsrMatrix } from "../data/dataset.ts";
import type { Engine } from "../engine/engine.ts";
import type { PreparedSamples } from "../samples/prepared_samples.ts";
import {
  calibrated,
  evaluateLogits,
  outputsOf,
  type ProbabilityNetwork,
} from "./calibrated.ts";
import { evaluate, evaluateNumbers, type Evaluation } from "./evaluate.ts";
import { predict } from "./infer.ts";
import { meanOf } from "./members.ts";

/** A network, and what computes its outputs. */
export interface PredictingNetwork extends ProbabilityNetwork {
  readonly engine: Engine;
  /** The weights of each member of an ensemble. */
  readonly members: readonly (readonly Float32Array[])[] | undefined;
}

/** Inputs of samples as the engine takes them. */
export interface PreparedInputs {
  readonly x: Float32Array | CsrMatrix;
  readonly count: number;
  /** Called if there may be inputs that aren't finite. Default: they were looked at before */
  readonly check?: () => void;
}

/** Outputs, or logits, before any calibration; of an ensemble, those of the mean of its outputs. */
export async function inferPrepared(
  network: PredictingNetwork,
  { x, count, check = () => {} }: PreparedInputs,
  signal: AbortSignal | undefined,
  logits: boolean,
): Promise<Float32Array<ArrayBuffer> | Float64Array> {
  const { engine, members } = network;
  if (members === undefined) {
    return await predict(engine, x, count, check, signal, logits);
  }
  return await meanOf(
    members,
    network,
    logits,
    (weights) => predict(engine, x, count, check, signal, false, weights),
  );
}

/** See {@linkcode Mlp.predict}. */
export async function predictPrepared(
  network: PredictingNetwork,
  inputs: PreparedInputs,
  calibration: Calibration | undefined,
  signal: AbortSignal | undefined,
): Promise<Float32Array<ArrayBuffer>> {
  if (calibration !== undefined) {
    const logits = await inferPrepared(network, inputs, signal, true);
    const z = await calibrated(logits, network, calibration);
    return await outputsOf(z, network);
  }
  const found = await inferPrepared(network, inputs, signal, false);
  return found instanceof Float32Array ? found : Float32Array.from(found);
}

/** See {@linkcode Mlp.evaluate}. */
export async function evaluatePrepared(
  network: PredictingNetwork,
  samples: PreparedSamples,
  { calibration, thresholds }: Kept,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  const { engine, members, task, loss } = network;
  if ((calibration ?? thresholds ?? members) === undefined) {
    return await evaluate(engine, samples, signal);
  }
  if (task === "numbers") {
    const found = await inferPrepared(network, samples, signal, false);
    return await evaluateNumbers(found, samples, loss);
  }
  const logits = await inferPrepared(network, samples, signal, true);
  const z = await calibrated(logits, network, calibration);
  return await evaluateLogits(z, samples.y, network, thresholds);
}
