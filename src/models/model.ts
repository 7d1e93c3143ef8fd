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
 * Everything about a network except its weights, including the meaning of its inputs and outputs. All of it can be stored
 * as JSON.
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
  /** Nodes of each layer, from the inputs to the outputs: at least two layers, each with at least one node. */
  readonly layers: readonly number[];
  /** Activation of each hidden layer, `layers.length - 2` of them. */
  readonly activations: readonly ActivationName[];
  /** What the outputs are. Default: depends on the output, see `task` of {@linkcode MlpOptions} */
  readonly task?: Task;
  /** What the output layer does with its logits. */
  readonly output: OutputName;
  /** Loss of a sample. */
  readonly loss: LossName;
  /** Seed of the initial weights and of the order of the samples, from 0 to 2³² - 1. */
  readonly seed: number;
  /** The defaults of its trainings. Default: `"standard"` */
  readonly preset?: PresetName;
  /** Names of the classes or labels. */
  readonly classNames?: readonly string[];
  /** Names of the target columns of a table: one for classes, otherwise one for each output. */
  readonly targetNames?: readonly string[];
  /** How raw values are encoded and scaled to inputs. */
  readonly preprocessing?: Preprocessing;
  /** How outputs are scaled back to raw targets. */
  readonly targets?: TargetScaling;
  /** Only for an ensemble: the number of its networks, 2 or more. */
  readonly members?: number;
  /** How probabilities are calibrated. */
  readonly calibration?: Calibration;
  /**
   * The probability from which a label applies, one for each label; for two classes a single one, from which it is the
   * second class. Default: 0.5
   */
  readonly thresholds?: readonly number[];
  /** Prediction intervals of numbers. */
  readonly interval?: PredictionInterval;
  /**
   * The settings that the model was made with, for people to read; any JSON value. The commands store their options in it;
   * in `rows`, which rows of the files were used for training: the SHA-256 of the files, how they were split, and the
   * number of rows of each part; and in `curves`, the losses and metrics of the epochs, which `plot` draws.
   */
  readonly training?: Readonly<Record<string, unknown>>;
}

/**
 * A model as in a file: its description and its weights.
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
  /** The network without its weights. */
  readonly description: ModelDescription;
  /**
   * One array for each pair of consecutive layers: `outputs × (inputs + 1)` values, column-major, so that the biases come
   * first, then the weights of the first input, and so on. For an ensemble, those of one member after another.
   */
  readonly weights: readonly Float32Array[];
}
