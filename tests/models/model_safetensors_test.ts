import fc from "fast-check";
import assert from "node:assert/strict";
import type { Model } from "../../src/models/model.ts";
import {
  modelFromSafetensors,
  modelToSafetensors,
} from "../../src/model_files/model_safetensors.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from "../../src/models/safetensors.ts";
import { MODELS } from "./models.ts";

const MODEL: Model = {
  description: {
    layers: [2, 3, 1],
    activations: ["relu"],
    output: "linear",
    loss: "halfSquaredError",
    seed: 5,
  },
  // Column by column: biases, weights of input 0, weights of input 1.
  weights: [
    Float32Array.of(10, 20, 30, 11, 21, 31, 12, 22, 32),
    Float32Array.of(1, -0, 3, 4),
  ],
};

Deno.test("modelToSafetensors() writes what PyTorch's Linear has", () => {
  // As the Python package reads: a length, JSON, and row-major float32 at the offsets behind it.
  const bytes = modelToSafetensors(MODEL);
  const view = new DataView(bytes.buffer);
  const start = 8 + Number(view.getBigUint64(0, true));
  assert.equal(start % 8, 0);
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, start)),
  );
  const read = (name: string) => {
    const { dtype, shape, data_offsets: [begin, end] } = header[name];
    assert.equal(dtype, "F32");
    const values: number[] = [];
    for (let at = start + begin; at < start + end; at += 4) {
      values.push(view.getFloat32(at, true));
    }
    return { shape, values };
  };
  assert.deepEqual(read("layers.0.weight"), {
    shape: [3, 2],
    values: [11, 12, 21, 22, 31, 32],
  });
  assert.deepEqual(read("layers.0.bias"), { shape: [3], values: [10, 20, 30] });
  assert.deepEqual(read("layers.1.weight"), {
    shape: [1, 3],
    values: [-0, 3, 4],
  });
  assert.deepEqual(read("layers.1.bias"), { shape: [1], values: [1] });
  assert.equal(Object.keys(header).length, 5);
  assert.equal(bytes.length, start + 4 * 13);
  const { description, ...others } = header.__metadata__;
  assert.deepEqual(others, { format: "lockstep", version: "1" });
  assert.deepEqual(JSON.parse(description), MODEL.description);
});

Deno.test("modelFromSafetensors() gives back every bit", () => {
  fc.assert(
    fc.property(MODELS, (model) => {
      const bytes = modelToSafetensors(model);
      assert.deepEqual(modelFromSafetensors(bytes, "a"), model);
    }),
    { seed: 1, numRuns: 100 },
  );
  const read = modelFromSafetensors(modelToSafetensors(MODEL), "a");
  assert.ok(Object.is(read.weights[1][1], -0));
});

const { tensors, metadata } = decodeSafetensors(modelToSafetensors(MODEL), "a");

const change = (name: string, values: Partial<Tensor>) =>
  tensors.map((tensor) =>
    (tensor.name === name ? { ...tensor, ...values } : tensor) as Tensor
  );

const EXTRA: Tensor = {
  name: "layers.2.bias",
  dtype: "F32",
  shape: [0],
  data: new Float32Array(0),
};

/** Tensors, metadata, and the error. */
const DEFECTS: [readonly Tensor[], Record<string, string>, RegExp][] = [
  [
    tensors,
    { ...metadata, format: "pt" },
    /'__metadata__.format' must be 'lockstep': current value is 'pt'$/,
  ],
  [
    tensors,
    { ...metadata, version: "2" },
    /'__metadata__.version' must be '1': current value is '2'$/,
  ],
  [tensors, { format: "lockstep", version: "1" }, /description must be JSON/],
  [tensors, { ...metadata, description: "[]" }, /'description' must be an obj/],
  [
    tensors.slice(1),
    metadata,
    /'layers.0.weight' must be F32 of shape \[3, 2\]: current value is undefined$/,
  ],
  [
    change("layers.0.weight", { shape: [2, 3] }),
    metadata,
    /'layers.0.weight' must be F32 of shape \[3, 2\]: current value is 'F32 of \[2, 3\]'$/,
  ],
  [
    change("layers.1.bias", { dtype: "U32", data: Uint32Array.of(1) }),
    metadata,
    /'layers.1.bias' must be F32 of shape \[1\]: current value is 'U32 of \[1\]'$/,
  ],
  [
    [...tensors, EXTRA],
    metadata,
    /'tensors' must be those of 3 layers alone: current value is \['layers.2.bias'\]$/,
  ],
  [
    change("layers.1.weight", { data: Float32Array.of(0, NaN, 0) }),
    metadata,
    /'weights\[1\]\[2\]' must be a finite number: current value is NaN$/,
  ],
];

for (const [parts, texts, message] of DEFECTS) {
  Deno.test(`modelFromSafetensors() refuses by ${message}`, () => {
    const bytes = encodeSafetensors(parts, texts);
    assert.throws(() => modelFromSafetensors(bytes, "a"), (error: Error) => {
      assert.match(error.message, /^Cannot read 'a' as /);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("modelToSafetensors() refuses what could not be read again", () => {
  const refused: [Partial<Model>, RegExp][] = [
    [
      { weights: [MODEL.weights[0].with(3, Infinity), MODEL.weights[1]] },
      /^Cannot write 'b' as it could not be read again: .*'weights\[0\]\[3\]' must be a finite number/,
    ],
    [{ weights: [] }, /'weights.length' must be 2/],
    [
      { description: { ...MODEL.description, seed: 0.5 } },
      /'seed' must be a whole number/,
    ],
    [
      { description: { ...MODEL.description, training: { big: 1n } } },
      /^Cannot write 'b' as .*BigInt/,
    ],
  ];
  for (const [parts, message] of refused) {
    assert.throws(
      () => modelToSafetensors({ ...MODEL, ...parts }, "b"),
      (error: Error) => {
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
