import type { Samples, SparseSamples } from "../../data/dataset.ts";
import type { OptimizerName } from "../../units/optimizers.ts";
import type {
  BatchEvent,
  EpochEvent,
  MonitorName,
  StartEvent,
} from "../../history/events.ts";
import type { PresetName } from "../../units/presets.ts";
import type { ScheduleName } from "../../units/schedules.ts";

/**
 * How a network is trained. What is left out is what users of other libraries know; with the optimizer `"article"`, as in
 * the article that the trainer comes from.
 *
 * @example
 * ```ts
 * import { Mlp, samplesFrom, type TrainOptions } from "@lockstep/lockstep";
 *
 * const samples = samplesFrom({ x: [[0, 1], [1, 0]], labels: [1, 0] });
 * await using mlp = new Mlp({ layers: [2, 3, 2], output: "softmax" });
 * const options: TrainOptions = { epochs: 5, optimizer: "sgd", learningRate: 0.1 };
 * console.log((await mlp.fit(samples, options)).epochs.length); // 5
 * ```
 */
export interface TrainOptions {
  /**
   * The optimizer by default, and so the defaults that go with it: `"adam"` (`"standard"`) or `"article"` (`"article"`).
   * Default: that of the network
   */
  readonly preset?: PresetName;
  /** Passes over all samples, from 1. Default: 100, `"article"` 35 */
  readonly epochs?: number;
  /**
   * Samples of a mini-batch, from 1; all of them where there are fewer. Default: a 50th of the samples, but from 32 to
   * 200; `"article"` 500
   */
  readonly batchSize?: number;
  /** Whether the samples get a new order for the call alone, or for every epoch. Default: `"epoch"`, `"article"` `"once"` */
  readonly shuffle?: "once" | "epoch";

  /**
   * How gradients g change weights w, with the rate r:
   *
   * - `"article"`: `step = r·g; w -= step + momentum · previous step`;
   * - `"sgd"`: `v = momentum·v + g; w -= r·v`, or with `nesterov` `w -= r·(g + momentum·v)`;
   * - `"rmsprop"`: `s = rho·s + (1-rho)·g²; w -= r·g / (√s + epsilon)`;
   * - `"adam"`: Kingma and Ba 2015, https://arxiv.org/abs/1412.6980;
   * - `"adamw"`: with `weightDecay`, Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101;
   * - `"nadam"`: Adam with Nesterov's momentum, Dozat 2016, as PyTorch has it.
   *
   * Default: that of the preset, `"adam"`
   */
  readonly optimizer?: OptimizerName;
  /** Factor of the gradient; 0 or more. Default: 0.001, `"sgd"` 0.01, `"nadam"` 0.002 */
  readonly learningRate?: number;
  /** Factor of the step before, or of the velocity; 0 or more. Default: 0.00005, `"sgd"` 0.9 */
  readonly momentum?: number;
  /** `"sgd"`: whether the velocity looks ahead. Default: `false` */
  readonly nesterov?: boolean;
  /** `"rmsprop"`: how much of the mean square is kept, from 0 up to but not 1. Default: 0.9 */
  readonly rho?: number;
  /** `"adam"`, `"adamw"`, `"nadam"`: how much of the mean is kept, from 0 up to but not 1. Default: 0.9 */
  readonly beta1?: number;
  /** `"adam"`, `"adamw"`, `"nadam"`: how much of the mean square is kept, from 0 up to but not 1. Default: 0.999 */
  readonly beta2?: number;
  /** Keeps the divisor from 0; more than 0. Default: 1e-8 */
  readonly epsilon?: number;
  /** `"adamw"`: times the rate, the part of the weights that is taken off in a step, biases too; 0 or more. Default: 0.01 */
  readonly weightDecay?: number;
  /**
   * Whether loss and gradient are the sum over a batch, so that the rate has to fit its size, or the mean. A penalty is
   * added to it as it is. Default: `"mean"`, `"article"` `"sum"`
   */
  readonly reduction?: "sum" | "mean";

  /** Factor λ1 of `Σ|W|` in the cost, biases left out; 0 or more. Default: 0 */
  readonly l1?: number;
  /**
   * Factor λ2 of `½·ΣW²` in the cost, biases left out; 0 or more. Default: 3 divided by the number of samples, but at most 0.01;
   * `"adamw"` 0, `"article"` 0.001
   */
  readonly l2?: number;
  /**
   * Fraction of the nodes of the hidden layers, or of each of them, that is dropped by chance in a step, from 0 up to but not
   * 1; the others are scaled up, so that nothing changes when the network is used. Default: 0
   */
  readonly dropout?: number | readonly number[];
  /** The gradient is scaled down where its norm, over all weights, is larger; 0 for never. Default: 0 */
  readonly clipNorm?: number;
  /**
   * Parts of a batch whose gradients are computed apart and added up in a fixed tree, a power of two: processes that train a
   * network together give the same bits, however many they are, up to one for each part. Another number gives other last
   * digits. Default: 1, with several processes the least power of two that isn't less than their number
   */
  readonly shards?: number;
  /**
   * Whether the samples are this process's own ones, and other processes have others: for data larger than a machine's memory.
   * Each process has its part of every batch, by the number of its samples; the results depend on who has which. Goes with
   * `distributed` of the network, without balanced class weights. Each process holds back `validationSplit` of its own samples;
   * `validationData` has to be the same for all. Default: `false`, all processes have the same samples
   */
  readonly partitioned?: boolean;
  /**
   * Whether each layer of weights learns, from the inputs on: `[false, true]` trains the second of two alone, on what the
   * first one makes of the inputs. Layers that don't learn keep their bits; they have no penalty and are not in the norm of
   * the gradient. One at least learns. Default: `true` for all
   */
  readonly trainable?: readonly boolean[];

  /**
   * How the rate changes from epoch to epoch: divided by `1 + learningRateDecay·i` (`"article"`), never (`"constant"`), times
   * `decayFactor` every `stepEpochs` (`"step"`) or every epoch (`"exponential"`), along half a cosine (`"cosine"`), or times
   * `decayFactor` when `monitor` gets no better (`"plateau"`). Default: `"constant"`, of the optimizer `"article"` `"article"`
   */
  readonly schedule?: ScheduleName;
  /** Before epoch i (0, 1, …) the rate is divided by `1 + learningRateDecay · i`; 0 or more. Default: 0.000001 */
  readonly learningRateDecay?: number;
  /** `"step"`: epochs from one change to the next, from 1. Default: 10 */
  readonly stepEpochs?: number;
  /** `"step"`, `"exponential"`, `"plateau"`: what the rate is multiplied with, from 0 to 1. Default: 0.5 */
  readonly decayFactor?: number;
  /** Epochs in which the rate rises to its full height before the schedule begins; 0 or more. Default: 0 */
  readonly warmUpEpochs?: number;
  /** `"plateau"`: epochs without a better value before the rate falls, from 1. Default: 5 */
  readonly plateauPatience?: number;
  /** No schedule goes below it; 0 or more. Default: 0 */
  readonly minLearningRate?: number;

  /** Samples that the network is judged by after every epoch, and doesn't learn from. */
  readonly validationData?: Samples | SparseSamples;
  /**
   * Fraction of the samples that takes the place of `validationData`, from 0 up to but not 1. They are chosen by chance, of
   * classes their share: what {@linkcode trainTestSplit} with the network's seed tests with. Default: 0
   */
  readonly validationSplit?: number;
  /**
   * What early stopping and `"plateau"` look at; of numbers there are no accuracies. Default:
   * `"validationLoss"`, or `"loss"` if nothing is held back
   */
  readonly monitor?: MonitorName;
  /** The training ends after so many epochs in a row without a better value; 0 for never. Default: 0 */
  readonly patience?: number;
  /** By how much a value has to be better to count; 0 or more. Default: 0 */
  readonly minDelta?: number;
  /** With `patience`: whether the weights of the best epoch are put back at the end. Default: `true` */
  readonly restoreBestWeights?: boolean;

  /** Factors of the loss of each class, or `"balanced"`: the rarer the larger, 1 on average. For the task `"classes"` alone. */
  readonly classWeights?: readonly number[] | "balanced";
  /** A factor of the loss of each sample. */
  readonly sampleWeights?: ArrayLike<number>;

  /** Called once, before the first batch. Not where samples come in pieces. */
  readonly onStart?: (event: StartEvent) => void | Promise<void>;
  /** Called after every batch; to look at every batch costs time. */
  readonly onBatch?: (event: BatchEvent) => void | Promise<void>;
  /** Called after every epoch, before the next one starts. */
  readonly onEpoch?: (event: EpochEvent) => void | Promise<void>;
  /** Ends the training after the batch under way; the training then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Whether to go on where the training of a checkpoint stood. Samples and settings have to be the same. Default: `false` */
  readonly resume?: boolean;
  /**
   * Whether a training that goes on may have samples, targets, weights or samples to validate with of other values, as many
   * and of the same shape. Default: `false`, they are refused
   */
  readonly otherData?: boolean;
  /** Whether every op is timed, for `timings` of an epoch's event. Default: `false` */
  readonly timings?: boolean;
  /** How many of its newest ops each worker keeps, with begin and end, for {@linkcode TrainingRun.snapshot}; 0 or more. Default: 0 */
  readonly spans?: number;
}
