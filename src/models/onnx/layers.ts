import { describe } from "../../checks/validate.ts";
import type { LinearLayer } from "../linear_layer.ts";
import type { Graph } from "./graph.ts";
import type { NodeProto } from "./messages.ts";
import { refuseNode } from "./operators.ts";
import { asRow, type FloatTensor } from "./tensors.ts";

/** `rows × columns` row-major values with rows and columns exchanged. */
function transposed(
  values: Float32Array,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    values,
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)],
  );
}

function toLayer(
  { action }: Graph,
  node: NodeProto,
  { dims, values }: FloatTensor,
  outputsFirst: boolean,
  bias: FloatTensor | undefined,
): LinearLayer {
  if (dims.length !== 2) {
    refuseNode(
      action,
      node,
      `must have weights of two dimensions: current value is ${describe(dims)}`,
    );
  }
  const [outputs, inputs] = outputsFirst ? dims : dims.toReversed();
  const biases = bias === undefined
    ? new Float32Array(outputs)
    : asRow(bias, outputs);
  if (biases === undefined) {
    refuseNode(
      action,
      node,
      `must have a bias of [${outputs}]: current value is ${
        describe(bias?.dims)
      }`,
    );
  }
  const weight = outputsFirst ? values : transposed(values, inputs, outputs);
  return { inputs, outputs, weight, bias: biases };
}

/** The layer that a Gemm is: `value·B + C`, or `value·Bᵀ + C`. */
export function gemm(
  graph: Graph,
  node: NodeProto,
  transB: boolean,
): LinearLayer {
  const [, weight, bias = ""] = node.input;
  return toLayer(
    graph,
    node,
    graph.constant(node, weight),
    transB,
    bias === "" ? undefined : graph.constant(node, bias),
  );
}

/** The layer that a MatMul is, with the Add of a constant behind it if there is one; and the last of these nodes. */
export function matMul(
  graph: Graph,
  node: NodeProto,
): readonly [LinearLayer, NodeProto] {
  const [, weight] = node.input;
  const tensor = graph.constant(node, weight);
  const add = graph.only(node.output[0], "Add");
  if (add === undefined) {
    return [toLayer(graph, node, tensor, false, undefined), node];
  }
  graph.use(add);
  const bias = graph.beside(add, node.output[0]);
  return [toLayer(graph, node, tensor, false, bias), add];
}
