/** Networks as other programs write them: what changes nothing is skipped, what scales becomes a part of the network. */
import assert from "node:assert/strict";
import { modelFromOnnx } from "../../../src/models/onnx/model_from_onnx.ts";
import type {
  AttributeProto,
  NodeProto,
  TensorProto,
} from "../../../src/models/onnx/messages.ts";
import { matches } from "../../defects.ts";
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

const V = tensor("V", 2, 2);
const Z = { output: [value("z", "n", 2)] };

/** An attribute of several float32, and of several whole numbers. */
const floats = (name: string, ...values: number[]): AttributeProto => ({
  name,
  type: 6,
  floats: values,
});
const ints = (name: string, ...values: number[]): AttributeProto => ({
  name,
  type: 7,
  ints: values,
});

/** An attribute that is a tensor. */
const tensorValue = (t: TensorProto): AttributeProto => ({
  name: "value",
  type: 4,
  t,
});

/** Sizes for a Reshape. */
const shape = (...sizes: number[]): TensorProto => ({
  name: "shape",
  dims: [sizes.length],
  dataType: 7,
  floatData: [],
  int64Data: sizes,
});

/** A node of scikit-learn's kind. */
const ml = (one: NodeProto): NodeProto => ({ ...one, domain: "ai.onnx.ml" });

const ML = {
  opsetImport: [{ version: 17 }, { domain: "ai.onnx.ml", version: 3 }],
};

const DERIVED = {
  layers: [3, 2],
  activations: [],
  output: "linear",
  loss: "halfSquaredError",
  seed: 0,
};

Deno.test("modelFromOnnx() skips Identity, Cast to float32 and Dropout, anywhere", async () => {
  const nodes = [
    node("Identity x -> a"),
    node("Cast a -> b", int("to", 1)),
    node("Gemm b W C -> c"),
    node("Dropout c -> d"),
    node("Relu d -> e"),
    { ...node("Dropout e ratio no -> f"), output: ["f", "mask"] },
    node("Gemm f V -> g"),
    node("Identity g -> z"),
    // A constant by another name.
    node("Identity B -> C"),
  ];
  const no = { name: "no", dims: [], dataType: 9, floatData: [] };
  const bytes = await file(
    nodes,
    [
      ...[W, B, V, scalar("ratio", 0.5)],
      { ...no, rawData: Uint8Array.of(0) },
    ],
    Z,
    { opsetImport: [{ version: 17 }] },
  );
  assert.deepEqual(await readAndCompare(bytes), {
    ...DERIVED,
    layers: [3, 2, 2],
    activations: ["relu"],
  });
});

Deno.test("modelFromOnnx() skips a Reshape that keeps samples together", async () => {
  for (const sizes of [[-1, 3], [0, 3], [0, -1]]) {
    const nodes = [node("Reshape x shape -> a"), node("Gemm a W B -> y")];
    const three = { input: [value("x", "n", 1, 3)] };
    assert.deepEqual(
      await readAndCompare(
        await file(nodes, [W, B, shape(...sizes)], three),
        { shape: [1, 3] },
      ),
      DERIVED,
    );
    const behind = [GEMM, node("Reshape y shape -> z")];
    const two = sizes.map((size) => size === 3 ? 2 : size);
    assert.deepEqual(
      await readAndCompare(await file(behind, [W, B, shape(...two)], Z)),
      DERIVED,
    );
  }
  // For three samples and no more.
  const fixed = [
    node("Constant -> shape", ints("value_ints", 3, -1)),
    node("Reshape x shape -> a"),
    node("Gemm a W B -> y"),
  ];
  assert.deepEqual(
    await readAndCompare(
      await file(fixed, [W, B], { input: [value("x", 3, 1, 3)] }),
      { shape: [1, 3] },
    ),
    DERIVED,
  );
});

Deno.test("modelFromOnnx() skips a Reshape to the number of samples and what is left", async () => {
  const nodes = [
    node("Shape x -> sizes"),
    node("Gather sizes zero -> samples", int("axis", 0)),
    node("Unsqueeze samples axes -> first"),
    node("Unsqueeze rest axes -> second"),
    node("Concat first second -> shape", int("axis", 0)),
    node("Reshape x shape -> a"),
    node("Gemm a W B -> y"),
  ];
  const whole = (name: string, dims: number[], value: number) => ({
    ...{ name, dims, dataType: 7, floatData: [] },
    int64Data: [value],
  });
  const input = [value("x", "n", 1, 3)];
  const read = async (place: number) =>
    await file(nodes, [
      ...[W, B, whole("zero", [], place), whole("axes", [1], 0)],
      whole("rest", [], -1),
    ], { input });
  assert.deepEqual(
    await readAndCompare(await read(0), { shape: [1, 3] }),
    DERIVED,
  );
  await assert.rejects(
    modelFromOnnx(await read(1), "a.onnx"),
    matches(
      RangeError,
      "Cannot read 'a.onnx' as node 'samples' (Gather) must be for the number of samples",
    ),
  );
});

Deno.test("modelFromOnnx() reads inputs of another type if a Cast makes float32 of them", async () => {
  const nodes = [node("Cast x -> a", int("to", 1)), node("Gemm a W B -> y")];
  const input = [{ name: "x", type: { tensorType: { elemType: 7 } } }];
  const { description } = await modelFromOnnx(
    await file(nodes, [W, B], { input }),
    "a.onnx",
  );
  assert.deepEqual(description, DERIVED);
});

const three = (name: string, ...values: number[]): TensorProto => ({
  name,
  dims: [3],
  dataType: 1,
  floatData: values,
});

Deno.test("modelFromOnnx() makes constants before the first layer the scaling of inputs", async () => {
  const [a, b, c, d] = [
    three("a", 2, -0.5, 4),
    three("b", 1, -3, 0.25),
    three("c", 0.5, 8, -2),
    three("d", -1, 0, 7),
  ];
  const last = node("Gemm s W B -> y");
  const chains: [string[], number[], number[]][] = [
    [["Div x a -> s"], [0, 0, 0], [0.5, -2, 0.25]],
    [["Sub x b -> p", "Div p a -> s"], [1, -3, 0.25], [0.5, -2, 0.25]],
    // x·a + b = (x + b/a)·a
    [["Mul x a -> p", "Add p b -> s"], [-0.5, -6, -0.0625], [2, -0.5, 4]],
    [
      ["Mul a x -> p", "Add b p -> q", "Sub q d -> r", "Div r c -> s"],
      [-1, -6, 1.6875],
      [4, -0.0625, -2],
    ],
  ];
  for (const [texts, offset, scale] of chains) {
    const nodes = [...texts.map((text) => node(text)), last];
    const bytes = await file(nodes, [W, B, a, b, c, d]);
    const { preprocessing, ...others } = await readAndCompare(bytes);
    assert.deepEqual(others, DERIVED);
    assert.deepEqual(preprocessing, {
      offset: offset.map((value) => value + 0),
      scale,
    });
  }
});

Deno.test("modelFromOnnx() reads scikit-learn's Scaler", async () => {
  const nodes = [
    ml(
      node(
        "Scaler x -> s",
        floats("offset", 1, -3, 0.25),
        floats("scale", 2, 2, 2),
      ),
    ),
    node("Gemm s W B -> y"),
  ];
  assert.deepEqual(await readAndCompare(await file(nodes, [W, B], {}, ML)), {
    ...DERIVED,
    preprocessing: { offset: [1, -3, 0.25], scale: [2, 2, 2] },
  });
});

/** BatchNormalization of `width` values with these names of constants. */
function normalization(width: number) {
  const names = ["gamma", "beta", "mean", "variance"];
  return names.map((name) => {
    const made = tensor(name, width);
    const values = [...made.floatData].map((one, at) =>
      name === "variance" ? Math.abs(one) + 0.1 : one + at
    );
    return { ...made, floatData: values };
  });
}

const normalize = (from: string, to: string, ...more: AttributeProto[]) =>
  node(`BatchNormalization ${from} gamma beta mean variance -> ${to}`, ...more);

Deno.test("modelFromOnnx() folds BatchNormalization into the layer before it, or behind it", async () => {
  const constants = [W, B, V, ...normalization(2)];
  const before = [
    GEMM,
    normalize("y", "a", float("epsilon", 0.01)),
    node("Relu a -> b"),
    node("Gemm b V -> z"),
  ];
  const hidden = { ...DERIVED, layers: [3, 2, 2], activations: ["relu"] };
  assert.deepEqual(
    await readAndCompare(await file(before, constants, Z)),
    hidden,
  );
  const behind = [
    node("MatMul x W -> y"),
    node("Relu y -> a"),
    normalize("a", "b"),
    node("Dropout b -> c"),
    node("Gemm c V -> z"),
  ];
  assert.deepEqual(
    await readAndCompare(await file(behind, constants, Z)),
    hidden,
  );
  const last = [GEMM, normalize("y", "z")];
  assert.deepEqual(
    await readAndCompare(await file(last, constants, Z)),
    DERIVED,
  );
  const softmax = [GEMM, normalize("y", "a"), node("Softmax a -> z")];
  assert.deepEqual(await readAndCompare(await file(softmax, constants, Z)), {
    ...DERIVED,
    output: "softmax",
    loss: "crossEntropy",
  });
  const first = [normalize("x", "a"), node("Gemm a W B -> y")];
  const { preprocessing, ...others } = await readAndCompare(
    await file(first, [W, B, ...normalization(3)]),
  );
  assert.deepEqual(others, DERIVED);
  assert.equal(preprocessing?.offset?.length, 3);
});

Deno.test("modelFromOnnx() folds constants between layers into their weights", async () => {
  const nodes = [
    GEMM,
    node("Mul y B -> a"),
    node("Tanh a -> b"),
    node("Sub b B -> c"),
    node("Div c two -> d"),
    node("Gemm d V B -> z"),
  ];
  assert.deepEqual(
    await readAndCompare(await file(nodes, [W, B, V, scalar("two", 2)], Z)),
    { ...DERIVED, layers: [3, 2, 2], activations: ["tanh"] },
  );
});

Deno.test("modelFromOnnx() makes constants behind a linear layer the scaling of targets", async () => {
  const nodes = [
    GEMM,
    node("Div y two -> a"),
    node("Add a B -> b"),
    node("Sub b two -> c"),
    node("Mul c two -> z"),
  ];
  const { targets, ...others } = await readAndCompare(
    await file(nodes, [W, B, scalar("two", 2)], Z),
  );
  assert.deepEqual(others, DERIVED);
  assert.deepEqual(targets, {
    center: [...B.floatData].map((value) => 2 * (value - 2)).map(Math.fround),
    unit: [1, 1],
  });
});

Deno.test("modelFromOnnx() reads constants in each of their forms", async () => {
  const raw = new Uint8Array(Float32Array.of(0.5, -1).buffer);
  const nodes = [
    node("Constant -> two", float("value_float", 2)),
    node("Constant -> o", floats("value_floats", 1, -3, 0.25)),
    node(
      "Constant -> bias",
      tensorValue({ dims: [2], dataType: 1, floatData: [], rawData: raw }),
    ),
    node("Sub x o -> a"),
    node("Mul a two -> b"),
    node("Gemm b W bias -> y"),
  ];
  assert.deepEqual(await readAndCompare(await file(nodes, [W])), {
    ...DERIVED,
    preprocessing: { offset: [1, -3, 0.25], scale: [2, 2, 2] },
  });
});

Deno.test("modelFromOnnx() reads constants behind Identity, and behind a Cast that changes nothing", async () => {
  const nodes = [
    node("Identity B -> bias"),
    node("Cast W -> weights", int("to", 1)),
    node("Gemm x weights bias -> y"),
  ];
  assert.deepEqual(await readAndCompare(await file(nodes, [W, B])), DERIVED);
  const rounded = node("Cast W -> weights", int("to", 10));
  await assert.rejects(
    modelFromOnnx(await file([rounded, ...nodes.slice(2)], [W, B]), "a.onnx"),
    new RangeError(
      "Cannot read 'a.onnx' as node 'y' (Gemm) must have a constant as input 'weights'",
    ),
  );
});

const encoder = new TextEncoder();

/** The names of classes as scikit-learn's converter keeps them. */
const CLASSES: TensorProto = {
  name: "classes",
  dims: [2],
  dataType: 8,
  floatData: [],
  stringData: [encoder.encode("cat"), encoder.encode("dög")],
};

const NUMBERED: TensorProto = {
  ...{ name: "classes", dims: [2], dataType: 6, floatData: [] },
  int32Data: [3, 7],
};

/** What is behind the probabilities p, as skl2onnx writes it: the label of each sample. */
const LABELS = [
  node("ArgMax p -> index", int("axis", 1)),
  ml(node("ArrayFeatureExtractor classes index -> picked")),
  node("Cast picked -> cast", int("to", 7)),
  node("Reshape cast shape -> label"),
];

/** Labels of this type, int64 or text. */
const labels = (elemType: number) => ({
  name: "label",
  type: { tensorType: { elemType } },
});

const [INT64, STRING] = [7, 8];

Deno.test("modelFromOnnx() reads a classifier of scikit-learn's: label and probabilities", async () => {
  const nodes = [
    node("Cast x -> a", int("to", 1)),
    node("MatMul a W -> b"),
    node("Add b B -> c"),
    node("Softmax c -> p", int("axis", 1)),
    ...LABELS,
  ];
  const constants = [W, B, NUMBERED, shape(-1)];
  const output = [labels(INT64), value("p", "n", 2)];
  const bytes = await file(nodes, constants, { output }, ML);
  assert.deepEqual(await readAndCompare(bytes, { output: "p" }), {
    ...DERIVED,
    output: "softmax",
    loss: "crossEntropy",
    task: "classes",
    classNames: ["3", "7"],
  });
  // The label alone.
  const label = await file(nodes, constants, { output: [value("label")] }, ML);
  assert.deepEqual(
    await modelFromOnnx(label, "a"),
    await modelFromOnnx(bytes, "a"),
  );
});

Deno.test("modelFromOnnx() reads a classifier of two classes: the probability of the other one comes first", async () => {
  const nodes = [
    node("Gemm x W B -> a"),
    node("Relu a -> b"),
    node("Gemm b U -> c"),
    node("Sigmoid c -> q"),
    node("Sub one q -> other"),
    node("Concat other q -> p", int("axis", 1)),
    node("ArgMax p -> index", int("axis", 1), int("keepdims", 0)),
    node("Gather classes index -> label"),
  ];
  const constants = [W, B, tensor("U", 2, 1), scalar("one", 1), CLASSES];
  const output = [labels(STRING), value("p", "n", 2)];
  const bytes = await file(nodes, constants, { output }, ML);
  assert.deepEqual(await readAndCompare(bytes, { output: "p" }), {
    ...DERIVED,
    layers: [3, 2, 2],
    activations: ["relu"],
    output: "softmax",
    loss: "crossEntropy",
    task: "classes",
    classNames: ["cat", "dög"],
  });
});

Deno.test("modelFromOnnx() takes the names of classes from a ZipMap", async () => {
  const names = {
    name: "classlabels_strings",
    type: 8,
    strings: [encoder.encode("cat"), encoder.encode("dög")],
  };
  const nodes = (...attributes: AttributeProto[]) => [
    node("Gemm x W B -> a"),
    node("Sigmoid a -> p"),
    ...LABELS.slice(0, 2),
    node("Identity picked -> label"),
    ml(node("ZipMap p -> zipped", ...attributes)),
  ];
  const outputs = { output: [value("label", "n"), value("zipped")] };
  const constants = [W, B, CLASSES];
  const read = async (...attributes: AttributeProto[]) =>
    (await modelFromOnnx(
      await file(nodes(...attributes), constants, outputs, ML),
      "a.onnx",
    )).description;
  assert.deepEqual(await read(names), {
    ...DERIVED,
    output: "sigmoid",
    loss: "binaryCrossEntropy",
    task: "classes",
    classNames: ["cat", "dög"],
  });
  await assert.rejects(
    read(ints("classlabels_int64s", 3, 7)),
    matches(
      RangeError,
      "Cannot read 'a.onnx' as node 'picked' (ArrayFeatureExtractor) must have the classes ['3', '7']: current value is ['cat', 'dög']",
    ),
  );
});

/** What is wrong, the nodes and constants, their outputs, and the error behind `Cannot read 'a.onnx' as `. */
const DEFECTS: [string, NodeProto[], TensorProto[], string[], string][] = [
  [
    "a Cast to int64",
    [GEMM, node("Cast y -> z", int("to", 7))],
    [],
    ["z"],
    "node 'z' (Cast) must have to 1: current value is 7",
  ],
  [
    "a Dropout in training mode",
    [GEMM, node("Dropout y two yes -> z")],
    [scalar("two", 0.5), {
      ...{ name: "yes", dims: [], dataType: 9, floatData: [] },
      int32Data: [1],
    }],
    ["z"],
    "node 'z' (Dropout) must not be in training mode",
  ],
  [
    "a mask that is used",
    [
      { ...node("Dropout x -> a"), output: ["a", "mask"] },
      node("Gemm a W B -> y"),
      node("Relu mask -> z"),
    ],
    [],
    ["y"],
    "node 'a' (Dropout) must be used for its first output alone: 'mask' is used too",
  ],
  [
    "a Reshape to other samples",
    [node("Reshape x shape -> a"), node("Gemm a W B -> y")],
    [shape(1, -1)],
    ["y"],
    "node 'a' (Reshape) must keep the values of a sample together, as [-1, values] does: current value is [1, -1]",
  ],
  [
    "a Reshape to other values",
    [node("Reshape x shape -> a"), node("Gemm a W B -> y")],
    [shape(-1, 6)],
    ["y"],
    "node 'a' (Reshape) must make 3 values of a sample: current value is 6",
  ],
  [
    "a Reshape to what is computed",
    [node("Reshape x x -> a"), node("Gemm a W B -> y")],
    [],
    ["y"],
    "node 'a' (Reshape) must have a constant as input 'x'",
  ],
  [
    "inputs that are divided by 0",
    [node("Div x o -> a"), node("Gemm a W B -> y")],
    [three("o", 1, 0, 1)],
    ["y"],
    "node 'a' (Div) must scale by finite numbers, other than 0 for inputs: one becomes Infinity",
  ],
  [
    "inputs that are nothing but constants",
    [node("Mul x o -> a"), node("Add a o -> b"), node("Gemm b W B -> y")],
    [three("o", 1, 0, 1)],
    ["y"],
    "node 'b' (Add) must scale by finite numbers, other than 0 for inputs: one becomes NaN",
  ],
  [
    "a Scaler without numbers",
    [ml(node("Scaler x -> a", floats("offset", 1))), node("Gemm a W B -> y")],
    [],
    ["y"],
    "node 'a' (Scaler) must have scale of one number or more",
  ],
  [
    "a Scaler of another size",
    [
      ml(node("Scaler x -> a", floats("offset", 1, 2), floats("scale", 1, 1))),
      node("Gemm a W B -> y"),
    ],
    [],
    ["y"],
    "node 'a' (Scaler) must have a constant of [3]: current value is [2]",
  ],
  [
    "a BatchNormalization that learns",
    [GEMM, normalize("y", "z", int("training_mode", 1))],
    normalization(2),
    ["z"],
    "node 'z' (BatchNormalization) must have training_mode 0: current value is 1",
  ],
  [
    "a BatchNormalization of another size",
    [GEMM, normalize("y", "z")],
    normalization(3),
    ["z"],
    "node 'z' (BatchNormalization) must have a constant of [2]: current value is [3]",
  ],
  [
    "a constant twice",
    [GEMM],
    [{ ...B, floatData: [1, 2] }],
    ["y"],
    "the constant 'B' must be there once: it is there twice",
  ],
  [
    "labels of numbers",
    [GEMM, node("ArgMax y -> z", int("axis", 1))],
    [],
    ["z"],
    "node 'z' (ArgMax) must come after Softmax or Sigmoid",
  ],
  [
    "labels over the samples",
    [GEMM, node("Softmax y -> p"), node("ArgMax p -> z")],
    [],
    ["z"],
    "node 'z' (ArgMax) must have axis 1 or -1: it is left out",
  ],
  [
    "logits beside probabilities",
    [GEMM, node("Softmax y -> z")],
    [],
    ["y", "z"],
    "node 'z' (Softmax) must not take 'y', an output or what labels are made of",
  ],
  [
    "an output that nothing makes",
    [GEMM],
    [],
    ["y", "q"],
    "'outputs' must be 'y' and the labels made of it alone: current value is ['q']",
  ],
  [
    "a Softmax in the middle",
    [GEMM, node("Softmax y -> a"), node("Gemm a V -> z")],
    [V],
    ["z"],
    "node 'z' (Gemm) must come before the last output",
  ],
  [
    "two classes of a softmax",
    [
      GEMM,
      node("Softmax y -> a"),
      node("Sub one a -> b"),
      node("Concat b a -> z", int("axis", 1)),
    ],
    [scalar("one", 1)],
    ["z"],
    "node 'z' (Concat) must come after Sigmoid of one value",
  ],
];

for (const [what, nodes, constants, outputs, message] of DEFECTS) {
  Deno.test(`modelFromOnnx() refuses ${what}`, async () => {
    const bytes = await file(nodes, [W, B, ...constants], {
      output: outputs.map((name) => value(name)),
    }, ML);
    await assert.rejects(
      modelFromOnnx(bytes, "a.onnx"),
      matches(RangeError, `Cannot read 'a.onnx' as ${message}`),
    );
  });
}
