/** The operators of which a network is read, with all that is known of their attributes. */
import { WrongValueError } from "../../errors.ts";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  type NodeProto,
} from "./messages.ts";

type Setting = number | string;

/** Values that an attribute may have, the default first, for each attribute of each operator. */
const OPERATORS: Readonly<
  Record<string, Readonly<Record<string, readonly Setting[]>>>
> = {
  Flatten: { axis: [1] },
  Sub: {},
  Mul: {},
  Div: {},
  Add: {},
  Gemm: { alpha: [1], beta: [1], transA: [0], transB: [0, 1] },
  MatMul: {},
  Sigmoid: {},
  Tanh: {},
  Relu: {},
  LeakyRelu: { alpha: [Math.fround(0.01)] },
  Elu: { alpha: [1] },
  Gelu: { approximate: ["none"] },
  Erf: {},
  Softmax: { axis: [-1, 1] },
};

/** Refuses a node by its name and operator. */
export function refuseNode(
  action: string,
  node: NodeProto,
  what: string,
): never {
  const name = node.name || node.output[0];
  throw new WrongValueError(
    `Cannot ${action} as node '${name}' (${node.opType}) ${what}`,
  );
}

function settingOf({ type, f, i, s }: AttributeProto): Setting | undefined {
  switch (type) {
    // A writer may leave out what is zero.
    case ATTRIBUTE_TYPES.float:
      return f ?? 0;
    case ATTRIBUTE_TYPES.int:
      return i ?? 0;
    case ATTRIBUTE_TYPES.string:
      return new TextDecoder().decode(s);
  }
}

/**
 * Checks that a node is one of those of which a network is made, and returns its attributes.
 *
 * @throws {RangeError} If operator or attribute are unknown, or an attribute has a value that isn't supported.
 */
export function requireOperator(
  action: string,
  node: NodeProto,
): Readonly<Record<string, Setting>> {
  const { opType = "", domain = "", attribute, output } = node;
  const standard = domain === "" || domain === "ai.onnx";
  if (!standard || !Object.hasOwn(OPERATORS, opType)) {
    const known = Object.keys(OPERATORS).join(", ");
    refuseNode(action, node, `must be one of the operators ${known}`);
  }
  if (output.length !== 1) {
    refuseNode(action, node, `must have one output: it has ${output.length}`);
  }
  const allowed = OPERATORS[opType];
  const settings = Object.fromEntries(
    Object.entries(allowed).map(([name, values]) => [name, values[0]]),
  );
  for (const item of attribute) {
    const name = item.name ?? "";
    if (!Object.hasOwn(allowed, name)) {
      refuseNode(
        action,
        node,
        `has an attribute '${name}' that is not supported`,
      );
    }
    const setting = settingOf(item);
    if (setting === undefined || !allowed[name].includes(setting)) {
      const wanted = allowed[name].join(" or ");
      refuseNode(
        action,
        node,
        `must have ${name} ${wanted}: current value is ${setting}`,
      );
    }
    settings[name] = setting;
  }
  return settings;
}
