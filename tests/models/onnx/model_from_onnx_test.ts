import assert from "node:assert/strict";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import { modelToOnnx } from "../../../src/models/onnx/model_to_onnx.ts";
import { forward, noise, withNoise } from "../models.ts";
import { readAndCompare } from "./compare.ts";
import {
  B,
  file,
  float,
  GEMM,
  int,
  node,
  scalar,
  tensor,
  value,
  W,
} from "./graphs.ts";

const DERIVED = {
  layers: [3, 2],
  activations: [],
  output: "linear",
  loss: "halfSquaredError",
  seed: 0,
};

Deno.test("modelFromOnnx() reads Gemm with and without transB and bias", async () => {
  assert.deepEqual(await readAndCompare(await file([GEMM], [W, B])), DERIVED);
  const transposed = node("Gemm x V -> y", int("transB", 1), float("beta", 1));
  assert.deepEqual(
    await readAndCompare(await file([transposed], [tensor("V", 2, 3)])),
    DERIVED,
  );
  assert.deepEqual(
    await readAndCompare(await file([GEMM], [W, tensor("B", 1, 2)])),
    DERIVED,
  );
});

Deno.test("modelFromOnnx() reads MatMul and Add, as scikit-learn's converter writes them", async () => {
  const nodes = [
    node("MatMul x W -> a"),
    node("Add B a -> b"),
    node("Relu b -> c"),
    node("MatMul c V -> d"),
    node("MatMul d V -> e"),
    node("Add e B -> f"),
    node("Softmax f -> y"),
  ];
  assert.deepEqual(
    await readAndCompare(await file(nodes, [W, B, tensor("V", 2, 2)])),
    {
      ...DERIVED,
      layers: [3, 2, 2, 2],
      activations: ["relu", "identity"],
      output: "softmax",
      loss: "crossEntropy",
    },
  );
});

Deno.test("modelFromOnnx() reads Flatten and the scaling of inputs and outputs", async () => {
  const nodes = [
    node("Flatten x -> a"),
    node("Sub a offset -> b"),
    node("Mul scale b -> c"),
    node("Gemm c W B -> d"),
    node("Sigmoid d -> e"),
    node("Mul e two -> f"),
    node("Add f B -> y"),
  ];
  const constants = [
    tensor("offset", 1, 3),
    scalar("scale", 0.5),
    W,
    B,
    scalar("two", 2, 1),
  ];
  const input = [value("x", "n", 1, 3)];
  const bytes = await file(nodes, constants, { input });
  assert.deepEqual(await readAndCompare(bytes, { shape: [1, 3] }), {
    ...DERIVED,
    output: "sigmoid",
    loss: "binaryCrossEntropy",
    preprocessing: { offset: [...noise(3, 3)], scale: [0.5, 0.5, 0.5] },
    targets: { center: [...noise(2, 2)], unit: [2, 2] },
  });
  const half = [node("Mul x scale -> a"), node("Gemm a W B -> y")];
  assert.deepEqual(await readAndCompare(await file(half, constants)), {
    ...DERIVED,
    preprocessing: { offset: [0, 0, 0], scale: [0.5, 0.5, 0.5] },
  });
});

Deno.test("modelFromOnnx() reads Gelu of one node, and of five", async () => {
  const constants = [W, B, tensor("V", 2, 2)];
  const one = [GEMM, node("Gelu y -> a"), node("Gemm a V B -> z")];
  const output = [value("z", "n", 2)];
  const description = { ...DERIVED, layers: [3, 2, 2], activations: ["gelu"] };
  assert.deepEqual(
    await readAndCompare(await file(one, constants, { output })),
    description,
  );
  const five = [
    GEMM,
    node("Div y root -> a"),
    node("Erf a -> b"),
    node("Add one b -> c"),
    node("Mul c y -> d"),
    node("Mul half d -> e"),
    node("Gemm e V B -> z"),
  ];
  const scalars = [
    scalar("root", Math.SQRT2),
    scalar("one", 1, 1),
    scalar("half", 0.5),
  ];
  assert.deepEqual(
    await readAndCompare(
      await file(five, [...constants, ...scalars], { output }),
    ),
    description,
  );
});

Deno.test("modelFromOnnx() reads initializers that are inputs too", async () => {
  const input = [value("x", "n", 3), value("W", 3, 2), value("B", 2)];
  assert.deepEqual(
    await readAndCompare(await file([GEMM], [W, B], { input })),
    DERIVED,
  );
});

/** What PyTorch printed when `pytorch_networks.py` made the files. */
const PYTORCH: [string, number[], number[], Record<string, unknown>][] = [
  [
    "pytorch_gelu_swish.onnx",
    [0.5, -1, 2, 0.25],
    [0.48955217003822327, 0.5104478001594543],
    {
      layers: [4, 3, 3, 2],
      activations: ["gelu", "swish"],
      output: "softmax",
      loss: "crossEntropy",
      seed: 0,
    },
  ],
  [
    "pytorch_elu_tanh.onnx",
    [0.5, -1],
    [0.4391787350177765],
    {
      layers: [2, 2, 2, 2, 1],
      activations: ["elu", "leakyRelu", "tanh"],
      output: "sigmoid",
      loss: "binaryCrossEntropy",
      seed: 0,
    },
  ],
  [
    "pytorch_pixels.onnx",
    [0, 51, 102, 255],
    [0.6769780516624451, 0.32302194833755493],
    {
      layers: [4, 3, 2],
      activations: ["tanh"],
      output: "softmax",
      loss: "crossEntropy",
      seed: 0,
      preprocessing: {
        offset: Array(4).fill(127.5),
        scale: Array(4).fill(Math.fround(4 / 255)),
      },
    },
  ],
];

for (const [name, x, outputs, description] of PYTORCH) {
  Deno.test(`modelFromOnnx() reads ${name}`, async () => {
    const bytes = await Deno.readFile(new URL(name, import.meta.url));
    const model = await modelFromOnnx(bytes, name);
    assert.deepEqual(model.description, description);
    for (const [o, found] of forward(model, x).entries()) {
      assert.ok(Math.abs(found - outputs[o]) < 1e-6, `${found}`);
    }
  });
}

Deno.test("modelFromOnnx() folds the normalizations of pytorch_batch_norm.onnx", async () => {
  const name = "pytorch_batch_norm.onnx";
  const bytes = await Deno.readFile(new URL(name, import.meta.url));
  const { preprocessing, ...others } = await readAndCompare(bytes);
  assert.deepEqual(others, {
    layers: [2, 3, 2],
    activations: ["relu"],
    output: "linear",
    loss: "halfSquaredError",
    seed: 0,
  });
  assert.equal(preprocessing?.scale?.length, 2);
  const outputs = [0.21062420308589935, 0.2231857031583786];
  const found = forward(await modelFromOnnx(bytes, name), [0.5, -1]);
  for (const [o, value] of found.entries()) {
    assert.ok(Math.abs(value - outputs[o]) < 1e-6, `${found}`);
  }
});

Deno.test("modelFromOnnx() refuses a description that isn't that of the graph", async () => {
  const description = {
    layers: [3, 2],
    activations: [],
    output: "linear",
    loss: "huber",
    seed: 1,
  } as const;
  const props = (value: string) => ({
    metadataProps: [{ key: "lockstep", value }],
  });
  const read = async (text: string) =>
    await modelFromOnnx(await file([GEMM], [W, B], {}, props(text)), "a");
  assert.deepEqual(
    (await read(JSON.stringify(description))).description,
    description,
  );
  const one = { offset: [0, 0, 0], scale: [1, 1, 1] };
  const cases: [Record<string, unknown>, RegExp][] = [
    [
      { layers: [3, 3] },
      /'layers' must be \[3,2\] as in the graph: current value is \[3, 3\]$/,
    ],
    [{ output: "sigmoid" }, /'output' must be "linear" as in the graph/],
    [{ preprocessing: one }, /'preprocessing.offset' must be undefined as in/],
    [{ classNames: [] }, /'classNames.length' must be 2/],
  ];
  for (const [fields, message] of cases) {
    await assert.rejects(
      read(JSON.stringify({ ...description, ...fields })),
      message,
    );
  }
  await assert.rejects(read("{"), /'a' as its description must be JSON/);
});

Deno.test("modelFromOnnx() reads no other model from a file that ends too soon", async () => {
  const bytes = await modelToOnnx(
    withNoise({ ...DERIVED, output: "linear", loss: "halfSquaredError" }),
  );
  for (let length = 0; length < bytes.length; length++) {
    // What ends between two parts of a file is whole to the format: the graph is missing, or the description.
    const read = modelFromOnnx(bytes.slice(0, length), "a");
    const [result] = await Promise.allSettled([read]);
    if (result.status === "fulfilled") {
      assert.deepEqual(result.value, await modelFromOnnx(bytes, "a"));
    } else assert.match(`${result.reason}`, /RangeError: Cannot read 'a' as /);
  }
});
