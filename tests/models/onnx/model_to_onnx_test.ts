import fc from "fast-check";
import assert from "node:assert/strict";
import { ACTIVATION_NAMES } from "../../../src/units/activations.ts";
import type { Model, ModelDescription } from "../../../src/models/model.ts";
import { OUTPUT_NAMES } from "../../../src/units/outputs.ts";
import { decodeOnnx } from "../../../src/models/onnx/messages.ts";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { modelToOnnx } from "../../../src/models/onnx/model_to_onnx.ts";
import { forward, MODELS, noise, withNoise } from "../models.ts";
import { runOnnx } from "./run_onnx.ts";

const SAMPLES = 9;

/** Requires ONNX Runtime to compute what plain loops do, within 1e-5 of the largest output, as sums may cancel. */
async function checkOutputs(model: Model, seed: number): Promise<void> {
  const { layers } = model.description;
  const [inputs, outputs] = [layers[0], layers.at(-1)!];
  const x = noise(SAMPLES * inputs, seed).map((value) => 3 * value);
  const { values, dims } = await runOnnx(await modelToOnnx(model), SAMPLES, x);
  assert.deepEqual(dims, [SAMPLES, outputs]);
  const bound = 1e-5 * Math.max(1, ...values.map(Math.abs));
  for (let sample = 0; sample < SAMPLES; sample++) {
    const from = sample * inputs;
    const wanted = forward(model, [...x.subarray(from, from + inputs)]);
    for (const [o, value] of wanted.entries()) {
      const found = values[sample * outputs + o];
      assert.ok(
        Math.abs(found - value) <= bound,
        `sample ${sample}, output ${o}: ${found} instead of ${value}`,
      );
    }
  }
}

const DESCRIPTION: ModelDescription = {
  layers: [5, 7, 6, 3],
  activations: ["tanh", "tanh"],
  output: "linear",
  loss: "halfSquaredError",
  seed: 11,
};

for (const activation of ACTIVATION_NAMES) {
  Deno.test(`modelToOnnx() writes ${activation} as ONNX Runtime computes it`, async () => {
    const activations = [activation, activation];
    await checkOutputs(withNoise({ ...DESCRIPTION, activations }), 1);
  });
}

for (const output of OUTPUT_NAMES) {
  Deno.test(`modelToOnnx() writes the output ${output} as ONNX Runtime computes it`, async () => {
    await checkOutputs(withNoise({ ...DESCRIPTION, output }), 2);
  });
}

Deno.test("modelToOnnx() writes networks of all sorts as ONNX Runtime computes them", async () => {
  await fc.assert(
    fc.asyncProperty(MODELS, fc.nat(), checkOutputs),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("modelToOnnx() scales inputs and outputs to the same bits", async () => {
  const inputs = 6;
  const [offset, scale, x] = [1, 2, 3].map((seed) => noise(inputs, seed));
  const only = {
    layers: [inputs, inputs],
    activations: [],
    output: "linear",
    loss: "halfSquaredError",
    seed: 1,
  } as const;
  // Weights that hand on what they get.
  const weights = [new Float32Array(inputs * (inputs + 1))];
  for (let i = 0; i < inputs; i++) weights[0][(i + 1) * inputs + i] = 1;
  const pair = { offset: [...offset], scale: [...scale] };
  const run = async (description: ModelDescription) => {
    const bytes = await modelToOnnx({ description, weights });
    return (await runOnnx(bytes, 1, x)).values;
  };
  assert.deepEqual(
    await run({ ...only, preprocessing: pair }),
    x.map((value, i) => Math.fround(value - offset[i]) * scale[i]),
  );
  assert.deepEqual(
    await run({ ...only, targets: { center: pair.offset, unit: pair.scale } }),
    x.map((value, i) => Math.fround(value * scale[i]) + offset[i]),
  );
});

Deno.test("modelToOnnx() names input, output, weights and versions", async () => {
  const model = withNoise({ ...DESCRIPTION, layers: [2, 3], activations: [] });
  const file = await decodeOnnx(await modelToOnnx(model), "a");
  assert.equal(file.irVersion, 8);
  assert.deepEqual(file.opsetImport, [{ version: 17 }]);
  const graph = file.graph!;
  const { node: [gemm], input: [input], output: [output] } = graph;
  assert.equal(gemm.opType, "Gemm");
  assert.deepEqual(gemm.input, ["input", "layers.0.weight", "layers.0.bias"]);
  const shape = (value: typeof input) => [
    value.name,
    value.type?.tensorType?.elemType,
    ...value.type!.tensorType!.shape!.dim,
  ];
  assert.deepEqual(shape(input), ["input", 1, { dimParam: "N" }, {
    dimValue: 2,
  }]);
  assert.deepEqual(shape(output), ["output", 1, { dimParam: "N" }, {
    dimValue: 3,
  }]);
  assert.deepEqual(graph.initializer.map(({ dims }) => dims), [[3, 2], [3]]);
  const { description } = model;
  assert.deepEqual(file.metadataProps, [
    { key: "lockstep", value: JSON.stringify(description) },
  ]);
});

Deno.test("modelFromOnnx() gives back every bit and the whole description", async () => {
  await fc.assert(
    fc.asyncProperty(MODELS, async (model) => {
      const read = await modelFromOnnx(await modelToOnnx(model), "a");
      assert.deepEqual(read, model);
    }),
    { seed: 2, numRuns: 100 },
  );
  const columns = withNoise({
    ...DESCRIPTION,
    layers: [3, 1],
    activations: [],
    preprocessing: {
      columns: [
        { name: "size", kind: "number" },
        { name: "color", kind: "category", values: ["red", "blue"] },
      ],
    },
    targetNames: ["price"],
    targets: { center: [0.1], unit: [1e-3] },
  });
  assert.deepEqual(
    await modelFromOnnx(await modelToOnnx(columns), "a"),
    columns,
  );
});

Deno.test("modelToOnnx() refuses what could not be read again", async () => {
  const model = withNoise(DESCRIPTION);
  const weights = [model.weights[0].with(4, NaN), ...model.weights.slice(1)];
  await assert.rejects(
    modelToOnnx({ ...model, weights }, "b.onnx"),
    /^RangeError: Cannot write 'b.onnx' as it could not be read again: .*'weights\[0\]\[4\]' must be a finite number: current value is NaN$/,
  );
});

Deno.test("modelToOnnx() refuses more layers than a network may have", async () => {
  const deep = withNoise({
    ...DESCRIPTION,
    layers: Array(1001).fill(1),
    activations: Array(999).fill("relu"),
    output: "linear",
    loss: "halfSquaredError",
  });
  await assert.rejects(
    modelToOnnx(deep, "b.onnx"),
    new RangeError(
      "Cannot write 'b.onnx' as it could not be read again: Cannot read 'b.onnx' as 'layers.length' must be from 2 to 1000: current value is 1001",
    ),
  );
});
