/** What `validate` and `search` have in common: options, and what folds are made of. */
import type { Candidate } from "../choosing/candidate.ts";
import type { Fold } from "../choosing/folds.ts";
import { foldsOf } from "../choosing/setting.ts";
import { type FlagValues, numberOf, type Option, textOf } from "./arguments.ts";
import { COLUMN_OPTIONS } from "./column_options.ts";
import { COMPUTE_OPTIONS, DATA_OPTIONS } from "./common_options.ts";
import type { Origin } from "./training_data.ts";
import { MODEL_OPTIONS, trainCommand } from "./train_options.ts";
import { refuseUnreadFlags, TRAINING_FLAGS } from "./training_flags.ts";

const ACTION = "make folds";

const { "test-split": TEST_SPLIT, ensemble: _e, ...NETWORK_FLAGS } =
  MODEL_OPTIONS;
const { timings: _, ...SETTINGS } = TRAINING_FLAGS;

/** Options of which each may be tried. */
export const TRIED_OPTIONS = { ...NETWORK_FLAGS, ...SETTINGS };

/** Options that say on which parts networks are judged. */
export const FOLD_OPTIONS = {
  folds: {
    value: "N",
    help:
      "parts of the samples, each of which judges the networks that learn from the others (default: 5)",
  },
  repeats: {
    value: "N",
    help: "how often, each time with other folds (default: 1)",
  },
  group: {
    value: "COLUMN",
    help:
      "of a table: what rows belong to, such as a patient; groups are not split, and the column is no input",
  },
} as const satisfies Record<string, Option>;

/** Options of both commands. */
export const CHOOSING_OPTIONS = {
  ...DATA_OPTIONS,
  ...COLUMN_OPTIONS,
  ...TRIED_OPTIONS,
  ...COMPUTE_OPTIONS,
  workers: {
    value: "N",
    help:
      "networks that are trained at a time, each on one core; results don't depend on it (default: all cores)",
  },
  quiet: { help: "only the result at the end" },
} as const satisfies Record<string, Option>;

/** The option of `search` for the samples that the search has no part in. */
export const TEST_OPTION = { "test-split": TEST_SPLIT };

/**
 * What is trained, as it is typed.
 *
 * @throws {RangeError} If an option can't be read, or is out of its range.
 */
export function candidateOf(
  flags: FlagValues,
  scale: Candidate["scale"],
): Candidate {
  const { network, hidden, training } = trainCommand(flags);
  refuseUnreadFlags(training);
  const { workers: _, ...options } = network;
  return { network: { ...options, hidden }, training, scale };
}

/** How samples are loaded. */
export function wantedOf(flags: FlagValues, testSplit: number) {
  const { scale, seed } = trainCommand(flags);
  const group = textOf(flags, FOLD_OPTIONS, "group");
  return { scale, seed, testSplit, ...(group === undefined ? {} : { group }) };
}

/**
 * The folds that are asked for, stratified by classes unless there are groups.
 *
 * @param holdout Fraction of the samples that takes the place of folds.
 *
 * @throws {RangeError} If there are too few samples or groups, or an option is out of its range.
 */
export function foldsFor(
  { source, groups }: Origin,
  flags: FlagValues,
  holdout?: number,
): Fold[] {
  const number = (name: string) => numberOf(flags, FOLD_OPTIONS, name);
  const given = { folds: number("folds"), repeats: number("repeats") };
  const how = {
    ...Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ),
    seed: numberOf(flags, MODEL_OPTIONS, "seed")!,
    ...(groups === undefined ? {} : { groups }),
  };
  if (source.kind === "samples") {
    return foldsOf(ACTION, source.samples, how, holdout);
  }
  const { target, task } = source.options;
  const [classes] = [target].flat();
  return foldsOf(
    ACTION,
    source.table,
    task === "classes" && groups === undefined
      ? { ...how, stratify: classes }
      : how,
    holdout,
  );
}
