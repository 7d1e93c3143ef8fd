import fc from "fast-check";
import assert from "node:assert/strict";
import { checkDescription } from "../../src/models/check_description.ts";
import { checkWeights } from "../../src/models/check_weights.ts";
import type { ModelDescription } from "../../src/models/model.ts";
import { MODELS } from "./models.ts";

const DESCRIPTION: ModelDescription = {
  layers: [3, 2, 1],
  activations: ["gelu"],
  output: "linear",
  loss: "huber",
  seed: 7,
};

Deno.test("checkDescription() copies what is right", () => {
  const whole: ModelDescription = {
    ...DESCRIPTION,
    classNames: ["cat"],
    preprocessing: {
      columns: [
        { name: "size", kind: "number", origin: 1700000000.5 },
        { name: "color", kind: "category", values: ["red", "blue"] },
      ],
      offset: [0.5, 0, 0],
      scale: [2, 1, 1],
    },
    targetNames: ["price"],
    targets: { center: [10], unit: [0.1] },
    training: { epochs: 3, deep: { er: [null, "x"] } },
  };
  assert.deepEqual(checkDescription(whole, "a.json"), whole);
  const { classNames: _, ...others } = whole;
  assert.deepEqual(
    checkDescription({ ...whole, classNames: undefined }, "a.json"),
    others,
  );
  fc.assert(
    fc.property(MODELS, ({ description, weights }) => {
      assert.deepEqual(checkDescription(description, "a.json"), description);
      checkWeights(description, weights, "a.json");
    }),
    { seed: 1, numRuns: 100 },
  );
});

/** Fields that replace the right ones, and the error. */
const DEFECTS: [
  Record<string, unknown>,
  new () => Error,
  RegExp,
][] = [
  [
    { layers: 3 },
    TypeError,
    /'layers' must be an array of 2 to 1000 whole numbers: current value is 3$/,
  ],
  [
    { layers: new Array(100_000).fill(1) },
    RangeError,
    /'layers.length' must be from 2 to 1000: current value is 100000$/,
  ],
  [{ layers: [3] }, RangeError, /'layers.length' must be from 2 to 1000/],
  [
    { layers: [3, 0, 1] },
    RangeError,
    /'layers\[1\]' must be a whole number of 1 or more/,
  ],
  [{ layers: [3, 2.5, 1] }, RangeError, /'layers\[1\]' must be a whole number/],
  [{ layers: [3, "2", 1] }, TypeError, /'layers\[1\]' must be a whole number/],
  [{ activations: undefined }, TypeError, /'activations' must be an array/],
  [
    { activations: [] },
    RangeError,
    /'activations.length' must be 1 for as many hidden layers/,
  ],
  [{ activations: ["soft"] }, RangeError, /'activations\[0\]' must be 'sigmo/],
  [{ activations: [1] }, TypeError, /'activations\[0\]' must be 'sigmoid' or/],
  [{ output: "gelu" }, RangeError, /'output' must be 'sigmoid' or 'softmax'/],
  [
    { loss: "hinge" },
    RangeError,
    /'loss' must be 'binaryCrossEntropy' or 'crossEntropy'/,
  ],
  [{ loss: undefined }, TypeError, /'loss' must be 'binaryCrossEntropy' or/],
  [
    { seed: -1 },
    RangeError,
    /'seed' must be a whole number from 0 to 4294967295/,
  ],
  [{ seed: "1" }, TypeError, /'seed' must be a whole number/],
  [{ classNames: "abc" }, TypeError, /'classNames' must be an array/],
  [{ classNames: ["a", "b"] }, RangeError, /'classNames.length' must be 1 for/],
  [
    { layers: [3, 2, 2], classNames: ["a", "a"] },
    RangeError,
    /^Cannot read 'a.json' as 'classNames\[1\]' must be another one than classNames\[0\]: current value is 'a'$/,
  ],
  [{ classNames: [1] }, TypeError, /'classNames\[0\]' must be a string/],
  [{ classNames: null }, TypeError, /'classNames' must be an array/],
  [{ training: [] }, TypeError, /'training' must be an object/],
  [
    { weight: 1 },
    RangeError,
    /field of description' must be layers or.*weight'/,
  ],
  [{ preprocessing: [] }, TypeError, /preprocessing/],
  [{ preprocessing: { offset: [1, 2, 3] } }, TypeError, /scale/],
  [
    { preprocessing: { offset: [1, 2], scale: [1, 2] } },
    RangeError,
    /'preprocessing.scale.length' must be 3 for as many inputs: current value is 2$/,
  ],
  [
    { preprocessing: { columns: [{ name: "a", kind: "number" }] } },
    RangeError,
    /'inputs of preprocessing.columns' must be 3: current value is 1$/,
  ],
  [{ targets: { center: [1] } }, TypeError, /targets.unit/],
  [
    { targets: { center: [1, 2], unit: [1, 2] } },
    RangeError,
    /'targets.unit.length' must be 1 for as many outputs: current value is 2$/,
  ],
];

for (const [fields, type, message] of DEFECTS) {
  Deno.test(`checkDescription() refuses ${Deno.inspect(fields, { compact: true, breakLength: Infinity })}`, () => {
    assert.throws(
      () => checkDescription({ ...DESCRIPTION, ...fields }, "a.json"),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), type);
        assert.match(error.message, /^Cannot read 'a.json' as /);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

Deno.test("checkDescription() refuses what isn't an object", () => {
  for (const value of [null, 1, "x", [], undefined]) {
    assert.throws(
      () => checkDescription(value, "a.json"),
      /^TypeError: Cannot read 'a.json' as 'description' must be an object/,
    );
  }
});

Deno.test("checkWeights() names layer and index", () => {
  const good = [new Float32Array(8), new Float32Array(3)];
  checkWeights(DESCRIPTION, good, "a.json");
  const infinite = Float32Array.of(0, 1, -Infinity);
  const cases: [Float32Array[], RegExp][] = [
    [[good[0]], /'weights.length' must be 2 for 3 layers: current value is 1$/],
    [[...good, good[1]], /'weights.length' must be 2/],
    [
      [good[0], new Float32Array(4)],
      /'weights\[1\].length' must be 3 for 2 inputs and 1 outputs: current value is 4$/,
    ],
    [
      [good[0], infinite],
      /'weights\[1\]\[2\]' must be a finite number: current value is -Infinity$/,
    ],
    [
      [good[0].with(5, NaN), good[1]],
      /'weights\[0\]\[5\]' must be a finite number: current value is NaN$/,
    ],
  ];
  for (const [weights, message] of cases) {
    assert.throws(
      () => checkWeights(DESCRIPTION, weights, "a.json"),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
