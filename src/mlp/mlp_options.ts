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
 * What a network computes with. It doesn't change the results, except for rounding.
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
  /** Worker threads, from 1 to 256; the results don't depend on it. Default: one for each core; small batches use fewer of them */
  readonly workers?: number;
  /**
   * Which implementation of the kernels to use:
   *
   * - `"wasm"`: WebAssembly;
   * - `"native"`: machine code for AVX-512 or AVX2, with the same bits as WebAssembly; needs `--allow-ffi`, Linux and x86-64;
   * - `"blas"`: WebAssembly, with the machine's BLAS for dense products; needs `--allow-ffi`;
   * - `"reference"`: plain TypeScript, slow, to compare with;
   * - `"auto"`: the fastest that is available.
   *
   * The results of `"blas"` and `"reference"` differ by rounding. Default: `"auto"`
   */
  readonly kernels?: KernelSetName;
  /**
   * Whether training skips inputs of zero, or inputs that have the most frequent value of their column, in the products of
   * layer 0: where that is faster (`"auto"`), always or never. Skipping zeros changes no bits, skipping other values does.
   * Default: `"auto"`
   */
  readonly skipZeros?: SkipZeros;
  /**
   * The processes that train the network together, from `await mpi()`. Each process makes the same network, calls `fit()`
   * with the same samples and options, and has the same weights after each epoch.
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
   * Nodes of each layer, from the inputs to the outputs: at least two layers, each with at least one node. Required unless
   * `encoder` is given.
   */
  readonly layers?: readonly number[];
  /**
   * The encoder of the table to learn. It sets the numbers of inputs and outputs, their scaling, and the output function:
   * `"softmax"` for classes, `"sigmoid"` for labels, `"linear"` for numbers. It is saved with the network.
   */
  readonly encoder?: TableEncoder;
  /** Nodes of each hidden layer, `[]` for none; required with `encoder`, and only then. */
  readonly hidden?: readonly number[];
  /**
   * The defaults of the network and its trainings: common ones (`"standard"`), or those of the article series that the
   * trainer comes from (`"article"`): sigmoids, the initializer `"uniform"`, and for trainings see `preset` of
   * {@linkcode TrainOptions}. Default: `"standard"`
   */
  readonly preset?: PresetName;
  /** Activation of all hidden layers, or a list with one for each; left out if there are none. Default: `"relu"`, with the preset `"article"` `"sigmoid"` */
  readonly activation?: ActivationName | readonly ActivationName[];
  /**
   * What is learned. It determines the checks of targets, the metrics, and what `predictClasses()` does:
   *
   * - `"classes"`: one of several exclusive classes. The targets of a sample are probabilities with a sum of 1; with a single
   *   output, the target is 0 or 1.
   * - `"labels"`: labels of which any number may apply to a sample. Targets are probabilities.
   * - `"numbers"`: regression. Targets are any numbers, or from 0 to 1 for a sigmoid.
   *
   * Default: `"numbers"` for linear outputs or if `targets` are given; `"labels"` for several sigmoids, except with the
   * preset `"article"`; otherwise `"classes"`
   */
  readonly task?: Task;
  /**
   * What the output layer does with its logits: a probability for each output on its own (`"sigmoid"`), probabilities of
   * exclusive classes (`"softmax"`), or nothing (`"linear"`). Default: for classes `"softmax"`, but `"sigmoid"` with a single
   * output or the preset `"article"`; for labels `"sigmoid"`; for numbers `"linear"`
   */
  readonly output?: OutputName;
  /**
   * Loss of a sample. For a sigmoid `"binaryCrossEntropy"`, `"halfSquaredError"` (half the squared error) or `"huber"`; for a
   * softmax `"crossEntropy"`; for linear outputs `"halfSquaredError"` or `"huber"`. Default: the first of these
   */
  readonly loss?: LossName;
  /**
   * How initial weights are drawn, unless `weights` are given. Default: `"he"` for hidden layers with relu, leakyRelu, elu,
   * gelu, swish or softplus, `"glorot"` for all others; with the preset `"article"` `"uniform"`, within ±1/√inputs
   */
  readonly initializer?: InitializerName;
  /**
   * How many networks an ensemble has, from 1: its outputs are their mean, and `weights` are those of one network after
   * another. See {@linkcode trainEnsemble}. Default: 1
   */
  readonly members?: number;
  /** Initial weights, in the layout of {@linkcode Mlp.weights}. Default: drawn as `initializer` says */
  readonly weights?: readonly Float32Array[];
  /** Seed of the initial weights, the order of the samples and dropout, from 0 to 2³² - 1. Default: 1 */
  readonly seed?: number;
  /** How raw inputs are scaled, in training and for predictions. */
  readonly preprocessing?: Preprocessing;
  /** How raw targets of a regression are scaled for training; outputs are scaled back. */
  readonly targets?: TargetScaling;
  /** How probabilities are calibrated, as fitted by {@linkcode Mlp.calibrate}. */
  readonly calibration?: Calibration;
  /**
   * Thresholds from 0 to 1, as chosen by {@linkcode Mlp.chooseThresholds}: the probability from which a label applies, one
   * for each label; for two classes a single one, from which it is the second class. Default: 0.5
   */
  readonly thresholds?: readonly number[];
  /** Prediction intervals of numbers, as found by {@linkcode Mlp.fitInterval}. */
  readonly interval?: PredictionInterval;
  /** What each output stands for; all different. */
  readonly classNames?: readonly string[];
  /** Names of the target columns of a table: one for classes, otherwise one for each output. */
  readonly targetNames?: readonly string[];
  /** Settings that the network was made with, to be saved with it: anything that JSON can hold. */
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
