/** What a training decides for those who don't: the defaults that it chose, and with which options to overrule them. */
import type { Mlp } from "../mlp/mlp.ts";
import { TRAIN_OPTION_TABLE } from "../training/options/option_table.ts";
import { defaultOf, optimizerOf } from "../training/options/train_settings.ts";
import { flagOf } from "./arguments.ts";
import type { ChosenDefaults } from "./defaults_text.ts";
import type { TrainCommand } from "./train_options.ts";
import type { TrainingData } from "./training_data.ts";

/**
 * The defaults of a training that is about to begin.
 *
 * @param samples From how many it learns at a time: all, or those of a piece.
 */
export function chosenDefaults(
  { training }: Pick<Mlp, "training">,
  command: TrainCommand,
  data: TrainingData,
  { samples, batchSize }: {
    readonly samples: number;
    readonly batchSize: number;
  },
): ChosenDefaults {
  const { epochs, learningRate } = command.training;
  const optimizer = optimizerOf(command.training);
  const by = (name: "learningRate" | "l2" | "patience") =>
    defaultOf(TRAIN_OPTION_TABLE[name], optimizer, samples) as number;
  const all: Required<ChosenDefaults> = {
    optimizer,
    learningRate: learningRate ?? by("learningRate"),
    hidden: command.hidden,
    batchSize,
    epochs,
    patience: by("patience"),
    l2: by("l2"),
    scale: data.origin.scale,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) =>
      training?.[flagOf(name)] === undefined
    ),
  );
}
