import fc from "fast-check";
import assert from "node:assert/strict";
import type { Model } from "../../src/models/model.ts";
import {
  modelFromJson,
  modelToJson,
} from "../../src/model_files/model_json.ts";
import { MODELS } from "./models.ts";

const MODEL: Model = {
  description: {
    layers: [1, 2],
    activations: [],
    output: "softmax",
    loss: "crossEntropy",
    seed: 5,
  },
  weights: [Float32Array.of(0.1, -0, 1e-30, 16777216)],
};

Deno.test("modelToJson() writes a line for each column, the shortest decimals", () => {
  assert.equal(
    modelToJson(MODEL),
    `{
  "format": "lockstep",
  "version": 1,
  "description": {
    "layers": [
      1,
      2
    ],
    "activations": [],
    "output": "softmax",
    "loss": "crossEntropy",
    "seed": 5
  },
  "weights": [
    [
      0.1, -0,
      1e-30, 16777216
    ]
  ]
}
`,
  );
});

Deno.test("modelFromJson() gives back every bit", () => {
  fc.assert(
    fc.property(MODELS, (model) => {
      assert.deepEqual(modelFromJson(modelToJson(model), "a"), model);
    }),
    { seed: 1, numRuns: 100 },
  );
  const floats = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(floats, { minLength: 4, maxLength: 4 }), (values) => {
      const weights = [Float32Array.from(values)];
      const text = modelToJson({ ...MODEL, weights });
      assert.deepEqual(modelFromJson(text, "a").weights, weights);
      // JSON.parse() of anybody else, rounded, has the same bits.
      assert.deepEqual(
        [Float32Array.from(JSON.parse(text).weights[0])],
        weights,
      );
    }),
    { seed: 2, numRuns: 500 },
  );
});

/** A field, the value in its place, and the error. */
const DEFECTS: [string, unknown, RegExp][] = [
  [
    "format",
    "x",
    /^RangeError.*'format' must be "lockstep": current value is 'x'/,
  ],
  ["version", "1", /'version' must be 1: current value is '1'$/],
  ["description", null, /^TypeError.*'description' must be an object/],
  ["weights", {}, /^TypeError.*'weights' must be an array/],
  ["weights", [[1, 2, 3]], /'weights\[0\].length' must be 4/],
  [
    "weights",
    [[1, 2, 3, null]],
    /^TypeError.*'weights\[0\]\[3\]' must be a fin/,
  ],
  [
    "weights",
    [[1, 2, 3, 1e39]],
    /^RangeError.*\[3\]' must be finite as a float/,
  ],
  ["extra", 1, /'each field of model' must be format or.*'extra'$/],
];

for (const [field, value, message] of DEFECTS) {
  Deno.test(`modelFromJson() refuses ${field} ${JSON.stringify(value)}`, () => {
    const parsed = { ...JSON.parse(modelToJson(MODEL)), [field]: value };
    const text = JSON.stringify(parsed);
    assert.throws(() => modelFromJson(text, "a.json"), (error) => {
      assert.match(String(error), /Cannot read 'a.json' as /);
      assert.match(String(error), message);
      return true;
    });
  });
}

Deno.test("modelFromJson() refuses what isn't JSON, and keys that are there twice", () => {
  const text = modelToJson(MODEL);
  assert.throws(() => modelFromJson(text.slice(0, -3), "a"), /must be JSON/);
  assert.throws(() => modelFromJson(`${text}1`, "a"), /must be JSON/);
  assert.throws(
    () => modelFromJson(text.replace('"seed"', '"loss": 1, "seed"'), "a"),
    /'loss' is there twice/,
  );
});
