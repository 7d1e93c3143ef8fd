import assert from "node:assert/strict";
import { defaultWorkers } from "../../src/cli/worker_count.ts";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

Deno.test("small trainings have one worker, large ones all cores", () => {
  const iris = { layers: [4, 70, 30, 3], samples: 120, epochs: 35 };
  assert.equal(defaultWorkers(iris, 16), 1);
  // 2,573 weights: 1.5 GFLOP in 1000 epochs take 0.37 s, and √(0.37 / 0.05) is 2.7.
  assert.equal(defaultWorkers({ ...iris, epochs: 1000 }, 16), 3);
  const mnist = { layers: [784, 70, 30, 10], samples: 60_000, epochs: 35 };
  assert.equal(defaultWorkers(mnist, 16), 16);
  assert.equal(defaultWorkers(mnist, 1), 1);
  assert.equal(defaultWorkers({ ...mnist, epochs: 0 }, 16), 1);
  assert.equal(defaultWorkers({ ...mnist, epochs: 1e6 }, 1000), 256);
});

Deno.test("train takes as many workers as pay, unless they are given", async () => {
  const workers = async (args: string) =>
    (await line.json("train", `--dataset iris.csv --epochs 1 ${args}`, {
      allWorkers: true,
    }))[0].workers;
  assert.equal(await workers("--seed 1"), 1);
  assert.equal(await workers("--workers 2"), 2);
});
