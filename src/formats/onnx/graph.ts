import { WrongValueError } from "../../errors.ts";
import { wrong } from "../../validate.ts";
import type {
  GraphProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from "./messages.ts";
import { refuseNode, requireOperator } from "./operators.ts";
import { type FloatTensor, fromTensorProto } from "./tensors.ts";

/** A graph with one input and one output, and what it takes to walk from one to the other. */
export class Graph {
  readonly action: string;
  readonly input: ValueInfoProto;
  readonly output: string;
  readonly #constants = new Map<string, TensorProto>();
  readonly #consumers = new Map<string, NodeProto[]>();
  readonly #unused: Set<NodeProto>;

  /** @throws {RangeError} If there is more than one input or output. */
  constructor(graph: GraphProto, action: string) {
    this.action = action;
    for (const tensor of graph.initializer) {
      this.#constants.set(tensor.name ?? "", tensor);
    }
    // Up to IR version 3, what is constant is an input as well.
    const inputs = graph.input.filter(({ name = "" }) =>
      !this.#constants.has(name)
    );
    for (
      const [what, { length }] of Object.entries({
        inputs,
        outputs: graph.output,
      })
    ) {
      if (length !== 1) {
        throw new WrongValueError(wrong(action, what, "one", length));
      }
    }
    this.input = inputs[0];
    this.output = graph.output[0].name ?? "";
    const nodes = graph.node.filter((node) => !this.#takeConstant(node));
    this.#unused = new Set(nodes);
    for (const node of nodes) {
      for (const name of new Set(node.input)) {
        const others = this.#consumers.get(name) ?? [];
        this.#consumers.set(name, [...others, node]);
      }
    }
  }

  /** Whether a node is a Constant, whose value is kept then. */
  #takeConstant({ opType, output, attribute }: NodeProto): boolean {
    if (opType !== "Constant") return false;
    const tensor = attribute.find(({ name }) => name === "value")?.t;
    // One of another kind is missed where it is used.
    if (tensor !== undefined) this.#constants.set(output[0] ?? "", tensor);
    return true;
  }

  /** The nodes that take a value. */
  consumers(value: string): readonly NodeProto[] {
    return this.#consumers.get(value) ?? [];
  }

  /** The only node that takes a value, if its operator is this one. */
  only(value: string, opType: string): NodeProto | undefined {
    const [node, ...others] = this.consumers(value);
    return others.length === 0 && node?.opType === opType &&
        value !== this.output
      ? node
      : undefined;
  }

  /** Takes a node as part of the chain, and returns its attributes. */
  use(node: NodeProto): ReturnType<typeof requireOperator> {
    if (!this.#unused.delete(node)) {
      refuseNode(
        this.action,
        node,
        "must come once in the chain from input to output",
      );
    }
    return requireOperator(this.action, node);
  }

  /** A constant by name. */
  constant(node: NodeProto, name = ""): FloatTensor {
    const tensor = this.#constants.get(name);
    if (tensor === undefined) {
      refuseNode(this.action, node, `must have a constant as input '${name}'`);
    }
    return fromTensorProto(tensor, name, this.action);
  }

  /** The constant that a node of two inputs takes beside a value. */
  beside(node: NodeProto, value: string): FloatTensor {
    return this.constant(node, node.input[node.input[0] === value ? 1 : 0]);
  }

  /** Whether a node takes a value and, besides, this float32 and nothing else. */
  takesScalar(node: NodeProto, value: string, scalar: number): boolean {
    const other = node.input.find((name) => name !== value) ?? "";
    if (node.input.length !== 2 || !this.#constants.has(other)) return false;
    const { values } = this.constant(node, other);
    return values.length === 1 && values[0] === Math.fround(scalar);
  }

  /** @throws {RangeError} If a node is left over. */
  requireAllUsed(): void {
    for (const node of this.#unused) {
      refuseNode(
        this.action,
        node,
        "must be in the chain from input to output",
      );
    }
  }
}
