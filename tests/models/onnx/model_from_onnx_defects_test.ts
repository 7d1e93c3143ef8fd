import assert from "node:assert/strict";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { B, file, float, GEMM, int, node, tensor, value, W } from "./graphs.ts";

const LAYERS = [W, B, tensor("V", 2, 2)];

/** What is wrong, the file, and the error. */
const DEFECTS: [string, Promise<Uint8Array>, RegExp][] = [
  [
    "an unknown operator",
    file([{ ...node("Conv x W -> y"), name: "conv1" }], [W]),
    /node 'conv1' \(Conv\) must be one of the operators Sigmoid, /,
  ],
  [
    "an operator of another domain",
    file([{ ...node("Gemm x W B -> y"), domain: "com.microsoft" }], [W, B]),
    /node 'y' \(Gemm\) must be one of the operators/,
  ],
  [
    "an operator that every object has",
    file([node("constructor x -> y")], []),
    /node 'y' \(constructor\) must be one of/,
  ],
  [
    "a Gemm with alpha 2",
    file([node("Gemm x W B -> y", float("alpha", 2))], [W, B]),
    /node 'y' \(Gemm\) must have alpha 1: current value is 2$/,
  ],
  [
    "an unknown attribute",
    file([node("Gemm x W B -> y", int("gamma", 2))], [W, B]),
    /node 'y' \(Gemm\) has an attribute 'gamma' that is not supported$/,
  ],
  [
    "another slope",
    file(
      [
        GEMM,
        node("LeakyRelu y -> a", float("alpha", 0.2)),
        node("Gemm a V -> z"),
      ],
      LAYERS,
      { output: [value("z")] },
    ),
    /\(LeakyRelu\) must have alpha 0.00999\d+: current value is 0.2/,
  ],
  [
    "weights that aren't constant",
    file([node("Gemm x V B -> y")], [B]),
    /node 'y' \(Gemm\) must have a constant as input 'V'$/,
  ],
  [
    "weights of one dimension",
    file([GEMM], [tensor("W", 6), B]),
    /node 'y' \(Gemm\) must have weights of two dimensions: current value is \[6\]$/,
  ],
  [
    "a bias that doesn't fit",
    file([GEMM], [W, tensor("B", 3)]),
    /node 'y' \(Gemm\) must have a bias of \[2\]: current value is \[3\]$/,
  ],
  [
    "weights of float64",
    file([GEMM], [{ ...W, dataType: 11 }, B]),
    /'W.data_type' must be 1 \(float32\): current value is 11$/,
  ],
  [
    "weights in another file",
    file([GEMM], [{ ...W, dataLocation: 1 }, B]),
    /the values of 'W' must be in the file: they are in another$/,
  ],
  [
    "too few weights",
    file([GEMM], [{ ...W, floatData: [1, 2] }, B]),
    /'W.length' must be 6 for dims \[3, 2\]: current value is 2$/,
  ],
  [
    "half a weight",
    file([GEMM], [{ ...W, floatData: [], rawData: new Uint8Array(22) }, B]),
    /'W.length' must be 6 for dims \[3, 2\]: current value is 5.5$/,
  ],
  [
    "a weight that is NaN",
    file([GEMM], [W, { ...B, floatData: [0, NaN] }]),
    /'weights\[0\]\[1\]' must be a finite number: current value is NaN$/,
  ],
  [
    "layers that don't fit each other",
    file([GEMM, node("Gemm y W -> z")], [W, B], { output: [value("z")] }),
    /node 'z' \(Gemm\) must take 2 values: current value is 3$/,
  ],
  [
    "an input that doesn't fit the first layer",
    file([GEMM], [W, B], { input: [value("x", "n", 4)] }),
    /'shape of x' must be \[N, 3\]: current value is \['n', 4\]$/,
  ],
  [
    "an input of three dimensions without Flatten",
    file([node("MatMul x W -> y")], [W], { input: [value("x", "n", 1, 3)] }),
    /'shape of x' must be \[N, 3\]: current value is \['n', 1, 3\]$/,
  ],
  [
    "two inputs",
    file([GEMM], [W, B], { input: [value("x", 1, 3), value("z", 1)] }),
    /'inputs' must be one: current value is 2$/,
  ],
  [
    "two outputs",
    file([GEMM], [W, B], { output: [value("y", 1, 2), value("x", 1)] }),
    /node 'y' \(Gemm\) must not take 'x', an output or what labels are made of$/,
  ],
  [
    "a node beside the chain",
    file([GEMM, node("Relu y -> z")], [W, B]),
    /node 'z' \(Relu\) must not take 'y', an output or what labels are made of$/,
  ],
  [
    "a branch",
    file([GEMM, node("Relu y -> a"), node("Add y a -> z")], [W, B], {
      output: [value("z")],
    }),
    /node 'a' \(Relu\) must be alone in taking 'y': 'z' \(Add\) does too$/,
  ],
  [
    "a circle",
    file([node("Relu x -> a"), node("Relu a -> x")], []),
    /node 'a' \(Relu\) must come once in the chain from input to output$/,
  ],
  [
    "an end before the output",
    file([GEMM], [W, B], { output: [value("z")] }),
    /'y' must lead to the output 'z'$/,
  ],
  [
    "no layer",
    file([node("Relu x -> y")], []),
    /node 'y' \(Relu\) must come after a layer$/,
  ],
  [
    "two activations one after the other",
    file([GEMM, node("Relu y -> a"), node("Tanh a -> z")], [W, B], {
      output: [value("z")],
    }),
    /node 'a' \(Relu\) must not follow the last layer, only Sigmoid or Softmax/,
  ],
  [
    "scaling that doesn't fit",
    file([node("Sub x B -> a"), node("Gemm a W -> y")], [W, B]),
    /node 'a' \(Sub\) must have a constant of \[3\]: current value is \[2\]$/,
  ],
  [
    "a difference the wrong way round",
    file([node("Sub o x -> a"), node("Gemm a W -> y")], [W, tensor("o", 3)]),
    /node 'a' \(Sub\) must take 'x' first$/,
  ],
  [
    "an input of integers",
    file([GEMM], [W, B], {
      input: [{ name: "x", type: { tensorType: { elemType: 7 } } }],
    }),
    /'x.elem_type' must be 1 \(float32\): current value is 7$/,
  ],
  [
    "an old operator set",
    file([GEMM], [W, B], {}, { opsetImport: [{ domain: "", version: 6 }] }),
    /'opset_import' must be 7 or more: current value is 6$/,
  ],
  [
    "no operator set",
    file([GEMM], [W, B], {}, { opsetImport: [] }),
    /'opset_import' must be 7 or more: current value is undefined$/,
  ],
  ["no graph", file([], [], {}, { graph: undefined }), /'graph' must be there/],
  ["no bytes", Promise.resolve(new Uint8Array()), /'graph' must be there/],
  [
    "text",
    Promise.resolve(new TextEncoder().encode("no ONNX")),
    /must be whole ONNX data: /,
  ],
  [
    "half of its bytes",
    file([GEMM], [W, B]).then((bytes) => bytes.slice(0, bytes.length / 2)),
    /must be whole ONNX data: /,
  ],
];

for (const [what, bytes, message] of DEFECTS) {
  Deno.test(`modelFromOnnx() refuses a file with ${what}`, async () => {
    await assert.rejects(
      modelFromOnnx(await bytes, "a.onnx"),
      (error: Error) => {
        assert.equal(Object.getPrototypeOf(error.constructor), RangeError);
        assert.match(error.message, /^Cannot read 'a.onnx' as /);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
