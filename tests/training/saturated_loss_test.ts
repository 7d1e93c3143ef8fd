/** Losses of confident outputs, correct or wrong, up to networks that have diverged. */
import assert from "node:assert/strict";
import { Mlp, type MlpOptions, samplesFrom } from "../../mod.ts";
import type { Samples } from "../../mod.ts";
import { assertNear } from "../assert_close.ts";

/** A network whose logits are its inputs: as many outputs as inputs, each with a weight of 1. */
function passing(
  outputs: number,
  options: Omit<MlpOptions, "layers" | "weights">,
): Mlp {
  const weights = new Float32Array(outputs * (outputs + 1));
  for (let o = 0; o < outputs; o++) weights[outputs * (o + 1) + o] = 1;
  return new Mlp({
    preset: "article",
    workers: 1,
    ...options,
    layers: [outputs, outputs],
    weights: [weights],
  });
}

/** The loss as evaluate(), an epoch, its batch and its validation have it, for samples that are all in one batch. */
async function lossesOf(mlp: Mlp, samples: Samples): Promise<number[]> {
  const batches: number[] = [];
  const { epochs: [epoch] } = await mlp.fit(samples, {
    ...{ epochs: 1, batchSize: samples.count, learningRate: 0, l2: 0 },
    reduction: "mean",
    validationData: samples,
    onBatch: ({ loss }) => void batches.push(loss),
  });
  const { loss } = await mlp.evaluate(samples);
  return [
    loss,
    epoch.loss,
    epoch.lastBatch.cost,
    epoch.validation!.loss,
    ...batches,
  ];
}

const KERNELS = ["wasm", "reference"] as const;

Deno.test("the log loss of a sigmoid that is confident and wrong grows with its logit", async () => {
  for (const kernels of KERNELS) {
    await using mlp = passing(1, { kernels, task: "labels" });
    for (
      const [z, y, loss] of [
        [17, 0, 17.00000004139937],
        [-17, 1, 17.00000004139937],
        [27.75, 0, 27.750000000000888],
        [1000, 0, 1000],
        [-1e30, 1, 1e30],
        [17, 1, 4.139937633089748e-8],
        [-17, 0, 4.139937633089748e-8],
        [40, 0.75, 10],
        [3, 0, 3.048587351573742],
      ]
    ) {
      for (
        const found of await lossesOf(mlp, samplesFrom({ x: [[z]], y: [[y]] }))
      ) {
        const message =
          `${kernels}: ${found} instead of ${loss} for z ${z}, y ${y}`;
        assert.ok(Math.abs(found - loss) <= 3e-7 * loss, message);
      }
    }
  }
});

Deno.test("the log loss of several outputs is the sum of theirs, weighted by samples", async () => {
  const x = [[17, -40, 0], [-60, 90, 1], [2, -2, 25]];
  const y = [[0, 0.5, 1], [1, 0, 1], [0.25, 1, 0]];
  const sampleWeights = [2, 0, 0.5];
  const softplus = (z: number, y: number) =>
    Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
  const each = x.map((row, s) =>
    row.reduce((sum, z, o) => sum + softplus(z, y[s][o]), 0)
  );
  for (const kernels of KERNELS) {
    await using mlp = passing(3, { kernels, task: "labels" });
    const samples = samplesFrom({ x, y });
    const { loss } = await mlp.evaluate(samples);
    assertNear(loss, (each[0] + each[1] + each[2]) / 3, 1e-5, kernels);
    const { epochs: [epoch] } = await mlp.fit(samples, {
      ...{ epochs: 1, batchSize: 3, learningRate: 0, l2: 0, sampleWeights },
    });
    assertNear(
      epoch.lastBatch.cost,
      2 * each[0] + 0.5 * each[2],
      1e-5,
      kernels,
    );
  }
});

Deno.test("the cross-entropy of a softmax stays exact however far logits are apart", async () => {
  for (const kernels of KERNELS) {
    await using mlp = passing(3, { kernels, output: "softmax" });
    for (const gap of [0, 1, 17, 1e3, 1e30]) {
      for (
        const [label, loss] of [
          [0, Math.log(1 + 2 * Math.exp(-gap))],
          [1, gap + Math.log(1 + 2 * Math.exp(-gap))],
        ]
      ) {
        const samples = samplesFrom({
          x: [[0, -gap, -gap]],
          labels: [label],
          classes: 3,
        });
        for (const found of await lossesOf(mlp, samples)) {
          const error = Math.abs(found - loss);
          const message = `${kernels}: ${found} instead of ${loss}`;
          assert.ok(error <= 2e-7 * Math.max(1, loss), message);
        }
      }
    }
  }
});

Deno.test("mean squared error and Huber's loss at both ends", async () => {
  for (const kernels of KERNELS) {
    for (const loss of ["halfSquaredError", "huber"] as const) {
      await using mlp = passing(1, { kernels, loss });
      for (
        const [z, y, wanted] of [[100, 0, 0.5], [-100, 1, 0.5], [100, 1, 0]]
      ) {
        const found = await lossesOf(mlp, samplesFrom({ x: [[z]], y: [[y]] }));
        for (const value of found) {
          assertNear(value, wanted, 1e-30, `${loss} ${z} ${y}`);
        }
      }
    }
    for (
      const [loss, a, wanted] of [
        ["halfSquaredError", 1e18, 5e35],
        ["halfSquaredError", 1e-18, 5e-37],
        ["huber", 1e30, 1e30],
        ["huber", 1.5, 1],
      ] as const
    ) {
      await using mlp = passing(1, { kernels, loss, output: "linear" });
      for (
        const found of await lossesOf(mlp, samplesFrom({ x: [[a]], y: [[0]] }))
      ) {
        const message = `${kernels} ${loss}: ${found} instead of ${wanted}`;
        assert.ok(Math.abs(found - wanted) <= 3e-7 * wanted, message);
      }
    }
  }
});

Deno.test("logits that overflow give no finite loss", async () => {
  const networks = [
    { output: "sigmoid" },
    { output: "softmax" },
    { output: "linear" },
    { output: "linear", loss: "huber" },
  ] as const;
  for (const kernels of KERNELS) {
    for (const options of networks) {
      const weights = [Float32Array.of(0, 0, 3e38, 1, 3e38, 1)];
      await using mlp = new Mlp({
        preset: "article",
        ...{ layers: [2, 2], workers: 1 },
        ...options,
        kernels,
        weights,
      });
      for (const sign of [1, -1]) {
        for (const y of [[0, 1], [1, 0]]) {
          const x = [[sign, sign]];
          for (const found of await lossesOf(mlp, samplesFrom({ x, y: [y] }))) {
            const message =
              `${kernels} ${options.output} ${sign} ${y}: ${found}`;
            assert.ok(!Number.isFinite(found), message);
          }
        }
      }
    }
  }
});
