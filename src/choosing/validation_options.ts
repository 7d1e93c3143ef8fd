/** The options that cross-validation and searches have in common. */
import { WrongTypeError } from "../checks/errors.ts";
import { noOption } from "../checks/options.ts";
import { cores } from "../runtime/machine.ts";
import { requireBoolean, requireInteger, wrong } from "../checks/validate.ts";
import type { EncoderOptions, TargetColumns } from "../data/encoder_options.ts";
import { MAXIMUM_WORKERS } from "../pool/control.ts";
import { TRAIN_OPTION_HINTS } from "../training/options/option_hints.ts";
import { TRAIN_OPTION_ROWS } from "../training/options/option_table.ts";
import { requireTrainOptions } from "../training/options/train_settings.ts";
import type { TrainOptions } from "../training/options/train_options.ts";
import type { Task } from "../units/tasks.ts";
import type { NetworkOptions, ScaleName } from "./candidate.ts";
import type { KFoldOptions } from "./folds.ts";

/**
 * The network and the training to validate, and how to divide the samples.
 *
 * @example
 * ```ts
 * import { crossValidate, readTable, type ValidationOptions } from "@lockstep/lockstep";
 *
 * const options: ValidationOptions = {
 *   target: "species",
 *   network: { hidden: [16] },
 *   training: { epochs: 10 },
 *   folds: 3,
 * };
 * const { scores } = await crossValidate(await readTable("data/iris.csv"), options);
 * console.log(scores.length); // 3
 * ```
 */
export interface ValidationOptions extends KFoldOptions {
  /** The options of the network that don't follow from the samples. */
  readonly network?: NetworkOptions;
  /** The options of the training, except those for a single run, such as functions, signals and sample weights. */
  readonly training?: TrainOptions;
  /** Only for a table: the column to learn, or several for labels or numbers. Default: -1, the last one */
  readonly target?: TargetColumns;
  /** Only for a table: how to encode its columns, anew for each fold. */
  readonly encoder?: Omit<
    EncoderOptions,
    "target" | "task" | "scale" | "whole"
  >;
  /**
   * What is learned. Default: for a table, found from its target, see {@linkcode TableEncoder.fit}; otherwise the default of
   * a network
   */
  readonly task?: Task | "auto";
  /**
   * How inputs are scaled, fitted to the training samples of each fold. Default: `"standardize"` for a table, `"none"` for
   * samples
   */
  readonly scale?: ScaleName;
  /** Only for samples: whether to standardize targets, as is always done for numbers in tables. Default: `false` */
  readonly scaleTargets?: boolean;
  /**
   * How many networks are trained at the same time, each on one core, from 1 to 256; results don't depend on it. Default:
   * one for each core
   */
  readonly workers?: number;
  /** Aborts all trainings; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Names of the options; the compiler checks that none is missing. */
export const VALIDATION_NAMES = {
  folds: true,
  repeats: true,
  stratify: true,
  groups: true,
  seed: true,
  network: true,
  training: true,
  target: true,
  encoder: true,
  task: true,
  scale: true,
  scaleTargets: true,
  workers: true,
  signal: true,
} as const satisfies Readonly<Record<keyof ValidationOptions, true>>;

/** Names of a network's options. */
export const NETWORK_NAMES = Object.keys(
  {
    hidden: true,
    preset: true,
    activation: true,
    output: true,
    loss: true,
    initializer: true,
    seed: true,
    kernels: true,
    skipZeros: true,
  } satisfies Readonly<Record<keyof NetworkOptions, true>>,
);

/** Options of a training that are about one run. */
const OF_A_RUN = new Set([
  ...TRAIN_OPTION_ROWS.filter(([name, { about }]) =>
    about === "call" && name !== "preset"
  ).map(([name]) => name),
  ...["validationData", "sampleWeights", "timings"],
]);

/** Names of a training's options that can be chosen. */
export const TRAINING_NAMES = TRAIN_OPTION_ROWS.map(([name]) => name)
  .filter((name) => !OF_A_RUN.has(name));

export const SCALE_NAMES: readonly ScaleName[] = [
  "standardize",
  "minmax",
  "none",
];

/**
 * Refuses options that aren't those of networks and trainings.
 *
 * @throws {TypeError} If there are some.
 */
export function requireParts(
  action: string,
  { network = {}, training = {}, workers, scaleTargets, signal }:
    ValidationOptions,
): void {
  const all = [
    ["network", network, NETWORK_NAMES, { layers: "hidden" }],
    ["training", training, TRAINING_NAMES, TRAIN_OPTION_HINTS],
  ] as const;
  for (const [name, value, known, hints] of all) {
    if (typeof value !== "object" || value === null) {
      throw new WrongTypeError(wrong(action, name, "an object", value));
    }
    for (const [key, one] of Object.entries(value)) {
      if (one === undefined || (known as readonly string[]).includes(key)) {
        continue;
      }
      throw new WrongTypeError(
        `Cannot ${action} as ${noOption(key, known, hints)}`,
      );
    }
  }
  requireTrainOptions("train", training);
  if (workers !== undefined) {
    requireInteger(action, "workers", workers, 1, MAXIMUM_WORKERS);
  }
  if (scaleTargets !== undefined) {
    requireBoolean(action, "scaleTargets", scaleTargets);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new WrongTypeError(wrong(action, "signal", "an AbortSignal", signal));
  }
  signal?.throwIfAborted();
}

/** How many networks are trained at a time. */
export function threadsOf({ workers }: { readonly workers?: number }): number {
  return workers ?? Math.min(cores(), MAXIMUM_WORKERS);
}
