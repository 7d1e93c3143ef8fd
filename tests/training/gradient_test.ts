import assert from "node:assert/strict";
import { Mlp } from "../../src/mlp.ts";
import { cost, gradient, type Settings, unpack } from "../float64_mlp.ts";
import { randomSamples, rows } from "../samples.ts";

const LAYERS = [5, 7, 4, 3];
const SAMPLES = 13;

/** dCost/dW by central differences, in float64. */
function differences(
  w: number[][][],
  x: number[][],
  y: number[][],
  settings: Settings,
): number[][][] {
  const at = (n: number, o: number, c: number, step: number) => {
    const kept = w[n][o][c];
    w[n][o][c] = kept + step;
    const { loss, penalty } = cost(w, x, y, settings);
    w[n][o][c] = kept;
    return loss + penalty;
  };
  const step = 1e-6;
  return w.map((layer, n) =>
    layer.map((row, o) =>
      row.map((_, c) => (at(n, o, c, step) - at(n, o, c, -step)) / (2 * step))
    )
  );
}

/** The gradient that the workers use, read off one step: with rate 1 and no momentum, W falls by exactly it. */
async function trainedGradient(settings: Settings) {
  const samples = randomSamples(SAMPLES, LAYERS[0], LAYERS.at(-1)!, 5);
  await using mlp = new Mlp({
    layers: LAYERS,
    activation: settings.activation,
    loss: settings.loss,
    workers: 2,
    seed: 11,
  });
  const before = unpack(mlp.weights, LAYERS);
  const [event] = await Array.fromAsync(mlp.train(samples, {
    epochs: 1,
    batchSize: SAMPLES,
    learningRate: 1,
    momentum: 0,
    l1: settings.l1,
    l2: settings.l2,
  }));
  const after = unpack(mlp.weights, LAYERS);
  const step = before.map((layer, n) =>
    layer.map((row, o) => row.map((value, c) => value - after[n][o][c]))
  );
  return { samples, before, step, event };
}

const PENALTIES = [[0, 0], [0.03, 0], [0, 0.07], [0.03, 0.07]];

for (const activation of ["sigmoid", "tanh", "relu"] as const) {
  for (const loss of ["logloss", "mse"] as const) {
    Deno.test(`gradients of ${activation} with ${loss} agree with central differences`, async () => {
      for (const [l1, l2] of PENALTIES) {
        const settings = { activation, loss, l1, l2 };
        const { samples, before, step, event } = await trainedGradient(
          settings,
        );
        const x = rows(samples.x, samples.inputs);
        const y = rows(samples.y, samples.outputs);
        const wanted = differences(before, x, y, settings);
        const exact = gradient(before, x, y, settings);
        for (const [n, layer] of wanted.entries()) {
          for (const [o, row] of layer.entries()) {
            for (const [c, value] of row.entries()) {
              assert.ok(Math.abs(exact[n][o][c] - value) < 1e-7);
              // W is float32: its difference is good to an ulp of W.
              assert.ok(
                Math.abs(step[n][o][c] - value) < 2e-6,
                `W[${n}][${o}][${c}]: ${step[n][o][c]} instead of ${value}`,
              );
            }
          }
        }
        const { loss: sum, penalty } = cost(before, x, y, settings);
        assert.ok(Math.abs(event.cost - sum - penalty) < 1e-5 * sum);
        assert.ok(
          Math.abs(event.regularisationShare - penalty / (sum + penalty)) <
            1e-6,
        );
      }
    });
  }
}
