import { StateError, WrongValueError } from "../checks/errors.ts";
import type {
  Calibration,
  CalibrationMethod,
} from "../calibration/calibration.ts";
import type { FittedCalibration } from "../calibration/fit_calibration.ts";
import type { Kept, PredictionInterval } from "../calibration/kept.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../training/checkpoint.ts";
import { requireSamples } from "../data/require_samples.ts";
import type { CsrMatrix, Samples, SparseSamples } from "../data/dataset.ts";
import type { FlatNumbers, Rows } from "../data/flatten.ts";
import type { Preprocessing, TargetScaling } from "../data/preprocessing.ts";
import { undoTargetScaling } from "../data/scaling.ts";
import type { RowOptions } from "../data/encoder_options.ts";
import type { TableEncoder } from "../data/table_encoder.ts";
import type { TablePrediction } from "../data/table_prediction.ts";
import { isRows, type TableRows } from "../data/table_rows.ts";
import type { Model, ModelDescription } from "../models/model.ts";
import { requireObject } from "../checks/json_checks.ts";
import { pathOf } from "../io/read_bytes.ts";
import { readUsableModel } from "../model_files/read_model.ts";
import { requireReadable, writeAtomically } from "../io/write_atomically.ts";
import { writeModel } from "../model_files/write_model.ts";
import type {
  ThresholdAim,
  ThresholdChoice,
} from "../metrics/choose_threshold.ts";
import { partsOf } from "../inference/members.ts";
import {
  evaluatePrepared,
  type PredictingNetwork,
  predictPrepared,
} from "../inference/predicting_network.ts";
import { descriptionOf } from "./describe_network.ts";
import { calibrationFor, choicesFor, intervalFor } from "./fit_kept.ts";
import { decideClasses } from "../metrics/decide.ts";
import {
  type ComputeOptions,
  type MlpOptions,
  requireComputeOptions,
} from "./mlp_options.ts";
import { mlpSettings } from "./mlp_settings.ts";
import type { ActivationName } from "../units/activations.ts";
import { initialWeights } from "../units/initializers.ts";
import type { LossName } from "../units/losses.ts";
import type { OutputName } from "../units/outputs.ts";
import type { PresetName } from "../units/presets.ts";
import type { Task } from "../units/tasks.ts";
import { requireWeights, sha256Of } from "../models/weights.ts";
import { prepareInputs } from "../samples/prepare_inputs.ts";
import { prepareSamples } from "../samples/prepared_samples.ts";
import { Engine } from "../engine/engine.ts";
import type { EpochEvent } from "../history/events.ts";
import type { SampleStream } from "../training/stream.ts";
import type { Evaluation } from "../inference/evaluate.ts";
import { type InferenceOptions, signalOf } from "../inference/infer.ts";
import { summaryOf } from "./summary.ts";
import type { TrainOptions } from "../training/options/train_options.ts";
import { Trainer } from "../training/trainer.ts";
import type { TrainingRun } from "../training/training_run.ts";
import { readBytes } from "../io/read_bytes.ts";
import { wrong } from "../checks/validate.ts";

/**
 * A multi-layer perceptron that trains on every core. Its worker threads start with the first call that computes. They end
 * with {@linkcode Mlp.dispose}, or at the end of the block with `await using`. Calls that overlap run one after another.
 *
 * @example Learn to tell which of two numbers is larger
 * ```ts
 * import { Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({
 *   x: [[0, 1], [1, 0], [0.2, 0.9], [0.7, 0.3]],
 *   labels: [1, 0, 1, 0],
 * });
 * await using mlp = new Mlp({ layers: [2, 4, 2] });
 * await mlp.fit(samples, { learningRate: 0.05 });
 * const [first, second] = await mlp.predict([[0.1, 0.8]]);
 * console.log(second > first); // true
 * ```
 */
export class Mlp {
  /** Nodes of each layer, from the inputs to the outputs. */
  readonly layers: readonly number[];
  /** The defaults of its trainings. */
  readonly preset: PresetName;
  /** Activation of each hidden layer. */
  readonly activations: readonly ActivationName[];
  /** What the outputs are: classes, labels or numbers. */
  readonly task: Task;
  /** What the output layer does with its logits. */
  readonly output: OutputName;
  /** Loss of a sample. */
  readonly loss: LossName;
  /** Seed of the initial weights, the order of the samples and dropout. */
  readonly seed: number;
  /** Worker threads. */
  readonly workers: number;
  /** How raw inputs are scaled, in training and for predictions. */
  readonly preprocessing: Preprocessing | undefined;
  /** How outputs are scaled back to the units of raw targets. */
  readonly targets: TargetScaling | undefined;
  /** Names of the classes or labels. */
  readonly classNames: readonly string[] | undefined;
  /** Names of the target columns of a table. */
  readonly targetNames: readonly string[] | undefined;
  /** The encoder of the table that the network was made for, which turns rows into inputs and outputs into words. */
  readonly encoder: TableEncoder | undefined;
  /** How many networks its outputs are the mean of: 1, or those of an ensemble. */
  readonly members: number;
  /** Settings that the network was made with, saved with it. */
  training: ModelDescription["training"];
  readonly #engine: Engine;
  readonly #trainer: Trainer;
  /** The weights of each member of an ensemble; the engine has those of one of them. */
  #memberWeights: readonly (readonly Float32Array[])[] | undefined;
  #kept: Kept;

  /**
   * Draws the initial weights, unless they are given. No worker starts yet.
   *
   * @throws {TypeError} If an option is unknown or of the wrong type.
   * @throws {RangeError} If an option is out of its range, or the network doesn't fit into memory.
   */
  constructor(options: MlpOptions) {
    const settings = mlpSettings(options);
    const { layers, activations, task, output, loss, seed } = settings;
    this.layers = layers;
    this.preset = settings.preset;
    this.activations = activations;
    this.task = task;
    this.output = output;
    this.loss = loss;
    this.seed = seed;
    this.workers = settings.workers;
    this.preprocessing = settings.preprocessing;
    this.targets = settings.targets;
    this.classNames = settings.classNames;
    this.targetNames = settings.targetNames;
    this.encoder = settings.encoder;
    this.training = options.training;
    const { weights } = options;
    const { members = 1 } = settings;
    this.members = members;
    if (weights !== undefined) {
      requireWeights("make a network", weights, layers, members);
      this.#memberWeights = partsOf(weights, members);
    }
    this.#engine = new Engine(
      { layers, activations, task, output, loss },
      settings.workers,
      settings,
      settings.distributed,
    );
    this.#engine.writeWeights(
      this.#memberWeights?.[0] ?? weights ??
        initialWeights(layers, seed, settings.initializers),
    );
    const { calibration, thresholds, interval } = settings;
    this.#kept = { calibration, thresholds, interval };
    const ranks = settings.distributed?.size ?? 1;
    // What was fitted to the weights ends before they change.
    const changes = () => this.#kept = {};
    this.#trainer = new Trainer(this.#engine, { ...this, ranks }, changes);
  }

  /** How its probabilities are calibrated, if they are; discarded by a training and by new weights. */
  get calibration(): Calibration | undefined {
    return this.#kept.calibration;
  }

  /**
   * The probability from which a label applies, one for each label; for two classes a single one, from which it is the second
   * class. `undefined` stands for 0.5. Discarded by a training, a calibration and new weights.
   */
  get thresholds(): readonly number[] | undefined {
    return this.#kept.thresholds;
  }

  /** Prediction intervals of its numbers, if they were fitted; discarded by a training and by new weights. */
  get interval(): PredictionInterval | undefined {
    return this.#kept.interval;
  }

  /**
   * Trains on mini-batches. The training starts at once and doesn't block the calling thread. Await the run that is returned
   * for the history, or iterate over its epochs. All errors come from the run; the call itself throws none.
   *
   * @example Look at the network after every epoch, and stop when it is good enough
   * ```ts
   * import { Mlp, samplesFrom } from "@lockstep/lockstep";
   *
   * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
   * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
   * for await (const { loss } of mlp.fit(samples, { optimizer: "adam", learningRate: 0.1 })) {
   *   if (loss < 0.1 && (await mlp.evaluate(samples)).accuracy === 1) break;
   * }
   * ```
   *
   * @param source Samples with as many inputs and outputs as the network has; targets from 0 to 1, unless the output is
   * linear. They are copied before the first epoch, and may be changed from then on; validation samples only after the
   * training. For data larger than memory, pass a function that yields samples in pieces; each epoch calls it anew and trains
   * on one piece after another. The next piece is requested when the one before is done, so all may use the same arrays.
   *
   * The run rejects with a TypeError if an option is unknown or of the wrong type; with a RangeError if an option is out of
   * its range or unused by the optimizer or schedule, if the samples don't fit the network or contain NaN, or if the buffers
   * don't fit into memory; with the reason of the signal if that is aborted; and with an Error if the network is already
   * being trained, was disposed, or a worker fails.
   */
  fit(
    source: Samples | SparseSamples | SampleStream,
    options: TrainOptions = {},
  ): TrainingRun {
    return this.#trainer.fit(source, options);
  }

  /**
   * Makes one pass over samples and keeps the state of the optimizer for the next call, for data that arrives in pieces.
   *
   * @throws As a run of {@linkcode Mlp.fit} fails.
   */
  async partialFit(
    samples: Samples | SparseSamples,
    options: Omit<TrainOptions, "epochs" | "patience" | "resume"> = {},
  ): Promise<EpochEvent> {
    return await this.#trainer.partialFit(samples, options);
  }

  /**
   * Computes the outputs for any number of samples.
   *
   * @param x Inputs: an array for each sample, one typed array with sample after sample, or compressed sparse rows. A network
   * with an encoder takes rows of its table: a table, or an array of rows, which are arrays or objects of cells. It also takes
   * the typed arrays that `encoder.inputs()` makes.
   * @returns Outputs, sample after sample: those of sample s begin at `s · outputs`. Probabilities are from 0 to 1.
   *
   * @throws {TypeError} If `x` is none of these, or an option is unknown or of the wrong type.
   * @throws {RangeError} If its length doesn't fit the network, or it contains NaN.
   * @throws {DOMException} If the signal is aborted; any other reason of the signal is thrown as it is.
   * @throws {Error} If the network was disposed, or a worker fails.
   *
   * @example Give up after a second
   * ```ts
   * import { Mlp } from "@lockstep/lockstep";
   *
   * await using mlp = new Mlp({ layers: [2, 3] });
   * const signal = AbortSignal.timeout(1000);
   * const outputs = await mlp.predict([[0.1, 0.8], [0.5, 0.5]], { signal });
   * console.log(outputs.length); // 6
   * ```
   */
  async predict(
    x: Rows | FlatNumbers | CsrMatrix | TableRows,
    options: InferenceOptions = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const signal = signalOf("predict", options);
    const { encoder, calibration } = this;
    const { values, samples, check } = await prepareInputs(
      this,
      // What isn't inputs is refused there.
      encoder !== undefined && isRows(x) ? await encoder.inputs(x) : x as Rows,
    );
    const outputs = await predictPrepared(
      this.#predicting,
      { x: values, count: samples, check },
      calibration,
      signal,
    );
    if (this.targets !== undefined) undoTargetScaling(outputs, this.targets);
    return outputs;
  }

  /**
   * Computes the outputs for any number of samples, as an array with a Float32Array for each sample; all are views of the
   * same memory.
   *
   * @throws As {@linkcode Mlp.predict} does.
   *
   * @example
   * ```ts
   * import { Mlp } from "@lockstep/lockstep";
   *
   * await using mlp = new Mlp({ layers: [2, 3] });
   * for (const [first, ...others] of await mlp.predictRows([[0.1, 0.8], [0.5, 0.5]])) {
   *   console.log(first, others.length); // a number, 2
   * }
   * ```
   */
  async predictRows(
    x: Rows | FlatNumbers | CsrMatrix | TableRows,
    options: InferenceOptions = {},
  ): Promise<Float32Array<ArrayBuffer>[]> {
    const values = await this.predict(x, options);
    const outputs = this.layers.at(-1)!;
    return Array.from(
      { length: values.length / outputs },
      (_, s) => values.subarray(s * outputs, (s + 1) * outputs),
    );
  }

  /**
   * Computes the class of any number of samples: the index of the largest output, the first one of equals; with a single
   * output, 1 if it is at least the threshold (0.5 by default), otherwise 0.
   *
   * @throws {RangeError} If the task is labels or numbers, or an output is NaN.
   * @throws As {@linkcode Mlp.predict} does.
   */
  async predictClasses(
    x: Rows | FlatNumbers | CsrMatrix | TableRows,
    options: InferenceOptions = {},
  ): Promise<Int32Array> {
    if (this.task !== "classes") {
      throw new WrongValueError(
        wrong("predict classes", "task", "'classes'", this.task),
      );
    }
    const outputs = await this.predict(x, options);
    return decideClasses(outputs, this.layers.at(-1)!, this.thresholds);
  }

  /**
   * Predicts rows of a table: their class, labels or numbers, with the names that the table has. Only for a network with an
   * encoder.
   *
   * @param rows A table, or an array of rows: arrays of cells in the order of the input columns, or objects with cells by
   * name. Objects, and tables with a header, may also contain the targets.
   *
   * @throws {StateError} If the network has no encoder.
   * @throws As {@linkcode Mlp.predict} does.
   *
   * @example
   * ```ts
   * import { Mlp, readTable, TableEncoder } from "@lockstep/lockstep";
   *
   * const table = await readTable("data/iris.csv");
   * const encoder = await TableEncoder.fit(table, { target: "species" });
   * await using mlp = new Mlp({ encoder, hidden: [16] });
   * await mlp.fit(await encoder.samples(table), { optimizer: "adam", learningRate: 0.01 });
   * const [flower] = await mlp.predictTable([[5.1, 3.5, 1.4, 0.2]]);
   * if (flower.task === "classes") console.log(flower.label, flower.probabilities.setosa);
   * ```
   */
  async predictTable(
    rows: TableRows,
    options: InferenceOptions & RowOptions = {},
  ): Promise<TablePrediction[]> {
    const { encoder } = this;
    if (encoder === undefined) {
      throw new StateError(
        "Cannot predict rows as the network has no encoder: make it with new Mlp({ encoder, hidden })",
      );
    }
    const { onNote, ...inference } = options;
    const x = await encoder.inputs(rows, { onNote });
    const found = await encoder.decode(await this.predict(x, inference), {
      thresholds: this.thresholds,
      halfWidths: this.interval?.halfWidths,
    });
    if (encoder.table.keep === undefined) return found;
    const kept = await encoder.kept(rows);
    return found.map((row, at) => ({ ...row, kept: kept[at] }));
  }

  /**
   * Computes how well the network does on samples whose targets are known.
   *
   * @throws {TypeError} If an option is unknown or of the wrong type.
   * @throws {RangeError} If the samples don't fit the network, or contain NaN.
   * @throws {DOMException} If the signal is aborted; any other reason of the signal is thrown as it is.
   * @throws {Error} If the network was disposed, or a worker fails.
   */
  async evaluate(
    samples: Samples | SparseSamples,
    options: InferenceOptions = {},
  ): Promise<Evaluation> {
    // Before the options: what comes second elsewhere are targets.
    requireSamples("evaluate", "samples", samples);
    const signal = signalOf("evaluate", options);
    const prepared = await prepareSamples("evaluate", this, samples);
    return await evaluatePrepared(
      this.#predicting,
      prepared,
      this.#kept,
      signal,
    );
  }

  /** What computes its outputs. */
  get #predicting(): PredictingNetwork {
    const { layers, task, output, loss } = this;
    const members = this.#memberWeights;
    return { engine: this.#engine, members, layers, task, output, loss };
  }

  /**
   * Calibrates the probabilities that `predict()`, the methods based on it, and `evaluate()` give from then on. The
   * calibration is saved with the network, replaces an earlier one, and is discarded by the next training.
   *
   * @param samples Samples that the network has not learned from, such as validation samples; on samples that it has
   * learned, it is overconfident.
   * @param method What is fitted, to minimize the log loss:
   *
   * - `"temperature"`: all logits are divided by one number, see https://arxiv.org/abs/1706.04599. Predicted classes don't
   *   change.
   * - `"platt"`: logits become `slope · z + intercept`, with an intercept for each class; for labels, also a slope for each.
   *   For two classes, this is Platt scaling.
   * - `"isotonic"`: probabilities are mapped by rising curves; needs some thousand samples.
   *
   * @returns The calibration, with the log loss of the samples before and after it. If it would not lower the loss, the
   * calibration changes nothing, such as a temperature of 1 where all samples are predicted correctly.
   *
   * @throws {TypeError} If an argument is of the wrong type.
   * @throws {RangeError} If the task is numbers, there is no such method, or the samples don't fit the network.
   *
   * @example
   * ```ts
   * import { loadDataset, Mlp } from "@lockstep/lockstep";
   *
   * const { train, test } = await loadDataset("mnist");
   * await using mlp = new Mlp({ layers: [784, 10], output: "softmax" });
   * await mlp.fit(train, { epochs: 1 });
   * const { before, after } = await mlp.calibrate(test, { method: "temperature" });
   * console.log(after <= before); // true
   * ```
   */
  async calibrate(
    samples: Samples | SparseSamples,
    options: { readonly method: CalibrationMethod },
  ): Promise<FittedCalibration> {
    const found = await calibrationFor(
      this.#predicting,
      this,
      samples,
      options,
    );
    this.#kept = { calibration: found.calibration };
    return found;
  }

  /**
   * Chooses the threshold of each label, or of the second of two classes: the probability from which it is predicted.
   * `predictClasses()`, `predictTable()` and the accuracy of `evaluate()` use the thresholds from then on. They are saved with
   * the network, and discarded by the next training or calibration.
   *
   * @param samples Samples that the network has not learned from.
   * @param aim What to optimize, see {@linkcode chooseThreshold}. Default: `"f1"`
   *
   * @returns The choice for each label; a single one for two classes.
   *
   * @throws {TypeError} If an argument is of the wrong type.
   * @throws {RangeError} If the task is numbers or there are more than two classes, if a label applies to no sample or to all,
   * or if the samples don't fit the network.
   *
   * @example Find nine of ten positives, at the cost of false ones
   * ```ts
   * import { Mlp, samplesFrom } from "@lockstep/lockstep";
   *
   * const samples = samplesFrom({ x: [[0], [1], [2], [3]], labels: [0, 1, 0, 1] });
   * await using mlp = new Mlp({ layers: [1, 2] });
   * const [{ recall }] = await mlp.chooseThresholds(samples, { aim: { recall: 0.9 } });
   * console.log(recall >= 0.9, mlp.thresholds?.length); // true, 1
   * ```
   */
  async chooseThresholds(
    samples: Samples | SparseSamples,
    options: { readonly aim?: ThresholdAim } = {},
  ): Promise<ThresholdChoice[]> {
    const choices = await choicesFor(this, samples, options);
    const thresholds = choices.map(({ threshold }) => threshold);
    this.#kept = { ...this.#kept, thresholds };
    return choices;
  }

  /**
   * Fits prediction intervals, which `predictTable()` gives with each number from then on. They are saved with the network,
   * and discarded by the next training.
   *
   * @param samples Samples that the network has not learned from: at least 9 for a coverage of 0.9, and some hundred for the
   * actual coverage to be close to it.
   * @param coverage The fraction of new samples whose target shall lie within the interval, for each output; between 0 and 1,
   * see {@linkcode conformalHalfWidths}.
   *
   * @throws {TypeError} If an argument is of the wrong type.
   * @throws {RangeError} If the task isn't numbers, there are too few samples, or they don't fit the network.
   *
   * @example
   * ```ts
   * import { Mlp, samplesFrom } from "@lockstep/lockstep";
   *
   * const samples = samplesFrom({ x: [[0], [1], [2], [3]], y: [0, 2, 4, 6] });
   * await using mlp = new Mlp({ layers: [1, 1], task: "numbers" });
   * const { halfWidths } = await mlp.fitInterval(samples, { coverage: 0.8 });
   * console.log(halfWidths.length); // 1
   * ```
   */
  async fitInterval(
    samples: Samples | SparseSamples,
    options: { readonly coverage: number },
  ): Promise<PredictionInterval> {
    const interval = await intervalFor(this, samples, options);
    this.#kept = { ...this.#kept, interval };
    return interval;
  }

  /**
   * Describes the network as text: a line for each layer of weights, the number of parameters, how many of them learned
   * in the last training, and the memory of the weights with the optimizer's moments. Samples and batches take further memory.
   * With several ranks, the moments are counted as this rank holds them at the time: its slice during a training, all of them
   * in rank 0 between trainings.
   *
   * @example
   * ```ts
   * import { Mlp } from "@lockstep/lockstep";
   *
   * await using mlp = new Mlp({ layers: [4, 16, 3] });
   * console.log(mlp.summary());
   * // layer  nodes   activation  parameters  trainable
   * // 1      4 → 16  relu                80  yes
   * // 2      16 → 3  softmax             51  yes
   * // parameters   131, trainable 131
   * // memory       5,120 bytes
   * ```
   */
  summary(): string {
    const { optimizer: { sliced }, ranks } = this.#engine;
    return summaryOf(
      this,
      this.#trainer.progress?.settings.trainable,
      sliced && { ...ranks, moments: sliced.bytes },
    );
  }

  /**
   * The weights, one array for each pair of consecutive layers: `outputs × (inputs + 1)` values, column-major, so that the
   * biases come first, then the weights of the first input, and so on. Reading makes a copy; writing checks and copies.
   *
   * @throws {StateError} If they are read while workers change them, or set while workers use them: await the call in
   * progress, or do it in `onEpoch`, `onBatch` or a loop over {@linkcode Mlp.fit}.
   * @throws {TypeError} If what is written is not an array of Float32Arrays.
   * @throws {RangeError} If a length doesn't fit, or a value isn't finite.
   */
  get weights(): Float32Array<ArrayBuffer>[] {
    this.#engine.requireReadable("read the weights");
    return this.#memberWeights?.flat().map((layer) =>
      Float32Array.from(layer)
    ) ??
      this.#engine.readWeights();
  }

  set weights(weights: readonly Float32Array[]) {
    requireWeights("set weights", weights, this.layers, this.members);
    this.#engine.requireWritable("set weights");
    this.#kept = {};
    this.#memberWeights = partsOf(weights, this.members);
    this.#engine.writeWeights(this.#memberWeights?.[0] ?? weights);
  }

  /**
   * Computes the SHA-256 of all weights, in hexadecimal: layer by layer, column-major, without padding, as
   * little-endian float32. Networks with the same hash have the same weights, to the bit. During a training, it waits for the
   * end of a batch.
   */
  async weightsSha256(): Promise<string> {
    return await sha256Of(await this.#between(() => this.weights));
  }

  /** Waits until no worker computes. */
  #between<T>(read: () => T | Promise<T>): Promise<T> {
    return this.#engine.exclusive(() => Promise.resolve(read()));
  }

  /**
   * The description of the network and its weights, as in model files.
   *
   * @throws {StateError} While workers change the weights.
   */
  toModel(): Model {
    return { description: descriptionOf(this), weights: this.weights };
  }

  /**
   * Makes a network from what {@linkcode Mlp.toModel} returned.
   *
   * @throws {TypeError} If a part is missing or of the wrong type.
   * @throws {RangeError} If a part is out of its range.
   */
  static fromModel(model: Model, options: ComputeOptions = {}): Mlp {
    const action = "make a network";
    const { description, weights } = requireObject(action, "model", model);
    const { activations, ...rest } = requireObject(
      action,
      "model.description",
      description,
    ) as unknown as Model["description"];
    requireComputeOptions(options);
    return new Mlp({
      ...rest,
      ...options,
      activation: activations,
      weights: weights as Model["weights"],
    });
  }

  /**
   * Writes the network to a file: `.safetensors`, `.onnx` or `.json`. The file appears under its name only when it is
   * complete. During a training, it waits for the end of a batch.
   *
   * @throws {RangeError} If the name has another ending.
   * @throws {Deno.errors.NotCapable} If the permission to write, or to rename, is missing.
   */
  async save(path: string | URL): Promise<void> {
    const name = pathOf("save a network", path);
    await writeModel(name, await this.#between(() => this.toModel()));
  }

  /**
   * Reads a network from a file that {@linkcode Mlp.save} wrote, or from an ONNX file with such a network.
   *
   * @throws {RangeError} If the file isn't what it should be.
   * @throws {Deno.errors.NotFound} If there is no such file.
   */
  static async load(
    path: string | URL,
    options: ComputeOptions = {},
  ): Promise<Mlp> {
    const name = pathOf("load a network", path);
    return Mlp.fromModel(await readUsableModel(name), options);
  }

  /**
   * How far the last training got: completed epochs, and completed batches of the epoch in progress.
   *
   * @throws {StateError} If it ended in the middle of a batch, because a worker failed or {@linkcode Mlp.dispose} waited too
   * long for the batch. Some weights are then from before that batch and some from after it, and the optimizer starts anew.
   */
  get position(): { readonly epoch: number; readonly batch: number } {
    return this.#trainer.position;
  }

  /**
   * Writes a checkpoint: the network and the exact state of its training, to the batch. Call it between two events, or after
   * a training has ended, been left or aborted. If the best weights were restored at the end, the checkpoint has those, and
   * can't be continued with more epochs. With `distributed`, all ranks have to call it during a training, in `onEpoch` or
   * `onBatch`; only rank 0 writes.
   *
   * @throws {StateError} If there was no training, it ended in the middle of a batch, or its loss isn't finite any more.
   */
  async saveCheckpoint(path: string | URL): Promise<void> {
    const action = "save a checkpoint";
    const name = pathOf(action, path);
    const bytes = await this.#between(async () => {
      const progress = this.#trainer.place(action);
      if (progress === undefined) {
        throw new StateError(`Cannot ${action} as there was no training`);
      }
      const { optimizer } = this.#engine;
      const moments = await optimizer.read();
      const { steps } = optimizer;
      return encodeCheckpoint(this.toModel(), { moments, steps }, progress);
    });
    if (this.#engine.ranks.rank > 0) return;
    requireReadable(name, () => decodeCheckpoint(bytes, name));
    await writeAtomically(name, bytes);
  }

  /**
   * Reads a checkpoint. A training with the same samples, the same settings and `resume: true` then gives the same weights, to
   * the bit, as a training without interruption.
   *
   * @throws {RangeError} If the file isn't what it should be.
   * @throws {Deno.errors.NotFound} If there is no such file.
   */
  static async loadCheckpoint(
    path: string | URL,
    options: ComputeOptions = {},
  ): Promise<Mlp> {
    const name = pathOf("load a checkpoint", path);
    const { model, moments, steps, progress } = decodeCheckpoint(
      await readBytes(name),
      name,
    );
    const mlp = Mlp.fromModel(model, options);
    mlp.#engine.optimizer.write(
      progress.settings.optimizer,
      steps,
      moments,
    );
    mlp.#trainer.restore(progress);
    return mlp;
  }

  /**
   * Ends the workers within a second. A training in progress rejects: after the current batch if that ends soon enough,
   * otherwise in the middle of it.
   */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  /** Ends the workers at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
