import { WrongValueError } from "../../checks/errors.ts";
import { describe, wrong } from "../../checks/validate.ts";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  FLOAT,
  type GraphProto,
  INT64,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./messages.ts";
import { type Purpose, refuseNode, requireOperator } from "./operators.ts";
import {
  countOf,
  type FloatTensor,
  fromTensorProto,
  integersOf,
  textsOf,
} from "./tensors.ts";

/**
 * How often the values of a file may be taken, on average: more than once as nodes may share a constant, but not so often
 * that a small file becomes a large network.
 */
const MAXIMUM_SHARING = 8;

/** Values that may always be taken. */
const FREE_VALUES = 100_000;

/** A graph with one input, and what it takes to walk from there to its outputs. */
export class Graph {
  readonly action: string;
  readonly input: ValueInfoProto;
  readonly outputs: ReadonlySet<string>;
  readonly #constants = new Map<string, TensorProto>();
  readonly #floats = new Map<string, FloatTensor>();
  readonly #consumers = new Map<string, NodeProto[]>();
  readonly #producers = new Map<string, NodeProto>();
  readonly #unused: Set<NodeProto>;
  /** Values that may still be taken. */
  #left: number;

  /** @throws {RangeError} If there is more than one input, no output, or a constant twice. */
  constructor(graph: GraphProto, action: string) {
    this.action = action;
    for (const tensor of graph.initializer) {
      this.#addConstant(tensor.name ?? "", tensor);
    }
    // Up to IR version 3, what is constant is an input as well.
    const inputs = graph.input.filter(({ name = "" }) =>
      !this.#constants.has(name)
    );
    if (inputs.length !== 1) {
      throw new WrongValueError(wrong(action, "inputs", "one", inputs.length));
    }
    if (graph.output.length === 0) {
      throw new WrongValueError(wrong(action, "outputs", "one or more", 0));
    }
    this.input = inputs[0];
    this.outputs = new Set(graph.output.map(({ name = "" }) => name));
    const nodes = graph.node.filter((node) => !this.#takeConstant(node));
    this.#unused = new Set(nodes);
    for (const node of nodes) {
      for (const name of node.output) this.#producers.set(name, node);
      for (const name of new Set(node.input)) {
        const others = this.#consumers.get(name);
        if (others === undefined) this.#consumers.set(name, [node]);
        else others.push(node);
      }
    }
    let values = 0;
    // Each once, by however many names it goes.
    for (const { floatData, rawData } of new Set(this.#constants.values())) {
      values += floatData.length + (rawData?.length ?? 0) / 4;
    }
    this.#left = MAXIMUM_SHARING * values + FREE_VALUES;
  }

  #addConstant(name: string, tensor: TensorProto): void {
    if (this.#constants.has(name)) {
      throw new WrongValueError(
        `Cannot ${this.action} as the constant ${
          describe(name)
        } must be there once: it is there twice`,
      );
    }
    this.#constants.set(name, tensor);
  }

  /** Whether a node is a constant, whose value is kept then: a Constant, or the same as another one. */
  #takeConstant({ opType, domain, input, output, attribute }: NodeProto) {
    if (domain !== undefined && domain !== "" && domain !== "ai.onnx") {
      return false;
    }
    if (opType === "Identity" || opType === "Cast") {
      const same = this.#constants.get(input[0] ?? "");
      if (same === undefined) return false;
      if (opType === "Cast" && !(isFloat(same) && castsToFloat(attribute))) {
        return false;
      }
      this.#addConstant(output[0] ?? "", same);
      return true;
    }
    if (opType !== "Constant") return false;
    const tensor = attribute.map(tensorOf).find((one) => one !== undefined);
    // One of another kind is missed where it is used.
    if (tensor !== undefined) this.#addConstant(output[0] ?? "", tensor);
    return true;
  }

  /** The node that makes a value. */
  producer(value: string): NodeProto | undefined {
    return this.#producers.get(value);
  }

  /** The nodes that take a value. */
  consumers(value: string): readonly NodeProto[] {
    return this.#consumers.get(value) ?? [];
  }

  /** The only node that takes a value, if its operator is this one. */
  only(value: string, opType: string): NodeProto | undefined {
    const consumers = this.consumers(value);
    return consumers.length === 1 && consumers[0].opType === opType &&
        !this.outputs.has(value)
      ? consumers[0]
      : undefined;
  }

  /** Takes a node as part of the chain, or of what belongs to it, and returns its attributes. */
  use(
    node: NodeProto,
    purpose?: Purpose,
  ): ReturnType<typeof requireOperator> {
    if (!this.#unused.delete(node)) {
      refuseNode(
        this.action,
        node,
        "must come once in the chain from input to output",
      );
    }
    for (const name of node.output.slice(1)) {
      if (this.consumers(name).length === 0 && !this.outputs.has(name)) {
        continue;
      }
      refuseNode(
        this.action,
        node,
        `must be used for its first output alone: ${
          describe(name)
        } is used too`,
      );
    }
    return requireOperator(this.action, node, purpose);
  }

  /** Whether there is a constant of this name. */
  isConstant(name: string): boolean {
    return this.#constants.has(name);
  }

  #constant(node: NodeProto, name: string): TensorProto {
    const tensor = this.#constants.get(name);
    if (tensor === undefined) {
      refuseNode(
        this.action,
        node,
        `must have a constant as input ${describe(name)}`,
      );
    }
    return tensor;
  }

  /** A constant of float32 by name. */
  constant(node: NodeProto, name = ""): FloatTensor {
    const tensor = this.#constant(node, name);
    const known = this.#floats.get(name);
    const found = known ?? fromTensorProto(tensor, name, this.action);
    this.charge(node, found.values.length);
    if (known === undefined) this.#floats.set(name, found);
    return found;
  }

  /** A constant of whole numbers by name. */
  integers(node: NodeProto, name = ""): readonly number[] {
    const found = integersOf(this.#constant(node, name), name, this.action);
    this.charge(node, found.length);
    return found;
  }

  /** A constant of texts, or of whole numbers, by name. */
  texts(node: NodeProto, name = ""): readonly string[] {
    const found = textsOf(this.#constant(node, name), name, this.action);
    this.charge(node, found.length);
    return found;
  }

  /** @throws {RangeError} If the nodes together take far more values than are in the file. */
  charge(node: NodeProto, values: number): void {
    this.#left -= values;
    if (this.#left >= 0) return;
    refuseNode(
      this.action,
      node,
      `must not share its constants with so many others: the graph takes more than ${MAXIMUM_SHARING} times the values in the file`,
    );
  }

  /** The constant that a node of two inputs takes beside a value. */
  beside(node: NodeProto, value: string): FloatTensor {
    return this.constant(node, node.input[node.input[0] === value ? 1 : 0]);
  }

  /** Whether a node takes a value and, besides, this float32 and nothing else. */
  takesScalar(node: NodeProto, value: string, scalar: number): boolean {
    const other = node.input.find((name) => name !== value) ?? "";
    const tensor = this.#constants.get(other);
    if (node.input.length !== 2 || tensor?.dataType !== FLOAT) return false;
    if (countOf(tensor, other, this.action) !== 1) return false;
    return this.constant(node, other).values[0] === Math.fround(scalar);
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

/** The tensor that an attribute of a Constant is. */
function tensorOf(
  { name, type, t, f = 0, i = 0, floats = [], ints = [] }: AttributeProto,
): TensorProto | undefined {
  const whole = { dataType: INT64, floatData: [] };
  switch (name) {
    case "value":
      return t;
    case "value_float":
      if (type !== ATTRIBUTE_TYPES.float) return undefined;
      return { dims: [], dataType: FLOAT, floatData: [f] };
    case "value_floats":
      if (type !== ATTRIBUTE_TYPES.floats) return undefined;
      return { dims: [floats.length], dataType: FLOAT, floatData: floats };
    case "value_int":
      if (type !== ATTRIBUTE_TYPES.int) return undefined;
      return { ...whole, dims: [], int64Data: [i] };
    case "value_ints":
      if (type !== ATTRIBUTE_TYPES.ints) return undefined;
      return { ...whole, dims: [ints.length], int64Data: ints };
  }
}

function isFloat({ dataType }: TensorProto): boolean {
  return dataType === FLOAT;
}

/** Whether a Cast is to float32. */
function castsToFloat(attributes: readonly AttributeProto[]): boolean {
  return attributes.some(({ name, i }) => name === "to" && Number(i) === FLOAT);
}
