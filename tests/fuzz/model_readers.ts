/** The readers of models, each with files written by Lockstep and by other programs. */
import type { Model } from "../../src/models/model.ts";
import {
  modelFromJson,
  modelToJson,
} from "../../src/model_files/model_json.ts";
import {
  modelFromSafetensors,
  modelToSafetensors,
} from "../../src/model_files/model_safetensors.ts";
import { modelFromOnnx } from "../../src/models/onnx/model_from_onnx.ts";
import { modelToOnnx } from "../../src/models/onnx/model_to_onnx.ts";
import { utf8 } from "../../src/io/utf8.ts";
import {
  file,
  int,
  node,
  scalar,
  tensor,
  value,
} from "../models/onnx/graphs.ts";
import { withNoise } from "../models/models.ts";
import type { FuzzedReader } from "./outcome.ts";

const MODELS: readonly Model[] = [
  withNoise({
    layers: [2, 1],
    activations: [],
    output: "linear",
    loss: "halfSquaredError",
    seed: 1,
    targetNames: ["price"],
    targets: { center: [0.5], unit: [2] },
  }),
  withNoise({
    layers: [3, 2, 2],
    activations: ["gelu"],
    output: "softmax",
    loss: "crossEntropy",
    seed: 2,
    classNames: ["cat", "dög"],
    preprocessing: {
      columns: [
        { name: "size", kind: "number" },
        { name: "color", kind: "category", values: ["red", "blue"] },
      ],
      offset: [0.5, 0, 0],
      scale: [2, 1, 1],
    },
    training: { epochs: 3, notes: ["a", null, { b: 1.5 }] },
  }),
];

const PYTORCH = ["elu_tanh", "gelu_swish", "batch_norm", "pixels"].map((name) =>
  Deno.readFileSync(
    new URL(`../models/onnx/pytorch_${name}.onnx`, import.meta.url),
  )
);

/** A classifier as scikit-learn's converter writes them: a scaler, two classes, labels beside probabilities. */
const CLASSIFIER = await file(
  [
    {
      ...node(
        "Scaler x -> s",
        { name: "offset", type: 6, floats: [1, 2, 3] },
        { name: "scale", type: 6, floats: [0.5, 2, 1] },
      ),
      domain: "ai.onnx.ml",
    },
    node("Gemm s W -> z"),
    node("Sigmoid z -> p"),
    node("Sub one p -> q"),
    node("Concat q p -> both", int("axis", 1)),
    node("ArgMax both -> index", int("axis", 1)),
    node("Gather classes index -> label"),
  ],
  [tensor("W", 3, 1), scalar("one", 1), {
    ...{ name: "classes", dims: [2], dataType: 7, floatData: [] },
    int64Data: [0, 1],
  }],
  { output: [value("label", "n"), value("both", "n", 2)] },
);

/** The readers of models. */
export const MODEL_READERS: readonly FuzzedReader[] = [
  {
    name: "fuzzed.safetensors",
    read: modelFromSafetensors,
    files: MODELS.map((model) => modelToSafetensors(model)),
  },
  {
    name: "fuzzed.onnx",
    read: modelFromOnnx,
    files: [
      ...await Promise.all(MODELS.map((model) => modelToOnnx(model))),
      ...PYTORCH,
      CLASSIFIER,
    ],
  },
  {
    name: "fuzzed.json",
    read: (bytes, name) => modelFromJson(utf8(bytes, name), name),
    files: MODELS.map((model) => new TextEncoder().encode(modelToJson(model))),
  },
];
