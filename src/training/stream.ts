/** Trainings on pieces of data, one after another. */
import { WrongTypeError, WrongValueError } from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { BatchEvent, EpochEvent, History } from "../history/events.ts";
import type { Evaluation } from "../inference/evaluate.ts";
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
import { PieceProgress } from "./piece_progress.ts";
import type { PresetName } from "../units/presets.ts";
import type { RunLink } from "./training_run.ts";

/**
 * Gives samples in pieces, from the first to the last, each time it is called.
 *
 * @example
 * ```ts
 * import { Mlp, type SampleStream, samplesFrom } from "@lockstep/lockstep";
 *
 * const pieces: SampleStream = async function* () {
 *   for (const sign of [1, -1]) {
 *     yield await Promise.resolve(samplesFrom({ x: [[sign], [-sign]], y: [sign, -sign] }));
 *   }
 * };
 * await using mlp = new Mlp({ layers: [1, 1], output: "linear" });
 * console.log((await mlp.fit(pieces, { epochs: 2 })).epochs.length); // 2
 * ```
 */
export type SampleStream = () =>
  | AsyncIterable<Samples | SparseSamples>
  | Iterable<Samples | SparseSamples>;

/** The settings of one pass over a piece: it goes on with what the optimizer keeps. */
export const ONE_PASS = { epochs: 1, schedule: "constant" } as const;

/** Options that are about several epochs. */
const OVER_EPOCHS = [
  "resume" as const,
  ...TRAIN_OPTION_ROWS.filter(([, { about }]) => about === "epochs")
    .map(([name]) => name),
];

/**
 * Refuses options that are about several epochs, and others.
 *
 * @throws {RangeError} If one is given.
 */
export function refuseOverEpochs(
  action: string,
  options: TrainOptions,
  others: readonly TrainOptionName[],
): void {
  for (const name of [...others, ...OVER_EPOCHS]) {
    if (options[name] === undefined) continue;
    if (name === "schedule" && options[name] === "constant") continue;
    throw new WrongValueError(wrong(action, name, "left out", options[name]));
  }
}

/**
 * Trains on one piece after another, and reports the mean over the pieces of an epoch. The next piece is asked for when the
 * one before is done with, so that a source may fill the same arrays again.
 *
 * @param train Makes a pass over a piece.
 * @param judge Prepares samples that are not to be changed until the last time that the network is judged by them.
 */
export async function trainStream(
  source: SampleStream,
  options: TrainOptions,
  { left, tell, ready, takeRate }: RunLink,
  { preset, train, judge }: {
    readonly preset: PresetName;
    readonly train: (
      piece: Samples | SparseSamples,
      options: TrainOptions,
      link: RunLink,
      pieces: PieceProgress,
    ) => Promise<unknown>;
    readonly judge: (
      samples: Samples | SparseSamples,
    ) => Promise<() => Promise<Evaluation>>;
  },
): Promise<Omit<History, "epochs">> {
  const action = "train in pieces";
  requireTrainOptions(action, options);
  // Those need all samples at once.
  const whole = ["validationSplit", "sampleWeights", "onStart"] as const;
  refuseOverEpochs(action, options, whole);
  const { epochs: row } = TRAIN_OPTION_TABLE;
  const {
    onEpoch,
    onBatch,
    validationData,
    epochs = defaultOf(row, optimizerOf(options, preset), 0),
    ...others
  } = options;
  const count = row.kind.check(action, "epochs", epochs);
  const validate = validationData && await judge(validationData);
  let rate: number | undefined;
  const pieces = new PieceProgress();
  for (let epoch = 1; epoch <= count; epoch++) {
    rate = takeRate() ?? rate;
    const sums = { samples: 0, seconds: 0, loss: 0, correct: 0 };
    let last: EpochEvent | undefined;
    const told = onBatch && {
      onBatch: (event: BatchEvent) => onBatch({ ...event, epoch }),
    };
    for await (const piece of piecesOf(source)) {
      await train(piece, { ...others, ...told, ...ONE_PASS }, {
        ...{ left, ready, takeRate: () => rate },
        tell(event) {
          last = event;
          sums.samples += piece.count;
          sums.seconds += event.seconds;
          sums.loss += event.loss * piece.count;
          sums.correct += (event.accuracy ?? 0) * piece.count;
          return Promise.resolve();
        },
      }, pieces);
      if (left.aborted) return { stopReason: "left" };
    }
    if (last === undefined) {
      throw new WrongValueError(
        epoch === 1
          ? "Cannot train in pieces as there must be samples: the stream has none"
          : `Cannot train in pieces as the function must give them from the start whenever it is called: epoch ${epoch} got none`,
      );
    }
    pieces.next();
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
    await onEpoch?.(event);
    await tell(event);
    if (left.aborted) return { stopReason: "left" };
  }
  return { stopReason: "finished" };
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
