/** Nodes that multiply values with constants and add constants, and what they are together. */
import { describe } from "../../checks/validate.ts";
import type { LinearLayer } from "../linear_layer.ts";
import type { Graph } from "./graph.ts";
import type { NodeProto } from "./messages.ts";
import { refuseNode, type Setting } from "./operators.ts";

/** Numbers for each value of a sample, or one for all. */
interface Constants {
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** What is subtracted, multiplied with, added, or divided by. */
export interface ScalingStep {
  readonly kind: "sub" | "mul" | "add" | "div";
  readonly node: NodeProto;
  readonly tensor: Constants;
  /** Whether it is a part of a layer, and no scaling of what comes out of it. */
  readonly normalizes?: true;
}

const DEFAULT_EPSILON = Math.fround(1e-5);

/** (x - offset)·scale, where scikit-learn's scalers become one node. */
export function scaler(
  action: string,
  node: NodeProto,
  settings: Readonly<Record<string, Setting>>,
): ScalingStep[] {
  const constants = (name: string): Constants => {
    const values = settings[name];
    if (!Array.isArray(values) || values.length === 0) {
      refuseNode(action, node, `must have ${name} of one number or more`);
    }
    return { dims: [values.length], values: Float32Array.from(values) };
  };
  return [
    { kind: "sub", node, tensor: constants("offset") },
    { kind: "mul", node, tensor: constants("scale") },
  ];
}

/** (x - mean)·scale/√(variance + ε) + bias, with what was averaged in training. */
export function batchNormalization(
  graph: Graph,
  node: NodeProto,
  { epsilon = DEFAULT_EPSILON }: Readonly<Record<string, Setting>>,
): ScalingStep[] {
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((at) =>
    graph.constant(node, node.input[at])
  );
  const { length } = scale.values;
  for (const { dims, values } of [scale, bias, mean, variance]) {
    if (dims.length === 1 && values.length === length) continue;
    refuseNode(
      graph.action,
      node,
      `must have four constants of [${length}]: current value is ${
        describe(dims)
      }`,
    );
  }
  const factors = Float64Array.from(
    scale.values,
    (value, at) => value / Math.sqrt(variance.values[at] + Number(epsilon)),
  );
  const normalizes = true;
  return [
    { kind: "sub", node, normalizes, tensor: mean },
    {
      kind: "mul",
      node,
      normalizes,
      tensor: { dims: scale.dims, values: factors },
    },
    { kind: "add", node, normalizes, tensor: bias },
  ];
}

/** One number for each of `width` values. */
function rowOf(
  { node, tensor: { dims, values } }: ScalingStep,
  width: number,
  graph: Graph,
): (at: number) => number {
  graph.charge(node, width);
  if (values.length === 1 && dims.length <= 2) return () => values[0];
  if (values.length === width && dims.length <= 2 && dims.at(-1) === width) {
    return (at) => values[at];
  }
  refuseNode(
    graph.action,
    node,
    `must have a constant of [${width}]: current value is ${describe(dims)}`,
  );
}

/** Refuses numbers that a float32 doesn't hold. */
function requireFinite(
  { action }: Graph,
  { node }: ScalingStep,
  values: readonly number[],
): void {
  const wrong = values.find((value) => !Number.isFinite(Math.fround(value)));
  if (wrong === undefined) return;
  refuseNode(
    action,
    node,
    `must scale by finite numbers, other than 0 for inputs: one becomes ${wrong}`,
  );
}

/** All steps together as (x - offset)·scale, exactly as they are where they are one Sub and one Mul. */
export function centered(
  steps: readonly ScalingStep[],
  width: number,
  graph: Graph,
): { readonly offset: number[]; readonly scale: number[] } {
  const offset: number[] = Array(width).fill(0);
  const scale: number[] = Array(width).fill(1);
  for (const step of steps) {
    const row = rowOf(step, width, graph);
    for (let at = 0; at < width; at++) {
      const value = row(at);
      if (step.kind === "sub") offset[at] += value / scale[at];
      else if (step.kind === "add") offset[at] -= value / scale[at];
      else if (step.kind === "mul") scale[at] *= value;
      else scale[at] /= value;
    }
    requireFinite(graph, step, offset);
    requireFinite(graph, step, scale);
  }
  return { offset: offset.map(Math.fround), scale: scale.map(Math.fround) };
}

/** All steps together as x·scale + offset, exactly as they are where they are one Mul and one Add. */
export function scaled(
  steps: readonly ScalingStep[],
  width: number,
  graph: Graph,
): { readonly offset: number[]; readonly scale: number[] } {
  const offset: number[] = Array(width).fill(0);
  const scale: number[] = Array(width).fill(1);
  for (const step of steps) {
    const row = rowOf(step, width, graph);
    for (let at = 0; at < width; at++) {
      const value = row(at);
      if (step.kind === "sub") offset[at] -= value;
      else if (step.kind === "add") offset[at] += value;
      else {
        const factor = step.kind === "mul" ? value : 1 / value;
        scale[at] *= factor;
        offset[at] *= factor;
      }
    }
    requireFinite(graph, step, offset);
    requireFinite(graph, step, scale);
  }
  return { offset, scale };
}

/** A layer with a scaling of its outputs in its weights. */
export function scaledAfter(
  { inputs, outputs, weight, bias }: LinearLayer,
  steps: readonly ScalingStep[],
  graph: Graph,
): LinearLayer {
  const { offset, scale } = scaled(steps, outputs, graph);
  return {
    inputs,
    outputs,
    weight: weight.map((value, at) => value * scale[Math.floor(at / inputs)]),
    bias: bias.map((value, o) => value * scale[o] + offset[o]),
  };
}

/** A layer with a scaling of its inputs in its weights. */
export function scaledBefore(
  { inputs, outputs, weight, bias }: LinearLayer,
  steps: readonly ScalingStep[],
  graph: Graph,
): LinearLayer {
  const { offset, scale } = scaled(steps, inputs, graph);
  return {
    inputs,
    outputs,
    weight: weight.map((value, at) => value * scale[at % inputs]),
    bias: bias.map((value, o) => {
      let sum = value;
      for (let i = 0; i < inputs; i++) {
        sum += weight[o * inputs + i] * offset[i];
      }
      return sum;
    }),
  };
}
