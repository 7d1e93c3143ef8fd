import { WrongTypeError, WrongValueError } from "../errors.ts";
import type { Training } from "../step/network.ts";
import {
  requireChoice,
  requireInteger,
  requireNonNegative,
  wrong,
} from "../validate.ts";
import type { ScheduleName, ScheduleSettings } from "./schedule.ts";
import type { MonitorName, TrainOptions } from "./train_options.ts";

/** The settings that a call of `train` works with, all of them known and right: plain JSON, kept in checkpoints. */
export interface TrainSettings extends Training, ScheduleSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly shuffle: "once" | "epoch";
  readonly monitor: MonitorName;
  readonly patience: number;
  readonly minimumChange: number;
  readonly restoreBest: boolean;
  readonly timings: boolean;
}

const ACTION = "train";

const OPTIMIZERS = ["article", "sgd", "rmsprop", "adam", "adamw"] as const;

const SCHEDULES: readonly ScheduleName[] = [
  "article",
  "constant",
  "step",
  "exponential",
  "cosine",
  "plateau",
];

const MONITORS: readonly MonitorName[] = [
  "loss",
  "accuracy",
  "validationLoss",
  "validationAccuracy",
];

/** The article's settings are for sums over batches of 500; the others' for means, as other libraries have them. */
const ARTICLE = {
  batchSize: 500,
  learningRate: 0.001,
  momentum: 0.00005,
  l2: 0.001,
  reduction: "sum",
  schedule: "article",
  shuffle: "once",
} as const;
const OTHERS = {
  batchSize: 100,
  learningRate: 0.001,
  momentum: 0,
  l2: 0,
  reduction: "mean",
  schedule: "constant",
  shuffle: "epoch",
} as const;
const SGD = { ...OTHERS, learningRate: 0.01, momentum: 0.9 } as const;

/**
 * Fills in the defaults and checks everything but data.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range.
 */
export function trainSettings(
  options: TrainOptions,
  { samples, layers, validated }: {
    readonly samples: number;
    readonly layers: readonly number[];
    /** Whether samples are held back. */
    readonly validated: boolean;
  },
): TrainSettings {
  const optimizer = requireChoice(
    ACTION,
    "optimizer",
    options.optimizer === undefined ? "article" : options.optimizer,
    OPTIMIZERS,
  );
  const defaults = optimizer === "article"
    ? ARTICLE
    : optimizer === "sgd"
    ? SGD
    : OTHERS;
  // Not `??`: null is no default.
  const given = (name: keyof TrainOptions, value: unknown) =>
    options[name] === undefined ? value : options[name];
  const whole = (name: keyof TrainOptions, value: number, most = Infinity) =>
    requireInteger(ACTION, name, given(name, value), 1, most);
  const count = (name: keyof TrainOptions, value: number) =>
    requireInteger(ACTION, name, given(name, value), 0, Infinity);
  const amount = (name: keyof TrainOptions, value: number) =>
    requireNonNegative(ACTION, name, given(name, value));
  const kept = (name: keyof TrainOptions, value: number) =>
    requirePart(name, given(name, value));
  const flag = (name: keyof TrainOptions, value: boolean) =>
    requireBoolean(name, given(name, value));
  for (const name of ["onStart", "onBatch", "onEpoch"] as const) {
    const found: unknown = options[name];
    if (found === undefined || typeof found === "function") continue;
    throw new WrongTypeError(wrong(ACTION, name, "a function", found));
  }
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new WrongTypeError(wrong(ACTION, "signal", "an AbortSignal", signal));
  }
  const { batchSize } = defaults;
  const monitor = requireChoice(
    ACTION,
    "monitor",
    given("monitor", validated ? "validationLoss" : "loss"),
    MONITORS,
  );
  if (monitor.startsWith("validation") && !validated) {
    throw new WrongValueError(
      `Cannot train as there is no '${monitor}': 'validationData' or 'validationSplit' must be given`,
    );
  }
  const learningRate = amount("learningRate", defaults.learningRate);
  const minimumLearningRate = amount("minimumLearningRate", 0);
  if (minimumLearningRate > learningRate) {
    const wanted = `from 0 to ${learningRate}, the learning rate`;
    throw new WrongValueError(
      wrong(ACTION, "minimumLearningRate", wanted, minimumLearningRate),
    );
  }
  return {
    epochs: whole("epochs", 35),
    batchSize: Math.min(whole("batchSize", batchSize), samples),
    shuffle: requireChoice(
      ACTION,
      "shuffle",
      given("shuffle", defaults.shuffle),
      ["once", "epoch"],
    ),
    optimizer,
    learningRate,
    momentum: amount("momentum", defaults.momentum),
    nesterov: flag("nesterov", false),
    rho: kept("rho", 0.9),
    beta1: kept("beta1", 0.9),
    beta2: kept("beta2", 0.999),
    epsilon: requirePositive("epsilon", given("epsilon", 1e-8)),
    weightDecay: amount("weightDecay", 0.01),
    reduction: requireChoice(
      ACTION,
      "reduction",
      given("reduction", defaults.reduction),
      ["sum", "mean"],
    ),
    l1: amount("l1", 0),
    l2: amount("l2", defaults.l2),
    dropout: dropoutOf(given("dropout", 0), layers.length - 2),
    clipNorm: amount("clipNorm", 0),
    schedule: requireChoice(
      ACTION,
      "schedule",
      given("schedule", defaults.schedule),
      SCHEDULES,
    ),
    learningRateDecay: amount("learningRateDecay", 1e-6),
    stepEpochs: whole("stepEpochs", 10),
    decayFactor: requireUpToOne("decayFactor", given("decayFactor", 0.5)),
    warmUpEpochs: count("warmUpEpochs", 0),
    plateauPatience: whole("plateauPatience", 5),
    minimumLearningRate,
    monitor,
    patience: count("patience", 0),
    minimumChange: amount("minimumChange", 0),
    restoreBest: flag("restoreBest", true),
    timings: flag("timings", false),
  };
}

function dropoutOf(value: unknown, hidden: number): number[] {
  if (!Array.isArray(value)) {
    return new Array(hidden).fill(requirePart("dropout", value));
  }
  if (value.length !== hidden) {
    throw new WrongValueError(
      wrong(
        ACTION,
        "dropout.length",
        `${hidden} for as many hidden layers`,
        value.length,
      ),
    );
  }
  return value.map((part, n) => requirePart(`dropout[${n}]`, part));
}

/** @throws {RangeError} If a value is not from 0 up to but not 1. */
export function requirePart(name: string, value: unknown): number {
  const part = requireNonNegative(ACTION, name, value);
  if (part < 1) return part;
  throw new WrongValueError(
    wrong(ACTION, name, "from 0 up to but not 1", value),
  );
}

function requireUpToOne(name: string, value: unknown): number {
  const factor = requireNonNegative(ACTION, name, value);
  if (factor <= 1) return factor;
  throw new WrongValueError(wrong(ACTION, name, "from 0 to 1", value));
}

function requirePositive(name: string, value: unknown): number {
  const amount = requireNonNegative(ACTION, name, value);
  if (amount > 0) return amount;
  throw new WrongValueError(wrong(ACTION, name, "more than 0", value));
}

function requireBoolean(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new WrongTypeError(wrong(ACTION, name, "true or false", value));
}
