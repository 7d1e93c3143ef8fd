/** A graph in the making, for a network: one node after another. */
import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from "./messages.ts";
import { INPUT } from "./raw_columns.ts";
import { toTensorProto } from "./tensors.ts";

/** Name of the output of the graph. */
export const OUTPUT = "output";

export function float(name: string, f: number): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.float, f };
}

export function int(name: string, i: number): AttributeProto {
  return { name, type: ATTRIBUTE_TYPES.int, i };
}

/** A chain of nodes, each of which takes what the last has made. */
export class Chain {
  readonly nodes: NodeProto[] = [];
  readonly initializer: TensorProto[] = [];
  /** Name of what the last node makes. */
  value = INPUT;

  constant(
    name: string,
    dims: readonly number[],
    values: Float32Array<ArrayBuffer>,
  ): string {
    this.initializer.push(toTensorProto(name, dims, values));
    return name;
  }

  /** Appends a node that takes the last value, then others. */
  append(
    name: string,
    opType: string,
    others: readonly string[] = [],
    attribute: readonly AttributeProto[] = [],
  ): void {
    const input = [this.value, ...others];
    const output = `${name}.output`;
    this.nodes.push({ name, opType, input, output: [output], attribute });
    this.value = output;
  }

  /** The nodes, the last of which makes the output of the graph. */
  end(): NodeProto[] {
    const last = this.nodes.at(-1)!;
    return [...this.nodes.slice(0, -1), { ...last, output: [OUTPUT] }];
  }
}
