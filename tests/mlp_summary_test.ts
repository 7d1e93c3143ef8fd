import assert from "node:assert/strict";
import { Mlp } from "../mod.ts";
import { randomSamples } from "./samples.ts";

Deno.test("summary() shows layers, parameters, and which of them learned in the last training", async () => {
  await using mlp = new Mlp({
    ...{ layers: [784, 70, 30, 10], workers: 1 },
    activation: ["relu", "leakyRelu"],
  });
  const table = (learns: string[], learning: string) => [
    "layer  nodes     activation  parameters  trainable",
    `1      784 → 70  relu            54,950  ${learns[0]}`,
    `2      70 → 30   leakyRelu        2,130  ${learns[1]}`,
    `3      30 → 10   softmax            310  ${learns[2]}`,
    `parameters   57,390, trainable ${learning}`,
    // W, gradient and two moments of 72, 32 and 16 rows are 948,608 bytes; the rest are copies in panels and sums.
    "memory       1,207,808 bytes",
  ];
  const lines = () => mlp.summary().split("\n");
  assert.deepEqual(lines(), table(["yes", "yes", "yes"], "57,390"));
  const samples = randomSamples(8, 784, 10, 1);
  await mlp.fit(samples, { epochs: 1, trainable: [false, false, true] });
  assert.deepEqual(lines(), table(["no", "no", "yes"], "310"));
});
