import { WrongTypeError, WrongValueError } from "../errors.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import { requireInteger, wrong } from "../validate.ts";
import type { BatchEvent, EpochEvent, History } from "./events.ts";
import type { Progress } from "./progress.ts";
import type { TrainOptions } from "./train_options.ts";

/** Gives samples in pieces, from the first to the last, each time it is called. */
export type SampleStream = () =>
  | AsyncIterable<Samples | SparseSamples>
  | Iterable<Samples | SparseSamples>;

/** What `fit` needs of a network. */
interface Trainer {
  train(
    samples: Samples | SparseSamples,
    options: TrainOptions,
  ): AsyncGenerator<EpochEvent, void, undefined>;
}

/** Trains to the end, see {@linkcode Mlp.fit}. */
export async function fit(
  trainer: Trainer,
  source: Samples | SparseSamples | SampleStream,
  options: TrainOptions,
  progress: () => Progress | undefined,
): Promise<History> {
  if (typeof source === "function") {
    return await fitStream(trainer, source, options);
  }
  if (typeof source !== "object" || source === null || !("samples" in source)) {
    const wanted = "samples, or a function that gives them in pieces";
    throw new WrongTypeError(wrong("train", "source", wanted, source));
  }
  const epochs = await Array.fromAsync(trainer.train(source, options));
  const best = progress()?.best;
  const { epoch, settings } = progress()!;
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
  refuse("make one pass", options, OVER_EPOCHS);
  const given = { ...options, epochs: 1, schedule: "constant" } as const;
  const [event] = await Array.fromAsync(trainer.train(samples, given));
  return event;
}

/** Options that are about several epochs. */
const OVER_EPOCHS = ["patience", "resume", "schedule", "warmUpEpochs"] as const;

/** Those, and the ones that need all samples at once. */
const NOT_IN_PIECES = [
  "validationSplit",
  "sampleWeights",
  ...OVER_EPOCHS,
] as const;

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

/** The pieces of a stream, and whether each is the last one. */
async function* withLast<T>(
  pieces: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<[piece: T, isLast: boolean]> {
  let before: [T] | undefined;
  for await (const piece of pieces) {
    if (before !== undefined) yield [before[0], false];
    before = [piece];
  }
  if (before !== undefined) yield [before[0], true];
}

/** Trains on one piece after another, and yields the mean over the pieces of an epoch. */
async function fitStream(
  trainer: Trainer,
  source: SampleStream,
  { onEpoch, onBatch, ...options }: TrainOptions,
): Promise<History> {
  const action = "train in pieces";
  refuse(action, options, NOT_IN_PIECES);
  const epochs: EpochEvent[] = [];
  const { epochs: given = 35, batchSize, ...others } = options;
  const { validationData: _data, monitor: _monitor, ...piece } = others;
  const count = requireInteger(action, "epochs", given, 1, Infinity);
  for (let epoch = 1; epoch <= count; epoch++) {
    const sums = { samples: 0, seconds: 0, loss: 0, hits: 0 };
    let last: EpochEvent | undefined;
    const told = onBatch && {
      onBatch: (event: BatchEvent) => onBatch({ ...event, epoch }),
    };
    for await (const [samples, isLast] of withLast(source())) {
      for await (
        const event of trainer.train(samples, {
          // To judge after every piece would take most of the time.
          ...(isLast ? others : piece),
          ...told,
          // The last piece may be smaller than a batch.
          ...(batchSize === undefined
            ? {}
            : { batchSize: Math.min(batchSize, samples.samples) }),
          epochs: 1,
          schedule: "constant",
        })
      ) {
        last = event;
        sums.samples += samples.samples;
        sums.seconds += event.seconds;
        sums.loss += event.loss * samples.samples;
        sums.hits += event.accuracy * samples.samples;
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
      accuracy: sums.hits / sums.samples,
    };
    epochs.push(event);
    await onEpoch?.(event);
  }
  return { epochs, stoppedEarly: false };
}
