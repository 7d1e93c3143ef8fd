/**
 * An independent MLP for the tests: plain loops in float64, sample by sample, straight from the definitions.
 * `w[n][o][0]` is the bias of output o of layer n + 1, `w[n][o][i + 1]` its weight of input i.
 */

export type Weights = number[][][];

export interface Settings {
  activation: "sigmoid" | "tanh" | "relu";
  loss: "logloss" | "mse";
  l1: number;
  l2: number;
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const ACT = {
  sigmoid: [sigmoid, (z: number) => sigmoid(z) * (1 - sigmoid(z))],
  tanh: [Math.tanh, (z: number) => 1 - Math.tanh(z) ** 2],
  relu: [(z: number) => Math.max(0, z), (z: number) => z > 0 ? 1 : 0],
} as const;

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

function functions(settings: Settings, n: number, last: number) {
  return ACT[n === last ? "sigmoid" : settings.activation];
}

/** Z and A of every layer for one sample; index 0 is the input. */
export function forward(w: Weights, x: number[], settings: Settings) {
  const z: number[][] = [x];
  const a: number[][] = [x];
  for (const [n, rows] of w.entries()) {
    z.push(
      rows.map((row) =>
        a[n].reduce((sum, value, i) => sum + row[i + 1] * value, row[0])
      ),
    );
    a.push(z[n + 1].map(functions(settings, n + 1, w.length)[0]));
  }
  return { z, a };
}

/** Loss of the samples, summed, plus the penalties. */
export function cost(
  w: Weights,
  x: number[][],
  y: number[][],
  settings: Settings,
): { loss: number; penalty: number } {
  let loss = 0;
  for (const [s, inputs] of x.entries()) {
    const out = forward(w, inputs, settings).a.at(-1)!;
    for (const [o, a] of out.entries()) {
      const t = y[s][o];
      loss += settings.loss === "mse"
        ? (a - t) ** 2 / 2
        : -(t * Math.log(Math.max(a, 1e-12)) +
          (1 - t) * Math.log(Math.max(1 - a, 1e-12)));
    }
  }
  let penalty = 0;
  for (const row of w.flat()) {
    for (const value of row.slice(1)) {
      penalty += settings.l2 * value ** 2 / 2 + settings.l1 * Math.abs(value);
    }
  }
  return { loss, penalty };
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
    const { z, a } = forward(w, inputs, settings);
    let delta = a.at(-1)!.map((value, o) => {
      const difference = value - y[s][o];
      return settings.loss === "mse"
        ? difference * value * (1 - value)
        : difference;
    });
    for (let n = w.length - 1; n >= 0; n--) {
      for (const [o, d] of delta.entries()) {
        grad[n][o][0] += d;
        for (const [i, value] of a[n].entries()) grad[n][o][i + 1] += d * value;
      }
      if (n === 0) break;
      const slope = functions(settings, n, w.length)[1];
      delta = a[n].map((_, i) =>
        slope(z[n][i]) *
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
