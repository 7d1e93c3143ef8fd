import { WrongValueError } from "../../checks/errors.ts";
import { describe } from "../../checks/validate.ts";
import type { LinearLayer } from "../linear_layer.ts";
import type { ActivationName } from "../../units/activations.ts";
import type { Graph } from "./graph.ts";
import { activationOfNodes, singleActivation } from "./activations.ts";
import { type Ending, endingOf } from "./ending.ts";
import { gemm, matMul } from "./layers.ts";
import type { NodeProto } from "./messages.ts";
import { nameOf, refuseNode, type Setting } from "./operators.ts";
import { columnsOf, requireInference } from "./no_ops.ts";
import { batchNormalization, scaler, type ScalingStep } from "./scalings.ts";

/** What one or several nodes do to the value that goes through the graph. */
export type Step =
  & {
    /** The first of the nodes, for errors. */
    readonly node: NodeProto;
  }
  & (
    | { readonly kind: "softmax" }
    | {
      /** Nothing, but that sizes of a sample become one size, of so many values where that is said. */
      readonly kind: "flatten";
      readonly columns?: number;
    }
    | ScalingStep
    | { readonly kind: "layer"; readonly layer: LinearLayer }
    | { readonly kind: "activation"; readonly name: ActivationName }
  );

/** Steps, and the node that makes the value after them. */
type Taken = readonly [steps: readonly Step[], last: NodeProto];

/**
 * Follows the value from the input of a graph to its outputs.
 *
 * @throws {RangeError} If it isn't a chain of the known operators.
 */
export function stepsOf(
  graph: Graph,
): { readonly steps: readonly Step[]; readonly ending: Ending } {
  const steps: Step[] = [];
  let value = graph.input.name ?? "";
  let ending: Ending | undefined;
  while ((ending = endingOf(graph, value)) === undefined) {
    const [taken, last] = several(graph, value) ?? single(graph, value);
    steps.push(...taken);
    value = last.output[0];
  }
  graph.requireAllUsed();
  return { steps, ending };
}

/** An activation of several nodes. */
function several(graph: Graph, value: string): Taken | undefined {
  const found = activationOfNodes(graph, value);
  if (found === undefined) return;
  const { name, node, last } = found;
  return [[{ kind: "activation", name, node }], last];
}

/** The node that takes a value, which must be one alone. */
function onlyConsumer(graph: Graph, value: string): NodeProto {
  const consumers = graph.consumers(value);
  const [node, other] = consumers;
  const shown = describe(value);
  if (node === undefined) {
    const outputs = [...graph.outputs].map(describe).join(" or ");
    throw new WrongValueError(
      `Cannot ${graph.action} as ${shown} must lead to the output ${outputs}`,
    );
  }
  if (other !== undefined) {
    refuseNode(
      graph.action,
      node,
      `must be alone in taking ${shown}: ${nameOf(other)} does too`,
    );
  }
  return node;
}

/** The node that takes a value, or the Reshape for which another one looks at its sizes. */
function nextNode(graph: Graph, value: string): NodeProto {
  const consumers = graph.consumers(value);
  const reshape = consumers.find(({ opType }) => opType === "Reshape");
  return reshape && consumers.length === 2 &&
      consumers.some(({ opType }) => opType === "Shape")
    ? reshape
    : onlyConsumer(graph, value);
}

function single(graph: Graph, value: string): Taken {
  const node = nextNode(graph, value);
  const settings = graph.use(node);
  const activation = singleActivation(node);
  if (activation !== undefined) {
    return [[{ kind: "activation", name: activation, node }], node];
  }
  const must = node.opType === "Mul" || node.opType === "Add" ? 2 : 1;
  if (!node.input.slice(0, must).includes(value)) {
    refuseNode(graph.action, node, `must take ${describe(value)} first`);
  }
  return stepsOfNode(graph, node, value, settings);
}

function stepsOfNode(
  graph: Graph,
  node: NodeProto,
  value: string,
  settings: Readonly<Record<string, Setting>>,
): Taken {
  switch (node.opType) {
    case "Dropout":
      requireInference(graph, node);
      return [[], node];
    case "Identity":
    case "Cast":
      return [[], node];
    case "Flatten":
      return [[{ kind: "flatten", node }], node];
    case "Reshape":
      return [[{ kind: "flatten", node, ...columnsOf(graph, node) }], node];
    case "Softmax":
      return [[{ kind: "softmax", node }], node];
    case "Sub":
    case "Div":
    case "Mul":
    case "Add": {
      const kind = node.opType.toLowerCase() as ScalingStep["kind"];
      return [[{ kind, node, tensor: graph.beside(node, value) }], node];
    }
    case "Scaler":
      return [scaler(graph.action, node, settings), node];
    case "BatchNormalization":
      return [batchNormalization(graph, node, settings), node];
    case "Gemm": {
      const layer = gemm(graph, node, settings.transB === 1);
      return [[{ kind: "layer", node, layer }], node];
    }
    case "MatMul": {
      const [layer, last] = matMul(graph, node);
      return [[{ kind: "layer", node, layer }], last];
    }
  }
  refuseNode(graph.action, node, "must be a part of gelu, x·(1 + erf(x/√2))·½");
}
