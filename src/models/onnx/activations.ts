/** The activations of a graph, as `src/units/activations.ts` says that ONNX has them. */
import {
  ACTIVATION_NAMES,
  type ActivationName,
  ACTIVATIONS,
  type OnnxNode,
} from "../../units/activations.ts";
import type { Graph } from "./graph.ts";
import type { NodeProto } from "./messages.ts";

/** Those of one node, by its operator. */
const SINGLE: ReadonlyMap<string, ActivationName> = new Map([
  ...named((onnx) => onnx.length === 1)
    .map((name) => [ACTIVATIONS[name].onnx[0].op, name] as const),
  // Newer than the operator set that is written.
  ["Gelu", "gelu"],
]);

/** Those of several nodes. */
const PATTERNS = named((onnx) => onnx.length > 1);

function named(use: (onnx: readonly OnnxNode[]) => boolean): ActivationName[] {
  return ACTIVATION_NAMES.filter((name) => use(ACTIVATIONS[name].onnx));
}

/** What an activation that was found is, its first node, and the node that makes its value. */
export interface Found {
  readonly name: ActivationName;
  readonly node: NodeProto;
  readonly last: NodeProto;
}

/** The activation that a node alone is. */
export function singleActivation(node: NodeProto): ActivationName | undefined {
  return SINGLE.get(node.opType!);
}

/** The activation of several nodes that begins with a value; its nodes are used up. */
export function activationOfNodes(graph: Graph, z: string): Found | undefined {
  for (const name of PATTERNS) {
    const nodes = match(graph, z, ACTIVATIONS[name].onnx);
    if (nodes === undefined) continue;
    for (const node of nodes) graph.use(node);
    return { name, node: nodes[0], last: nodes.at(-1)! };
  }
}

function match(
  graph: Graph,
  z: string,
  pattern: readonly OnnxNode[],
): NodeProto[] | undefined {
  const consumers = graph.consumers(z);
  const takers = pattern.filter((wanted, at) =>
    at === 0 || wanted.with === "z"
  );
  if (consumers.length !== takers.length) return;
  const nodes: NodeProto[] = [];
  for (const wanted of pattern) {
    const before = nodes.at(-1);
    const candidates = before === undefined
      ? consumers
      : graph.consumers(before.output[0]);
    // All but Z goes to one node alone.
    if (before !== undefined && candidates.length !== 1) return;
    const value = before?.output[0] ?? z;
    const found = candidates.find((node) =>
      fits(graph, node, wanted, value, z)
    );
    if (found === undefined || graph.outputs.has(value)) return;
    nodes.push(found);
  }
  return nodes;
}

/** Whether a node is what a pattern wants; to divide by a constant is to multiply with its inverse. */
function fits(
  graph: Graph,
  node: NodeProto,
  wanted: OnnxNode,
  value: string,
  z: string,
): boolean {
  const { op, with: second } = wanted;
  if (typeof second === "number") {
    if (node.opType === op) return graph.takesScalar(node, value, second);
    return op === "Mul" && node.opType === "Div" && node.input[0] === value &&
      graph.takesScalar(node, value, 1 / second);
  }
  if (node.opType !== op) return false;
  return second === undefined || graph.consumers(z).includes(node);
}
