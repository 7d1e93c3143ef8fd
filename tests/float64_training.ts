/** Training in float64 for the tests, independent of the library but for its generator: see float64_mlp.ts. */
import { Xoshiro128 } from "../src/units/random.ts";
import {
  areLabels,
  cost,
  gradient,
  penaltyOf,
  quality,
  type Settings,
  type Weights,
} from "./float64_mlp.ts";

/** What an optimizer keeps of a weight. */
interface Moments {
  first: number;
  second: number;
}

/** The new value of a weight w with gradient g, in update t = 1, 2, … */
export type Rule = (
  w: number,
  g: number,
  rate: number,
  t: number,
  kept: Moments,
) => number;

/** The update rules as in the papers. */
export const RULES = {
  article: (momentum: number): Rule => (w, g, rate, _t, kept) => {
    const step = rate * g;
    const change = step + momentum * kept.first;
    kept.first = step;
    return w - change;
  },
  sgd: (momentum: number, nesterov = false): Rule => (w, g, rate, _t, kept) => {
    kept.first = momentum * kept.first + g;
    return w - rate * (nesterov ? g + momentum * kept.first : kept.first);
  },
  rmsprop: (rho: number, epsilon: number): Rule => (w, g, rate, _t, kept) => {
    kept.second = rho * kept.second + (1 - rho) * g ** 2;
    return w - rate * g / (Math.sqrt(kept.second) + epsilon);
  },
  adamw: (
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
  ): Rule =>
  (w, g, rate, t, kept) => {
    kept.first = beta1 * kept.first + (1 - beta1) * g;
    kept.second = beta2 * kept.second + (1 - beta2) * g ** 2;
    const mean = kept.first / (1 - beta1 ** t);
    const square = kept.second / (1 - beta2 ** t);
    return w - rate * weightDecay * w -
      rate * mean / (Math.sqrt(square) + epsilon);
  },
};

export interface TrainingSettings extends Settings {
  rule: Rule;
  epochs: number;
  batchSize: number;
  shuffle: "once" | "epoch";
  /** The rate of epoch 0, 1, … */
  rate: (epoch: number) => number;
  clipNorm?: number;
  /** Fraction of the nodes of each hidden layer that is dropped. */
  dropout?: readonly number[];
  /** Whether each layer of weights learns. */
  trainable?: readonly boolean[];
}

/** The figures of a batch, from before its update. */
export interface ExactBatch {
  epoch: number;
  samples: number;
  /** Sum over the samples. */
  loss: number;
  penalty: number;
  correct: number;
  meanError: number;
  /** Of all gradients, before they are clipped. */
  norm: number;
}

/** A network in training, with the state that continues from one training to the next. */
export class ExactTrainer {
  /** Updates so far. */
  steps = 0;
  readonly #seed: number;
  readonly #random: Xoshiro128;
  readonly #moments: Moments[][][];

  constructor(readonly w: Weights, seed: number) {
    this.#seed = seed;
    this.#random = new Xoshiro128(seed, 1);
    this.#moments = w.map((rows) =>
      rows.map((row) => row.map(() => ({ first: 0, second: 0 })))
    );
  }

  /** Trains, and tells of each batch after its update. */
  *train(
    x: number[][],
    y: number[][],
    settings: TrainingSettings,
  ): Generator<ExactBatch> {
    const order = x.map((_, s) => s);
    this.#random.shuffle(order);
    const batches = Math.ceil(x.length / settings.batchSize);
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      if (epoch > 0 && settings.shuffle === "epoch") {
        this.#random.shuffle(order);
      }
      let from = 0;
      for (let left = batches; left > 0; left--) {
        // As equal as possible, larger batches first.
        const to = from + Math.ceil((x.length - from) / left);
        yield {
          epoch,
          ...this.#step(x, y, order.slice(from, to), settings, epoch),
        };
        from = to;
      }
    }
  }

  #step(
    x: number[][],
    y: number[][],
    picked: number[],
    settings: TrainingSettings,
    epoch: number,
  ): Omit<ExactBatch, "epoch"> {
    this.steps++;
    const [inputs, targets] = [x, y].map((all) => picked.map((s) => all[s]));
    const { sampleWeights, dropout, trainable } = settings;
    const learns = (n: number) => trainable?.[n] ?? true;
    const batch: Settings = {
      ...settings,
      ...(sampleWeights === undefined
        ? {}
        : { sampleWeights: picked.map((s) => sampleWeights[s]) }),
      ...(dropout === undefined ? {} : {
        masks: dropoutMasks(
          this.w.slice(0, -1).map((rows) => rows.length),
          dropout,
          picked.length,
          this.#seed,
          this.steps,
        ),
      }),
    };
    const summed = { ...batch, reduction: "sum" } as const;
    const figures = {
      samples: picked.length,
      ...cost(this.w, inputs, targets, summed),
      penalty: penaltyOf(this.w.filter((_, n) => learns(n)), settings),
      ...quality(this.w, inputs, targets, batch, areLabels(y, settings)),
    };
    const grad = gradient(this.w, inputs, targets, batch);
    const norm = Math.hypot(...grad.filter((_, n) => learns(n)).flat(2));
    const { clipNorm = 0, rule } = settings;
    const scale = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    for (const [n, rows] of this.w.entries()) {
      if (!learns(n)) continue;
      for (const [o, row] of rows.entries()) {
        for (const [c, value] of row.entries()) {
          const g = scale * grad[n][o][c];
          const kept = this.#moments[n][o][c];
          row[c] = rule(value, g, settings.rate(epoch), this.steps, kept);
        }
      }
    }
    return { ...figures, norm };
  }
}

const MASK = 0xffff_ffffn;
const GOLDEN = 0x9e37_79b9n;

/** The finalizer of MurmurHash3, in BigInt. */
function mix(value: bigint): bigint {
  let x = value & MASK;
  x = ((x ^ (x >> 16n)) * 0x85eb_ca6bn) & MASK;
  x = ((x ^ (x >> 13n)) * 0xc2b2_ae35n) & MASK;
  return x ^ (x >> 16n);
}

/**
 * What dropout multiplies each hidden node with in update `step` = 1, 2, …: `masks[s][n][i]`, 0 for a part of them.
 *
 * The formula is that of `ElementwiseKernels.dropout`, the keys are the step, and seed and layer.
 */
export function dropoutMasks(
  nodes: readonly number[],
  parts: readonly number[],
  samples: number,
  seed: number,
  step: number,
): number[][][] {
  const keys = nodes.map((_, n) => {
    const [high, low] = [BigInt(step), BigInt(seed) * GOLDEN + BigInt(n + 1)];
    const first = mix(mix(high ^ GOLDEN) + low);
    return [first, mix(high ^ first)];
  });
  return Array.from(
    { length: samples },
    (_, s) =>
      nodes.map((count, n) => {
        const [first, second] = keys[n];
        const ld = 8 * Math.ceil(count / 8);
        return Array.from({ length: count }, (_, i) => {
          const hash = mix(mix(BigInt(s * ld + i) + first) ^ second);
          const isKept = Number(hash) >= Math.floor(parts[n] * 2 ** 32);
          return isKept ? 1 / (1 - parts[n]) : 0;
        });
      }),
  );
}
