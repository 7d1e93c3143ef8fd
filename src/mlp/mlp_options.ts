/** The options of a network, and their names. */
import type { Communicator } from "../distributed/communicator.ts";
import type { PredictionInterval } from "../calibration/kept.ts";
import type { Calibration } from "../calibration/calibration.ts";
import type { ModelDescription } from "../models/model.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
import type { ActivationName } from "../units/activations.ts";
import type { InitializerName } from "../units/initializers.ts";
import type { LossName } from "../units/losses.ts";
import type { OutputName } from "../units/outputs.ts";
import type { Task } from "../units/tasks.ts";
import type { KernelSetName, SkipZeros } from "../providers/names.ts";
import type { PresetName } from "../units/presets.ts";
import { plain } from "../checks/nearest.ts";
import { type Hints, namesOf, requireOptions } from "../checks/options.ts";
import { TRAIN_OPTION_ROWS } from "../training/options/option_table.ts";

/**
 * What a network computes with. None of it changes the results, but for rounding.
 *
 * @example
 * ```ts
 * import { type ComputeOptions, Mlp } from "@lockstep/lockstep";
 *
 * const options: ComputeOptions = { workers: 2, kernels: "wasm" };
 * await using mlp = new Mlp({ layers: [4, 8, 3], ...options });
 * console.log(mlp.workers); // 2
 * ```
 */
export interface ComputeOptions {
  /** Worker threads, from 1 to 256; the results don't depend on it. Default: one for each core, of which fewer share batches that are small */
  readonly workers?: number;
  /**
   * What computes: kernels in WebAssembly (`"wasm"`); the same in machine code for AVX-512 or AVX2, with the same bits
   * (`"native"`, with `--allow-ffi` on Linux and x86-64 alone); those in WebAssembly with a BLAS of the machine for the dense
   * products (`"blas"`, with `--allow-ffi` alone); or slow ones in plain TypeScript, to compare with (`"reference"`). `"auto"`
   * takes the fastest that can be used. The results of BLAS and reference differ by rounding. Default: `"auto"`
   */
  readonly kernels?: KernelSetName;
  /**
   * Whether the products of layer 0 skip inputs of zero in training, or those that have the most frequent value of their
   * column: where that is faster (`"auto"`), always or never. To skip zeros changes no bits, to skip other values does.
   * Default: `"auto"`
   */
  readonly skipZeros?: SkipZeros;
  /**
   * The processes that train the network together, from `await mpi()`: each of them makes the same network, calls `fit()` with
   * the same samples and options, and has the same weights after each epoch.
   */
  readonly distributed?: Communicator;
}

/**
 * What a network is made of.
 *
 * @example
 * ```ts
 * import { Mlp, type MlpOptions } from "@lockstep/lockstep";
 *
 * const options: MlpOptions = { layers: [4, 8, 3], activation: "tanh", seed: 7 };
 * await using mlp = new Mlp(options);
 * console.log(mlp.activations, mlp.output); // ["tanh"], "softmax"
 * ```
 */
export interface MlpOptions extends ComputeOptions {
  /**
   * Nodes of each layer, from the inputs to the outputs: two layers at least, one node each at least. Needed unless there is
   * an encoder.
   */
  readonly layers?: readonly number[];
  /**
   * Of the table that is learned: it tells inputs and outputs, how they are scaled, and the output, `"softmax"` for classes,
   * `"sigmoid"` for labels and `"linear"` for numbers. It is kept with the network.
   */
  readonly encoder?: TableEncoder;
  /** Nodes of each hidden layer, `[]` for none; goes with an encoder. */
  readonly hidden?: readonly number[];
  /**
   * Which defaults the network and its trainings have: common ones (`"standard"`), or those of the article that the
   * trainer comes from (`"article"`): sigmoids, the initializer `"uniform"`, and trainings as `preset` of
   * {@linkcode TrainOptions} says. Default: `"standard"`
   */
  readonly preset?: PresetName;
  /** Activation of the hidden layers, or of each of them; left out where there are none. Default: `"relu"`, of the article `"sigmoid"` */
  readonly activation?: ActivationName | readonly ActivationName[];
  /**
   * What is learned, which targets, metrics and `predictClasses()` go by:
   *
   * - `"classes"`: one of several, which exclude each other; the targets of a sample are probabilities with a sum of 1, with
   *   one output 0 or 1.
   * - `"labels"`: any number of them may apply; targets are probabilities.
   * - `"numbers"`: targets are any numbers, of a sigmoid from 0 to 1.
   *
   * Default: what goes with the output: `"numbers"` where it is linear or `targets` are given; `"labels"` of several
   * sigmoids, but with the preset `"article"`; else `"classes"`
   */
  readonly task?: Task;
  /**
   * What the output layer does with its logits: one probability for each output (`"sigmoid"`), one probability for each
   * of the classes that exclude each other (`"softmax"`), or nothing (`"linear"`). Default: by the task: of classes
   * `"softmax"`, with one output and with the preset `"article"` `"sigmoid"`; of labels `"sigmoid"`; of numbers `"linear"`
   */
  readonly output?: OutputName;
  /**
   * Loss of a sample: `"binaryCrossEntropy"`, `"halfSquaredError"` or `"huber"` of a sigmoid, `"crossEntropy"` of a softmax, `"halfSquaredError"` (half the
   * squared error) or `"huber"` of linear outputs. Default: the first of each
   */
  readonly loss?: LossName;
  /**
   * How the weights are drawn, where `weights` aren't given. Default: `"he"` for hidden layers with relu, leakyRelu, elu, gelu, swish or
   * softplus, `"glorot"` for others and the outputs; of the article `"uniform"`, within ±1/√inputs, for all
   */
  readonly initializer?: InitializerName;
  /**
   * Of how many networks it is the mean, from 1: an ensemble, with the `weights` of each, one network after another. See
   * {@linkcode trainEnsemble}. Default: 1
   */
  readonly members?: number;
  /** Initial weights of one's own, as {@linkcode Mlp.weights} has them. */
  readonly weights?: readonly Float32Array[];
  /** Seed of the initial weights, the order of the samples and dropout, from 0 to 2³² - 1. Default: 1 */
  readonly seed?: number;
  /** How raw inputs are scaled, in training and in use. */
  readonly preprocessing?: Preprocessing;
  /** How raw targets of a regression were scaled: they are for the training, and outputs are scaled back. */
  readonly targets?: TargetScaling;
  /** How probabilities are calibrated, as {@linkcode Mlp.calibrate} has fitted it. */
  readonly calibration?: Calibration;
  /**
   * From which probability on a label applies, one of each, or the second of two classes, one: from 0 to 1, as
   * {@linkcode Mlp.chooseThresholds} chooses them. Default: 0.5
   */
  readonly thresholds?: readonly number[];
  /** How far numbers are off, as {@linkcode Mlp.fitInterval} finds it. */
  readonly interval?: PredictionInterval;
  /** What each output stands for; all different. */
  readonly classNames?: readonly string[];
  /** Names of the columns that are learned: one of classes, else one for each output. */
  readonly targetNames?: readonly string[];
  /** Settings that made the network, to be kept with it: anything that JSON can hold. */
  readonly training?: ModelDescription["training"];
}

const COMPUTE_NAMES = namesOf<ComputeOptions>({
  workers: true,
  kernels: true,
  skipZeros: true,
  distributed: true,
});

/** Names of a network's options; the compiler checks that none is missing. */
export const MLP_NAMES = namesOf<MlpOptions>({
  layers: true,
  preset: true,
  encoder: true,
  hidden: true,
  activation: true,
  task: true,
  output: true,
  loss: true,
  initializer: true,
  weights: true,
  seed: true,
  preprocessing: true,
  targets: true,
  members: true,
  calibration: true,
  thresholds: true,
  interval: true,
  classNames: true,
  targetNames: true,
  training: true,
  workers: true,
  kernels: true,
  skipZeros: true,
  distributed: true,
});

/** What other libraries call options of a network, and options of a training. */
export const MLP_HINTS: Hints = {
  ...Object.fromEntries(
    [
      ...TRAIN_OPTION_ROWS.map(([name]) => plain(name)),
      ...["lr", "solver", "maxiter", "alpha"],
    ].map((name) => [name, "fit() takes it"]),
  ),
  hiddenlayers: "layers",
  hiddenlayersizes: "layers",
  units: "layers",
  inputs: "layers",
  outputs: "layers",
  inputshape: "layers",
  inputsize: "layers",
  outputsize: "layers",
  regularization: "fit() takes it as 'l2'",
  activationfunction: "activation",
  outputactivation: "output",
  lossfunction: "loss",
  kernelinitializer: "initializer",
  randomstate: "seed",
  threads: "workers",
  njobs: "workers",
  backend: "kernels",
};

/**
 * Refuses options for a network that is made already, but for what computes it.
 *
 * @throws {TypeError} If there is one.
 */
export function requireComputeOptions(options: ComputeOptions): void {
  requireOptions("load a network", options, COMPUTE_NAMES);
}
