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
 * How a network is trained. The defaults are like those of other libraries; those of the optimizer `"article"` are the
 * settings of the article series that the trainer comes from.
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
   * Sets the default optimizer, and with it other defaults: `"adam"` (`"standard"`) or `"article"` (`"article"`). Default:
   * the preset of the network
   */
  readonly preset?: PresetName;
  /** Passes over all samples, from 1. Default: 100, `"article"` 35 */
  readonly epochs?: number;
  /**
   * Samples of a mini-batch, from 1; all of them where there are fewer. Default: a 50th of the samples, but from 32 to
   * 200; `"article"` 500
   */
  readonly batchSize?: number;
  /** Whether samples are shuffled once, before the first epoch, or before every epoch. Default: `"epoch"`, `"article"` `"once"` */
  readonly shuffle?: "once" | "epoch";

  /**
   * How gradients g change weights w, with the learning rate r:
   *
   * - `"article"`: `step = r·g; w -= step + momentum · previous step`;
   * - `"sgd"`: `v = momentum·v + g; w -= r·v`, or with `nesterov` `w -= r·(g + momentum·v)`;
   * - `"rmsprop"`: `s = rho·s + (1-rho)·g²; w -= r·g / (√s + epsilon)`;
   * - `"adam"`: Kingma and Ba 2015, https://arxiv.org/abs/1412.6980;
   * - `"adamw"`: with `weightDecay`, Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101;
   * - `"nadam"`: Adam with Nesterov's momentum, Dozat 2016, as in PyTorch.
   *
   * Default: `"adam"`, or `"article"` with that preset
   */
  readonly optimizer?: OptimizerName;
  /** Factor of the gradient; 0 or more. Default: 0.001, `"sgd"` 0.01, `"nadam"` 0.002 */
  readonly learningRate?: number;
  /** Factor of the previous step (`"article"`) or of the velocity (`"sgd"`); 0 or more. Default: 0.00005, `"sgd"` 0.9 */
  readonly momentum?: number;
  /** `"sgd"`: whether to use Nesterov's momentum. Default: `false` */
  readonly nesterov?: boolean;
  /** `"rmsprop"`: how much of the mean square is kept, from 0 up to but not 1. Default: 0.9 */
  readonly rho?: number;
  /** `"adam"`, `"adamw"`, `"nadam"`: how much of the mean is kept, from 0 up to but not 1. Default: 0.9 */
  readonly beta1?: number;
  /** `"adam"`, `"adamw"`, `"nadam"`: how much of the mean square is kept, from 0 up to but not 1. Default: 0.999 */
  readonly beta2?: number;
  /** Keeps the divisor from 0; more than 0. Default: 1e-8 */
  readonly epsilon?: number;
  /** `"adamw"`: each step subtracts `rate · weightDecay · weight` from all weights, biases too; 0 or more. Default: 0.01 */
  readonly weightDecay?: number;
  /**
   * Whether loss and gradient are the mean over a batch, or the sum, for which the learning rate has to fit the batch size.
   * The penalties `l1` and `l2` are added to either unchanged. Default: `"mean"`, `"article"` `"sum"`
   */
  readonly reduction?: "sum" | "mean";

  /** Factor λ1 of `Σ|W|` in the cost, without biases; 0 or more. Default: 0 */
  readonly l1?: number;
  /**
   * Factor λ2 of `½·ΣW²` in the cost, without biases; 0 or more. Default: 3 divided by the number of samples, but at most 0.01;
   * `"adamw"` 0, `"article"` 0.001
   */
  readonly l2?: number;
  /**
   * Fraction of the hidden nodes that is randomly dropped in each step, for all hidden layers or for each of them; from 0
   * up to but not 1. The others are scaled up, so that predictions need no change. Default: 0
   */
  readonly dropout?: number | readonly number[];
  /** Largest norm of the gradient over all weights; a larger gradient is scaled down to it. 0 for no limit. Default: 0 */
  readonly clipNorm?: number;
  /**
   * Into how many parts a batch is divided, a power of two. The gradients of the parts are computed separately and added in
   * a fixed tree, so that the bits don't depend on how many processes train together, up to one for each part. Another
   * number of shards changes the last digits. Default: 1; with several processes, the smallest power of two that is not less
   * than their number
   */
  readonly shards?: number;
  /**
   * Whether each process has samples of its own, for data larger than a machine's memory. Each process then computes a part
   * of every batch, in proportion to the number of its samples; results depend on which process has which samples. Needs
   * `distributed` of the network, and excludes balanced class weights. Each process splits `validationSplit` off its own
   * samples; `validationData` has to be the same in all. Default: `false`, all processes have the same samples
   */
  readonly partitioned?: boolean;
  /**
   * Which layers of weights learn, from the inputs to the outputs: `[false, true]` freezes the first of two and trains only
   * the second. Frozen layers keep their bits; penalties and the norm of the gradient leave them out. At least one layer
   * has to learn. Default: `true` for all
   */
  readonly trainable?: readonly boolean[];

  /**
   * How the learning rate changes from epoch to epoch:
   *
   * - `"constant"`: not at all;
   * - `"step"`: multiplied by `decayFactor` every `stepEpochs`;
   * - `"exponential"`: multiplied by `decayFactor` every epoch;
   * - `"cosine"`: falls along half a cosine;
   * - `"plateau"`: multiplied by `decayFactor` when `monitor` stops improving;
   * - `"article"`: divided by `1 + learningRateDecay·i` before epoch i.
   *
   * Default: `"constant"`, with the optimizer `"article"` `"article"`
   */
  readonly schedule?: ScheduleName;
  /** `"article"`: before epoch i (0, 1, …) the learning rate is divided by `1 + learningRateDecay · i`; 0 or more. Default: 0.000001 */
  readonly learningRateDecay?: number;
  /** `"step"`: epochs from one change to the next, from 1. Default: 10 */
  readonly stepEpochs?: number;
  /** `"step"`, `"exponential"`, `"plateau"`: what the learning rate is multiplied by, from 0 to 1. Default: 0.5 */
  readonly decayFactor?: number;
  /** Epochs in which the learning rate rises to its full value before the schedule begins; 0 or more. Default: 0 */
  readonly warmUpEpochs?: number;
  /** `"plateau"`: epochs without improvement before the learning rate falls, from 1. Default: 5 */
  readonly plateauPatience?: number;
  /** Smallest learning rate of a schedule; 0 or more. Default: 0 */
  readonly minLearningRate?: number;

  /** Samples to evaluate the network on after every epoch; it doesn't learn from them. */
  readonly validationData?: Samples | SparseSamples;
  /**
   * Fraction of the samples to validate with in place of `validationData`, from 0 up to but not 1. They are drawn at random,
   * stratified by class: the same samples as the test part of {@linkcode trainTestSplit} with the network's seed. Default: 0
   */
  readonly validationSplit?: number;
  /**
   * The value that early stopping and `"plateau"` watch. The task `"numbers"` has no accuracies. Default: `"validationLoss"`,
   * or `"loss"` without validation samples
   */
  readonly monitor?: MonitorName;
  /** Early stopping: the training ends after this many epochs in a row without improvement; 0 for never. Default: 0 */
  readonly patience?: number;
  /** The smallest change that counts as an improvement; 0 or more. Default: 0 */
  readonly minDelta?: number;
  /** With `patience`: whether the weights of the best epoch are restored at the end. Default: `true` */
  readonly restoreBestWeights?: boolean;

  /** A factor for the loss of each class, or `"balanced"`: larger for rarer classes, 1 on average. Only for the task `"classes"`. */
  readonly classWeights?: readonly number[] | "balanced";
  /** A factor for the loss of each sample. */
  readonly sampleWeights?: ArrayLike<number>;

  /** Called once, before the first batch; not where samples come in pieces. */
  readonly onStart?: (event: StartEvent) => void | Promise<void>;
  /** Called after every batch, which slows the training down. */
  readonly onBatch?: (event: BatchEvent) => void | Promise<void>;
  /** Called after every epoch, before the next one starts. */
  readonly onEpoch?: (event: EpochEvent) => void | Promise<void>;
  /** Ends the training after the current batch; the run then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Whether to continue the training of a checkpoint. Samples and settings have to be the same. Default: `false` */
  readonly resume?: boolean;
  /**
   * With `resume`: whether samples, targets, sample weights and validation samples may have other values, with the same
   * number and shape. Default: `false`, other values are refused
   */
  readonly otherData?: boolean;
  /** Whether to time every op, for `timings` in the event of an epoch. Default: `false` */
  readonly timings?: boolean;
  /** How many of its latest ops each worker records, with begin and end, for {@linkcode TrainingRun.snapshot}; 0 or more. Default: 0 */
  readonly spans?: number;
}
