/** Nodes that change nothing, depending on their attributes. */
import { describe } from "../../checks/validate.ts";
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
  const shape = sizesOf(graph, node, node.input[0], node.input[1]);
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

/** The sizes that a Reshape asks for: constants, or those of what it takes, as `x.view(x.size(0), -1)` has them. */
function sizesOf(
  graph: Graph,
  reshape: NodeProto,
  value: string,
  name = "",
): readonly number[] {
  const concat = graph.producer(name);
  if (graph.isConstant(name) || concat?.opType !== "Concat") {
    return graph.integers(reshape, name);
  }
  graph.use(concat, "sizes");
  return concat.input.flatMap((part) => {
    if (graph.isConstant(part)) return graph.integers(concat, part);
    const unsqueeze = graph.producer(part);
    const [size = ""] = unsqueeze?.input ?? [];
    const gather = graph.producer(size);
    const shape = graph.producer(gather?.input[0] ?? "");
    if (unsqueeze?.opType === "Unsqueeze" && graph.isConstant(size)) {
      graph.use(unsqueeze, "sizes");
      return graph.integers(unsqueeze, size);
    }
    if (
      unsqueeze?.opType !== "Unsqueeze" || gather?.opType !== "Gather" ||
      shape?.opType !== "Shape" || shape.input[0] !== value
    ) {
      refuseNode(
        graph.action,
        reshape,
        "must have constant sizes, or those of what it takes",
      );
    }
    for (const node of [unsqueeze, gather, shape]) graph.use(node, "sizes");
    const [at] = graph.integers(gather, gather.input[1]);
    if (at === 0) return [0];
    refuseNode(graph.action, gather, "must be for the number of samples");
  });
}
