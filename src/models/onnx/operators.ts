/** The operators of which a network is read, with all that is known of their attributes. */
import { visibleName } from "../../checks/visible.ts";
import { WrongValueError } from "../../checks/errors.ts";
import { ACTIVATION_NAMES, ACTIVATIONS } from "../../units/activations.ts";
import { describe } from "../../checks/validate.ts";
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  FLOAT,
  type NodeProto,
} from "./messages.ts";

/** The value of an attribute. */
export type Setting =
  | number
  | string
  | readonly number[]
  | readonly string[];

/** Values that an attribute may have, the default first. */
type Allowed = readonly (number | string)[];

/** Any value: the attribute has no meaning here, or is looked at where it is used. */
const ANY = undefined;

/** An operator. */
interface Operator {
  readonly attributes: Readonly<Record<string, Allowed | typeof ANY>>;
  /** Of the domain of classic machine learning, where scikit-learn's converter finds some. */
  readonly ml?: true;
  /** Most outputs; whoever takes another than the first is refused. */
  readonly outputs?: number;
}

/** Values that the attributes of an operator must have, for the operators of activations. */
const ACTIVATION_ATTRIBUTES: Readonly<
  Record<string, Readonly<Record<string, readonly number[]>>>
> = Object.fromEntries(
  ACTIVATION_NAMES.flatMap((name) => ACTIVATIONS[name].onnx).map((
    { op, attributes = {} },
  ) => [
    op,
    Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, [value]]),
    ),
  ]),
);

const ARGMAX_AXES = [1, -1];

const OPERATORS: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    Object.entries(ACTIVATION_ATTRIBUTES).map((
      [op, attributes],
    ) => [op, { attributes }]),
  ),
  Flatten: { attributes: { axis: [1] } },
  Reshape: { attributes: { allowzero: [0] } },
  Identity: { attributes: {} },
  Cast: { attributes: { to: [FLOAT], saturate: ANY, round_mode: ANY } },
  Dropout: { attributes: { ratio: ANY, seed: ANY }, outputs: 2 },
  Sub: { attributes: {} },
  Mul: { attributes: {} },
  Div: { attributes: {} },
  Add: { attributes: {} },
  Scaler: { attributes: { offset: ANY, scale: ANY }, ml: true },
  BatchNormalization: {
    attributes: {
      epsilon: ANY,
      momentum: ANY,
      spatial: [1],
      training_mode: [0],
    },
    outputs: 5,
  },
  Gemm: { attributes: { alpha: [1], beta: [1], transA: [0], transB: [0, 1] } },
  MatMul: { attributes: {} },
  Gelu: { attributes: { approximate: ["none"] } },
  Softmax: { attributes: { axis: [-1, 1] } },
};

/** What makes a class of the outputs: a network says that by itself. */
const LABEL_OPERATORS: Readonly<Record<string, Operator>> = {
  ArgMax: {
    attributes: { axis: ARGMAX_AXES, keepdims: ANY, select_last_index: [0] },
  },
  ArrayFeatureExtractor: { attributes: {}, ml: true },
  Gather: { attributes: { axis: [0] } },
  Concat: { attributes: { axis: ARGMAX_AXES } },
  ZipMap: {
    attributes: { classlabels_int64s: ANY, classlabels_strings: ANY },
    ml: true,
  },
  Squeeze: { attributes: { axes: ANY } },
  Cast: { attributes: { to: ANY, saturate: ANY, round_mode: ANY } },
  Reshape: OPERATORS.Reshape,
  Identity: OPERATORS.Identity,
  Sub: OPERATORS.Sub,
};

/** What makes the sizes for a Reshape of those of its input. */
const SIZE_OPERATORS: Readonly<Record<string, Operator>> = {
  Shape: { attributes: { start: [0], end: ANY } },
  Gather: { attributes: { axis: [0] } },
  Unsqueeze: { attributes: { axes: ANY } },
  Concat: { attributes: { axis: [0] } },
};

/** The operators by what they are for. */
const PURPOSES = {
  chain: OPERATORS,
  labels: LABEL_OPERATORS,
  sizes: SIZE_OPERATORS,
};

/** What a node is for: the chain from input to output, labels behind it, or sizes. */
export type Purpose = keyof typeof PURPOSES;

/** Whether a node is one of those that make labels of what a network computes. */
export function isLabelOperator({ opType = "" }: NodeProto): boolean {
  return Object.hasOwn(LABEL_OPERATORS, opType);
}

/** A node by its name and operator. */
export function nameOf({ name, output, opType = "" }: NodeProto): string {
  return `${describe(name || (output[0] ?? ""))} (${visibleName(opType)})`;
}

/** Refuses a node by its name and operator. */
export function refuseNode(
  action: string,
  node: NodeProto,
  what: string,
): never {
  throw new WrongValueError(`Cannot ${action} as node ${nameOf(node)} ${what}`);
}

function settingOf(
  { type, f, i, s, floats, ints, strings }: AttributeProto,
): Setting | undefined {
  const text = (bytes?: Uint8Array) => new TextDecoder().decode(bytes);
  switch (type) {
    // A writer may leave out what is zero.
    case ATTRIBUTE_TYPES.float:
      return f ?? 0;
    case ATTRIBUTE_TYPES.int:
      return i ?? 0;
    case ATTRIBUTE_TYPES.string:
      return text(s);
    case ATTRIBUTE_TYPES.floats:
      return floats ?? [];
    case ATTRIBUTE_TYPES.ints:
      return ints ?? [];
    case ATTRIBUTE_TYPES.strings:
      return (strings ?? []).map(text);
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
  purpose: Purpose = "chain",
): Readonly<Record<string, Setting>> {
  const { opType = "", domain = "", attribute, output } = node;
  const operators = PURPOSES[purpose];
  const operator = Object.hasOwn(operators, opType)
    ? operators[opType]
    : undefined;
  const domains = operator?.ml ? ["ai.onnx.ml"] : ["", "ai.onnx"];
  if (operator === undefined || !domains.includes(domain)) {
    const known = Object.keys(operators).join(", ");
    refuseNode(action, node, `must be one of the operators ${known}`);
  }
  const { attributes, outputs = 1 } = operator;
  if (output.length < 1 || output.length > outputs) {
    refuseNode(action, node, `must have one output: it has ${output.length}`);
  }
  const settings: Record<string, Setting> = Object.fromEntries(
    Object.entries(attributes).flatMap(([name, values]) =>
      values === ANY ? [] : [[name, values[0]]]
    ),
  );
  for (const item of attribute) {
    const name = item.name ?? "";
    if (!Object.hasOwn(attributes, name)) {
      const shown = describe(name);
      refuseNode(
        action,
        node,
        `has an attribute ${shown} that is not supported`,
      );
    }
    const allowed = attributes[name];
    const setting = settingOf(item);
    if (
      setting === undefined ||
      (allowed !== ANY && !(allowed as readonly Setting[]).includes(setting))
    ) {
      const wanted = allowed?.join(" or ") ?? "of a known type";
      refuseNode(
        action,
        node,
        `must have ${name} ${wanted}: current value is ${describe(setting)}`,
      );
    }
    settings[name] = setting;
  }
  return settings;
}
