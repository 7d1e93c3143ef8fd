import type { Calibration } from "../../calibration/calibration.ts";
import { WrongValueError } from "../../checks/errors.ts";
import type { TargetScaling } from "../../data/preprocessing.ts";
import { requireReadable } from "../../io/write_atomically.ts";
import { ACTIVATIONS } from "../../units/activations.ts";
import { toLinear } from "../linear_layer.ts";
import type { ActivationName } from "../../units/activations.ts";
import { checkWritable } from "../check_weights.ts";
import type { Model, ModelDescription } from "../model.ts";
import type { OutputName } from "../../units/outputs.ts";
import {
  LEAST_ODDS,
  LEAST_PROBABILITY,
} from "../../calibration/apply_calibration.ts";
import { Chain, float, int, OUTPUT } from "./chain.ts";
import { columnNodes, ML_OPSET, valueInfo } from "./columns.ts";
import { checkFields } from "./fields.ts";
import { encodeOnnx } from "./messages.ts";
import { INPUT } from "./raw_columns.ts";

/** [IR version](https://github.com/onnx/onnx/blob/main/docs/Versioning.md) that came with the operator set or before. */
const IR_VERSION = 8;

const OPSET_VERSION = 17;

/** Key of the description in the metadata. */
export const METADATA_KEY = "lockstep";

/** Appends what makes logits of the mean of probabilities, which keep so far from 0 and 1 as a float32 can tell. */
function appendLogits(chain: Chain, output: OutputName): void {
  const scalar = (name: string, value: number) =>
    chain.constant(name, [], Float32Array.of(value));
  const bounds = output === "softmax"
    ? [LEAST_PROBABILITY, 1]
    : [LEAST_ODDS, 1 - LEAST_ODDS];
  const [least, most] = [
    scalar("mean.least", bounds[0]),
    scalar("mean.most", bounds[1]),
  ];
  chain.append("mean.kept", "Clip", [least, most]);
  if (output === "softmax") return chain.append("mean.logits", "Log");
  // ln(p / (1 - p)) = -ln(1/p - 1)
  chain.append("mean.inverse", "Reciprocal");
  chain.append("mean.odds", "Sub", [scalar("mean.one", 1)]);
  chain.append("mean.log", "Log");
  chain.append("mean.logits", "Neg");
}

/** Appends an activation. */
function appendActivation(
  chain: Chain,
  name: string,
  activation: ActivationName,
): void {
  const z = chain.value;
  const { onnx } = ACTIVATIONS[activation];
  for (const [at, node] of onnx.entries()) {
    const { op, with: second, attributes = {} } = node;
    const own = at === onnx.length - 1 ? name : `${name}.${at + 1}`;
    const others = second === undefined
      ? []
      : second === "z"
      ? [z]
      : [chain.constant(`${own}.constant`, [], Float32Array.of(second))];
    const settings = Object.entries(attributes)
      .map(([key, value]) => float(key, value));
    chain.append(own, op, others, settings);
  }
}

/** Appends what a calibration does to the logits. */
function appendCalibration(
  chain: Chain,
  calibration: Calibration,
  name: string,
): void {
  const row = (part: string, values: readonly number[]) =>
    chain.constant(part, [values.length], Float32Array.from(values));
  switch (calibration.method) {
    case "temperature": {
      const { temperature } = calibration;
      const divisor = row("calibration.temperature", [temperature]);
      chain.append("calibration", "Div", [divisor]);
      return;
    }
    case "platt": {
      const { slope, intercept } = calibration;
      const factors = row("calibration.slope", slope);
      chain.append("calibration.scaled", "Mul", [factors]);
      const added = row("calibration.intercept", intercept);
      chain.append("calibration", "Add", [added]);
      return;
    }
    case "isotonic":
      throw new WrongValueError(
        `Cannot write '${name}' as ONNX has no nodes for an isotonic calibration: write .safetensors or .json, or calibrate by 'temperature' or 'platt'`,
      );
  }
}

function appendOutput(chain: Chain, output: OutputName, name: string): void {
  if (output === "sigmoid") chain.append(name, "Sigmoid");
  if (output === "softmax") {
    chain.append(name, "Softmax", [], [int("axis", 1)]);
  }
}

/** Appends the layers of one network. */
function appendLayers(
  chain: Chain,
  { layers, activations }: ModelDescription,
  weights: readonly Float32Array[],
  prefix: string,
): void {
  for (const [n, values] of weights.entries()) {
    const { inputs, outputs, weight, bias } = toLinear(
      values,
      layers[n],
      layers[n + 1],
    );
    const name = `${prefix}layers.${n}`;
    const constants = [
      chain.constant(`${name}.weight`, [outputs, inputs], weight),
      chain.constant(`${name}.bias`, [outputs], bias),
    ];
    chain.append(name, "Gemm", constants, [int("transB", 1)]);
    const activation = activations[n];
    if (activation !== undefined) {
      appendActivation(chain, `${name}.${activation}`, activation);
    }
  }
}

/** Appends the members of an ensemble, side by side, and the mean of their outputs. */
function appendMembers(chain: Chain, { description, weights }: Model): void {
  const { layers, output } = description;
  const each = layers.length - 1;
  const start = chain.value;
  const ends: string[] = [];
  for (let first = 0; first < weights.length; first += each) {
    chain.value = start;
    const prefix = `members.${first / each}.`;
    const own = weights.slice(first, first + each);
    appendLayers(chain, description, own, prefix);
    appendOutput(chain, output, `${prefix}outputs`);
    ends.push(chain.value);
  }
  const [first, ...others] = ends;
  chain.value = first;
  chain.append("mean", "Mean", others);
}

function appendTargets(chain: Chain, { unit, center }: TargetScaling): void {
  const row = (name: string, values: readonly number[]) =>
    chain.constant(name, [values.length], Float32Array.from(values));
  chain.append("targets.scaled", "Mul", [row("targets.unit", unit)]);
  chain.append("targets", "Add", [row("targets.center", center)]);
}

/**
 * Writes a model as [ONNX](https://onnx.ai), operator set 17: `input` float32 [N, inputs], `output` float32
 * [N, outputs].
 *
 * The graph takes inputs before they are scaled, and gives raw targets and calibrated probabilities. Where the preprocessing
 * has `columns`, it takes cells: of columns of numbers, `input` has the number, or NaN for none; of texts, `texts` string
 * [N, columns] has them. ONNX has no nodes for dates: `input` has what an encoder makes of them. The whole description is kept
 * as JSON under `lockstep` in the metadata, so that {@linkcode modelFromOnnx} restores all of it. The members of an ensemble
 * are branches of one graph, with the mean of their outputs behind them.
 *
 * @param name Of the file, for errors. Default: `"model.onnx"`
 *
 * @throws {TypeError} If a value of the model is of the wrong type.
 * @throws {RangeError} If a value is out of its range, or a length doesn't fit.
 *
 * @example
 * ```ts
 * import { modelFromOnnx } from "./model_from_onnx.ts";
 * import { modelToOnnx } from "./model_to_onnx.ts";
 *
 * const bytes = await modelToOnnx({
 *   description: { layers: [2, 1], activations: [], output: "linear", loss: "halfSquaredError", seed: 1 },
 *   weights: [Float32Array.of(0.5, 1, 2)],
 * });
 * console.log((await modelFromOnnx(bytes, "model.onnx")).weights); // [Float32Array [0.5, 1, 2]]
 * ```
 */
export async function modelToOnnx(
  model: Model,
  name = "model.onnx",
): Promise<Uint8Array<ArrayBuffer>> {
  checkWritable(model, name);
  const bytes = await onnxOf(model, JSON.stringify(model.description), name);
  // Thousands of layers are more than is read of a file.
  requireReadable(name, () => checkFields(bytes));
  return bytes;
}

/**
 * A model that was checked as ONNX.
 *
 * @param metadata The description as it stands in the metadata.
 */
export async function onnxOf(
  model: Model,
  metadata: string,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { description, weights } = model;
  const { layers, output, preprocessing } = description;
  const { targets, calibration, members } = description;
  const chain = new Chain();
  const columns = preprocessing && columnNodes(preprocessing);
  if (columns !== undefined) {
    chain.nodes.push(...columns.node);
    chain.initializer.push(...columns.initializer);
    chain.value = columns.value;
  }
  const { offset, scale } = preprocessing ?? {};
  if (offset !== undefined && scale !== undefined) {
    const row = (part: string, values: readonly number[]) =>
      chain.constant(part, [values.length], Float32Array.from(values));
    chain.append("inputs.centered", "Sub", [row("inputs.offset", offset)]);
    chain.append("inputs", "Mul", [row("inputs.scale", scale)]);
  }
  if (members === undefined) appendLayers(chain, description, weights, "");
  else appendMembers(chain, model);
  if (calibration !== undefined) {
    if (members !== undefined) appendLogits(chain, output);
    appendCalibration(chain, calibration, name);
  }
  if (members === undefined || calibration !== undefined) {
    appendOutput(chain, output, "outputs");
  }
  if (targets !== undefined) appendTargets(chain, targets);
  return await encodeOnnx({
    irVersion: IR_VERSION,
    producerName: METADATA_KEY,
    opsetImport: [
      { version: OPSET_VERSION },
      ...(columns === undefined ? [] : [ML_OPSET]),
    ],
    graph: {
      name: "network",
      node: chain.end(),
      initializer: chain.initializer,
      input: columns?.input ?? [valueInfo(INPUT, layers[0])],
      output: [valueInfo(OUTPUT, layers.at(-1)!)],
    },
    metadataProps: [{ key: METADATA_KEY, value: metadata }],
  });
}
