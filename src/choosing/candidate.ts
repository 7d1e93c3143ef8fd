/** A network and its training as they are tried out, and what is known of the samples that it learns from. */
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { EncoderParts } from "../data/encoder_options.ts";
import type { ScalingName } from "../data/scaling.ts";
import { TableEncoder } from "../data/table_encoder.ts";
import type { MlpOptions } from "../mlp/mlp_options.ts";
import { mlpSettings } from "../mlp/mlp_settings.ts";
import { TRAIN_OPTION_TABLE } from "../training/options/option_table.ts";
import {
  defaultOf,
  optimizerOf,
  trainSettings,
} from "../training/options/train_settings.ts";
import type { TrainOptions } from "../training/options/train_options.ts";
import { refuseUnread } from "../training/options/unread_options.ts";
import type { Task } from "../units/tasks.ts";

/**
 * How inputs are scaled: to mean 0 and standard deviation 1 (`"standardize"`), to the range from 0 to 1 (`"minmax"`), or
 * not at all.
 *
 * @example
 * ```ts
 * import { type ScaleName } from "@lockstep/lockstep";
 *
 * const scale: ScaleName = "minmax";
 * console.log(scale);
 * ```
 */
export type ScaleName = ScalingName | "none";

/**
 * The options of a network that don't follow from the samples.
 *
 * @example
 * ```ts
 * import { crossValidate, type NetworkOptions, samplesFrom } from "@lockstep/lockstep";
 *
 * const network: NetworkOptions = { hidden: [4], activation: "tanh", seed: 7 };
 * const samples = samplesFrom({ x: [[0], [1], [0], [1]], labels: [0, 1, 0, 1] });
 * const { scores } = await crossValidate(samples, { network, training: { epochs: 5 }, folds: 2 });
 * console.log(scores.length); // 2
 * ```
 */
export interface NetworkOptions extends
  Pick<
    MlpOptions,
    | "preset"
    | "activation"
    | "output"
    | "loss"
    | "initializer"
    | "seed"
    | "kernels"
    | "skipZeros"
  > {
  /** Nodes of each hidden layer, `[]` for none. Default: `[70, 30]` */
  readonly hidden?: readonly number[];
}

/** What is tried out. */
export interface Candidate {
  readonly network: NetworkOptions;
  readonly training: TrainOptions;
  readonly scale: ScaleName;
}

/** What of a network the samples to train with say. */
export interface Known {
  readonly encoder?: EncoderParts;
  readonly task?: Task;
  readonly preprocessing?: Preprocessing;
  readonly targets?: TargetScaling;
}

/** Samples to train with and others to judge by, and what the first say, by how they are scaled. */
export interface Part {
  readonly train: Samples | SparseSamples;
  readonly test: Samples | SparseSamples;
  readonly known: Partial<Readonly<Record<ScaleName, Known>>>;
}

/** Nodes of the hidden layers, as on the command line. */
const HIDDEN = [70, 30];

/** The options of a candidate's network. */
export function networkOf(
  { train: { inputs, outputs }, known }: Omit<Part, "test">,
  { network, scale }: Candidate,
): MlpOptions {
  const { hidden = HIDDEN, ...options } = network;
  const { encoder, ...others } = known[scale]!;
  return encoder === undefined
    ? { ...options, ...others, layers: [inputs, ...hidden, outputs] }
    : { ...options, encoder: TableEncoder.from(encoder), hidden };
}

/** The ways of scaling that candidates have. */
export function scalesOf(candidates: readonly Candidate[]): ScaleName[] {
  return [...new Set(candidates.map(({ scale }) => scale))];
}

/** The epochs of a candidate, its own or those by default. */
export function epochsOf({ network, training }: Candidate): number {
  const optimizer = optimizerOf(training, network.preset);
  return training.epochs ??
    defaultOf(TRAIN_OPTION_TABLE.epochs, optimizer, 0) as number;
}

/**
 * Checks the options of a candidate, before any is trained.
 *
 * @throws {TypeError} If one is of the wrong type.
 * @throws {RangeError} If one is out of its range, or not read.
 */
export function requireCandidate(part: Part, candidate: Candidate): void {
  const { layers, preset } = mlpSettings(networkOf(part, candidate));
  const { training } = candidate;
  const settings = trainSettings(training, {
    samples: part.train.count,
    ...{ layers, preset },
    validated: Number(training.validationSplit ?? 0) > 0,
  });
  refuseUnread(training, settings);
}
