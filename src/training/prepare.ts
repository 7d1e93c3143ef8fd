/** What happens before the first batch: options and samples are checked, and validation samples are split off. */
import { StateError, WrongValueError } from "../checks/errors.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { PresetName } from "../units/presets.ts";
import { describe, wrong } from "../checks/validate.ts";
import { checkShape, checkValues } from "../samples/check_samples.ts";
import {
  type PreparedSamples,
  prepareSamples,
  type SampleSpec,
} from "../samples/prepared_samples.ts";
import { hashOfSamples } from "../samples/samples_hash.ts";
import type { Communicator } from "../distributed/communicator.ts";
import { requireCountsAsBefore } from "./part_progress.ts";
import {
  countParts,
  type PartCounts,
  requirePartitioned,
} from "./partitioned.ts";
import type { Progress } from "./progress.ts";
import { checkWeights, weightsOf } from "../samples/sample_weights.ts";
import { type Row, TRAIN_OPTION_TABLE } from "./options/option_table.ts";
import type { TrainOptions } from "./options/train_options.ts";
import { type TrainSettings, trainSettings } from "./options/train_settings.ts";
import { refuseUnread } from "./options/unread_options.ts";
import {
  type ValidationNumbers,
  validationNumbers,
  validationParts,
} from "./validation_part.ts";

const ACTION = "train";
const VALIDATE = "validate";

/** The properties of a network that matter for its training. */
export interface TrainedNetwork extends SampleSpec {
  readonly seed: number;
  readonly preset: PresetName;
  /** Of how many networks it is the mean. */
  readonly members: number;
  /** Processes that train it. */
  readonly ranks: number;
}

/**
 * Checks the settings of a training, holds samples back, then checks and scales the samples, as they are when it is called.
 * Names, and what is no setting, were checked before.
 *
 * @param last Where the last training stands, for one that goes on.
 * @param communicator The processes that train it, if there are several.
 *
 * @throws {TypeError} If an option is of the wrong type.
 * @throws {RangeError} If an option is out of its range, or samples don't fit the network.
 * @throws {Error} If a training can't go on.
 */
export async function prepareTraining(
  network: TrainedNetwork,
  given: Samples | SparseSamples,
  options: TrainOptions,
  last: Progress | undefined,
  communicator?: Communicator,
): Promise<{
  readonly samples: PreparedSamples;
  readonly validation: PreparedSamples | undefined;
  readonly settings: TrainSettings;
  /** How many samples each rank has, where they have samples of their own. */
  readonly counts: PartCounts | undefined;
  /** A checksum of all samples. */
  readonly data: string;
  /** One of those that all ranks have to have alike. */
  readonly shared: string;
  /** Where it goes on, if it doesn't start anew. */
  readonly resumed: Progress | undefined;
}> {
  await requirePartitioned(communicator, given, options);
  checkShape(ACTION, given, network.layers);
  // The caller may give the object other arrays meanwhile.
  const samples = { ...given } as Samples | SparseSamples;
  const { validationData, classWeights } = options;
  if (validationData !== undefined) {
    checkShape(VALIDATE, validationData, network.layers);
  }
  const { count, outputs } = samples;
  const chosen = numbersOf(samples, options, network.seed);
  const learned = chosen?.learn.length ?? count;
  const counts = await countParts(
    ...[communicator, options, learned, count - learned] as const,
  );
  if (last !== undefined) requireCountsAsBefore(last, counts?.learned);
  const settings = trainSettings(options, {
    samples: counts?.learned.reduce((sum, each) => sum + each) ?? learned,
    layers: network.layers,
    preset: network.preset,
    validated: validationData !== undefined || learned < count,
    shards: options.resume === true
      ? last?.settings.shards
      : 2 ** Math.ceil(Math.log2(network.ranks)),
  });
  if (settings.shards < network.ranks) {
    throw new WrongValueError(
      wrong(
        ACTION,
        "shards",
        `a power of two, and ${network.ranks} or more as there are so many ranks`,
        settings.shards,
      ),
    );
  }
  const { monitor } = settings;
  const numbers = network.task === "numbers";
  if (numbers && (monitor === "accuracy" || monitor === "validationAccuracy")) {
    const wanted = "'loss' or 'validationLoss' for the task 'numbers'";
    throw new WrongValueError(wrong(ACTION, "monitor", wanted, monitor));
  }
  if (classWeights !== undefined && network.task !== "classes") {
    const wanted = `left out for the task '${network.task}'`;
    throw new WrongValueError(
      wrong(ACTION, "classWeights", wanted, classWeights),
    );
  }
  checkWeights(options, count, outputs);
  const resumed = options.resume === true
    ? resumable(last, settings, learned)
    : undefined;
  refuseUnread(options, settings);
  // By their places in the whole, before they get others.
  if (chosen !== undefined) await checkValues(ACTION, samples, network);
  const { learn, held = validationData } = await validationParts(
    samples,
    chosen,
  );
  const weights = weightsOf(options, learn, chosen?.learn);
  const prepared = {
    ...await prepareSamples(ACTION, network, learn),
    ...(weights === undefined ? {} : { weights }),
  };
  const validation = held && await prepareSamples(VALIDATE, network, held);
  const data = await hashOfSamples(prepared, validation);
  requireSameData(resumed, data, options);
  return {
    ...{ samples: prepared, validation, settings, counts, data },
    shared: counts === undefined ? data : await hashOfSamples(
      chosen === undefined ? validation : undefined,
    ),
    resumed: resumed && { ...resumed, data },
  };
}

/** Refuses to go on with samples, targets or weights that are others, unless that is what is wanted. */
function requireSameData(
  resumed: Progress | undefined,
  data: string,
  { otherData = false }: TrainOptions,
): void {
  if (otherData && resumed === undefined) {
    throw new WrongValueError(
      "Cannot train as 'otherData' is not read without 'resume': leave it out",
    );
  }
  // Ranks that have samples of their own compare them together.
  if (resumed === undefined || resumed.parts !== undefined) return;
  if (otherData || resumed.data === data) return;
  const wanted =
    "true for samples, targets or weights of other values than before";
  throw new WrongValueError(
    wrong("go on with the training", "otherData", wanted, otherData),
  );
}

/** The numbers of the samples to learn from, and of those held back of them. */
function numbersOf(
  samples: Samples | SparseSamples,
  { validationData, validationSplit = 0 }: TrainOptions,
  seed: number,
): ValidationNumbers | undefined {
  if (validationSplit > 0 && validationData !== undefined) {
    throw new WrongValueError(
      "Cannot train as 'validationData' and 'validationSplit' exclude each other",
    );
  }
  return validationNumbers(samples, validationSplit, seed);
}

/** Where a training goes on, if samples and settings are the same; there may be more epochs. */
function resumable(
  last: Progress | undefined,
  settings: TrainSettings,
  samples: number,
): Progress {
  const action = "go on with the training";
  if (last === undefined) {
    throw new StateError("Cannot go on with the training as there was none");
  }
  if (last.parts === undefined && last.samples !== samples) {
    throw new WrongValueError(
      wrong(action, "samples", `${last.samples} as before`, samples),
    );
  }
  for (const [name, value] of Object.entries(last.settings)) {
    const row: Row = TRAIN_OPTION_TABLE[name as keyof TrainSettings];
    if (row.mayChange) continue;
    const found = settings[name as keyof TrainSettings];
    if (JSON.stringify(found) === JSON.stringify(value)) continue;
    throw new WrongValueError(
      wrong(action, name, `${describe(value)} as before`, found),
    );
  }
  const { best, putBack, stopping: { badEpochs } } = last;
  const goesOn = last.epoch < settings.epochs && badEpochs < settings.patience;
  if (putBack && goesOn) {
    throw new StateError(
      `Cannot ${action} as the weights of its best epoch, ${
        best!.epoch
      }, were put back at its end: go on from a checkpoint that was saved in 'onEpoch', or train with restoreBestWeights: false`,
    );
  }
  return { ...last, settings };
}
