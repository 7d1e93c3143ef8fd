/** Nodes that change nothing, if what they are told says so. */
import { describe } from "../../validate.ts";
import type { Graph } from "./graph.ts";
import type { NodeProto } from "./messages.ts";
import { refuseNode } from "./operators.ts";

/** @throws {RangeError} If a Dropout drops, as in training. */
export function requireInference(graph: Graph, node: NodeProto): void {
  const [, , training = ""] = node.input;
  if (training === "" || graph.integers(node, training)[0] === 0) return;
  refuseNode(graph.action, node, "must not be in training mode");
}

/**
 * The values of a sample that a Reshape to two sizes makes, as far as it says so.
 *
 * @throws {RangeError} If it makes another number of samples, or of sizes.
 */
export function columnsOf(
  graph: Graph,
  node: NodeProto,
): { readonly columns?: number } {
  const shape = graph.integers(node, node.input[1]);
  const [samples, columns] = shape;
  // 0 is the size as it was, -1 is what is left; a graph may be for a fixed number of samples.
  const [fixed] = graph.input.type?.tensorType?.shape?.dim ?? [];
  const keeps = samples === 0 || (samples === -1 && columns !== -1) ||
    (samples > 0 && samples === fixed?.dimValue);
  if (shape.length !== 2 || !keeps || columns < -1 || columns === 0) {
    refuseNode(
      graph.action,
      node,
      `must keep the values of a sample together, as [-1, values] does: current value is ${
        describe(shape)
      }`,
    );
  }
  return columns === -1 ? {} : { columns };
}
