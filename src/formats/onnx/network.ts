import { WrongValueError } from "../../errors.ts";
import type { Preprocessing, TargetScaling } from "../../data/preprocessing.ts";
import { wrong } from "../../validate.ts";
import { fromLinear, type LinearLayer } from "../linear_layer.ts";
import type { ActivationName } from "../../network/activations.ts";
import type { OutputName } from "../../network/outputs.ts";
import type { Graph } from "./graph.ts";
import { FLOAT } from "./messages.ts";
import { refuseNode } from "./operators.ts";
import type { Step } from "./steps.ts";
import { asRow } from "./tensors.ts";

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
}

type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>;

/** Steps that are taken one after another. */
class Steps {
  readonly #steps: readonly Step[];
  #at = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  get next(): Step | undefined {
    return this.#steps[this.#at];
  }

  /** Takes the next step if it is of this kind. */
  take<K extends Step["kind"]>(kind: K): StepOf<K> | undefined {
    if (this.next?.kind !== kind) return undefined;
    return this.#steps[this.#at++] as StepOf<K>;
  }
}

/** One number for each of `width` values, from the constant of a step. */
function rowOf(
  { node, tensor }: StepOf<"sub" | "mul" | "add">,
  width: number,
  action: string,
): number[] {
  const row = asRow(tensor, width);
  if (row === undefined) {
    const { dims } = tensor;
    refuseNode(
      action,
      node,
      `must have a constant of [${width}]: current value is [${
        dims.join(", ")
      }]`,
    );
  }
  return [...row];
}

/** Offset and scale, if there is a step for either: what there is none for changes nothing. */
function scaling(
  offset: StepOf<"sub" | "add"> | undefined,
  scale: StepOf<"mul"> | undefined,
  width: number,
  action: string,
) {
  if (offset === undefined && scale === undefined) return undefined;
  return {
    offset: offset ? rowOf(offset, width, action) : Array(width).fill(0),
    scale: scale ? rowOf(scale, width, action) : Array(width).fill(1),
  };
}

/** The layers that come next, each with its activation. */
function takeLayers(steps: Steps, action: string) {
  const layers: LinearLayer[] = [];
  const activations: (StepOf<"activation"> | undefined)[] = [];
  let step: StepOf<"layer"> | undefined;
  while ((step = steps.take("layer")) !== undefined) {
    const wanted = layers.at(-1)?.outputs ?? step.layer.inputs;
    if (step.layer.inputs !== wanted) {
      const found = step.layer.inputs;
      refuseNode(
        action,
        step.node,
        `must take ${wanted} values: current value is ${found}`,
      );
    }
    layers.push(step.layer);
    activations.push(steps.take("activation"));
  }
  if (layers.length === 0) {
    if (steps.next) {
      refuseNode(action, steps.next.node, "must come after a layer");
    }
    throw new WrongValueError(wrong(action, "layers", "one or more", 0));
  }
  return { layers, activations };
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

/**
 * Refuses an input that isn't float32, or whose sizes, as far as they are given, aren't those of `inputs` values a
 * sample.
 */
function checkInput(
  { input, action }: Graph,
  inputs: number,
  flatten: boolean,
): void {
  const { elemType, shape } = input.type?.tensorType ?? {};
  if (elemType !== FLOAT) {
    throw new WrongValueError(
      wrong(
        action,
        `${input.name}.elem_type`,
        `${FLOAT} (float32)`,
        elemType,
      ),
    );
  }
  if (shape === undefined) return;
  const sizes = shape.dim.slice(1).map(({ dimValue }) => dimValue);
  const values = sizes.reduce(
    (product, size) =>
      product === undefined || size === undefined ? undefined : product * size,
    1,
  );
  const fits = values === undefined || values === inputs;
  if (!fits || shape.dim.length < 2 || (sizes.length > 1 && !flatten)) {
    const found = shape.dim.map(({ dimValue, dimParam }) =>
      dimValue ?? dimParam ?? "?"
    );
    throw new WrongValueError(
      wrong(action, `shape of ${input.name}`, `[N, ${inputs}]`, found),
    );
  }
}

/**
 * Makes a network of the steps of a graph.
 *
 * @throws {RangeError} If they come in another order than: Flatten, Sub, Mul, layers with their activations, Softmax,
 * Mul, Add; or sizes don't fit.
 */
export function networkOf(
  graph: Graph,
  allSteps: readonly Step[],
): OnnxNetwork {
  const { action } = graph;
  const steps = new Steps(allSteps);
  const flatten = steps.take("flatten") !== undefined;
  const [centre, scale] = [steps.take("sub"), steps.take("mul")];
  const { layers, activations } = takeLayers(steps, action);
  const output = outputOf(activations.at(-1), steps.take("softmax"), action);
  const [targetScale, targetOffset] = [steps.take("mul"), steps.take("add")];
  if (steps.next) {
    refuseNode(action, steps.next.node, "is not supported at its place");
  }
  const [{ inputs }, { outputs }] = [layers[0], layers.at(-1)!];
  checkInput(graph, inputs, flatten);
  const preprocessing = scaling(centre, scale, inputs, action);
  const targets = scaling(targetOffset, targetScale, outputs, action);
  return {
    layers: [inputs, ...layers.map((layer) => layer.outputs)],
    activations: activations.slice(0, -1).map((step) =>
      step?.name ?? "identity"
    ),
    output,
    weights: layers.map(fromLinear),
    ...(preprocessing && { preprocessing }),
    ...(targets && { targets }),
  };
}
