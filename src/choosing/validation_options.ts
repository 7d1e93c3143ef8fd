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
 * What is trained and judged, and on which parts of the samples.
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
  /** The network, without what the samples say. */
  readonly network?: NetworkOptions;
  /** The training, without what is about one run: no functions, signals or weights of samples. */
  readonly training?: TrainOptions;
  /** Of a table: the column to learn, or several for labels or numbers. Default: -1, the last one */
  readonly target?: TargetColumns;
  /** Of a table: how its columns are encoded, fold by fold. */
  readonly encoder?: Omit<
    EncoderOptions,
    "target" | "task" | "scale" | "whole"
  >;
  /** What is learned. Default: of a table by its target, see {@linkcode TableEncoder.fit}; else as a network has it */
  readonly task?: Task | "auto";
  /**
   * How inputs are scaled, by what the training samples of each fold show. Default: of a table `"standardize"`, of samples
   * `"none"`
   */
  readonly scale?: ScaleName;
  /** Of samples: whether targets are brought to mean 0 and deviation 1, as those of tables that are numbers. Default: `false` */
  readonly scaleTargets?: boolean;
  /** Networks that are trained at a time, each on one core, from 1 to 256; no result depends on it. Default: one for each core */
  readonly workers?: number;
  /** Ends all; the call then rejects with the signal's reason. */
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
