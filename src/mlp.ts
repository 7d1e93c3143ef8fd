import { checkCsr, isCsr } from "./data/csr.ts";
import type { CsrMatrix, Samples, SparseSamples } from "./data/dataset.ts";
import { type FlatNumbers, flatten, type Rows } from "./data/flatten.ts";
import {
  type ActivationName,
  ACTIVATIONS,
  LOSSES,
  type LossName,
} from "./network/activations.ts";
import { initialWeights, SHUFFLE_STREAM } from "./network/initial_weights.ts";
import { KERNEL_SETS, type KernelSetName } from "./pool/messages.ts";
import { MAXIMUM_WORKERS } from "./pool/worker_pool.ts";
import { Xoshiro128 } from "./random.ts";
import { checkShape, checkValues } from "./training/check_samples.ts";
import { Engine } from "./training/engine.ts";
import { evaluate, type Evaluation, predict } from "./training/infer.ts";
import { type EpochEvent, train } from "./training/train.ts";
import {
  type TrainOptions,
  type TrainSettings,
  trainSettings,
} from "./training/train_options.ts";
import { requireChoice, requireInteger, wrong } from "./validate.ts";

/** What a network is made of. */
export interface MlpOptions {
  /** Nodes of each layer, from the inputs to the outputs: two layers at least, one node each at least. */
  readonly layers: readonly number[];
  /** Activation of the hidden layers; the output layer is always sigmoid. Default: `"sigmoid"` */
  readonly activation?: ActivationName;
  /** Loss of a sample: binary cross-entropy of each output, or half the squared error. Default: `"logloss"` */
  readonly loss?: LossName;
  /** Seed of the initial weights and of the order of the samples, from 0 to 2³² - 1. Default: 1 */
  readonly seed?: number;
  /** Worker threads, from 1 to 256; the results don't depend on it. Default: one for each core */
  readonly workers?: number;
  /**
   * The kernels. WebAssembly ones never skip inputs of zero in training (`"wasm"`), or always (`"wasm-sparse"`); a BLAS of
   * the machine computes the products (`"blas"`, with `--allow-ffi` alone); their slow twins are plain TypeScript
   * (`"typescript"`); `"auto"` takes what is fastest of what is there. To skip zeros changes no bits, the others do.
   * Default: `"auto"`
   */
  readonly kernels?: KernelSetName;
}

const ACTION = "make a network";

/** The largest seed. */
const MAXIMUM_SEED = 0xffff_ffff;

function requireLayers(layers: unknown): readonly number[] {
  if (!Array.isArray(layers)) {
    throw new TypeError(
      wrong(ACTION, "layers", "an array of whole numbers", layers),
    );
  }
  if (layers.length < 2) {
    throw new RangeError(
      wrong(ACTION, "layers", "two or more whole numbers", layers),
    );
  }
  for (const [n, nodes] of layers.entries()) {
    requireInteger(ACTION, `layers[${n}]`, nodes, 1, Infinity);
  }
  return [...layers];
}

/**
 * A multi-layer perceptron that trains on every core. Its workers start with the first call that computes, and end with
 * {@linkcode Mlp.dispose} or at the end of the block of an `await using`. Calls that overlap are done one after another.
 *
 * The forward pass is `A[N+1] = act(W[N]·[1; A[N]])`; the backward pass is derived from the cached A alone.
 *
 * @example Learn to tell which of two numbers is larger
 * ```ts
 * import { Mlp, samplesFrom } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({
 *   x: [[0, 1], [1, 0], [0.2, 0.9], [0.7, 0.3]],
 *   labels: [1, 0, 1, 0],
 * });
 * await using mlp = new Mlp({ layers: [2, 4, 2], seed: 1 });
 * for await (const { epoch, cost } of mlp.train(samples, { epochs: 100, learningRate: 0.5 })) {
 *   if (epoch % 50 === 0) console.log(epoch, cost);
 * }
 * const [first, second] = await mlp.predict([[0.1, 0.8]]);
 * console.log(second > first); // true
 * ```
 */
export class Mlp {
  /** Nodes of each layer, from the inputs to the outputs. */
  readonly layers: readonly number[];
  /** Activation of the hidden layers. */
  readonly activation: ActivationName;
  /** Loss of a sample. */
  readonly loss: LossName;
  /** Seed of the initial weights and of the order of the samples. */
  readonly seed: number;
  /** Worker threads. */
  readonly workers: number;
  readonly #engine: Engine;
  readonly #shuffles: Xoshiro128;
  #training = false;

  /**
   * Draws the initial weights, uniform within ±1/√inputs. No worker starts yet.
   *
   * @throws {TypeError} If an option is of the wrong type.
   * @throws {RangeError} If an option is out of its range, or the network doesn't fit into memory.
   */
  constructor(options: MlpOptions) {
    const {
      layers,
      activation = "sigmoid",
      loss = "logloss",
      seed = 1,
      workers = Math.min(navigator.hardwareConcurrency, MAXIMUM_WORKERS),
      kernels = "auto",
    } = options;
    this.layers = requireLayers(layers);
    this.activation = requireChoice(
      ACTION,
      "activation",
      activation,
      Object.keys(ACTIVATIONS) as ActivationName[],
    );
    this.loss = requireChoice(
      ACTION,
      "loss",
      loss,
      Object.keys(LOSSES) as LossName[],
    );
    this.seed = requireInteger(ACTION, "seed", seed, 0, MAXIMUM_SEED);
    this.workers = requireInteger(
      ACTION,
      "workers",
      workers,
      1,
      MAXIMUM_WORKERS,
    );
    requireChoice(ACTION, "kernels", kernels, KERNEL_SETS);
    this.#engine = new Engine(
      { layers: this.layers, activation, loss },
      workers,
      kernels,
    );
    this.#engine.writeWeights(initialWeights(this.layers, seed));
    this.#shuffles = new Xoshiro128(seed, SHUFFLE_STREAM);
  }

  /**
   * Trains on mini-batches, and yields what is known after every epoch. To leave the loop stops the training; what was
   * learned stays. The calling thread is free while an epoch runs.
   *
   * @param samples As many inputs and outputs as the network has; targets from 0 to 1. Not to be changed afterwards.
   *
   * @throws {TypeError} If an option is of the wrong type.
   * @throws {RangeError} If an option is out of its range, the samples don't fit the network or hold a NaN, or the
   * buffers don't fit into memory.
   * @throws {Error} If the network is being trained already, was disposed, or a worker fails.
   */
  train(
    samples: Samples | SparseSamples,
    options: TrainOptions = {},
  ): AsyncGenerator<EpochEvent, void, undefined> {
    checkShape("train", samples, this.layers);
    return this.#train(samples, trainSettings(options, samples));
  }

  async *#train(
    samples: Samples | SparseSamples,
    settings: TrainSettings,
  ): AsyncGenerator<EpochEvent, void, undefined> {
    if (this.#training) {
      throw new Error("Cannot train as the network is being trained already");
    }
    this.#training = true;
    try {
      await checkValues("train", samples);
      yield* train(this.#engine, samples, settings, this.#shuffles);
    } finally {
      this.#training = false;
    }
  }

  /**
   * Computes the outputs for any number of samples.
   *
   * @param x Inputs: an array for each sample, all in one typed array, sample after sample, or compressed sparse rows.
   * @returns Outputs, from 0 to 1, sample after sample: sample s has its values at `s · outputs`.
   *
   * @throws {TypeError} If `x` is none of these.
   * @throws {RangeError} If its length doesn't fit the network, or it holds a NaN.
   * @throws {Error} If the network was disposed, or a worker fails.
   */
  async predict(
    x: Rows | FlatNumbers | CsrMatrix,
  ): Promise<Float32Array<ArrayBuffer>> {
    const inputs = this.layers[0];
    if (isCsr(x)) {
      const samples = checkCsr("predict", x, inputs);
      const at = x.data.findIndex((value) => !Number.isFinite(value));
      if (at < 0) return await predict(this.#engine, x, samples);
      throw new RangeError(
        wrong("predict", `x.data[${at}]`, "a finite number", x.data[at]),
      );
    }
    const { values } = flatten("predict", "x", x, "inputs", inputs);
    return await predict(this.#engine, values, values.length / inputs);
  }

  /**
   * Computes how well the network does on samples whose targets are known.
   *
   * @throws {RangeError} If the samples don't fit the network, or hold a NaN.
   * @throws {Error} If the network was disposed, or a worker fails.
   */
  async evaluate(samples: Samples | SparseSamples): Promise<Evaluation> {
    checkShape("evaluate", samples, this.layers);
    await checkValues("evaluate", samples);
    return await evaluate(this.#engine, samples);
  }

  /**
   * The weights, one array for each layer but the last: `outputs × (inputs + 1)` values, column-major, so that the
   * biases come first, then the weights of the first input, and so on. Reading copies, writing checks and copies.
   * Not while an epoch runs.
   *
   * @throws {TypeError} If what is written is not an array of Float32Arrays.
   * @throws {RangeError} If a length doesn't fit, or a value isn't finite.
   */
  get weights(): Float32Array<ArrayBuffer>[] {
    return this.#engine.readWeights();
  }

  set weights(weights: readonly Float32Array[]) {
    const action = "set weights";
    const layers = this.layers.length - 1;
    if (!Array.isArray(weights)) {
      throw new TypeError(
        wrong(action, "weights", "an array of Float32Arrays", weights),
      );
    }
    if (weights.length !== layers) {
      throw new RangeError(
        wrong(action, "weights.length", String(layers), weights.length),
      );
    }
    for (const [n, values] of weights.entries()) {
      if (!(values instanceof Float32Array)) {
        throw new TypeError(
          wrong(action, `weights[${n}]`, "a Float32Array", values),
        );
      }
      const length = this.layers[n + 1] * (this.layers[n] + 1);
      if (values.length !== length) {
        throw new RangeError(
          wrong(action, `weights[${n}].length`, String(length), values.length),
        );
      }
      const at = values.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) {
        throw new RangeError(
          wrong(action, `weights[${n}][${at}]`, "a finite number", values[at]),
        );
      }
    }
    this.#engine.writeWeights(weights);
  }

  /**
   * Computes the SHA-256 of all weights, in hexadecimal: layer by layer, column-major, without padding, as
   * little-endian float32. Two networks with the same one are equal to the last bit.
   */
  async weightsSha256(): Promise<string> {
    const weights = this.weights;
    const length = weights.reduce((sum, values) => sum + values.length, 0);
    const bytes = new DataView(new ArrayBuffer(4 * length));
    let at = 0;
    for (const values of weights) {
      for (const value of values) {
        bytes.setFloat32(at, value, true);
        at += 4;
      }
    }
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    return new Uint8Array(digest).toHex();
  }

  /** Ends the workers. A training under way rejects. */
  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  /** Ends the workers at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
