/** ONNX files as others might write them, put together from text. */
import {
  type AttributeProto,
  encodeOnnx,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from "../../../src/models/onnx/messages.ts";
import { noise } from "../models.ts";

/** `TYPE inputs... -> output`, with attributes. */
export function node(text: string, ...attribute: AttributeProto[]): NodeProto {
  const [left, output] = text.split(" -> ");
  const [opType, ...input] = left.split(" ");
  return { opType, input, output: [output], attribute };
}

/** An attribute of a float32. */
export const float = (name: string, f: number) => ({ name, type: 1, f });
/** An attribute of a whole number. */
export const int = (name: string, i: number) => ({ name, type: 2, i });

/** A tensor of noise, its values as a list. */
export function tensor(name: string, ...dims: number[]): TensorProto {
  const length = dims.reduce((product, size) => product * size, 1);
  return { name, dims, dataType: 1, floatData: [...noise(length, length)] };
}

/** A tensor of one value. */
export function scalar(
  name: string,
  value: number,
  ...dims: number[]
): TensorProto {
  return { name, dims, dataType: 1, floatData: [value] };
}

/** A float32 input or output with these sizes; a text is a size that varies. */
export function value(name: string, ...sizes: (number | string)[]) {
  const dim = sizes.map((size) =>
    typeof size === "string" ? { dimParam: size } : { dimValue: size }
  );
  return { name, type: { tensorType: { elemType: 1, shape: { dim } } } };
}

/** A graph from x to y: three inputs, two outputs, opset 20. */
export function file(
  nodes: NodeProto[],
  initializer: TensorProto[],
  graph: Partial<GraphProto> = {},
  model: Partial<ModelProto> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return encodeOnnx({
    irVersion: 8,
    opsetImport: [{ version: 20 }],
    metadataProps: [],
    graph: {
      name: "elsewhere",
      node: nodes,
      initializer,
      input: [value("x", "n", 3)],
      output: [value("y", "n", 2)],
      ...graph,
    },
    ...model,
  });
}

/** Weights, 3 × 2. */
export const W = tensor("W", 3, 2);
/** Biases. */
export const B = tensor("B", 2);
/** The layer of both. */
export const GEMM = node("Gemm x W B -> y");
