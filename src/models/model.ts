/** What a model is: a description and weights. */
import type { Calibration } from "../calibration/calibration.ts";
import type { PredictionInterval } from "../calibration/kept.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import type { ActivationName } from "../units/activations.ts";
import type { LossName } from "../units/losses.ts";
import type { OutputName } from "../units/outputs.ts";
import type { PresetName } from "../units/presets.ts";
import type { Task } from "../units/tasks.ts";

/**
 * What a network is, and what its inputs and outputs mean: all but its weights. Any of it can be kept as JSON.
 *
 * @example
 * ```ts
 * import { Mlp, type ModelDescription } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [4, 8, 3], output: "softmax" });
 * const description: ModelDescription = mlp.toModel().description;
 * console.log(description.layers, description.loss); // [4, 8, 3], "crossEntropy"
 * ```
 */
export interface ModelDescription {
  /** Nodes of each layer, from the inputs to the outputs: two layers at least, one node each at least. */
  readonly layers: readonly number[];
  /** Of each hidden layer, `layers.length - 2` of them. */
  readonly activations: readonly ActivationName[];
  /** What the outputs tell. Default: what goes with the output, see `task` of {@linkcode MlpOptions} */
  readonly task?: Task;
  /** Activation of the output layer. */
  readonly output: OutputName;
  /** Loss of a sample. */
  readonly loss: LossName;
  /** Seed of the initial weights and of the order of the samples, from 0 to 2³² - 1. */
  readonly seed: number;
  /** Whose defaults its trainings have. Default: `"standard"` */
  readonly preset?: PresetName;
  /** Name of each output, for classifiers. */
  readonly classNames?: readonly string[];
  /** Names of the columns of a table that are learned: one of classes, else one for each output. */
  readonly targetNames?: readonly string[];
  /** How raw values become inputs. */
  readonly preprocessing?: Preprocessing;
  /** How outputs become raw targets. */
  readonly targets?: TargetScaling;
  /** Of an ensemble: of how many networks it is the mean, 2 or more. */
  readonly members?: number;
  /** How probabilities are calibrated. */
  readonly calibration?: Calibration;
  /** From which probability on a label applies, one of each; or the second of two classes, one. Default: 0.5 */
  readonly thresholds?: readonly number[];
  /** How far numbers are off. */
  readonly interval?: PredictionInterval;
  /**
   * The settings that made the model, for people; any JSON value. The commands keep their options in it, in `rows` which
   * rows of their files were to train with: the SHA-256 of the files, how they were split, and how many there are of each
   * part; and in `curves` losses and metrics of its epochs, which `plot` draws.
   */
  readonly training?: Readonly<Record<string, unknown>>;
}

/**
 * A model as it is kept in a file.
 *
 * @example
 * ```ts
 * import { Mlp, type Model } from "@lockstep/lockstep";
 *
 * await using mlp = new Mlp({ layers: [2, 3, 1] });
 * const model: Model = mlp.toModel();
 * console.log(model.weights.map(({ length }) => length)); // [9, 4]
 * await using copy = Mlp.fromModel(model);
 * console.log(await copy.weightsSha256() === await mlp.weightsSha256()); // true
 * ```
 */
export interface Model {
  /** What it is. */
  readonly description: ModelDescription;
  /**
   * One array for each layer but the last: `outputs × (inputs + 1)` values, column-major, so that the biases come
   * first, then the weights of the first input, and so on. Of an ensemble, one member after another.
   */
  readonly weights: readonly Float32Array[];
}
