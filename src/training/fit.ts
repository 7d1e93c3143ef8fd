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
  const epochs = await Array.fromAsync(trainer.train(source, options));
  const best = progress()?.best;
  const { epoch, settings } = progress()!;
  return {
    epochs,
    ...(best === undefined ? {} : { bestEpoch: best.epoch }),
    stoppedEarly: epoch < settings.epochs,
  };
}

/** Options that need all samples at once, or that look at epochs from outside of them. */
const NOT_IN_PIECES = [
  "validationSplit",
  "sampleWeights",
  "patience",
  "resume",
  "schedule",
  "warmUpEpochs",
] as const;

/** Trains on one piece after another, and yields the mean over the pieces of an epoch. */
async function fitStream(
  trainer: Trainer,
  source: SampleStream,
  { onEpoch, onBatch, ...options }: TrainOptions,
): Promise<History> {
  for (const name of NOT_IN_PIECES) {
    if (options[name] === undefined) continue;
    if (name === "schedule" && options[name] === "constant") continue;
    throw new RangeError(
      wrong("train in pieces", name, "left out", options[name]),
    );
  }
  const epochs: EpochEvent[] = [];
  const { epochs: given = 35, batchSize, ...piece } = options;
  const action = "train in pieces";
  const count = requireInteger(action, "epochs", given, 1, Infinity);
  for (let epoch = 1; epoch <= count; epoch++) {
    const sums = { samples: 0, seconds: 0, loss: 0, hits: 0 };
    let last: EpochEvent | undefined;
    const told = onBatch && {
      onBatch: (event: BatchEvent) => onBatch({ ...event, epoch }),
    };
    for await (const samples of source()) {
      for await (
        const event of trainer.train(samples, {
          ...piece,
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
      throw new RangeError(
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
