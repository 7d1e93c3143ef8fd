/**
 * An independent MLP for the tests: plain loops in float64, sample by sample, straight from the definitions.
 * `w[n][o][0]` is the bias of output o of layer n + 1, `w[n][o][i + 1]` its weight of input i.
 */
import { EXACT } from "./exact_activations.ts";
import type { ActivationName } from "../src/units/activations.ts";
import type { LossName } from "../src/units/losses.ts";
import type { OutputName } from "../src/units/outputs.ts";

export type Weights = number[][][];

export interface Settings {
  /** Of all hidden layers, or of each. */
  activation: ActivationName | readonly ActivationName[];
  /** Default: `"sigmoid"` */
  output?: OutputName;
  loss: LossName;
  l1: number;
  l2: number;
  /** Default: `"sum"` */
  reduction?: "sum" | "mean";
  /** A factor of the loss of each sample. Default: 1 */
  sampleWeights?: readonly number[];
  /** `masks[s][n][i]`: what dropout multiplies A of node i of hidden layer n + 1 with, for sample s. Default: 1 */
  masks?: readonly (readonly (readonly number[])[])[];
}

/** Column-major arrays, bias first, to nested numbers. */
export function unpack(
  weights: readonly Float32Array[],
  layers: readonly number[],
): Weights {
  return weights.map((values, n) =>
    Array.from(
      { length: layers[n + 1] },
      (_, o) =>
        Array.from(
          { length: layers[n] + 1 },
          (_, c) => values[c * layers[n + 1] + o],
        ),
    )
  );
}

function hidden({ activation }: Settings, layer: number) {
  return EXACT[
    typeof activation === "string" ? activation : activation[layer]
  ];
}

function outputs(z: number[], output: OutputName = "sigmoid"): number[] {
  if (output === "linear") return z;
  if (output === "sigmoid") return z.map(EXACT.sigmoid.exact);
  const most = Math.max(...z);
  const sum = z.reduce((total, value) => total + Math.exp(value - most), 0);
  return z.map((value) => Math.exp(value - most) / sum);
}

/** Z and A of every layer for one sample; index 0 is the input. */
export function forward(
  w: Weights,
  x: number[],
  settings: Settings,
  mask?: readonly (readonly number[])[],
) {
  const z: number[][] = [x];
  const a: number[][] = [x];
  for (const [n, rows] of w.entries()) {
    const sums = rows.map((row) =>
      a[n].reduce((sum, value, i) => sum + row[i + 1] * value, row[0])
    );
    z.push(sums);
    a.push(
      n === w.length - 1
        ? outputs(sums, settings.output)
        : sums.map((sum, i) =>
          hidden(settings, n).exact(sum) * (mask?.[n][i] ?? 1)
        ),
    );
  }
  return { z, a };
}

/** Loss of an output and its derivative. */
function lossOf(a: number, y: number, loss: LossName): [number, number] {
  const d = a - y;
  switch (loss) {
    case "binaryCrossEntropy":
      return [
        -(y * Math.log(Math.max(a, 1e-12)) +
          (1 - y) * Math.log(Math.max(1 - a, 1e-12))),
        d / (a * (1 - a)),
      ];
    case "crossEntropy":
      return [-y * Math.log(a), -y / a];
    case "halfSquaredError":
      return [d * d / 2, d];
    case "huber":
      return Math.abs(d) <= 1
        ? [d * d / 2, d]
        : [Math.abs(d) - 0.5, Math.sign(d)];
  }
}

/** The factor of a sample's loss in the cost. */
function factorOf(settings: Settings, s: number, samples: number): number {
  const factor = settings.sampleWeights?.[s] ?? 1;
  return settings.reduction === "mean" ? factor / samples : factor;
}

/** Loss of the samples, summed or averaged, and the penalties, of which the cost is the sum. */
export function cost(
  w: Weights,
  x: number[][],
  y: number[][],
  settings: Settings,
): { loss: number; penalty: number } {
  let loss = 0;
  for (const [s, inputs] of x.entries()) {
    const { a } = forward(w, inputs, settings, settings.masks?.[s]);
    const sum = a.at(-1)!.reduce(
      (total, value, o) => total + lossOf(value, y[s][o], settings.loss)[0],
      0,
    );
    loss += factorOf(settings, s, x.length) * sum;
  }
  return { loss, penalty: penaltyOf(w, settings) };
}

/** The penalties of weights; biases have none. */
export function penaltyOf(w: Weights, { l1, l2 }: Settings): number {
  let penalty = 0;
  for (const row of w.flat()) {
    for (const value of row.slice(1)) {
      penalty += l2 * value ** 2 / 2 + l1 * Math.abs(value);
    }
  }
  return penalty;
}

/** Whether outputs are labels of which any number may apply: the targets of some sample don't add up to 1. */
export function areLabels(y: number[][], settings: Settings): boolean {
  return (settings.output ?? "sigmoid") === "sigmoid" && y[0].length > 1 &&
    y.some((row) => Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) > 0.01);
}

/**
 * How many samples have a correct class, or the sum of their fractions of correct labels; and the mean of |a - y| over all
 * outputs.
 */
export function quality(
  w: Weights,
  x: number[][],
  y: number[][],
  settings: Settings,
  labels: boolean = areLabels(y, settings),
): { correct: number; meanError: number } {
  let [correct, error] = [0, 0];
  const classOf = (values: number[]) =>
    values.length === 1
      ? Number(values[0] >= 0.5)
      : values.indexOf(Math.max(...values));
  for (const [s, inputs] of x.entries()) {
    const { a } = forward(w, inputs, settings, settings.masks?.[s]);
    const out = a.at(-1)!;
    if (labels) {
      const right = out.filter((p, o) => p >= 0.5 === y[s][o] >= 0.5).length;
      correct += Math.fround(right / out.length);
    } else if (classOf(out) === classOf(y[s])) correct++;
    for (const [o, value] of out.entries()) error += Math.abs(value - y[s][o]);
  }
  return { correct, meanError: error / (x.length * y[0].length) };
}

/** dLoss/dZ of the output layer: dLoss/dA by the chain rule, also through the sum of a softmax. */
function outputDelta(a: number[], y: number[], settings: Settings): number[] {
  const slopes = a.map((value, o) => lossOf(value, y[o], settings.loss)[1]);
  switch (settings.output ?? "sigmoid") {
    case "linear":
      return slopes;
    case "sigmoid":
      return slopes.map((slope, o) => slope * a[o] * (1 - a[o]));
    case "softmax": {
      const common = slopes.reduce((sum, slope, o) => sum + slope * a[o], 0);
      return slopes.map((slope, o) => a[o] * (slope - common));
    }
  }
}

/** dCost/dW by the chain rule. */
export function gradient(
  w: Weights,
  x: number[][],
  y: number[][],
  settings: Settings,
): Weights {
  const grad = w.map((rows) => rows.map((row) => row.map(() => 0)));
  for (const [s, inputs] of x.entries()) {
    const mask = settings.masks?.[s];
    const { z, a } = forward(w, inputs, settings, mask);
    const factor = factorOf(settings, s, x.length);
    let delta = outputDelta(a.at(-1)!, y[s], settings)
      .map((value) => factor * value);
    for (let n = w.length - 1; n >= 0; n--) {
      for (const [o, d] of delta.entries()) {
        grad[n][o][0] += d;
        for (const [i, value] of a[n].entries()) grad[n][o][i + 1] += d * value;
      }
      if (n === 0) break;
      const slope = hidden(settings, n - 1).slope;
      delta = a[n].map((_, i) =>
        slope(z[n][i]) * (mask?.[n - 1][i] ?? 1) *
        delta.reduce((sum, d, o) => sum + d * w[n][o][i + 1], 0)
      );
    }
  }
  for (const [n, rows] of w.entries()) {
    for (const [o, row] of rows.entries()) {
      for (let c = 1; c < row.length; c++) {
        grad[n][o][c] += settings.l2 * row[c] + settings.l1 * Math.sign(row[c]);
      }
    }
  }
  return grad;
}

/** dCost/dW by central differences; `w` is put back. */
export function differences(
  w: Weights,
  x: number[][],
  y: number[][],
  settings: Settings,
): Weights {
  const step = 1e-6;
  const costAt = (row: number[], c: number, value: number) => {
    row[c] = value;
    const { loss, penalty } = cost(w, x, y, settings);
    return loss + penalty;
  };
  return w.map((rows) =>
    rows.map((row) =>
      row.map((kept, c) => {
        const above = costAt(row, c, kept + step);
        const slope = (above - costAt(row, c, kept - step)) / (2 * step);
        row[c] = kept;
        return slope;
      })
    )
  );
}
