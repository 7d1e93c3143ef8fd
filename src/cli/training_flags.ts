/** The flags of a training: each is an option of the library, and has its name in small letters with dashes. */
import { didYouMean, wrong } from "../checks/validate.ts";
import { defaultOf, optimizerOf } from "../training/options/train_settings.ts";
import type { ByOptimizer } from "../training/options/option_defaults.ts";
import {
  type Row,
  TRAIN_OPTION_ROWS,
  TRAIN_OPTION_TABLE,
  type TrainOptionName,
} from "../training/options/option_table.ts";
import type { OptimizerName } from "../units/optimizers.ts";
import type { PresetName } from "../units/presets.ts";
import type { ScheduleName } from "../units/schedules.ts";
import type { TrainOptions } from "../training/options/train_options.ts";
import { refuseUnread } from "../training/options/unread_options.ts";
import {
  flagOf,
  type FlagValues,
  numberOf,
  numbersOf,
  type Option,
  UsageError,
} from "./arguments.ts";

type Kebab<S extends string> = S extends `${infer First}${infer Rest}`
  ? Rest extends Uncapitalize<Rest> ? `${Lowercase<First>}${Kebab<Rest>}`
  : `${Lowercase<First>}-${Kebab<Rest>}`
  : S;

type Table = typeof TRAIN_OPTION_TABLE;

/** Options that the command line has, by their flags. */
type Flags = {
  [
    K in TrainOptionName as Table[K] extends { readonly help: string }
      ? Kebab<K>
      : never
  ]: Option;
};

/**
 * The article's settings are for 120 batches an epoch. `mnist` has so few digits that they would give it 16, and a test
 * accuracy of 0.86 after 35 epochs; with these it is 0.94.
 */
const SMALL_DATASET = "mnist";
const SMALL_DEFAULTS: TrainOptions = { batchSize: 100, learningRate: 0.005 };

/** Defaults that go by the number of samples. */
const BY_SAMPLES: Partial<Record<TrainOptionName, string>> = {
  batchSize: "a 50th of the samples, but from 32 to 200",
  l2: "3 divided by the samples, but at most 0.01",
};

const ROWS = TRAIN_OPTION_ROWS.filter(([, { help }]) => help !== undefined);

/** The flags of a training, for the help and for what is typed. */
export const TRAINING_FLAGS = Object.fromEntries(
  ROWS.map(([name, row]) => [flagOf(name), flag(name, row)]),
) as Flags;

/** The flags of some options. */
export function flagsOf(which: (row: Row) => boolean): string[] {
  return ROWS.filter(([, row]) => which(row)).map(([name]) => flagOf(name));
}

function flag(name: TrainOptionName, row: Row): Option {
  const { kind, readBy, help } = row;
  const { optimizer = [], schedule = [], patience } = readBy ?? {};
  const readers = [
    ...optimizer,
    ...(schedule.length === 0 ? [] : [`schedule ${schedule.join(", ")}`]),
    ...(patience ? ["patience"] : []),
  ].join(", ");
  const words = kind.form === "word" ? `: ${kind.words!.join(", ")}` : "";
  const plain = typeof row.default === "object"
    ? ` (default: ${defaultsOf(name, row)})`
    : "";
  return {
    ...(kind.form === "switch" ? {} : { value: kind.label! }),
    help: `${readers && `${readers}: `}${help}${words}${plain}`,
    ...(kind.form === "switch" || row.default === undefined || plain !== ""
      ? {}
      : { default: String(row.default) }),
  };
}

/** Defaults that depend on the optimizer. */
function defaultsOf(name: TrainOptionName, row: Row): string {
  const by: ByOptimizer<unknown> = row.default;
  const small = SMALL_DEFAULTS[name];
  const { optimizer: readers } = row.readBy ?? {};
  const known = Object.entries(by).filter(([optimizer]) =>
    readers === undefined || readers.includes(optimizer as OptimizerName)
  );
  return known.map(([optimizer, value]) =>
    optimizer === "article" && small !== undefined
      ? `article ${value}, with ${SMALL_DATASET} ${small}`
      : `${optimizer} ${typeof value === "function" ? BY_SAMPLES[name] : value}`
  ).join(", ");
}

/** The options of a training that are typed, and what the command's dataset has as defaults. */
export function trainingOf(
  flags: FlagValues,
  dataset: string,
  preset: PresetName,
): TrainOptions & { readonly epochs: number } {
  const typed = Object.fromEntries(
    ROWS.map(([name, { kind }]): [TrainOptionName, unknown] => {
      const value = valueOf(flags, flagOf(name), kind);
      if (value !== undefined) kind.check("train", `--${flagOf(name)}`, value);
      return [name, value];
    }).filter(([, value]) => value !== undefined),
  ) as TrainOptions;
  const optimizer = optimizerOf({ ...typed, preset });
  const small = optimizer === "article" && dataset === SMALL_DATASET
    ? SMALL_DEFAULTS
    : {};
  const epochs = defaultOf(TRAIN_OPTION_TABLE.epochs, optimizer, 0) as number;
  return { preset, epochs, ...small, ...typed };
}

/**
 * Refuses flags that nothing reads in the training.
 *
 * @throws {RangeError} If there is one.
 */
export function refuseUnreadFlags(training: TrainOptions): void {
  const optimizer = optimizerOf(training);
  const {
    schedule = defaultOf(
      TRAIN_OPTION_TABLE.schedule,
      optimizer,
      0,
    ) as ScheduleName,
    patience = TRAIN_OPTION_TABLE.patience.default,
  } = training;
  refuseUnread(training, { optimizer, schedule, patience }, {
    name: (option) => `'--${flagOf(option)}'`,
    set: (option, values) => `--${flagOf(option)} ${values.join(" or ")}`,
  });
}

/** What the text of a flag stands for. */
function valueOf(
  flags: FlagValues,
  flag: string,
  { form, words }: Row["kind"],
) {
  const text = flags[flag];
  if (text === undefined || form === "switch" || form === "word") return text;
  if (words?.includes(text as string)) return text;
  if (words && `${text}`.split(",").some((part) => isNaN(Number(part)))) {
    const wanted = `numbers with commas or '${words.join("' or '")}'`;
    const error = wrong("read the command line", `--${flag}`, wanted, text);
    throw new UsageError(error + didYouMean(text, words));
  }
  if (form === "number") return numberOf(flags, TRAINING_FLAGS, flag);
  if (form === "switches") return switchesOf(flag, text as string);
  const list = numbersOf(flags, TRAINING_FLAGS, flag)!;
  return list.length === 1 ? list[0] : list;
}

function switchesOf(flag: string, text: string): boolean[] {
  return text.split(",").map((part) => {
    if (part === "true" || part === "false") return part === "true";
    throw new UsageError(
      wrong("read the command line", `--${flag}`, "true or false", part) +
        didYouMean(part, ["true", "false"]),
    );
  });
}
