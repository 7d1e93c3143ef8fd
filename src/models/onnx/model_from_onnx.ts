import type { Calibration } from "../../calibration/calibration.ts";
import { WrongValueError } from "../../checks/errors.ts";
import { wrong } from "../../checks/validate.ts";
import { checkDescription } from "../check_description.ts";
import { checkWeights } from "../check_weights.ts";
import type { Model, ModelDescription } from "../model.ts";
import { fromLinear } from "../linear_layer.ts";
import { lossesOf } from "../../units/losses.ts";
import { parseJson } from "../../io/parse_json.ts";
import type { FindBeside } from "../../io/read_beside.ts";
import { withExternalData } from "./external_data.ts";
import { withoutColumns } from "./without_columns.ts";
import { Graph } from "./graph.ts";
import { decodeOnnx, type ModelProto } from "./messages.ts";
import { METADATA_KEY, onnxOf } from "./model_to_onnx.ts";
import { type Line, networkOf, type OnnxNetwork } from "./network.ts";
import { stepsOf } from "./steps.ts";

/** The operator set from which on sums broadcast as they still do. */
const MINIMUM_OPSET = 7;

/**
 * Reads a model from [ONNX](https://onnx.ai): one that {@linkcode modelToOnnx} wrote, with the same bits and all of its
 * description, or any chain of dense layers in float32, as PyTorch, scikit-learn and others export it.
 *
 * Such a chain is: scalings by constants, which become the preprocessing; Gemm, or MatMul and Add, each with one of the
 * known activations or none; Softmax; scalings by constants, which become those of targets. All but one Gemm or MatMul may
 * be missing. Between layers, scalings by constants and BatchNormalization become part of the weights, and what changes
 * nothing is skipped. Labels made of the outputs give the names of the classes. The loss is taken to be the one that goes
 * with the output.
 *
 * @param name Of the file, for errors.
 * @param find Finds the files in which constants are that aren't in this one; left out, they are refused.
 *
 * @throws {TypeError} If a value of the description is of the wrong type.
 * @throws {RangeError} If it isn't an ONNX file, its graph isn't such a chain, it doesn't fit its description, or a
 * weight isn't finite.
 */
export async function modelFromOnnx(
  bytes: Uint8Array,
  name: string,
  find?: FindBeside,
): Promise<Model> {
  const action = `read '${name}'`;
  const file = await decodeOnnx(bytes, name);
  if (file.graph === undefined) {
    throw new WrongValueError(wrong(action, "graph", "there", undefined));
  }
  const described = descriptionIn(file, name);
  if (described?.members !== undefined) {
    return await ensembleFromOnnx(bytes, file, described, name);
  }
  const standard = file.opsetImport.find(({ domain = "" }) =>
    domain === "" || domain === "ai.onnx"
  );
  if (!((standard?.version ?? 0) >= MINIMUM_OPSET)) {
    const wanted = `${MINIMUM_OPSET} or more`;
    throw new WrongValueError(
      wrong(action, "opset_import", wanted, standard?.version),
    );
  }
  const whole = find === undefined
    ? file.graph
    : await withExternalData(file.graph, find, action);
  const { preprocessing, layers } = described ?? {};
  const graph = new Graph(
    preprocessing === undefined
      ? whole
      : await withoutColumns(whole, preprocessing, layers![0], action),
    action,
  );
  const { steps, ending } = stepsOf(graph);
  const calibrated = described?.calibration !== undefined;
  const network = networkOf(graph, steps, ending, calibrated);
  if (described !== undefined) requireSame(described, network, name);
  const description = described ?? derived(network, name);
  checkWeights(description, network.weights, name);
  return { description, weights: network.weights };
}

/** The description in the metadata, if there is one. */
function descriptionIn(
  { metadataProps }: ModelProto,
  name: string,
): ModelDescription | undefined {
  const text = metadataProps.find(({ key }) => key === METADATA_KEY)?.value;
  if (text === undefined) return undefined;
  return checkDescription(parseJson(text, name, "its description"), name);
}

/**
 * Reads an ensemble, which is no chain: its weights by their names. All else in the file has to be as it was written.
 *
 * @throws {RangeError} If it isn't.
 */
async function ensembleFromOnnx(
  bytes: Uint8Array,
  { graph, metadataProps }: ModelProto,
  description: ModelDescription,
  name: string,
): Promise<Model> {
  const action = `read '${name}'`;
  const { layers, members = 1 } = description;
  const tensors = new Map(
    graph!.initializer.map((tensor) => [tensor.name, tensor]),
  );
  const take = (key: string, length: number) => {
    const found = tensors.get(key)?.rawData;
    if (found?.byteLength === 4 * length) {
      return new Float32Array(found.slice().buffer);
    }
    const wanted = `${length} values of float32`;
    throw new WrongValueError(wrong(action, key, wanted, undefined));
  };
  const weights = Array.from(
    { length: members },
    (_, member) =>
      layers.slice(1).map((outputs, n) => {
        const inputs = layers[n];
        const prefix = `members.${member}.layers.${n}`;
        return fromLinear({
          ...{ inputs, outputs },
          weight: take(`${prefix}.weight`, outputs * inputs),
          bias: take(`${prefix}.bias`, outputs),
        });
      }),
  ).flat();
  checkWeights(description, weights, name);
  const model = { description, weights };
  const { value } = metadataProps.find(({ key }) => key === METADATA_KEY)!;
  const wanted = await onnxOf(model, value!, name);
  const same = wanted.length === bytes.length &&
    wanted.every((byte, at) => byte === bytes[at]);
  if (same) return model;
  throw new WrongValueError(
    `Cannot ${action} as the file of an ensemble must be as it was written: another program has changed it`,
  );
}

/** @throws {RangeError} If a description isn't that of the graph. */
function requireSame(
  description: ModelDescription,
  network: OnnxNetwork,
  name: string,
): void {
  const { layers, activations, output, preprocessing, targets } = description;
  const { calibration } = description;
  const floats = (values?: readonly number[]) => values?.map(Math.fround);
  const pairs: [string, unknown, unknown][] = [
    ["layers", layers, network.layers],
    ["activations", activations, network.activations],
    ["output", output, network.output],
    [
      "preprocessing.offset",
      preprocessing?.offset,
      network.preprocessing?.offset,
    ],
    ["preprocessing.scale", preprocessing?.scale, network.preprocessing?.scale],
    ["targets.center", floats(targets?.center), network.targets?.center],
    ["targets.unit", floats(targets?.unit), network.targets?.unit],
    [
      "calibration",
      calibration && lineOf(calibration, layers.at(-1)!),
      network.calibration,
    ],
  ];
  for (const [field, described, found] of pairs) {
    const wanted = JSON.stringify(found);
    if (JSON.stringify(described) !== wanted) {
      const asInGraph = `${wanted} as in the graph`;
      throw new WrongValueError(
        wrong(`read '${name}'`, field, asInGraph, described),
      );
    }
  }
}

/** What a calibration does to the logits; there are no nodes for steps. */
function lineOf(
  calibration: Calibration,
  outputs: number,
): Line | undefined {
  if (calibration.method === "isotonic") return undefined;
  if (calibration.method === "platt") {
    return { offset: calibration.intercept, scale: calibration.slope };
  }
  const scale = new Array<number>(outputs).fill(1 / calibration.temperature);
  return { offset: scale.map(() => 0), scale };
}

function derived(
  { weights: _, ...network }: OnnxNetwork,
  name: string,
): ModelDescription {
  const [loss] = lossesOf(network.output);
  // Labels made of the outputs are those of classes.
  const task = network.classNames === undefined ? undefined : "classes";
  return checkDescription({ ...network, loss, seed: 0, task }, name);
}
