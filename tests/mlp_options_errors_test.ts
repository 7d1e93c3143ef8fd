import assert from "node:assert/strict";
import { Mlp, type MlpOptions } from "../mod.ts";
import { type Defect, matches } from "./defects.ts";

const ACTIVATIONS =
  "'sigmoid' or 'tanh' or 'relu' or 'leakyRelu' or 'elu' or 'gelu' or 'swish' or 'softplus' or 'identity'";
const OUTPUTS = "'sigmoid' or 'softmax' or 'linear'";
const LOSSES =
  "'binaryCrossEntropy' or 'crossEntropy' or 'halfSquaredError' or 'huber'";
const INITIALIZERS = "'uniform' or 'glorot' or 'he' or 'lecun' or 'zeros'";
const KERNELS = "'auto' or 'native' or 'blas' or 'wasm' or 'reference'";

const [T, R] = [TypeError, RangeError];

/** Besides `layers: [3, 4, 2]`; messages without what they all begin with. */
const DEFECTS: Defect[] = [
  [
    { layers: undefined },
    T,
    "'layers' must be an array of 2 to 1000 whole numbers: current value is undefined",
  ],
  [
    { layers: new Uint8Array([3, 2]) },
    T,
    "'layers' must be an array of 2 to 1000 whole numbers: current value is Uint8Array",
  ],
  [
    { layers: new Array(1001).fill(1) },
    R,
    "'layers.length' must be from 2 to 1000: current value is 1001",
  ],
  [
    { layers: [] },
    R,
    "'layers.length' must be from 2 to 1000: current value is 0",
  ],
  [
    { layers: [3, -4, 2] },
    R,
    "'layers[1]' must be a whole number of 1 or more: current value is -4",
  ],
  [
    { layers: [3, 2.5] },
    R,
    "'layers[1]' must be a whole number of 1 or more: current value is 2.5",
  ],
  [
    { layers: [3, null] },
    T,
    "'layers[1]' must be a whole number of 1 or more: current value is null",
  ],

  [
    { activation: "cube" },
    R,
    `'activation' must be ${ACTIVATIONS}: current value is 'cube'`,
  ],
  [
    { activation: 1 },
    T,
    `'activation' must be ${ACTIVATIONS}: current value is 1`,
  ],
  [
    { activation: [] },
    R,
    "'activation.length' must be 1 for as many hidden layers: current value is 0",
  ],
  [
    { activation: ["relu", "tanh"] },
    R,
    "'activation.length' must be 1 for as many hidden layers: current value is 2",
  ],
  [
    { activation: ["softmax"] },
    R,
    `'activation[0]' must be ${ACTIVATIONS}: current value is 'softmax'`,
  ],
  [
    { activation: [undefined] },
    T,
    `'activation[0]' must be ${ACTIVATIONS}: current value is undefined`,
  ],

  [
    { output: "relu" },
    R,
    `'output' must be ${OUTPUTS}: current value is 'relu'`,
  ],
  [{ output: 3 }, T, `'output' must be ${OUTPUTS}: current value is 3`],
  [{ loss: "hinge" }, R, `'loss' must be ${LOSSES}: current value is 'hinge'`],
  [{ loss: {} }, T, `'loss' must be ${LOSSES}: current value is Object`],
  [
    { loss: "crossEntropy" },
    R,
    "'loss' must be 'binaryCrossEntropy' or 'halfSquaredError' or 'huber' for the output 'sigmoid': current value is 'crossEntropy'",
  ],
  [
    { output: "softmax", loss: "halfSquaredError" },
    R,
    "'loss' must be 'crossEntropy' for the output 'softmax': current value is 'halfSquaredError'",
  ],
  [
    { output: "linear", loss: "binaryCrossEntropy" },
    R,
    "'loss' must be 'halfSquaredError' or 'huber' for the output 'linear': current value is 'binaryCrossEntropy'",
  ],
  [
    { initializer: "xavier" },
    R,
    `'initializer' must be ${INITIALIZERS}: current value is 'xavier', did you mean 'glorot'?`,
  ],
  [
    { initializer: 0 },
    T,
    `'initializer' must be ${INITIALIZERS}: current value is 0`,
  ],

  [
    { seed: 2 ** 32 },
    R,
    "'seed' must be a whole number from 0 to 4294967295: current value is 4294967296",
  ],
  [
    { seed: "1" },
    T,
    "'seed' must be a whole number from 0 to 4294967295: current value is '1'",
  ],
  [
    { seed: null },
    T,
    "'seed' must be a whole number from 0 to 4294967295: current value is null",
  ],
  [
    { workers: 2.5 },
    R,
    "'workers' must be a whole number from 1 to 256: current value is 2.5",
  ],
  [
    { workers: true },
    T,
    "'workers' must be a whole number from 1 to 256: current value is true",
  ],
  [
    { kernels: "gpu" },
    R,
    `'kernels' must be ${KERNELS}: current value is 'gpu'`,
  ],
  [
    { skipZeros: true },
    T,
    "'skipZeros' must be 'auto' or 'always' or 'never': current value is true",
  ],
  [
    { skipZeros: "sometimes" },
    R,
    "'skipZeros' must be 'auto' or 'always' or 'never': current value is 'sometimes'",
  ],
  [
    { kernels: ["wasm"] },
    T,
    `'kernels' must be ${KERNELS}: current value is ['wasm']`,
  ],

  [
    { classNames: "a" },
    T,
    "'classNames' must be an array of strings: current value is 'a'",
  ],
  [
    { classNames: ["a"] },
    R,
    "'classNames.length' must be 2 for as many outputs: current value is 1",
  ],
  [
    { classNames: ["a", 2] },
    T,
    "'classNames[1]' must be a string: current value is 2",
  ],

  [
    { preprocessing: { offset: [0, 0], scale: [1, 1] } },
    R,
    "'preprocessing.scale.length' must be 3 for as many inputs: current value is 2",
  ],
  [
    { output: "sigmoid", targets: { center: [0, 0], unit: [1, 1] } },
    R,
    "'output' must be 'linear' where 'targets' are given: current value is 'sigmoid'",
  ],
  [
    { layers: [3, 1], output: "softmax" },
    R,
    "'output' must be 'sigmoid' for one output with the task 'classes': current value is 'softmax'",
  ],
  [
    { output: "linear", targets: { center: [0], unit: [1] } },
    R,
    "'targets.unit.length' must be 2 for as many outputs: current value is 1",
  ],

  [
    { weights: {} },
    T,
    "'weights' must be an array of Float32Arrays: current value is Object",
  ],
  [
    { weights: [new Float32Array(16)] },
    R,
    "'weights.length' must be 2: current value is 1",
  ],
  [
    { layers: [3, 2], activation: "relu" },
    R,
    "'activation' must be left out as there is no hidden layer: current value is 'relu'",
  ],
  [
    {
      weights: [new Float32Array(16), new Float32Array(10)],
      initializer: "he",
    },
    R,
    "'initializer' must be left out as 'weights' are given: current value is 'he'",
  ],
  [
    { weights: [new Float32Array(16), new Float32Array(9)] },
    R,
    "'weights[1].length' must be 10: current value is 9",
  ],
];

Deno.test("new Mlp() names the option that is wrong", () => {
  for (const [options, type, message] of DEFECTS) {
    assert.throws(
      () =>
        new Mlp({
          preset: "article",
          layers: [3, 4, 2],
          ...options as Partial<MlpOptions>,
        }),
      matches(type, `Cannot make a network as ${message}`),
    );
  }
});

Deno.test("null is refused, and not taken as left out", () => {
  const names = [
    "activation",
    "output",
    "loss",
    "initializer",
    "workers",
    "kernels",
  ];
  for (const name of [...names, "classNames", "preprocessing", "targets"]) {
    assert.throws(
      () =>
        new Mlp({
          preset: "article",
          ...{ layers: [3, 2], output: "linear" },
          [name]: null,
        }),
      {
        name: "TypeError",
        message: new RegExp(`^Cannot make a network as '${name}' must be `),
      },
    );
  }
});
