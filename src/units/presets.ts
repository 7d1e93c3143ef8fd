/**
 * The defaults of a network and its trainings. `"standard"`: like those of other libraries. `"article"`: the settings of
 * the article series that the trainer comes from.
 */
import type { ActivationName } from "./activations.ts";
import type { InitializerName } from "./initializers.ts";
import type { OptimizerName } from "./optimizers.ts";
import type { OutputName } from "./outputs.ts";

/** Names of the presets. */
export type PresetName = "standard" | "article";

/** Defaults; each may be overruled. */
export interface Preset {
  /** Of the hidden layers. */
  readonly activation: ActivationName;
  /** Where none is given, each layer has that of its activation. */
  readonly initializer?: InitializerName;
  /** Absent if the output depends on the task. */
  readonly output?: OutputName;
  /** Other settings of a training have the defaults that go with its optimizer. */
  readonly optimizer: OptimizerName;
}

/** The presets by name. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  standard: { activation: "relu", optimizer: "adam" },
  article: {
    activation: "sigmoid",
    initializer: "uniform",
    output: "sigmoid",
    optimizer: "article",
  },
};

/** All names of presets. */
export const PRESET_NAMES: readonly PresetName[] = Object.keys(
  PRESETS,
) as PresetName[];
