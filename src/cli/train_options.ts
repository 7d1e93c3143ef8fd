import { ALL_ROWS } from "./piece_rows.ts";
import { ACTIVATION_NAMES } from "../units/activations.ts";
import { INITIALIZER_NAMES } from "../units/initializers.ts";
import { lossesOf } from "../units/losses.ts";
import { OUTPUT_NAMES } from "../units/outputs.ts";
import type { MlpOptions } from "../mlp/mlp_options.ts";
import type { TrainOptions } from "../training/options/train_options.ts";
import {
  FRACTION,
  requireChoice,
  requireInteger,
  requireNumber,
} from "../checks/validate.ts";
import { MAXIMUM_MEMBERS } from "../models/check_description.ts";
import { PRESET_NAMES, type PresetName } from "../units/presets.ts";
import {
  type FlagValues,
  numberOf,
  numbersOf,
  type Option,
  textOf,
  UsageError,
} from "./arguments.ts";
import {
  COMMON_OPTIONS,
  COMPUTE_OPTIONS,
  computeOptionsOf,
  DATA_OPTIONS,
} from "./common_options.ts";
import { COLUMN_OPTIONS } from "./column_options.ts";
import { DISTRIBUTED_OPTION } from "./ranks.ts";
import { isBuiltIn } from "../data/load_dataset.ts";
import { readersOf } from "../data/formats.ts";
import { MODEL_ENDINGS } from "../model_files/model_formats.ts";
import { FIT_OPTIONS, type FitCommand, fitCommand } from "./fit_after.ts";
import { LOG_OPTIONS } from "./train_logs.ts";
import { REPORT_OPTION } from "./report_file.ts";
import { TRACE_OPTION } from "./trace.ts";
import { DASHBOARD_OPTIONS } from "./train_dashboard.ts";
import { flagsOf, TRAINING_FLAGS, trainingOf } from "./training_flags.ts";

/** Options that say what the network and its samples are. */
export const MODEL_OPTIONS = {
  "test-split": {
    value: "X",
    help: `${
      readersOf("test-split")
    }: fraction of the samples that is kept to test`,
    default: "0.2",
  },
  scale: {
    value: "HOW",
    help:
      "of the inputs: none, standardize or minmax (default: CSV standardize)",
  },
  preset: {
    value: "NAME",
    help:
      "whose defaults: standard or article (default: of mnist and mnist-60k article, else standard)",
  },
  hidden: {
    value: "N,N,…",
    help: "nodes of the hidden layers, or '' for none",
    default: "70,30",
  },
  activation: {
    value: "NAME,…",
    help: `of the hidden layers, or of each: ${
      ACTIVATION_NAMES.join(", ")
    } (default: relu, article sigmoid)`,
  },
  output: {
    value: "NAME",
    help: `${
      OUTPUT_NAMES.join(", ")
    } (default: softmax, article sigmoid; for numbers linear)`,
  },
  loss: {
    value: "NAME",
    help: `${
      OUTPUT_NAMES.map((output) => `${lossesOf(output).join(", ")} (${output})`)
        .join("; ")
    } (default: the first)`,
  },
  initializer: {
    value: "NAME",
    help: `of the weights: ${
      INITIALIZER_NAMES.join(", ")
    } (default: he for relu and the like, glorot for others and the outputs; article uniform)`,
  },
  seed: {
    value: "N",
    help: "of weights, order, dropout and split",
    default: "1",
  },
  ensemble: {
    value: "N",
    help:
      "train N networks, with seeds one after another, and keep one of them all, whose outputs are the mean of theirs",
  },
} as const satisfies Record<string, Option>;

/** The options of `deno task train`. */
export const TRAIN_OPTIONS = {
  ...DATA_OPTIONS,
  ...COLUMN_OPTIONS,
  ...MODEL_OPTIONS,
  ...TRAINING_FLAGS,
  ...FIT_OPTIONS,
  ...COMPUTE_OPTIONS,
  ...DISTRIBUTED_OPTION,
  "piece-rows": {
    value: "N",
    help: `${
      readersOf("piece-rows")
    }: for files larger than memory, read N rows at a time in each epoch; columns, scaling and test samples are those of the first N; ${ALL_ROWS} reads all at once (default: all, or as many as memory has room for)`,
  },
  save: {
    value: "FILE",
    help: `write the model: ${MODEL_ENDINGS.join(", ")}`,
    file: "written",
  },
  checkpoint: {
    value: "FILE",
    help: "write where the training stands, at the end and when interrupted",
    file: "written",
  },
  "checkpoint-every": {
    value: "N",
    help: "write it after every N epochs as well",
    default: "1",
  },
  resume: {
    value: "FILE",
    help: "go on from a checkpoint, with its options",
    file: "read",
  },
  "other-data": {
    help:
      "resume: the samples may have other values than before, and are encoded as those were",
  },
  ...LOG_OPTIONS,
  ...TRACE_OPTION,
  ...REPORT_OPTION,
  ...DASHBOARD_OPTIONS,
  quiet: { help: "only the result at the end" },
  ...COMMON_OPTIONS,
} as const satisfies Record<string, Option>;

/** Names of the options that make the model, all but the dataset's. */
export const NAMES_OF_MODEL: ReadonlySet<string> = new Set([
  ...Object.entries(DATA_OPTIONS).filter(([, option]) => !("file" in option))
    .map(([name]) => name),
  ...Object.keys(COLUMN_OPTIONS),
  ...Object.keys(MODEL_OPTIONS),
  ...flagsOf(({ about }) => about !== "run"),
]);

/** A name of an option. */
type Name = keyof typeof TRAIN_OPTIONS;

/** What the command is to do. */
export interface TrainCommand {
  readonly dataset: string;
  readonly scale: string | undefined;
  readonly testSplit: number;
  readonly seed: number;
  readonly hidden: readonly number[];
  readonly network: Omit<MlpOptions, "layers">;
  readonly training: TrainOptions & { readonly epochs: number };
  readonly fit: FitCommand;
  /** Networks that are trained, 1 unless an ensemble is. */
  readonly members: number;
  readonly checkpointEvery: number;
}

/** An object without the fields that are `undefined`. */
function known<T extends object>(
  fields: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/**
 * Turns options into what they mean. Ranges are checked where they are used.
 *
 * @throws {UsageError} If a number can't be read, or two options contradict each other.
 * @throws {RangeError} If an option of the training is out of its range.
 */
export function trainCommand(flags: FlagValues): TrainCommand {
  const text = (name: Name) => textOf(flags, TRAIN_OPTIONS, name);
  const number = (name: Name) => numberOf(flags, TRAIN_OPTIONS, name);
  exclude(flags, "json", "quiet");
  // What a training on pieces can't go on from, or share.
  const others = [...["checkpoint", "resume", "distributed"], ...[
    "validation-split",
    "ensemble",
  ]];
  if (flags["piece-rows"] !== ALL_ROWS) {
    for (const other of others) exclude(flags, "piece-rows", other as Name);
  }
  // Of several ranks, each would have to predict.
  exclude(flags, "report", "distributed");
  const dataset = text("dataset")!;
  const activation = text("activation")?.split(",");
  const preset = requireChoice(
    "read the command line",
    "--preset",
    text("preset") ?? presetOf(dataset),
    PRESET_NAMES,
  );
  // Names are checked by the library, which knows them all.
  return {
    dataset,
    scale: text("scale"),
    testSplit: requireNumber(
      "read the command line",
      "--test-split",
      number("test-split"),
      FRACTION,
    ),
    seed: number("seed")!,
    hidden: numbersOf(flags, TRAIN_OPTIONS, "hidden")!,
    network: known({
      preset,
      activation: activation?.length === 1 ? activation[0] : activation,
      output: text("output"),
      loss: text("loss"),
      initializer: text("initializer"),
      seed: number("seed"),
      ...computeOptionsOf(flags),
    }) as Omit<MlpOptions, "layers">,
    training: trainingOf(flags, dataset, preset),
    fit: fitCommand(flags),
    members: membersOf(flags),
    checkpointEvery: number("checkpoint-every")!,
  };
}

/** How many networks are trained. */
function membersOf(flags: FlagValues): number {
  const members = numberOf(flags, TRAIN_OPTIONS, "ensemble");
  if (members === undefined) return 1;
  const others = ["checkpoint", "resume", "distributed"] as const;
  for (const name of [...others, "log", "tensorboard"] as const) {
    exclude(flags, "ensemble", name);
  }
  const action = "read the command line";
  return requireInteger(action, "--ensemble", members, 2, MAXIMUM_MEMBERS);
}

/** The article is about images of digits. */
function presetOf(dataset: string): PresetName {
  return isBuiltIn(dataset) ? "article" : "standard";
}

function exclude(flags: FlagValues, one: Name, other: Name): void {
  if (!flags[one] || !flags[other]) return;
  throw new UsageError(
    `Cannot read the command line as '--${one}' and '--${other}' exclude each other`,
  );
}
