/** What a network learns: given, or found once by its output; and targets that don't fit it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Mlp, type MlpOptions, type Samples, type Task } from "../mod.ts";
import { matches } from "./defects.ts";
import { inFolder } from "./in_folder.ts";

const SCALED = { center: [0, 0], unit: [1, 1] };

const FOUND: [Partial<MlpOptions>, Task, string][] = [
  [{}, "classes", "softmax"],
  [{ layers: [3, 1] }, "classes", "sigmoid"],
  [{ preset: "article" }, "classes", "sigmoid"],
  [{ targets: SCALED }, "numbers", "linear"],
  [{ output: "softmax" }, "classes", "softmax"],
  [{ output: "linear" }, "numbers", "linear"],
  [{ output: "sigmoid" }, "labels", "sigmoid"],
  [{ output: "sigmoid", layers: [3, 1] }, "classes", "sigmoid"],
  [{ output: "sigmoid", preset: "article" }, "classes", "sigmoid"],
  [{ task: "classes" }, "classes", "softmax"],
  [{ task: "labels" }, "labels", "sigmoid"],
  [{ task: "labels", layers: [3, 1] }, "labels", "sigmoid"],
  [{ task: "numbers" }, "numbers", "linear"],
  [{ task: "numbers", preset: "article" }, "numbers", "linear"],
  [{ task: "classes", output: "sigmoid" }, "classes", "sigmoid"],
  [{ task: "numbers", output: "sigmoid" }, "numbers", "sigmoid"],
];

Deno.test("the task is that of the output, and the output that of the task", () => {
  for (const [options, task, output] of FOUND) {
    const mlp = new Mlp({ layers: [3, 2], ...options });
    assert.deepEqual(
      [mlp.task, mlp.output],
      [task, output],
      JSON.stringify(options),
    );
    // What files of before lack is found by the same rule.
    const { description, weights } = mlp.toModel();
    assert.equal(description.task, task);
    if (options.task !== undefined) continue;
    const { task: _, ...before } = description;
    assert.equal(Mlp.fromModel({ description: before, weights }).task, task);
  }
});

Deno.test("an output that can't tell what is learned is refused", () => {
  const mistakes: [Partial<MlpOptions>, string][] = [
    [
      { task: "numbers", output: "softmax" },
      "'output' must be 'sigmoid' or 'linear' for the task 'numbers': current value is 'softmax'",
    ],
    [
      { task: "classes", output: "linear" },
      "'output' must be 'sigmoid' or 'softmax' for the task 'classes': current value is 'linear'",
    ],
    [
      { task: "labels", output: "softmax" },
      "'output' must be 'sigmoid' for the task 'labels': current value is 'softmax'",
    ],
    [
      { task: "classes", output: "linear", layers: [3, 1] },
      "'output' must be 'sigmoid' for one output with the task 'classes': current value is 'linear'",
    ],
    [
      { task: "classes", targets: SCALED },
      "'task' must be 'numbers' where 'targets' are given: current value is 'classes'",
    ],
    [
      { task: "regression" as "numbers" },
      "'task' must be 'classes' or 'labels' or 'numbers': current value is 'regression'",
    ],
  ];
  for (const [options, message] of mistakes) {
    assert.throws(() => new Mlp({ layers: [3, 2], ...options }), (error) => {
      assert.ok(error instanceof RangeError);
      assert.ok(
        error.message.startsWith(`Cannot make a network as ${message}`),
      );
      return true;
    });
  }
});

Deno.test("targets that aren't what is learned are refused, with what to write", async () => {
  const samples = (...y: number[]): Samples => ({
    x: new Float32Array(6),
    y: Float32Array.from(y),
    ...{ count: 2, inputs: 3, outputs: y.length / 2 },
  });
  const one =
    "must be 0 or 1, or the network made with task: 'labels' for probabilities, task: 'numbers' for numbers: current value is";
  const numbers =
    "must be from 0 to 1, or the network made with task: 'numbers'";
  const mistakes: [Partial<MlpOptions>, Samples, string][] = [
    [{ layers: [3, 1] }, samples(1, 0.25), `y of sample 1 at 0' ${one} 0.25`],
    [{ layers: [3, 1] }, samples(7, 0), `y of sample 0 at 0' ${one} 7`],
    [
      { task: "labels" },
      samples(0, 1, 1, 3),
      `y of sample 1 at 1' ${numbers}: current value is 3`,
    ],
    [
      {},
      samples(0, 1, -1, 2),
      `y of sample 1 at 0' ${numbers}: current value is -1`,
    ],
    [
      {},
      samples(1, 0, 1, 1),
      "y of sample 1' must be probabilities with a sum of 1, or the network made with task: 'labels' where any number of them may apply: current value is 2",
    ],
    [
      { task: "numbers", output: "sigmoid" },
      samples(1, 0, 1, 2),
      "y of sample 1 at 1' must be from 0 to 1 for the output 'sigmoid': current value is 2",
    ],
  ];
  for (const [options, wrong, message] of mistakes) {
    await using mlp = new Mlp({ layers: [3, 2], workers: 1, ...options });
    for (
      const [action, use] of [
        ["train", () => mlp.fit(wrong)],
        ["evaluate", () => mlp.evaluate(wrong)],
      ] as const
    ) {
      await assert.rejects(
        async () => await use(),
        matches(RangeError, `Cannot ${action} as '${message}`),
      );
    }
  }
});

Deno.test("metrics are those of the task, whatever the output is", async () => {
  const samples: Samples = {
    x: Float32Array.of(0, 0, 0, 1, 1, 1),
    y: Float32Array.of(0, 1, 1, 0),
    ...{ count: 2, inputs: 3, outputs: 2 },
  };
  const keysOf = async (options: Partial<MlpOptions>) => {
    await using mlp = new Mlp({ layers: [3, 2], workers: 1, ...options });
    const { epochs: [epoch] } = await mlp.fit(samples, { epochs: 1 });
    const found = await mlp.evaluate(samples);
    return ["accuracy" in epoch, "accuracy" in found, "r2" in found];
  };
  assert.deepEqual(await keysOf({}), [true, true, false]);
  assert.deepEqual(await keysOf({ task: "numbers", output: "sigmoid" }), [
    false,
    false,
    true,
  ]);
});

Deno.test("only classes are predicted as classes", async () => {
  for (const task of ["labels", "numbers"] as const) {
    await using mlp = new Mlp({ layers: [3, 2], task, workers: 1 });
    await assert.rejects(
      mlp.predictClasses([[1, 2, 3]]),
      matches(
        RangeError,
        `Cannot predict classes as 'task' must be 'classes': current value is '${task}'`,
      ),
    );
  }
});

Deno.test("every format keeps the task", async () => {
  await inFolder(async (folder) => {
    for (const ending of ["safetensors", "json", "onnx"]) {
      const path = join(folder, `model.${ending}`);
      await new Mlp({ layers: [3, 2], task: "numbers", output: "sigmoid" })
        .save(path);
      assert.equal((await Mlp.load(path)).task, "numbers");
    }
  });
});
