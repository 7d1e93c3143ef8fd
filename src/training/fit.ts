import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { requireSamples } from "../data/require_samples.ts";
import { wrong } from "../checks/validate.ts";
import type { BatchEvent, EpochEvent, History } from "../history/events.ts";
import {
  TRAIN_OPTION_ROWS,
  TRAIN_OPTION_TABLE,
  type TrainOptionName,
} from "./options/option_table.ts";
import type { TrainOptions } from "./options/train_options.ts";
import {
  defaultOf,
  optimizerOf,
  requireTrainOptions,
} from "./options/train_settings.ts";
import type { Trainer } from "./trainer.ts";

/** Gives samples in pieces, from the first to the last, each time it is called. */
export type SampleStream = () =>
  | AsyncIterable<Samples | SparseSamples>
  | Iterable<Samples | SparseSamples>;

/** Trains to the end, see {@linkcode Mlp.fit}. */
export async function fit(
  trainer: Trainer,
  source: Samples | SparseSamples | SampleStream,
  options: TrainOptions,
): Promise<History> {
  if (typeof source === "function") {
    return await fitStream(trainer, source, options);
  }
  const orPieces = ", or a function that gives them in pieces, as () => pieces";
  requireSamples("train", "samples", source, orPieces);
  const epochs = await Array.fromAsync(trainer.epochs(source, options));
  const { best, epoch, settings } = trainer.progress!;
  return {
    epochs,
    ...(best === undefined ? {} : { bestEpoch: best.epoch }),
    stoppedEarly: epoch < settings.epochs,
  };
}

/** One pass over samples, see {@linkcode Mlp.partialFit}. */
export async function partialFit(
  trainer: Trainer,
  samples: Samples | SparseSamples,
  options: TrainOptions,
): Promise<EpochEvent> {
  const action = "make one pass";
  requireTrainOptions(action, options);
  refuse(action, options, ["epochs", ...OVER_EPOCHS]);
  const given = { ...options, epochs: 1, schedule: "constant" } as const;
  const [event] = await Array.fromAsync(trainer.epochs(samples, given));
  return event;
}

/** Options that are about several epochs. */
const OVER_EPOCHS = [
  "resume" as const,
  ...TRAIN_OPTION_ROWS.filter(([, { about }]) => about === "epochs")
    .map(([name]) => name),
];

/** Those, and the ones that need all samples at once. */
const NOT_IN_PIECES: readonly TrainOptionName[] = [
  "validationSplit",
  "sampleWeights",
  "onStart",
  ...OVER_EPOCHS,
];

/** @throws {RangeError} If one of `names` is given. */
function refuse(
  action: string,
  options: TrainOptions,
  names: readonly (keyof TrainOptions)[],
): void {
  for (const name of names) {
    if (options[name] === undefined) continue;
    if (name === "schedule" && options[name] === "constant") continue;
    throw new WrongValueError(wrong(action, name, "left out", options[name]));
  }
}

/**
 * Trains on one piece after another, and yields the mean over the pieces of an epoch. The next piece is asked for when the
 * one before is done with, so that a source may fill the same arrays again.
 */
async function fitStream(
  trainer: Trainer,
  source: SampleStream,
  options: TrainOptions,
): Promise<History> {
  const action = "train in pieces";
  requireTrainOptions(action, options);
  refuse(action, options, NOT_IN_PIECES);
  const { epochs: row } = TRAIN_OPTION_TABLE;
  const {
    onEpoch,
    onBatch,
    validationData,
    epochs: given = defaultOf(row, optimizerOf(options, trainer.preset), 0),
    ...others
  } = options;
  const count = row.kind.check(action, "epochs", given);
  // Between two pieces as well.
  using _claim = trainer.claim();
  const validate = validationData === undefined
    ? undefined
    : await trainer.validator(validationData);
  const epochs: EpochEvent[] = [];
  for (let epoch = 1; epoch <= count; epoch++) {
    const sums = { samples: 0, seconds: 0, loss: 0, correct: 0 };
    let last: EpochEvent | undefined;
    const told = onBatch && {
      onBatch: (event: BatchEvent) => onBatch({ ...event, epoch }),
    };
    const settings: TrainOptions = {
      ...others,
      ...told,
      ...{ epochs: 1, schedule: "constant" },
    };
    for await (const samples of piecesOf(source)) {
      for await (const event of trainer.epochs(samples, settings, true)) {
        last = event;
        sums.samples += samples.count;
        sums.seconds += event.seconds;
        sums.loss += event.loss * samples.count;
        sums.correct += (event.accuracy ?? 0) * samples.count;
      }
    }
    if (last === undefined) {
      throw new WrongValueError(
        "Cannot train in pieces as there must be samples: the stream has none",
      );
    }
    const event = {
      ...last,
      epoch,
      seconds: sums.seconds,
      loss: sums.loss / sums.samples,
      ...(last.accuracy === undefined
        ? {}
        : { accuracy: sums.correct / sums.samples }),
      ...(validate === undefined ? {} : { validation: await validate() }),
    };
    epochs.push(event);
    await onEpoch?.(event);
  }
  return { epochs, stoppedEarly: false };
}

/** @throws {TypeError} If a source doesn't give pieces. */
function piecesOf(source: SampleStream): ReturnType<SampleStream> {
  const pieces: unknown = source();
  if (
    typeof pieces === "object" && pieces !== null &&
    (Symbol.asyncIterator in pieces || Symbol.iterator in pieces)
  ) return pieces as ReturnType<SampleStream>;
  throw new WrongTypeError(
    wrong(
      "train in pieces",
      "what the function returns",
      "an array of samples, or what an async function* returns",
      pieces,
    ),
  );
}
