import { checkInput } from "./check_input.ts";
import { WrongValueError } from "../../checks/errors.ts";
import type { Preprocessing, TargetScaling } from "../../data/preprocessing.ts";
import { wrong } from "../../checks/validate.ts";
import { fromLinear, type LinearLayer } from "../linear_layer.ts";
import type { ActivationName } from "../../units/activations.ts";
import type { OutputName } from "../../units/outputs.ts";
import type { Ending } from "./ending.ts";
import type { Graph } from "./graph.ts";
import { refuseNode } from "./operators.ts";
import {
  centered,
  scaled,
  scaledAfter,
  scaledBefore,
  type ScalingStep,
} from "./scalings.ts";
import type { Step } from "./steps.ts";

/** What is done to each value: `z·scale + offset`. */
export interface Line {
  readonly offset: readonly number[];
  readonly scale: readonly number[];
}

/** What a graph says of a network. */
export interface OnnxNetwork {
  readonly layers: readonly number[];
  readonly activations: readonly ActivationName[];
  readonly output: OutputName;
  readonly weights: readonly Float32Array[];
  /** Of the inputs, if they are scaled. */
  readonly preprocessing?: Required<Pick<Preprocessing, "offset" | "scale">>;
  /** Of the outputs, if they are scaled. */
  readonly targets?: TargetScaling;
  /** What is done to the logits, if that isn't a part of the last layer. */
  readonly calibration?: Line;
  /** Of the outputs, if the file has names for classes. */
  readonly classNames?: readonly string[];
}

type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>;

/** Steps that are taken one after another. */
class Steps {
  readonly #steps: readonly Step[];
  readonly #lastLayer: number;
  #at = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#lastLayer = steps.findLastIndex(({ kind }) => kind === "layer");
  }

  get next(): Step | undefined {
    return this.#steps[this.#at];
  }

  /** Whether all layers were taken. */
  get behindLayers(): boolean {
    return this.#at > this.#lastLayer;
  }

  /** Takes the next step if it is of this kind. */
  take<K extends Step["kind"]>(kind: K): StepOf<K> | undefined {
    if (this.next?.kind !== kind) return undefined;
    return this.#steps[this.#at++] as StepOf<K>;
  }
}

/** The scalings that come next. */
function takeScalings(steps: Steps): ScalingStep[] {
  const taken: ScalingStep[] = [];
  for (;;) {
    const step = steps.take("sub") ?? steps.take("mul") ?? steps.take("add") ??
      steps.take("div");
    if (step === undefined) return taken;
    taken.push(step);
  }
}

/** The layers that come next, each with its activation; scalings between them become part of their weights. */
function takeLayers(steps: Steps, graph: Graph, calibrated: boolean) {
  const { action } = graph;
  let calibration: Line | undefined;
  const layers: LinearLayer[] = [];
  const activations: (StepOf<"activation"> | undefined)[] = [];
  let scalings: ScalingStep[] = [];
  let step: StepOf<"layer"> | undefined;
  while ((step = steps.take("layer")) !== undefined) {
    let { layer } = step;
    const wanted = layers.at(-1)?.outputs ?? layer.inputs;
    if (layer.inputs !== wanted) {
      const found = layer.inputs;
      refuseNode(
        action,
        step.node,
        `must take ${wanted} values: current value is ${found}`,
      );
    }
    graph.charge(step.node, layer.outputs);
    if (scalings.length > 0) layer = scaledBefore(layer, scalings, graph);
    scalings = takeScalings(steps);
    if (calibrated && scalings.length > 0 && steps.behindLayers) {
      calibration = scaled(scalings, layer.outputs, graph);
      scalings = [];
    }
    // At the end they are the scaling of targets, unless they normalize: that belongs to the layer.
    if (
      scalings.length > 0 &&
      (steps.next !== undefined || scalings.some((one) => one.normalizes))
    ) {
      layer = scaledAfter(layer, scalings, graph);
      scalings = [];
    }
    layers.push(layer);
    const activation = steps.take("activation");
    activations.push(activation);
    if (activation !== undefined) scalings = takeScalings(steps);
  }
  if (layers.length === 0) {
    if (steps.next) {
      refuseNode(action, steps.next.node, "must come after a layer");
    }
    throw new WrongValueError(wrong(action, "layers", "one or more", 0));
  }
  return { layers, activations, scalings, calibration };
}

function outputOf(
  activation: StepOf<"activation"> | undefined,
  softmax: StepOf<"softmax"> | undefined,
  action: string,
): OutputName {
  if (activation === undefined) return softmax ? "softmax" : "linear";
  if (activation.name !== "sigmoid" || softmax) {
    refuseNode(
      action,
      activation.node,
      "must not follow the last layer, only Sigmoid or Softmax may",
    );
  }
  return "sigmoid";
}

/** Takes out the steps that only bring sizes of a sample together, which must fit the layers around them. */
function withoutFlatten(allSteps: readonly Step[], action: string) {
  let width = allSteps.find((step) => step.kind === "layer")?.layer.inputs;
  const steps: Step[] = [];
  let flatten = false;
  for (const step of allSteps) {
    if (step.kind === "layer") width = step.layer.outputs;
    if (step.kind !== "flatten") {
      steps.push(step);
      continue;
    }
    // What comes before it sees several sizes: a constant of several values would be for the last of them.
    flatten ||= steps.every((one) =>
      "tensor" in one && one.tensor.values.length === 1
    );
    const { columns = width, node } = step;
    if (columns !== width) {
      refuseNode(
        action,
        node,
        `must make ${width} values of a sample: current value is ${columns}`,
      );
    }
  }
  return { steps: new Steps(steps), flatten };
}

/** A layer of one probability as one of two, that of the other class first: e⁰/(e⁰ + e^z) is 1 - sigmoid(z). */
function pairOf(
  { inputs, weight, bias }: LinearLayer,
): LinearLayer {
  return {
    inputs,
    outputs: 2,
    weight: Float32Array.of(...new Float32Array(inputs), ...weight),
    bias: Float32Array.of(0, bias[0]),
  };
}

/** The last layer and its output, as what comes behind them asks for. */
function endOf(
  layer: LinearLayer,
  output: OutputName,
  { pair, labels }: Ending,
  action: string,
): { readonly layer: LinearLayer; readonly output: OutputName } {
  if (pair !== undefined) {
    if (output === "sigmoid" && layer.outputs === 1) {
      return { layer: pairOf(layer), output: "softmax" };
    }
    refuseNode(action, pair, "must come after Sigmoid of one value");
  }
  if (labels !== undefined) {
    if (output === "linear") {
      refuseNode(action, labels, "must come after Softmax or Sigmoid");
    }
    if (layer.outputs === 1) {
      refuseNode(action, labels, "must have two classes or more: it has one");
    }
  }
  return { layer, output };
}

/**
 * Makes a network of the steps of a graph.
 *
 * @param calibrated Whether scalings of the logits stand for themselves, and don't become a part of the last layer.
 *
 * @throws {RangeError} If they come in another order than: Flatten, scalings, layers with their activations, Softmax,
 * scalings; or sizes don't fit.
 */
export function networkOf(
  graph: Graph,
  allSteps: readonly Step[],
  ending: Ending,
  calibrated: boolean,
): OnnxNetwork {
  const { action } = graph;
  const { steps, flatten } = withoutFlatten(allSteps, action);
  const before = takeScalings(steps);
  const { layers, activations, scalings, calibration } = takeLayers(
    steps,
    graph,
    calibrated,
  );
  const [{ inputs }] = layers;
  checkInput(graph, inputs, flatten);
  const found = outputOf(activations.at(-1), steps.take("softmax"), action);
  const last = layers.pop()!;
  const { layer, output } = endOf(last, found, ending, action);
  layers.push(layer);
  const after = [...scalings, ...takeScalings(steps)];
  if (steps.next) {
    refuseNode(action, steps.next.node, "must come before the last output");
  }
  const { outputs } = layer;
  return {
    layers: [inputs, ...layers.map((layer) => layer.outputs)],
    activations: activations.slice(0, -1).map((step) =>
      step?.name ?? "identity"
    ),
    output,
    weights: layers.map(fromLinear),
    ...(before.length > 0 && {
      preprocessing: centered(before, inputs, graph),
    }),
    ...(after.length > 0 && { targets: targetsOf(after, outputs, graph) }),
    ...(calibration && { calibration }),
    ...(ending.classNames && { classNames: ending.classNames }),
  };
}

function targetsOf(
  steps: readonly ScalingStep[],
  outputs: number,
  graph: Graph,
): TargetScaling {
  const { offset, scale } = scaled(steps, outputs, graph);
  return { center: offset.map(Math.fround), unit: scale.map(Math.fround) };
}
