/**
 * The optimizers: how gradients change weights. To add one: an entry here, and its kernel `nameUpdate` in
 * `src/kernels/assembly/optimizers.ts`. Options, checks, help, plans, the reference kernels and the tests take the rest from
 * here.
 */

import { power } from "./arithmetic.ts";

/** Names of the optimizers. */
export type OptimizerName =
  | "article"
  | "sgd"
  | "rmsprop"
  | "adam"
  | "adamw"
  | "nadam";

/** The options that some optimizer reads, besides the learning rate. */
export interface OptimizerSettings {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly rho: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** A weight, its gradient, and what an optimizer keeps of it from step to step: two numbers that start as 0. */
export interface WeightState {
  w: number;
  readonly grad: number;
  first: number;
  second: number;
}

/** An optimizer. */
export interface Optimizer {
  /** The options that it reads besides the learning rate; others are refused with it. */
  readonly reads: readonly (keyof OptimizerSettings)[];
  /** Defaults that are its own. */
  readonly defaults?: Readonly<
    Partial<OptimizerSettings & { learningRate: number }>
  >;
  /** Whose kernel it uses, if not its own. */
  readonly kernel?: KernelOwner;
  /**
   * What its kernel is given for a step besides the weights.
   *
   * @param step Number of the update, from 1.
   */
  arguments(
    settings: OptimizerSettings,
    learningRate: number,
    step: number,
  ): readonly number[];
  /** What its kernel does to a weight, rounded to float32 after each operation. None where the kernel is another's. */
  update?(state: WeightState, ...args: readonly number[]): void;
}

/** The optimizers that have kernels of their own. */
export type KernelOwner = Exclude<OptimizerName, "adamw">;

const { fround, sqrt } = Math;

/** The optimizers by name. */
export const OPTIMIZERS: Readonly<Record<OptimizerName, Optimizer>> = {
  /** The article's: `step = r·g; w -= step + momentum · previous step`. */
  article: {
    reads: ["momentum"],
    defaults: { learningRate: 0.001, momentum: 0.00005 },
    arguments: ({ momentum }, rate) => [rate, momentum],
    update(state, rate, momentum) {
      const step = fround(fround(rate) * state.grad);
      const carried = fround(fround(momentum) * state.first);
      state.w -= fround(step + carried);
      state.first = step;
    },
  },

  /**
   * `v = momentum·v + g; w -= r·v`, or with `nesterov` `w -= r·(g + momentum·v)`, as
   * [PyTorch has it](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html).
   */
  sgd: {
    reads: ["momentum", "nesterov"],
    defaults: { learningRate: 0.01, momentum: 0.9 },
    arguments: (
      { momentum, nesterov },
      rate,
    ) => [rate, momentum, nesterov ? 1 : 0],
    update(state, rate, momentum, nesterov) {
      const { grad } = state;
      const carried = (v: number) => fround(fround(momentum) * v);
      const v = flush(fround(carried(state.first) + grad));
      const move = nesterov !== 0 ? fround(grad + carried(v)) : v;
      state.w -= fround(fround(rate) * move);
      state.first = v;
    },
  },

  /**
   * `s = rho·s + (1-rho)·g²; w -= r·g / (√s + epsilon)`, as
   * [PyTorch has it](https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html).
   */
  rmsprop: {
    reads: ["rho", "epsilon"],
    arguments: ({ rho, epsilon }, rate) => [rate, rho, epsilon],
    update(state, rate, rho, epsilon) {
      const { grad } = state;
      const s = average(state.second, fround(grad * grad), rho);
      const root = fround(fround(sqrt(s)) + fround(epsilon));
      state.w -= fround(fround(fround(rate) * grad) / root);
      state.second = s;
    },
  },

  /** [Kingma and Ba 2015](https://arxiv.org/abs/1412.6980). */
  adam: {
    reads: ["beta1", "beta2", "epsilon"],
    arguments: (settings, rate, step) => adamArguments(settings, rate, step, 0),
    update(state, stepSize, beta1, beta2, epsilon, rootCorrection, decay) {
      const [m, root] = moments(state, beta1, beta2, epsilon, rootCorrection);
      const step = fround(fround(fround(stepSize) * m) / root);
      const shrunk = fround(fround(decay) * state.w);
      state.w -= fround(shrunk + step);
    },
  },

  /** Adam with `weightDecay`: [Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101). */
  adamw: {
    reads: ["beta1", "beta2", "epsilon", "weightDecay"],
    kernel: "adam",
    arguments: (settings, rate, step) =>
      adamArguments(settings, rate, step, rate * settings.weightDecay),
  },

  /**
   * Adam with Nesterov's momentum: [Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ), with the schedule of
   * the momentum that [PyTorch has](https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html).
   */
  nadam: {
    reads: ["beta1", "beta2", "epsilon"],
    defaults: { learningRate: 0.002 },
    arguments({ beta1, beta2, epsilon }, rate, step) {
      const product = momentumProduct(beta1, step);
      const [now, next] = [
        momentumAt(beta1, step),
        momentumAt(beta1, step + 1),
      ];
      return [
        rate * (1 - now) / (1 - product),
        rate * next / (1 - product * next),
        ...[beta1, beta2, epsilon, 1 / sqrt(1 - power(beta2, step))],
      ];
    },
    update(state, gradStep, meanStep, beta1, beta2, epsilon, rootCorrection) {
      const [m, root] = moments(state, beta1, beta2, epsilon, rootCorrection);
      const ahead = fround(fround(gradStep) * state.grad);
      const step = fround(ahead + fround(fround(meanStep) * m));
      state.w -= fround(step / root);
    },
  },
};

/** All names of optimizers. */
export const OPTIMIZER_NAMES: readonly OptimizerName[] = Object.keys(
  OPTIMIZERS,
) as OptimizerName[];

/** The optimizers that read an option. */
export function readersOf(option: keyof OptimizerSettings): OptimizerName[] {
  return OPTIMIZER_NAMES.filter((name) =>
    OPTIMIZERS[name].reads.includes(option)
  );
}

function adamArguments(
  { beta1, beta2, epsilon }: OptimizerSettings,
  rate: number,
  step: number,
  decay: number,
): readonly number[] {
  return [
    rate / (1 - power(beta1, step)),
    ...[beta1, beta2, epsilon, 1 / sqrt(1 - power(beta2, step)), decay],
  ];
}

/** 0.96^0.004, so that the momentum nears beta1 by 0.96 in 250 updates. */
const NADAM_DECAY = 0.9998367253526753;

/** Nadam's momentum in an update from 1 on. */
function momentumAt(beta1: number, step: number): number {
  return beta1 * (1 - 0.5 * power(NADAM_DECAY, step));
}

/** The last product that was asked for, as the next one is most often asked for next. */
let known = { beta1: NaN, step: 0, product: 1 };

/** The product of Nadam's momenta of the updates 1 to `step`. */
function momentumProduct(beta1: number, step: number): number {
  if (known.beta1 !== beta1 || known.step > step) {
    known = { beta1, step: 0, product: 1 };
  }
  while (known.step < step) {
    known.step++;
    known.product *= momentumAt(beta1, known.step);
  }
  return known.product;
}

/** Brings mean and mean square of the gradient up to date; returns the mean, and what it is divided by. */
function moments(
  state: WeightState,
  beta1: number,
  beta2: number,
  epsilon: number,
  rootCorrection: number,
): [mean: number, root: number] {
  const { grad } = state;
  state.first = average(state.first, grad, beta1);
  state.second = average(state.second, fround(grad * grad), beta2);
  const root = fround(fround(sqrt(state.second)) * fround(rootCorrection));
  return [state.first, fround(root + fround(epsilon))];
}

/** A moving average, `rate·old + (1 - rate)·value`. */
function average(old: number, value: number, rate: number): number {
  const kept = fround(fround(rate) * old);
  const added = fround(fround(1 - rate) * value);
  return flush(fround(kept + added));
}

/** The least normal float. */
const LEAST_NORMAL = 2 ** -126;

/** Zero instead of what is smaller than a normal float. */
function flush(x: number): number {
  return Math.abs(x) < LEAST_NORMAL ? 0 : x;
}
