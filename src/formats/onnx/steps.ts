import { WrongValueError } from "../../errors.ts";
import type { LinearLayer } from "../linear_layer.ts";
import type { ActivationName } from "../../network/activations.ts";
import type { Graph } from "./graph.ts";
import { gemm, matMul } from "./layers.ts";
import type { NodeProto } from "./messages.ts";
import { refuseNode } from "./operators.ts";
import type { FloatTensor } from "./tensors.ts";

/** What one or several nodes do to the value that goes through the graph. */
export type Step =
  & {
    /** The first of the nodes, for errors. */
    readonly node: NodeProto;
  }
  & (
    | { readonly kind: "flatten" | "softmax" }
    | { readonly kind: "sub" | "mul" | "add"; readonly tensor: FloatTensor }
    | { readonly kind: "layer"; readonly layer: LinearLayer }
    | { readonly kind: "activation"; readonly name: ActivationName }
  );

/** Activations of one node. */
const ACTIVATIONS: ReadonlyMap<string, ActivationName> = new Map([
  ["Sigmoid", "sigmoid"],
  ["Tanh", "tanh"],
  ["Relu", "relu"],
  ["LeakyRelu", "leakyRelu"],
  ["Elu", "elu"],
  ["Gelu", "gelu"],
]);

/** A step, and the node that makes the value after it. */
type Taken = readonly [step: Step, last: NodeProto];

/**
 * Follows the value from the input of a graph to its output.
 *
 * @throws {RangeError} If it isn't a chain of the known operators.
 */
export function stepsOf(graph: Graph): readonly Step[] {
  const steps: Step[] = [];
  let value = graph.input.name ?? "";
  while (value !== graph.output) {
    const [step, last] = swish(graph, value) ?? gelu(graph, value) ??
      single(graph, value);
    steps.push(step);
    value = last.output[0];
  }
  graph.requireAllUsed();
  return steps;
}

/** x·sigmoid(x), in two nodes. */
function swish(graph: Graph, x: string): Taken | undefined {
  const consumers = graph.consumers(x);
  const sigmoid = consumers.find(({ opType }) => opType === "Sigmoid");
  const times = sigmoid && graph.only(sigmoid.output[0], "Mul");
  if (consumers.length !== 2 || !times || !consumers.includes(times)) return;
  for (const node of [sigmoid, times]) graph.use(node);
  return [{ kind: "activation", name: "swish", node: sigmoid }, times];
}

/** x·(1 + erf(x/√2))·½, in five nodes. */
function gelu(graph: Graph, x: string): Taken | undefined {
  const consumers = graph.consumers(x);
  const scaled = consumers.find((node) => isOverSqrt2(graph, node, x));
  const erf = scaled && graph.only(scaled.output[0], "Erf");
  const plus = erf && graph.only(erf.output[0], "Add");
  if (!plus || !graph.takesScalar(plus, erf.output[0], 1)) return;
  const times = graph.only(plus.output[0], "Mul");
  if (consumers.length !== 2 || !times || !consumers.includes(times)) return;
  const half = graph.only(times.output[0], "Mul");
  if (!half || !graph.takesScalar(half, times.output[0], 0.5)) return;
  for (const node of [scaled, erf, plus, times, half]) graph.use(node);
  return [{ kind: "activation", name: "gelu", node: scaled }, half];
}

function isOverSqrt2(graph: Graph, node: NodeProto, x: string): boolean {
  switch (node.opType) {
    case "Mul":
      return graph.takesScalar(node, x, Math.SQRT1_2);
    case "Div":
      return node.input[0] === x && graph.takesScalar(node, x, Math.SQRT2);
    default:
      return false;
  }
}

function single(graph: Graph, value: string): Taken {
  const [node, ...others] = graph.consumers(value);
  if (node === undefined) {
    throw new WrongValueError(
      `Cannot ${graph.action} as '${value}' must lead to the output '${graph.output}'`,
    );
  }
  if (others.length > 0) {
    refuseNode(graph.action, node, `must be alone in taking '${value}'`);
  }
  const settings = graph.use(node);
  const activation = ACTIVATIONS.get(node.opType!);
  if (activation !== undefined) {
    return [{ kind: "activation", name: activation, node }, node];
  }
  switch (node.opType) {
    case "Flatten":
      return [{ kind: "flatten", node }, node];
    case "Softmax":
      return [{ kind: "softmax", node }, node];
    case "Sub":
      if (node.input[0] !== value) break;
      return [{ kind: "sub", node, tensor: graph.beside(node, value) }, node];
    case "Mul":
      return [{ kind: "mul", node, tensor: graph.beside(node, value) }, node];
    case "Add":
      return [{ kind: "add", node, tensor: graph.beside(node, value) }, node];
    case "Gemm": {
      const layer = gemm(graph, node, value, settings.transB === 1);
      return [{ kind: "layer", node, layer }, node];
    }
    case "MatMul": {
      const [layer, last] = matMul(graph, node, value);
      return [{ kind: "layer", node, layer }, last];
    }
  }
  refuseNode(graph.action, node, "is not supported at its place");
}
