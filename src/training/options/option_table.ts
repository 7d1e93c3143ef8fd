/**
 * The options of a training, a row for each: from here come its default, its check, the flag on the command line and its
 * help, what a config file and a checkpoint may hold, and what a training compares that goes on.
 */
import {
  OPTIMIZER_NAMES,
  type OptimizerName,
  readersOf,
} from "../../units/optimizers.ts";
import { AMOUNT, FACTOR, FRACTION, POSITIVE } from "../../checks/validate.ts";
import {
  choice,
  FRACTIONS,
  instance,
  isFunction,
  isList,
  type Kind,
  number,
  POWER_OF_TWO,
  SAMPLES,
  SWITCH,
  SWITCHES,
  whole,
} from "./option_kinds.ts";
import { PRESET_NAMES } from "../../units/presets.ts";
import {
  SCHEDULE_NAMES,
  type ScheduleName,
  SCHEDULES,
  schedulesReading,
} from "../../units/schedules.ts";
import {
  batchSizeOf,
  type ByOptimizer,
  l2Of,
  ownDefaults,
} from "./option_defaults.ts";
import type { TrainOptions } from "./train_options.ts";

/** What makes use of an option, one of these at least; the others refuse it. */
export interface Readers {
  readonly optimizer?: readonly OptimizerName[];
  readonly schedule?: readonly ScheduleName[];
  /** Early stopping. */
  readonly patience?: true;
}

/** All that there is to know of an option. */
// deno-lint-ignore no-explicit-any -- of a kind that doesn't matter: `unknown` would be a kind of its own
export interface Row<T = any> {
  readonly kind: Kind<T>;
  /** None for what isn't there unless it is given. */
  readonly default?: T | ByOptimizer<T>;
  /** None if every training reads it. */
  readonly readBy?: Readers;
  /** What the command line says of it, which doesn't have it otherwise. */
  readonly help?: string;
  /**
   * What it is about, if it isn't a setting of the training alone: a setting over several epochs, or what the run shows;
   * or no setting, but samples or the call.
   */
  readonly about?: "epochs" | "run" | "samples" | "call";
  /** Whether a training that goes on may have another value. */
  readonly mayChange?: true;
}

/** The schedules that look at a monitored value. */
const OBSERVING = SCHEDULE_NAMES.filter((name) =>
  SCHEDULES[name].stalled !== undefined
);
const MONITORS = [
  ...["loss", "accuracy", "validationLoss", "validationAccuracy"] as const,
] as const;

/**
 * The article's settings are for sums over batches of 500, and go with its optimizer; the others' are for means, as other
 * libraries have them. 100 epochs are what a small table takes with Adam's rate: after 30, 2 of 15 of iris' flowers held
 * back are wrong, after 100 one of 30.
 */
export const TRAIN_OPTION_TABLE = {
  preset: { kind: choice(PRESET_NAMES), about: "call" },
  epochs: {
    kind: whole(1),
    default: { article: 35, others: 100 },
    mayChange: true,
    help: "passes over all training samples",
  },
  batchSize: {
    kind: whole(1),
    default: { article: 500, others: batchSizeOf },
    help: "samples of a mini-batch, or all if there are fewer",
  },
  shuffle: {
    kind: choice(["once", "epoch"]),
    default: { article: "once", others: "epoch" },
    help: "when the samples get a new order",
  },
  optimizer: {
    kind: choice(OPTIMIZER_NAMES),
    help: "how gradients change weights; by default that of the preset",
  },
  learningRate: {
    kind: number(AMOUNT),
    default: ownDefaults("learningRate", 0.001),
    help: "factor of the gradient",
  },
  momentum: {
    kind: number(AMOUNT),
    default: ownDefaults("momentum", 0),
    readBy: { optimizer: readersOf("momentum") },
    help: "factor of the step before, or of the velocity",
  },
  nesterov: {
    kind: SWITCH,
    default: false,
    readBy: { optimizer: readersOf("nesterov") },
    help: "look ahead along the velocity",
  },
  rho: {
    kind: number(FRACTION),
    default: 0.9,
    readBy: { optimizer: readersOf("rho") },
    help: "fraction of the mean square kept",
  },
  beta1: {
    kind: number(FRACTION),
    default: 0.9,
    readBy: { optimizer: readersOf("beta1") },
    help: "fraction of the mean kept",
  },
  beta2: {
    kind: number(FRACTION),
    default: 0.999,
    readBy: { optimizer: readersOf("beta2") },
    help: "fraction of the mean square kept",
  },
  epsilon: {
    kind: number(POSITIVE),
    default: 1e-8,
    readBy: { optimizer: readersOf("epsilon") },
    help: "keeps divisors from 0",
  },
  weightDecay: {
    kind: number(AMOUNT),
    default: 0.01,
    readBy: { optimizer: readersOf("weightDecay") },
    help: "part of the weights taken off, times the rate",
  },
  reduction: {
    kind: choice(["sum", "mean"]),
    default: { article: "sum", others: "mean" },
    help: "of the losses of a batch",
  },
  l1: { kind: number(AMOUNT), default: 0, help: "factor of Σ|W| in the cost" },
  l2: {
    kind: number(AMOUNT),
    default: { article: 0.001, adamw: 0, others: l2Of },
    help: "factor of ½·ΣW² in the cost",
  },
  dropout: {
    kind: FRACTIONS,
    default: 0,
    help: "part of the hidden nodes, or for each layer, dropped in a step",
  },
  clipNorm: {
    kind: number(AMOUNT),
    default: 0,
    help: "largest norm of the gradient, 0 for any",
  },
  shards: {
    kind: POWER_OF_TWO,
    default: 1,
    help:
      "parts of a batch whose gradients are added in a fixed tree, so that as many processes give the same bits; a power of two",
  },
  partitioned: { kind: SWITCH, default: false },
  trainable: {
    kind: SWITCHES,
    help: "whether each layer of weights learns, all by default",
  },
  schedule: {
    kind: choice(SCHEDULE_NAMES),
    default: { article: "article", others: "constant" },
    about: "epochs",
    help: "how the rate changes",
  },
  learningRateDecay: {
    kind: number(AMOUNT),
    default: 1e-6,
    about: "epochs",
    readBy: { schedule: schedulesReading("learningRateDecay") },
    help: "before epoch i = 0, 1, … the rate is divided by 1 + X·i",
  },
  stepEpochs: {
    kind: whole(1),
    default: 10,
    about: "epochs",
    readBy: { schedule: schedulesReading("stepEpochs") },
    help: "epochs between changes",
  },
  decayFactor: {
    kind: number(FACTOR),
    default: 0.5,
    about: "epochs",
    readBy: { schedule: schedulesReading("decayFactor") },
    help: "what the rate is multiplied with",
  },
  warmUpEpochs: {
    kind: whole(0),
    default: 0,
    about: "epochs",
    help: "epochs in which the rate rises to its height",
  },
  plateauPatience: {
    kind: whole(1),
    default: 5,
    about: "epochs",
    readBy: { schedule: schedulesReading("plateauPatience") },
    help: "epochs without a better value",
  },
  minLearningRate: {
    kind: number(AMOUNT),
    default: 0,
    about: "epochs",
    readBy: { schedule: schedulesReading("minLearningRate") },
    help: "no schedule goes below it",
  },
  validationData: {
    kind: SAMPLES,
    about: "samples",
  },
  validationSplit: {
    kind: number(FRACTION),
    default: 0,
    about: "samples",
    help:
      "fraction of the training samples that is held back, by chance, of classes their share",
  },
  monitor: {
    kind: choice(MONITORS),
    about: "epochs",
    readBy: { schedule: OBSERVING, patience: true },
    help:
      "what has to get better, by default a loss, of samples held back if there are some",
  },
  patience: {
    kind: whole(0),
    default: 0,
    about: "epochs",
    help: "stop after so many epochs without a better value, 0 for never",
  },
  minDelta: {
    kind: number(AMOUNT),
    default: 0,
    about: "epochs",
    readBy: { patience: true },
    help: "by how much a value has to be better",
  },
  restoreBestWeights: {
    kind: SWITCH,
    default: true,
    about: "epochs",
    readBy: { patience: true },
  },
  classWeights: {
    kind: {
      form: "numbers",
      label: "X,…",
      words: ["balanced"],
      ...instance<readonly number[] | "balanced">(
        "an array of numbers or 'balanced'",
        (value) => value === "balanced" || isList(value),
      ),
    },
    about: "samples",
    help: "factors of the losses of each class, or balanced",
  },
  sampleWeights: {
    kind: instance("an array of numbers", isList),
    about: "samples",
  },
  onStart: { kind: instance("a function", isFunction), about: "call" },
  onBatch: { kind: instance("a function", isFunction), about: "call" },
  onEpoch: { kind: instance("a function", isFunction), about: "call" },
  signal: {
    kind: instance("an AbortSignal", (value) => value instanceof AbortSignal),
    about: "call",
  },
  resume: { kind: SWITCH, default: false, about: "call" },
  otherData: { kind: SWITCH, default: false, about: "call" },
  timings: {
    kind: SWITCH,
    default: false,
    about: "run",
    mayChange: true,
    help: "show where the time went",
  },
  spans: { kind: whole(0), default: 0, about: "call" },
} as const satisfies {
  readonly [K in keyof Required<TrainOptions>]: Row<Required<TrainOptions>[K]>;
};

/** Names of the options of a training. */
export type TrainOptionName = keyof TrainOptions;

/** Every name with its row, in their order. */
export const TRAIN_OPTION_ROWS = Object.entries(
  TRAIN_OPTION_TABLE,
) as readonly [
  TrainOptionName,
  Row,
][];
