/** What a resumed training takes from its checkpoint: what makes the model, and nothing that could do harm. */
import type { Mlp } from "../mlp/mlp.ts";
import { isSetting } from "../training/options/train_settings.ts";
import { describe, wrong } from "../checks/validate.ts";
import { quotedName } from "../checks/visible.ts";
import { type FlagValues, type Option, UsageError } from "./arguments.ts";
import { optionsFrom } from "./config.ts";
import { isBuiltIn } from "../data/load_dataset.ts";
import { keptRowsOf } from "./kept_rows.ts";
import type { Share, TrainingData } from "./training_data.ts";
import { NAMES_OF_MODEL, TRAIN_OPTIONS } from "./train_options.ts";
import { flagsOf } from "./training_flags.ts";

/** The options that made a model, as a config file has them; the name of the dataset is kept for people. */
export function keptOptions(
  flags: FlagValues,
): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(flags).filter(([name, value]) =>
      (name === "dataset" || NAMES_OF_MODEL.has(name)) && value !== undefined
    ),
  ) as Record<string, string | boolean>;
}

/**
 * The options of a training that goes on: what its checkpoint says of the model, and what is typed. A checkpoint may come
 * from somebody else, so that files to read and to write, and all that is about a run alone, are for who types the command
 * to say.
 *
 * @param path Of the checkpoint, for errors.
 *
 * @throws {UsageError} If the checkpoint wants to set anything else, the dataset has to be typed, or what is typed differs.
 */
export function resumedOptions(
  path: string,
  training: Mlp["training"],
  typed: FlagValues,
): FlagValues {
  const { dataset, image: _image, rows: _rows, ...recorded } = training ?? {};
  for (const name of Object.keys(recorded)) {
    if (NAMES_OF_MODEL.has(name)) continue;
    throw new UsageError(
      `Cannot read '${path}' as ${
        quotedName(name)
      } is nothing that a checkpoint may set`,
    );
  }
  if (typed.dataset === undefined && dataset !== undefined) {
    if (typeof dataset !== "string" || !isBuiltIn(dataset)) {
      throw new UsageError(
        wrong(
          "go on with the training",
          "--dataset",
          "given as before: a checkpoint's own is not read",
          undefined,
        ),
      );
    }
  }
  requireSameOptions(training ?? {}, keptOptions(typed));
  const builtIn = typed.dataset === undefined && dataset !== undefined
    ? { dataset: dataset as string }
    : {};
  return {
    ...optionsFrom(recorded, TRAIN_OPTIONS, path),
    ...builtIn,
    ...typed,
  };
}

/** Settings of the training: the library knows what they were, and compares them as numbers. */
const SETTINGS: ReadonlySet<string> = new Set(flagsOf(isSetting));

/** What is typed may change the number of epochs of a training that goes on, and where its dataset lies; nothing else. */
function requireSameOptions(
  before: Readonly<Record<string, unknown>>,
  typed: Readonly<Record<string, string | boolean>>,
): void {
  for (const [name, value] of Object.entries(typed)) {
    const option: Option = TRAIN_OPTIONS[name as keyof typeof TRAIN_OPTIONS];
    const last = before[name] ?? option.default;
    if (SETTINGS.has(name) || last === value) continue;
    if (name === "dataset" && !isBuiltIn(value) && !isBuiltIn(last)) continue;
    const wanted = last === undefined ? "left out" : describe(last);
    throw new UsageError(
      wrong(
        "go on with the training",
        `--${name}`,
        `${wanted} as before`,
        value,
      ),
    );
  }
}

/**
 * Refuses to go on with one file for all where each rank had its own, or the other way round.
 *
 * @param path Of the checkpoint, for errors.
 *
 * @throws {UsageError} If that is asked for.
 */
export function requireSameParts(
  path: string,
  { training }: Mlp,
  partitioned: boolean,
  dataset: unknown,
): void {
  const before = keptRowsOf(path, training)?.parts !== undefined;
  if (before === partitioned) return;
  const wanted = `with${before ? "" : "out"} '{rank}' in it as before`;
  throw new UsageError(
    wrong("go on with the training", "--dataset", wanted, dataset),
  );
}

/** Has other samples encoded and scaled as those of a checkpoint were. */
export function shareOf({ encoder, preprocessing }: Mlp): Share {
  const { offset, scale } = preprocessing ?? {};
  return {
    encoder: async (fit) => encoder ?? await fit(),
    scaling: async (fit) => offset && scale ? { offset, scale } : await fit(),
  };
}

/**
 * Makes sure that samples are made as those of before were; how many there are is checked by the training.
 *
 * @throws {UsageError} If columns, classes or scaling are others.
 */
export function requireSameData(
  { encoder, preprocessing, classNames, training }: Mlp,
  data: TrainingData,
  dataset: string,
): void {
  const before = {
    ...(encoder?.toParts() ?? { preprocessing, classNames }),
    image: training?.image,
  };
  const { preprocessing: scaling, classNames: classes, image } = data;
  const now = {
    ...(data.encoder?.toParts() ??
      { preprocessing: scaling, classNames: classes }),
    image,
  };
  if (textOf(before) === textOf(now)) return;
  throw new UsageError(
    wrong(
      "go on with the training",
      "--dataset",
      "the samples of before, with the same columns, classes and scaling, unless --other-data is given",
      dataset,
    ),
  );
}

/** As JSON, with numbers rounded to float32 as a network keeps them, and fields in any order alike. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part) => {
    if (typeof part === "number") return Math.fround(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) {
      return part;
    }
    return Object.fromEntries(
      Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1),
    );
  });
}
