import { WrongValueError } from "../../checks/errors.ts";
import { requireOptions } from "../../checks/options.ts";
import type { OptimizerName } from "../../units/optimizers.ts";
import { type PresetName, PRESETS } from "../../units/presets.ts";
import { wrong } from "../../checks/validate.ts";
import { TRAIN_OPTION_HINTS } from "./option_hints.ts";
import type { ByOptimizer } from "./option_defaults.ts";
import {
  type Row,
  TRAIN_OPTION_ROWS,
  TRAIN_OPTION_TABLE,
  type TrainOptionName,
} from "./option_table.ts";
import type { TrainOptions } from "./train_options.ts";

/** Options that are no settings: samples, and what is about the call. */
type Other = {
  [K in TrainOptionName]: (typeof TRAIN_OPTION_TABLE)[K] extends
    { readonly about: "samples" | "call" } ? K : never;
}[TrainOptionName];

/** The settings that a call of `train` works with, all of them known and right: plain JSON, kept in checkpoints. */
export type TrainSettings =
  & Readonly<Required<Omit<TrainOptions, Other | "dropout">>>
  & {
    /** Of each hidden layer. */
    readonly dropout: readonly number[];
  };

const ACTION = "train";

/** Whether an option is a setting. */
export function isSetting({ about }: Row): boolean {
  return about !== "samples" && about !== "call";
}

/** What stands for an option that isn't given, with an optimizer and so many samples. */
export function defaultOf(
  row: Row,
  optimizer: OptimizerName,
  samples: number,
): unknown {
  if (typeof row.default !== "object") return row.default;
  const by = row.default as ByOptimizer<unknown>;
  const value = by[optimizer] ?? by.others;
  return typeof value === "function" ? value(samples) : value;
}

/** The optimizer, or that of the preset: the call's, or the network's. */
export function optimizerOf(
  { optimizer, preset }: Pick<TrainOptions, "optimizer" | "preset">,
  ofNetwork: PresetName = "standard",
): OptimizerName {
  return optimizer === undefined
    ? PRESETS[preset ?? ofNetwork].optimizer
    : optimizer;
}

/**
 * Refuses names that are no options, and values of options that are no settings.
 *
 * @throws {TypeError} If an option is unknown, or of the wrong type.
 * @throws {RangeError} If an option is out of its range.
 */
export function requireTrainOptions(
  action: string,
  options: TrainOptions,
): void {
  const names = TRAIN_OPTION_ROWS.map(([name]) => name);
  requireOptions(action, options, names, TRAIN_OPTION_HINTS);
  for (const [name, row] of TRAIN_OPTION_ROWS) {
    const value = options[name];
    if (value === undefined || isSetting(row)) continue;
    row.kind.check(action, name, value);
  }
}

/**
 * Fills in the defaults and checks all settings.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range.
 */
export function trainSettings(
  options: TrainOptions,
  { samples, layers, preset, validated, shards = 1, action = ACTION }: {
    readonly samples: number;
    readonly layers: readonly number[];
    /** Of the network. Default: `"standard"` */
    readonly preset?: PresetName;
    /** Whether samples are held back. */
    readonly validated: boolean;
    /** Shards, unless they are given. */
    readonly shards?: number;
    /** What is done, for errors. */
    readonly action?: string;
  },
): TrainSettings {
  // Not `??`: null is no default.
  const valueOf = (
    name: TrainOptionName,
    row: Row,
    optimizer: OptimizerName,
  ) =>
    row.kind.check(
      action,
      name,
      options[name] === undefined
        ? defaultOf(row, optimizer, samples)
        : options[name],
    );
  const { monitor: monitorRow, trainable: _, ...table } = TRAIN_OPTION_TABLE;
  // Not `??`: null is no default.
  const split = options.shards === undefined ? shards : options.shards;
  options = { ...options, shards: split };
  const optimizer = table.optimizer.kind.check(
    action,
    "optimizer",
    optimizerOf(options, preset),
  );
  const monitor = valueOf("monitor", {
    ...monitorRow,
    default: validated ? "validationLoss" : "loss",
  }, optimizer) as TrainSettings["monitor"];
  const given = Object.fromEntries(
    Object.entries(table).filter(([, row]) => isSetting(row))
      .map(([name, row]) => [
        name,
        name === "optimizer"
          ? optimizer
          : valueOf(name as TrainOptionName, row, optimizer),
      ]),
  ) as unknown as Required<TrainOptions>;
  if (monitor.startsWith("validation") && !validated) {
    throw new WrongValueError(
      `Cannot ${action} as there is no '${monitor}': 'validationData' or 'validationSplit' must be given`,
    );
  }
  const { learningRate, minLearningRate } = given;
  if (minLearningRate > learningRate) {
    const wanted = `a number from 0 to ${learningRate}, the learning rate`;
    throw new WrongValueError(
      wrong(action, "minLearningRate", wanted, minLearningRate),
    );
  }
  return {
    ...given,
    monitor,
    // As in other libraries, a batch is never larger than all samples.
    batchSize: Math.min(given.batchSize, samples),
    dropout: dropoutOf(given.dropout, layers.length - 2, action),
    trainable: trainableOf(options.trainable, layers.length - 1, action),
  };
}

function trainableOf(
  value: unknown,
  layers: number,
  action: string,
): readonly boolean[] {
  if (value === undefined) return new Array(layers).fill(true);
  const { kind } = TRAIN_OPTION_TABLE.trainable;
  const trainable = kind.check(action, "trainable", value);
  if (trainable.length !== layers) {
    const wanted = `${layers} for as many layers of weights`;
    throw new WrongValueError(
      wrong(action, "trainable.length", wanted, trainable.length),
    );
  }
  if (trainable.includes(true)) return trainable;
  const wanted = "true for one layer at least";
  throw new WrongValueError(wrong(action, "trainable", wanted, trainable));
}

function dropoutOf(
  value: number | readonly number[],
  hidden: number,
  action: string,
): readonly number[] {
  if (typeof value === "number") {
    if (hidden > 0 || value === 0) return new Array(hidden).fill(value);
    const wanted = "0 or left out as there is no hidden layer";
    throw new WrongValueError(wrong(action, "dropout", wanted, value));
  }
  if (value.length === hidden) return value;
  const wanted = `${hidden} for as many hidden layers`;
  throw new WrongValueError(
    wrong(action, "dropout.length", wanted, value.length),
  );
}
